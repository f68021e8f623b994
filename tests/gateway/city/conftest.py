"""Puts what counties tell within reach of this room's tests."""

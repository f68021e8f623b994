"""A bracelet that speaks GT06."""

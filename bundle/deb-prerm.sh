#!/bin/sh
set -e
[ "$1" != remove ] || sh /opt/bracelet-gateway/install.sh --stop

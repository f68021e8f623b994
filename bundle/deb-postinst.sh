#!/bin/sh
set -e
[ "$1" != configure ] || sh /opt/bracelet-gateway/install.sh --configure VERSION

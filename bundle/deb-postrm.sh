#!/bin/sh
# State and configuration stay until they are purged; what the package's own scripts made goes with it.
set -e
if [ "$1" = remove ] || [ "$1" = purge ]; then
    rm -f /etc/systemd/system/bracelet-gateway*.service /etc/systemd/system/bracelet-gateway*.socket \
        /etc/systemd/system/bracelet-gateway*.timer /etc/sysusers.d/bracelet-gateway.conf \
        /etc/tmpfiles.d/bracelet-gateway.conf /usr/local/bin/bracelet-gateway
    rm -rf /opt/bracelet-gateway /var/cache/bracelet-gateway
fi
[ "$1" != purge ] || rm -rf /var/lib/bracelet-gateway /etc/bracelet-gateway

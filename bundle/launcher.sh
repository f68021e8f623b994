#!/bin/sh
# NAME, by the interpreter beside it; the variables of another Python mean nothing to it.
here=$(dirname -- "$(readlink -f -- "$0")")
# Where systems other than Debian keep whom they trust.
for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    if [ -z "${SSL_CERT_FILE-}" ] && [ -r "$file" ]; then export SSL_CERT_FILE="$file"; fi
done
exec "$here/python3.11" -I -c 'import sys; sys.argv[0] = "NAME"; from MODULE import main; sys.exit(main())' "$@"

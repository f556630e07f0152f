#!/usr/bin/env bash
# Builds the extension and its worker and installs them for the server of PG_CONFIG (default: pg_config), as root where that is needed.
set -euo pipefail
cd "$(dirname "$0")/../src/PgDurable.Extension"

make -s
if [ "$(id -u)" = 0 ] || [ -w "$("${PG_CONFIG:-pg_config}" --pkglibdir)" ]; then make -s install
else sudo make -s install ${PG_CONFIG:+PG_CONFIG="$PG_CONFIG"}; fi

#!/bin/sh
# Installs pg_durable into a PostgreSQL (15 to 18) of this machine, for the server whose pg_config is in PATH:
#
#   ./install.sh                                   builds the module for this server (needs gcc, make, and the server's and libpq's headers)
#   PG_CONFIG=/path/to/pg_config ./install.sh      for another server
#   ./install.sh --uninstall                       removes what it installed
#
# DESTDIR=… is put before every path, for those who make packages. The server's configuration is not touched: see docs/install.md.
set -eu
cd "$(dirname "$0")"
umask 022

PG_CONFIG=${PG_CONFIG:-pg_config}
command -v "$PG_CONFIG" >/dev/null || { echo "install.sh: $PG_CONFIG is not there; set PG_CONFIG to the pg_config of your server" >&2; exit 1; }
pgxs=$("$PG_CONFIG" --pgxs)
[ -f "$pgxs" ] || { echo "install.sh: $pgxs is missing: install the server's headers (postgresql-server-dev-…, postgresql…-devel)" >&2; exit 1; }
worker=${DESTDIR:-}$("$PG_CONFIG" --pkglibdir)/pg_durable_worker

extension() { make -s -C src/PgDurable.Extension WORKER=no PG_CONFIG="$PG_CONFIG" DESTDIR="${DESTDIR:-}" "$@"; }

case ${1:-} in
    '')
        extension all
        extension install
        # Not over the old one, which may be running.
        cp worker/pg_durable_worker "$worker.new"
        chmod 755 "$worker.new"
        mv "$worker.new" "$worker"
        echo "pg_durable is installed for $("$PG_CONFIG" --version). Next: docs/install.md, \"Set it up\".";;
    --uninstall)
        extension uninstall
        rm -f "$worker";;
    *)
        sed -n '2,/^set/s/^# \{0,1\}//p' install.sh >&2
        exit 2;;
esac

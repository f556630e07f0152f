#!/usr/bin/env bash
# The SQL surface: runs test/sql/*.sql with pg_regress on a throw-away server and compares with test/expected. Needs the installed extension, no worker.
#
#   test/run.sh               all, as test/schedule says
#   test/run.sh TEST…         some of them
#   test/run.sh --accept …    take what comes out as expected: read the diff before you commit it
set -euo pipefail
cd "$(dirname "$0")"

accept=
if [ "${1:-}" = --accept ]; then accept=1; shift; fi
export PG_CONFIG=${PG_CONFIG:-pg_config}
cluster=../../../eng/cluster.sh
scratch=$(mktemp -d /tmp/pgdurable-regress-XXXXXX)
chmod 755 "$scratch"
trap '"$cluster" destroy "$scratch/cluster" || true; rm -rf "$scratch"' EXIT

# No output may depend on the server's version or on what a worker happens to be doing: it is off.
eval "$("$cluster" up "$scratch/cluster" --conf pg_durable.worker=off --conf fsync=off --conf pg_durable.enable_superuser_instances=on)"
what=(--schedule=schedule)
if [ $# -gt 0 ]; then what=(install "$@"); fi
# pg_regress gives up where there is nothing to compare with.
if [ -n "$accept" ]; then for test in sql/*.sql; do touch "expected/$(basename "$test" .sql).out"; done; fi
status=0
"$("$PG_CONFIG" --pkglibdir)/pgxs/src/test/regress/pg_regress" --use-existing --inputdir=. --outputdir="$scratch" \
    --bindir="$("$PG_CONFIG" --bindir)" --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" --dbname=postgres "${what[@]}" || status=$?
if [ -n "$accept" ]; then cp "$scratch"/results/*.out expected/; find expected -empty -delete; exit; fi
if [ "$status" != 0 ]; then cat "$scratch"/regression.diffs 2>/dev/null || cat "$scratch/cluster/server.log"; fi
exit "$status"

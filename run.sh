#!/usr/bin/env bash
# Shows PgDurable at work: installs what is missing, builds, starts a private PostgreSQL with the extension, runs the sample workflow
# samples/CatalogIngest, kills the worker in the middle of it, and prints what happened. The server stays until the next run.
#
#   ./run.sh          ./run.sh --stop   ends and removes the private server
set -euo pipefail
cd "$(dirname "$0")"
cluster=${PGDURABLE_RUN_DIR:-/tmp/pgdurable-run-$(id -u)}

if [ "${1:-}" = --stop ]; then exec eng/cluster.sh destroy "$cluster"; fi
[ $# -eq 0 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }

log=$(mktemp)
step() { # quiet, unless it fails
    printf '%s … ' "$1"; shift
    if ! "$@" >"$log" 2>&1; then echo failed; tail -n 30 "$log"; rm -f "$log"; exit 1; fi
    echo done
}
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

step 'Checking what is installed' eng/install-deps.sh
step 'Building and installing the extension and its worker' eng/install-extension.sh
step 'Building the sample' dotnet build -c Release -v quiet --nologo samples/CatalogIngest
eng/cluster.sh destroy "$cluster" >"$log" 2>&1
step 'Starting a private PostgreSQL' eng/cluster.sh up "$cluster"
eval "$(grep '^export ' "$log")"
sql -f samples/CatalogIngest/schema.sql
rm -f "$log"

# The worker is killed as soon as two steps are on record: a real kill -9, in the middle of the third.
kill_worker() {
    for ((i = 0; i < 3000; i++)); do
        read -r pid worker <<<"$(sql -F ' ' -c "SELECT w.pid, w.worker_id FROM df.workers w WHERE (SELECT count(*) FROM df.checkpoints) >= 2")"
        if [ -n "${pid:-}" ]; then
            if [ "$(id -u)" = 0 ]; then kill -9 "$pid"; else sudo kill -9 "$pid"; fi
            echo "killed worker $worker (kill -9 of process $pid)"
            return
        fi
    done
    echo 'the workflow was over before the worker could be killed'
}

echo
echo 'The workflow samples/CatalogIngest/CatalogIngest.cs, run by PostgreSQL:'
kill_worker &
dotnet artifacts/bin/CatalogIngest/release/CatalogIngest.dll "Host=$PGHOST;Port=$PGPORT;Database=$PGDATABASE;Username=catalog"
wait

echo
echo 'What it did, step by step (df.history):'
psql -X -P footer=off <<'SQL'
SELECT row_number() OVER () AS "#", left(h.step, 48) AS step, h.worker, h.attempt, h.status,
       round(extract(epoch FROM h.duration) * 1000, 1) AS ms, h.rows
  FROM df.instances i CROSS JOIN LATERAL df.history(i.id) h
 WHERE i.label = 'the server''s own catalog';
SQL
echo 'The ten most frequent words in the descriptions of PostgreSQL'"'"'s own objects:'
psql -X -P footer=off -c 'SELECT word, occurrences, objects FROM catalog.word_statistics ORDER BY occurrences DESC, word LIMIT 10'
cat <<TEXT
Try it yourself:  eng/cluster.sh psql $cluster
  SET ROLE catalog;
  SELECT df.start('SELECT count(*) AS n FROM catalog.words' |=> 'w' ~> 'SELECT \$w.n * 2 AS twice');
  SELECT * FROM df.list_instances();
TEXT

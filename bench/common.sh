# Sourced by the benchmarks, in the project's folder: a private cluster with a running worker, and how to report.
# $connections is the number of connections that the worker runs steps on.

# In memory (PGDURABLE_BENCH_DIR=/dev/shm) the disk's noise is gone, and what is left is the work.
dir=$(mktemp -d "${PGDURABLE_BENCH_DIR:-/tmp}/pgdurable-bench-XXXXXX")
chmod 755 "$dir"
trap 'eng/cluster.sh destroy "$dir/cluster" >&2 || true; rm -rf "$dir"' EXIT

eng/install-deps.sh >&2
make -s -C src/PgDurable.Extension >&2
make -s -C src/PgDurable.Extension install >&2
eval "$(eng/cluster.sh up "$dir/cluster" --conf shared_buffers=1GB --conf max_wal_size=8GB --conf checkpoint_timeout=30min \
    --conf max_connections=200 --conf "pg_durable.max_user_connections=$connections" --conf autovacuum_naptime=10s --conf track_commit_timestamp=on)"
pgbench=$("${PG_CONFIG:-pg_config}" --bindir)/pgbench
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

sql -f bench/schema.sql >/dev/null
until [ "$(sql -c 'SELECT count(*) FROM df.workers')" = 1 ]; do sleep 0.1; done

number() { awk -v x="$1" 'BEGIN { printf "%.4g", x }'; }
median() { sort -g | awk '{ a[NR] = $1 } END { print (NR % 2) ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
wal="SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
wal() { sql -c "$wal"; }
# One session that looks now and then: a psql for every look would take a part of the processors.
drained() { sql -c 'DO $$ BEGIN WHILE EXISTS (SELECT FROM df.queue) LOOP COMMIT; PERFORM pg_sleep(0.02); END LOOP; END $$'; }

# baseline SCRIPT TRANSACTIONS: transactions a second
baseline() {
    "$pgbench" -U bench -n -M prepared -c "$connections" -j 2 -t $(($2 / connections)) -f "bench/$1" 2>/dev/null | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}
# What happened since instance number $1, steps a second, from the first $2 on: when a step (the default) or an instance began.
rate_since() {
    sql -c "SELECT count(*) / extract(epoch FROM max(finished_at) - min(${2:-c.started_at})) FROM df.checkpoints c
        JOIN df.submissions s USING (instance_no) WHERE instance_no > $1"
}
last_instance() { sql -c 'SELECT COALESCE(max(instance_no), 0) FROM df.submissions'; }

report() { # NAME UNIT VALUE, or NAME UNIT FILE PGBENCHFILE with a value of each round on each line
    local value=$3 ratio=null pgbench=null
    if [ $# -gt 3 ]; then
        value=$(median <"$3")
        ratio=$(number "$(paste "$3" "$4" | awk '{ print $1 / $2 }' | median)")
        pgbench=$(number "$(median <"$4")")
    fi
    printf '{"name":"%s","value":%s,"unit":"%s","pgbench":%s,"ratio":%s}\n' "$1" "$(number "$value")" "$2" "$pgbench" "$ratio"
    printf '%-28s %12s %12s %8s  %s\n' "$1" "$(number "$value")" "${pgbench/null/}" "${ratio/null/}" "$2" >&2
}

printf '%-28s %12s %12s %8s  %s\n' measure pg_durable pgbench ratio unit >&2

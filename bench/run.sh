#!/usr/bin/env bash
# Measures pg_durable beside pgbench, in one run, on one private cluster.
#
#   bench/run.sh [--quick] [--connections N]
#
# Standard output: one JSON line per measure (name, value, unit, pgbench, ratio); for a smaller-is-better measure ratio is still value/pgbench.
# Standard error: the same as a table. Each figure is a median of rounds in which pgbench and pg_durable take turns; so is the ratio, because what else a
# machine does comes and goes.
set -euo pipefail
cd "$(dirname "$0")/.."

connections=16 rounds=11 instances=500
while [ $# -gt 0 ]; do
    case $1 in
        --quick) rounds=3; shift;;
        --connections) connections=$2; shift 2;;
        *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2;;
    esac
done

. bench/common.sh

steps=$((instances * 10))
# Both are measured warm: the worker's code is compiled while it runs first.
sql -v n=2000 -f bench/start-ten-step.sql >/dev/null
drained
baseline start-one-step.sql 8000 >/dev/null
drained

for ((round = 0; round <= rounds; round++)); do # round 0 does not count
    before=$(wal); baseline two-inserts.sql "$steps" >"$dir/x"; after=$(wal)
    [ "$round" = 0 ] || { cat "$dir/x" >>"$dir/ten.pgbench"; echo $(((after - before) / steps)) >>"$dir/wal.pgbench"; }

    # The worker is not to be faster than the next psql: so the server says, right after the commit, where its log stands.
    first=$(last_instance); before=$(sql -v n="$instances" -f bench/start-ten-step.sql -c "$wal" | tail -n 1)
    drained; after=$(wal)
    [ "$round" = 0 ] || { rate_since "$first" c.started_at >>"$dir/ten.ours"; echo $(((after - before) / steps)) >>"$dir/wal.ours"; }

    baseline two-transactions.sql "$steps" >"$dir/x"
    [ "$round" = 0 ] || awk '{ print $1 }' "$dir/x" >>"$dir/one.pgbench"

    first=$(last_instance); baseline start-one-step.sql "$steps" >/dev/null; drained
    [ "$round" = 0 ] || rate_since "$first" s.created_at >>"$dir/one.ours"
done

report ten_step_throughput steps/s "$dir/ten.ours" "$dir/ten.pgbench"
report one_step_throughput instances/s "$dir/one.ours" "$dir/one.pgbench"
report ten_step_wal bytes/step "$dir/wal.ours" "$dir/wal.pgbench"

[ "$(sql -c 'SELECT count(*) = count(DISTINCT (instance, step)) FROM bench.effect')" = t ] || { echo 'bench: a step took effect twice' >&2; exit 1; }
[ "$(sql -c "SELECT bool_and(status = 'completed') FROM df.outcomes")" = t ] || { echo 'bench: an instance failed' >&2; exit 1; }

#!/usr/bin/env bash
# Measures activities beside SQL steps, in one run, on one private cluster: workflows of ten activities that do nothing, run 16 at a time by one process, beside
# workflows of ten SQL steps; how long it takes from the commit of a SQL step to the first line of the activity after it, when nothing else runs; and what 100,000
# waiting activities cost the worker's memory and a claim.
#
#   bench/activities.sh [--quick]
#
# Standard output and standard error are those of bench/run.sh; "pgbench" is here what the activities are compared with.
set -euo pipefail
cd "$(dirname "$0")/.."

connections=16 rounds=7 instances=500 samples=200
case ${1:-} in
    '') ;;
    --quick) rounds=3 samples=50;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2;;
esac

. bench/common.sh

dotnet build -c Release tests/PgDurable.ActivityRunner --nologo -v quiet >&2
dotnet artifacts/bin/PgDurable.ActivityRunner/release/PgDurable.ActivityRunner.dll \
    "Host=$PGHOST;Port=$PGPORT;Username=bench;Database=$PGDATABASE;Maximum Pool Size=20" 16 30 >"$dir/runner.log" 2>&1 &
runner=$!
trap 'kill -9 $runner 2>/dev/null || true; eng/cluster.sh destroy "$dir/cluster" >&2 || true; rm -rf "$dir"' EXIT

ten=$(sql -c "SELECT string_agg('df.activity(''nothing'', ''{\"n\":1}'')', ' ~> ') FROM generate_series(1, 10)")
start_activities() { # N
    sql -c "SET SESSION AUTHORIZATION bench" -c "SELECT count(df.start(g)) FROM (SELECT $ten AS g) x, generate_series(1, $1)" >/dev/null
}

sql -v n=1000 -f bench/start-ten-step.sql >/dev/null; drained
start_activities 300; drained

for ((round = 0; round <= rounds; round++)); do # round 0 does not count
    first=$(last_instance); sql -v n="$instances" -f bench/start-ten-step.sql >/dev/null; drained
    [ "$round" = 0 ] || rate_since "$first" >>"$dir/steps"
    first=$(last_instance); start_activities "$instances"; drained
    [ "$round" = 0 ] || rate_since "$first" >>"$dir/activities"
done
report activity_throughput activities/s "$dir/activities" "$dir/steps"

# The commit of a step is just after its finished_at; one machine, one clock.
for ((i = 0; i < samples; i++)); do
    sql -c "SET SESSION AUTHORIZATION bench" -c "SELECT df.start('SELECT 1' ~> df.activity('stamp', '{\"n\":1}'))" >/dev/null
    drained
    sleep 0.5 # long enough for everybody to be idle again
done
sql -c "SELECT extract(epoch FROM (a.result ->> 'at')::timestamptz - s.finished_at) * 1000
          FROM df.checkpoints a JOIN df.checkpoints s ON s.instance_no = a.instance_no AND s.node = a.node - 1
         WHERE a.result ->> 'at' IS NOT NULL" | sort -g >"$dir/latency"
percentile() { awk -v p="$1" '{ a[NR] = $1 } END { i = int(NR * p / 100); print a[i < 1 ? 1 : i] }' "$dir/latency"; }
report activity_latency_p50 ms "$(percentile 50)"
report activity_latency_p99 ms "$(percentile 99)"

# Nobody claims this name.
worker=$(pgrep -f pg_durable_worker | while read -r pid; do
    tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -q "PGPORT=$PGPORT" && echo "$pid"; done | head -n 1)
rss() { awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$worker/status"; }
claim_time() { sql -c "SET SESSION AUTHORIZATION bench" -c "$(cat <<'SQL'
DO $$ DECLARE v_from timestamptz; v_times float[]; BEGIN
    FOR i IN 1 .. 50 LOOP
        v_from := clock_timestamp();
        PERFORM task FROM df.claim_tasks(ARRAY['waits'], 10);
        v_times := v_times || extract(epoch FROM clock_timestamp() - v_from)::float * 1000;
    END LOOP;
    PERFORM set_config('bench.time', (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(v_times) t)::text, false);
END $$
SQL
)" -c "SELECT current_setting('bench.time')" | tail -n 1; }
start_waiting() {
    sql -c "SET SESSION AUTHORIZATION bench" -c "SELECT count(df.start(df.activity('waits', '{\"n\":1}'))) FROM generate_series(1, $1)" >/dev/null
    until [ "$(sql -c "SELECT count(*) FROM df.queue WHERE worker_id IS NULL AND waits IS NOT NULL")" -ge "$1" ]; do sleep 0.2; done
}
start_waiting 600
few=$(claim_time)
before=$(rss)
start_waiting 100000
sql -c 'VACUUM ANALYZE df.task_queue' -c 'VACUUM df.queue' >/dev/null
report waiting_activities_memory MB "$(awk -v a="$(rss)" -v b="$before" 'BEGIN { print a - b }')"
echo "$few" >"$dir/few"; claim_time >"$dir/many"
report claim_with_100000_waiting ms "$dir/many" "$dir/few"

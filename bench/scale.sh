#!/usr/bin/env bash
# Measures what has no counterpart in pgbench: how fast an idle worker starts, how fast a killed one is back, and what much of something costs.
#
#   bench/scale.sh [--quick] [idle single signal recovery sleepers loop foreach finished snapshot]
#
# Output as of bench/run.sh. All of it takes about ten minutes, --quick (a tenth of the numbers) about three.
set -euo pipefail
cd "$(dirname "$0")/.."

connections=16 scale=10
if [ "${1:-}" = --quick ]; then scale=1; shift; fi
wanted=" ${*:-idle single signal recovery sleepers loop foreach finished snapshot} "
. bench/common.sh

as_bench() { sql -c "SET ROLE bench" -c "$@"; }
percentile() { sort -g | awk -v p="$1" '{ a[NR] = $1 } END { print a[int((NR - 1) * p / 100 + 0.5) + 1] }'; }
worker() { pgrep -f pg_durable_worker -P "$(pgrep -f 'pg_durable launcher' -P "$(head -n 1 "$dir/cluster/data/postmaster.pid")")"; }
megabytes() { awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$(worker)/status"; }

# Warm, as after the first minute of its life.
sql -v n=2000 -f bench/start-ten-step.sql >/dev/null
drained

measure_idle() { # from the commit of df.start to the commit of the first step
    local i
    for ((i = 0; i < 20 * scale; i++)); do
        sleep 0.$((30 + RANDOM % 20)) # the worker goes idle after a quarter of a second without work
        as_bench "SELECT df.start('SELECT 1', 'idle')" >/dev/null
        drained
    done
    sql -c "SELECT extract(epoch FROM pg_xact_commit_timestamp(c.xmin) - pg_xact_commit_timestamp(s.xmin)) * 1000
              FROM df.submissions s JOIN df.checkpoints c USING (instance_no) WHERE s.label = 'idle'" >"$dir/idle"
    report idle_start_p50 ms "$(percentile 50 <"$dir/idle")"
    report idle_start_p99 ms "$(percentile 99 <"$dir/idle")"
}

measure_single() { # one workflow of ten steps at a time: what the engine adds to what the steps take
    local i
    for ((i = 0; i < 10 * scale; i++)); do
        sleep 0.$((30 + RANDOM % 20))
        sql -v n=1 -f bench/start-ten-step.sql >/dev/null
        drained
    done
    sql >"$dir/single" <<SQL
SELECT extract(epoch FROM min(c.started_at) - pg_xact_commit_timestamp(min(s.xmin::text)::xid)) * 1000,
       extract(epoch FROM max(c.finished_at) - min(c.started_at) - sum(c.finished_at - c.started_at)) * 1000 / (count(*) - 1),
       extract(epoch FROM max(c.finished_at) - pg_xact_commit_timestamp(min(s.xmin::text)::xid) - sum(c.finished_at - c.started_at)) * 1000
  FROM (SELECT xmin, instance_no FROM df.submissions ORDER BY instance_no DESC LIMIT $((10 * scale))) s JOIN df.checkpoints c USING (instance_no)
 GROUP BY instance_no
SQL
    report time_to_first_step_p50 ms "$(cut -d'|' -f1 "$dir/single" | percentile 50)"
    report step_to_step_gap_p50 ms "$(cut -d'|' -f2 "$dir/single" | percentile 50)"
    report workflow_overhead_p50 ms "$(cut -d'|' -f3 "$dir/single" | percentile 50)"
}

measure_signal() { # from the commit of df.signal to the commit of the step after the wait, on an idle worker
    local i id
    for ((i = 0; i < 10 * scale; i++)); do
        id=$(as_bench "SELECT df.start(df.wait_for_signal('go') ~> 'SELECT 1', 'signal')")
        until [ "$(sql -c "SELECT count(*) FROM df.queue q JOIN df.submissions s USING (instance_no) WHERE s.id = '$id' AND q.waits IS NOT NULL")" = 1 ]; do sleep 0.02; done
        sleep 0.$((30 + RANDOM % 20))
        as_bench "CREATE TABLE IF NOT EXISTS bench.signalled (id text); INSERT INTO bench.signalled SELECT '$id' WHERE df.signal('$id', 'go') IS NOT NULL" >/dev/null
        drained
    done
    sql -c "SELECT extract(epoch FROM pg_xact_commit_timestamp(c.xmin) - pg_xact_commit_timestamp(g.xmin)) * 1000
              FROM bench.signalled g JOIN df.submissions s USING (id) JOIN df.checkpoints c USING (instance_no) WHERE c.columns IS NOT NULL" >"$dir/signal"
    report signal_to_step_p50 ms "$(percentile 50 <"$dir/signal")"
    report signal_to_step_p99 ms "$(percentile 99 <"$dir/signal")"
}

measure_recovery() { # from kill -9 of the worker to the next checkpoint of an interrupted instance
    local i killed
    as_bench "SELECT count(df.start(df.pace(df.loop('SELECT pg_sleep(0.01)'), 0), 'endless')) FROM generate_series(1, 16)" >/dev/null
    for ((i = 0; i < 2 * scale; i++)); do
        sleep 5.5 # the launcher starts one that lived for five seconds again at once
        killed=$(sql -c "SELECT clock_timestamp(), (SELECT max(worker_id) FROM df.workers)")
        kill -9 "$(worker)"
        until [ "$(sql -c "SELECT count(*) > 0 FROM df.checkpoints WHERE worker_id > ${killed#*|}")" = t ]; do sleep 0.02; done
        sql -c "SELECT extract(epoch FROM min(finished_at) - '${killed%|*}') * 1000 FROM df.checkpoints WHERE worker_id > ${killed#*|}" >>"$dir/recovery"
    done
    as_bench "SELECT count(df.cancel(id)) FROM df.running WHERE label = 'endless'" >/dev/null
    drained
    report recovery_median ms "$(percentile 50 <"$dir/recovery")"
    report recovery_worst ms "$(percentile 100 <"$dir/recovery")"
}

measure_sleepers() { # all due at the same minute
    local n=$((10000 * scale)) before due
    before=$(megabytes)
    due=$(sql -c "SELECT date_trunc('minute', now() AT TIME ZONE 'UTC') + interval '$((1 + scale / 4 + 1)) minutes'")
    as_bench "SELECT count(df.start(df.wait_for_schedule(to_char(timestamp '$due', 'MI HH24 * * *')), 'sleeper')) FROM generate_series(1, $n)" >/dev/null
    until [ "$(sql -c "SELECT count(*) FROM df.queue WHERE waits IS NOT NULL")" = "$n" ]; do sleep 0.5; done
    [ "$(sql -c "SELECT now() AT TIME ZONE 'UTC' < '$due'")" = t ] || { echo 'bench: they were not all asleep in time' >&2; exit 1; }
    report sleepers_memory MB "$(awk -v a="$(megabytes)" -v b="$before" 'BEGIN { print a - b }')"
    while [ "$(sql -c "SELECT clock_timestamp() AT TIME ZONE 'UTC' < '$due'")" = t ]; do sleep 1; done
    drained
    report sleepers_woken instances/s "$(sql -c "SELECT $n / extract(epoch FROM max(completed_at) AT TIME ZONE 'UTC' - '$due') FROM df.outcomes JOIN df.submissions USING (instance_no) WHERE label = 'sleeper'")"
}

measure_loop() {
    local last=$((1000 * scale))
    sql -c 'TRUNCATE bench.effect'
    as_bench "SELECT df.start(('SELECT 0 AS n' |=> 'i') ~> df.loop('INSERT INTO bench.effect (instance, step, at) VALUES (0, \$i.n, clock_timestamp())' ~> ('SELECT \$i.n + 1 AS n' |=> 'i'), 'SELECT \$i.n < $last'))" >/dev/null
    drained
    for at in 100 $((last / 2)) $last; do
        report "loop_iteration_$at" ms "$(sql -c "SELECT extract(epoch FROM max(at) - min(at)) * 1000 / (count(*) - 1) FROM bench.effect WHERE step > $at - 100 AND step <= $at")"
    done
}

measure_foreach() {
    as_bench "SELECT df.start(('SELECT generate_series(1, $((100 * scale))) AS n' |=> 'r') ~> df.foreach('r', 'SELECT \$item.n', max_parallel => 100), 'fan-out')" >/dev/null
    drained
    report "foreach_$((100 * scale))_items" ms "$(sql -c "SELECT extract(epoch FROM completed_at - created_at) * 1000 FROM df.outcomes JOIN df.submissions USING (instance_no) WHERE label = 'fan-out'")"
}

ten_step_rate() {
    local first; first=$(last_instance)
    sql -v n=1000 -f bench/start-ten-step.sql >/dev/null
    drained
    rate_since "$first"
}

measure_finished() { # written past the triggers, as so many runs would have left them
    local i
    for i in 1 2 3 4 5; do ten_step_rate >>"$dir/few"; done
    sql >/dev/null <<SQL
SET session_replication_role = replica;
CREATE TEMP TABLE model AS SELECT s.* FROM df.submissions s WHERE label IS NULL ORDER BY instance_no LIMIT 1;
INSERT INTO df.submissions OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(m, jsonb_build_object('instance_no', -n, 'id', lpad(to_hex(n), 8, '0')))).* FROM model m, generate_series(1, $((100000 * scale))) n ON CONFLICT DO NOTHING; -- an id may be taken
INSERT INTO df.outcomes SELECT (jsonb_populate_record(o, jsonb_build_object('instance_no', -n))).* FROM df.outcomes o, generate_series(1, $((100000 * scale))) n WHERE o.instance_no = (SELECT instance_no FROM model);
INSERT INTO df.checkpoints SELECT (jsonb_populate_record(c, jsonb_build_object('instance_no', -n))).* FROM df.checkpoints c, generate_series(1, $((100000 * scale))) n WHERE c.instance_no = (SELECT instance_no FROM model) AND c.node = (SELECT max(node) FROM df.checkpoints WHERE instance_no = c.instance_no);
VACUUM ANALYZE;
CHECKPOINT;
SQL
    ten_step_rate >/dev/null
    for i in 1 2 3 4 5; do ten_step_rate >>"$dir/many"; done
    report ten_step_with_few_finished steps/s "$(median <"$dir/few")"
    report "ten_step_with_$((100000 * scale))_finished" steps/s "$(median <"$dir/many")"
}

one_step_rate() {
    local first; first=$(last_instance)
    connections=8 baseline start-one-step.sql 10000 >/dev/null
    drained
    rate_since "$first" s.created_at
}

measure_snapshot() { # the last of so many instances, while a transaction holds a snapshot from before all of them
    local i
    one_step_rate >/dev/null
    for i in 1 2 3; do one_step_rate >>"$dir/free"; done
    sql -c 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class; SELECT pg_sleep(3600)' >/dev/null 2>&1 &
    for ((i = 0; i < 2 * scale; i++)); do one_step_rate >>"$dir/held"; done
    sql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)' AND pid <> pg_backend_pid()" >/dev/null
    report one_step_without_snapshot instances/s "$(median <"$dir/free")"
    report "one_step_after_$((20000 * scale))_with_snapshot" instances/s "$(tail -n 2 "$dir/held" | median)"
}

for measure in idle single signal recovery sleepers loop foreach finished snapshot; do
    case $wanted in *" $measure "*) "measure_$measure";; esac
done

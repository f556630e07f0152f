#!/usr/bin/env bash
# Writes docs/performance.md: what the hot statements do with a million finished instances, as PostgreSQL explains it.
#
#   bench/plans.sh [NUMBER]     how many finished instances; 1000000 if not given
#
# Needs the extension installed, no worker, and about a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

finished=${1:-1000000}
dir=$(mktemp -d /tmp/pgdurable-plans-XXXXXX)
chmod 755 "$dir"
trap 'eng/cluster.sh destroy "$dir/cluster" >&2 || true; rm -rf "$dir"' EXIT
eval "$(eng/cluster.sh up "$dir/cluster" --conf shared_buffers=1GB --conf max_wal_size=8GB --conf checkpoint_timeout=30min --conf pg_durable.worker=off \
    --conf fsync=off)"
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
sql -f bench/schema.sql >/dev/null 2>&1
sql -v n="$finished" -f bench/finished.sql >/dev/null

# auto_explain shows what really ran: each statement within a function, with the settings that the function makes.
explained() { # NAME ROLE SQL [off]; each statement that reads a table, once; with off, none within functions
    printf '\n## %s\n\n    %s\n' "$1" "$3"
    sql -o /dev/null -c "LOAD 'auto_explain'" -c "SET auto_explain.log_nested_statements = ${4:-on}" -c "SET auto_explain.log_analyze = on" \
        -c "SET auto_explain.log_buffers = on" -c "SET auto_explain.log_timing = off" -c BEGIN -c "$before" \
        -c "SET auto_explain.log_min_duration = 0" -c "SET client_min_messages = log" -c "SET ROLE $2" -c "$3" -c ROLLBACK 2>&1 |
        awk '/^LOG: +duration: .* plan:$/ { flush(); text = plan = ""; next }
             sub(/^Query Text: */, "") { text = $0; next }
             plan == "" && ! /\(cost=/ { text = text "\n" $0; next }
             { plan = plan "\n    " $0 }
             function flush(line) {
                 if (plan !~ /Buffers/ || seen[text]++) return
                 line = text; sub(/^[ \n]+/, "", line); sub(/\n.*/, "", line); sub(/   .*/, "", line)
                 printf "\n`%s`%s:\n%s\n", substr(line, 1, 100), line == text && length(line) <= 100 ? "" : " …", plan
             }
             END { flush() }' | sed 's/[[:space:]]*$//'
}
before='SELECT 1'
worker="(SELECT max(worker_id) FROM df.workers)"
register="SELECT df._worker_register('here', 1, df.version())"
live="(SELECT min(instance_no) FROM df.queue)"

{
    cat <<PAGE
# What the hot statements do

\`bench/plans.sh\` wrote this page. It builds a database of $finished finished instances, 100,000 that wait and 1,000 that are due, and
shows each statement's plan with the rows and pages that it touched, as far as it touched any, on PostgreSQL $(sql -c 'SHOW server_version' | cut -d' ' -f1) with its default
settings. Compare with yours: \`auto_explain\` with \`log_nested_statements\` shows the same of a running server. The figures of speed are in
[bench/results](../bench/results/README.md).

A step's checkpoint has no plan: the C module inserts the row itself, and looks up and deletes the row of \`df.queue\` by its key.
PAGE
    explained 'Start' bench "SELECT df.start_graph('SELECT 1', idempotency_key => 'new')"
    explained 'Start with a key that exists' bench "SELECT df.start_graph('SELECT 1', idempotency_key => 'key-77')"
    before=$register
    explained 'Claim' postgres "SELECT count(*) FROM df._worker_claim($worker, 32, NULL)"
    before="$register; SET LOCAL ROLE bench; SELECT df.signal(s.id, 'go') FROM df.submissions s JOIN df.queue q USING (instance_no) WHERE q.due_at = 'infinity' LIMIT 100; RESET ROLE"
    explained 'Wake-ups: a claim with 100 signals to handle' postgres "SELECT count(*) FROM df._worker_claim($worker, 32, NULL)"
    before="$register; UPDATE df.queue SET worker_id = $worker WHERE instance_no = $live"
    explained 'The end of a wait, which is the end of the instance' postgres "SELECT * FROM df._worker_record($worker, json_build_array(json_build_object(
        'instance', $live, 'checkpoints', json_build_array(json_build_object('node', 0, 'path', '', 'seq', 1, 'attempt', 1, 'started_at', now(), 'result', 1)),
        'outcome', json_build_object('status', 'completed', 'node', 0, 'path', ''))))"
    before='SELECT 1'
    explained 'A page of the list' bench "SELECT * FROM df.list_instances('completed', 50)"
    explained 'The newest instances' bench "SELECT * FROM df.instances ORDER BY created_at DESC LIMIT 50" off
    explained 'Counts by status' bench "SELECT status, count(*) FROM df.instances GROUP BY status" off
    explained 'Nodes of one instance' bench "SELECT * FROM df.nodes WHERE instance_id = '0000004d'" off
    explained 'Failed nodes of all instances' bench "SELECT count(*) FROM df.nodes WHERE status = 'failed'" off
    explained 'Retention: a batch' postgres "SELECT df._worker_prune(1000)"
} >"$dir/page"
mv "$dir/page" docs/performance.md

\echo Use "CREATE EXTENSION pg_durable" to load this file. \quit
SET LOCAL check_function_bodies = off;

-- sql/10_schema.sql
-- No IF NOT EXISTS: never take over a schema that somebody else prepared.
CREATE SCHEMA df;
COMMENT ON SCHEMA df IS 'Durable workflows: compose a graph of SQL steps, start it, and read what it did.';

-- sql/20_instances.sql
-- Users and the worker write separate tables. Graphs, submissions, cancellations, signals, pauses, retries, variables and workflows hold
-- only what users asked for. The state of an instance is in tables that no user can write.
--
-- The hot tables have no foreign keys: each would add a lookup, and a lock on a shared graph row, to every start and every step. Only the
-- functions in this schema write these tables.

CREATE TABLE df.graphs (
    graph_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner       regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    graph       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    unused_at   timestamptz,
    sources     text[],
    -- A column and not an expression of the index: row security hides a row before an expression that is not leakproof may see it, so a
    -- start would read all graphs of the role.
    hash        bigint NOT NULL GENERATED ALWAYS AS (pg_catalog.hashtextextended(graph, 0)) STORED
);
COMMENT ON TABLE df.graphs IS 'The distinct graphs that each role has started. A graph is stored once, not once per instance.';
COMMENT ON COLUMN df.graphs.graph_id IS 'Key, used by df.submissions.';
COMMENT ON COLUMN df.graphs.owner IS 'The role that first started the graph; only its own instances may use the row.';
COMMENT ON COLUMN df.graphs.graph IS 'The graph envelope: compact JSON.';
COMMENT ON COLUMN df.graphs.created_at IS 'When the graph was first started.';
COMMENT ON COLUMN df.graphs.unused_at IS
    'When retention found that nothing refers to the graph any more. After that no start uses the row, and it is dropped later.';
COMMENT ON COLUMN df.graphs.sources IS
    'Where each node was written, as ''Path/File.cs:21''; element 1 is node 0. The newest sources given; NULL if none were.';
COMMENT ON COLUMN df.graphs.hash IS 'Finds the graph.';
-- Not unique: with a unique index, the first start of a graph would wait for every other open transaction that starts the same graph.
CREATE INDEX graphs_content_idx ON df.graphs (owner, hash);

CREATE TABLE df.submissions (
    instance_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    graph_id         bigint NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    submitted_by     regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    -- Drawn here, not chosen by the caller: a collision would reveal that somebody uses that id.
    id               varchar(8) NOT NULL DEFAULT pg_catalog.right(pg_catalog.gen_random_uuid()::text, 8)
                     CHECK (id::text OPERATOR(pg_catalog.~) '^[0-9a-f]{8}$'),
    label            text,
    input            jsonb,
    idempotency_key  text,
    start_at         timestamptz,
    parent_no        bigint,
    parent_node      integer,
    workflow_version integer,
    parent_path      text,
    workflow         text,
    database         text,
    vars             json,
    -- From a setting and not an argument: a tracing library can set it for every statement, whoever wrote that.
    traceparent      text DEFAULT pg_catalog.substring(pg_catalog.current_setting('df.traceparent', true),
                                                       '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$')
                     CHECK (pg_catalog.length(traceparent) OPERATOR(pg_catalog.=) 55),
    forked_from      varchar(8),
    forked_node      integer
);
COMMENT ON TABLE df.submissions IS
    'What was asked for: one row per instance. df.start writes it with the caller''s rights; no user can change it.';
COMMENT ON COLUMN df.submissions.instance_no IS 'Internal key. It ascends, so that the tables keyed by it grow at one end.';
COMMENT ON COLUMN df.submissions.graph_id IS 'The graph to run (df.graphs).';
COMMENT ON COLUMN df.submissions.created_at IS 'Time of the transaction that called df.start.';
COMMENT ON COLUMN df.submissions.submitted_by IS 'The role that the steps run as.';
COMMENT ON COLUMN df.submissions.id IS 'The id that users see: 8 hexadecimal digits.';
COMMENT ON COLUMN df.submissions.label IS 'Free text for people.';
COMMENT ON COLUMN df.submissions.input IS 'The input. Steps read it as $input and $input.field.';
COMMENT ON COLUMN df.submissions.idempotency_key IS 'A second start by the same role with the same key returns this instance.';
COMMENT ON COLUMN df.submissions.start_at IS 'The earliest time to start; NULL means at once.';
COMMENT ON COLUMN df.submissions.parent_no IS
    'The instance whose df.call started this one; NULL for all others. Only the worker writes it.';
COMMENT ON COLUMN df.submissions.parent_node IS 'Node of that df.call; NULL again once the loop iteration that made the call is over.';
COMMENT ON COLUMN df.submissions.workflow_version IS 'Version of the registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.submissions.parent_path IS 'Path of that execution of df.call.';
COMMENT ON COLUMN df.submissions.workflow IS 'Name of the registered workflow (df.registrations); NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.submissions.database IS 'The database that the steps run in, as given to df.start; NULL means this one.';
COMMENT ON COLUMN df.submissions.vars IS 'The role''s variables (df.vars) at the start: {"name":"value",…}; NULL if it had none.';
COMMENT ON COLUMN df.submissions.traceparent IS
    'The trace that the start belongs to (W3C Trace Context), from the setting df.traceparent of its session. The spans of the steps '
    'belong to it too. NULL if there was none.';
COMMENT ON COLUMN df.submissions.forked_from IS
    'Id of the instance that df.fork started this one from, which retention may have removed since; NULL for all others.';
COMMENT ON COLUMN df.submissions.forked_node IS 'The node, in the graph of that instance, that this one continued from.';
CREATE UNIQUE INDEX submissions_id_idx ON df.submissions (id);
CREATE UNIQUE INDEX submissions_idempotency_idx ON df.submissions (submitted_by, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- One child for each execution of df.call, however often its start is attempted. Also finds the children of an instance.
CREATE UNIQUE INDEX submissions_parent_idx ON df.submissions (parent_no, parent_node, parent_path) WHERE parent_node IS NOT NULL;
-- df.list_instances reads newest first, and by role, so that nobody pays for the instances of others.
CREATE INDEX submissions_created_at_idx ON df.submissions (submitted_by, created_at DESC, id);

CREATE TABLE df.queue (
    instance_no   bigint PRIMARY KEY,
    due_at        timestamptz NOT NULL DEFAULT '-infinity',
    started_at    timestamptz,
    submitted_by  regrole NOT NULL,
    worker_id     integer,
    parent_no     bigint,
    waits         json,
    lane          smallint NOT NULL DEFAULT 0,
    undoing       boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE df.queue IS 'Unfinished instances. The only table whose rows are updated, so it is kept narrow and small.';
COMMENT ON COLUMN df.queue.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.queue.due_at IS 'The earliest time to claim the instance; -infinity means at once, whatever the clock says.';
COMMENT ON COLUMN df.queue.started_at IS 'When a worker first claimed the instance; NULL while it is pending.';
COMMENT ON COLUMN df.queue.submitted_by IS 'Copied from df.submissions, for workers that run only one role''s instances.';
COMMENT ON COLUMN df.queue.worker_id IS
    'The worker that holds the instance (df.workers). NULL means free; 0 means held until df.resume_restored().';
COMMENT ON COLUMN df.queue.parent_no IS 'The instance to wake when this one ends; copied from df.submissions.';
COMMENT ON COLUMN df.queue.waits IS
    'What a waiting instance waits for: [{"node":…,"path":…,"kind":…,"name":…,"until":…},…]. kind is SLEEP, WAIT_SCHEDULE, SIGNAL, '
    'TIMEOUT, RETRY, LOOP, CALL or PAUSED.';
COMMENT ON COLUMN df.queue.lane IS
    'The lane that it waits in, among those of its role; claims take turns between lanes. 0 for ad-hoc graphs. The instances of one '
    'workflow share a lane, possibly with those of another workflow.';
COMMENT ON COLUMN df.queue.undoing IS 'Whether it was cancelled, and undoes its steps.';
-- Finds due instances without looking at claimed ones.
CREATE INDEX queue_due_idx ON df.queue (due_at, instance_no) WHERE worker_id IS NULL;
-- The same for each lane of each role, when more is due than can be claimed: see df._worker_lanes.
CREATE INDEX queue_lane_idx ON df.queue (submitted_by, lane, due_at, instance_no) WHERE worker_id IS NULL;
-- Finds what a dead worker held.
CREATE INDEX queue_worker_idx ON df.queue (worker_id) WHERE worker_id IS NOT NULL;

CREATE TABLE df.checkpoints (
    instance_no  bigint NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    node         integer NOT NULL,
    attempt      integer NOT NULL,
    worker_id    integer NOT NULL,
    seq          integer NOT NULL DEFAULT 0,
    path         text NOT NULL DEFAULT '',
    result       json,
    columns      json,
    error        json,
    -- The fence: an execution of a step commits once, whatever workers believe about their leases.
    -- No CHECK that there is either a result or an error: PostgreSQL parses it again for every row, 3 % of what a step costs the server
    -- (measured).
    PRIMARY KEY (instance_no, node, path)
);
COMMENT ON TABLE df.checkpoints IS
    'Finished executions of steps and waits. A row commits in the same transaction as the step''s own effect.';
COMMENT ON COLUMN df.checkpoints.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.checkpoints.started_at IS 'When the execution began.';
COMMENT ON COLUMN df.checkpoints.finished_at IS 'When the execution was checkpointed, just before its commit.';
COMMENT ON COLUMN df.checkpoints.node IS 'The node''s number in its graph, counted from 0 in pre-order.';
COMMENT ON COLUMN df.checkpoints.attempt IS 'Number of the attempt, from 1.';
COMMENT ON COLUMN df.checkpoints.worker_id IS 'The worker that ran the step (df.workers).';
COMMENT ON COLUMN df.checkpoints.seq IS
    'The order in which the engine took the instance''s inputs. Folding them in this order gives its state.';
COMMENT ON COLUMN df.checkpoints.path IS 'The loop iterations and branch items that enclose this execution; empty outside of them.';
COMMENT ON COLUMN df.checkpoints.result IS 'The result, if the step completed.';
COMMENT ON COLUMN df.checkpoints.columns IS
    'Names and types of the result''s columns: [["name","type"],…], with member and exact texts where the JSON is not enough.';
COMMENT ON COLUMN df.checkpoints.error IS 'The error, if the step failed.';

CREATE TABLE df.outcomes (
    instance_no   bigint PRIMARY KEY,
    completed_at  timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    started_at    timestamptz,
    result_node   integer,
    status        text NOT NULL CHECK (status OPERATOR(pg_catalog.=) ANY (ARRAY['completed', 'failed', 'cancelled'])),
    result_path   text,
    error         json,
    result        json,
    worker_id     integer,
    CONSTRAINT outcomes_result_or_error CHECK ((status OPERATOR(pg_catalog.=) 'completed') OPERATOR(pg_catalog.=) (error IS NULL))
);
COMMENT ON TABLE df.outcomes IS 'Finished instances and how each of them ended.';
COMMENT ON COLUMN df.outcomes.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.outcomes.completed_at IS 'When it ended.';
COMMENT ON COLUMN df.outcomes.started_at IS 'When a worker first claimed it; NULL if none did.';
COMMENT ON COLUMN df.outcomes.status IS 'completed, failed or cancelled.';
COMMENT ON COLUMN df.outcomes.result_node IS 'Node of the checkpoint that holds the instance''s result.';
COMMENT ON COLUMN df.outcomes.result_path IS 'Path of the checkpoint that holds the instance''s result.';
COMMENT ON COLUMN df.outcomes.error IS 'What went wrong: message, sqlstate, detail, hint, node, step, attempt, sql.';
COMMENT ON COLUMN df.outcomes.worker_id IS 'The worker that held it when it was cancelled.';
COMMENT ON COLUMN df.outcomes.result IS 'The instance''s result, if it is not that of a single checkpoint; NULL otherwise.';

-- Finds the few that did not complete among millions that did.
CREATE INDEX outcomes_not_completed_idx ON df.outcomes (instance_no) WHERE status OPERATOR(pg_catalog.<>) 'completed';

-- sql/21_requests.sql
-- What users ask of instances that run, and the hints and watches that come of it.
--
-- The right to DELETE from a table includes the right to lock it against everybody. So each table whose rows users may remove has a
-- column for it, which the row's owner may set; the trigger df._removed then deletes the row.

CREATE TABLE df.cancellations (
    instance_no   bigint NOT NULL,
    requested_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    requested_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    reason        text NOT NULL,
    forced        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (instance_no, forced)
);
COMMENT ON TABLE df.cancellations IS 'Requests to cancel. df.cancel and df.terminate write them with the caller''s rights.';
COMMENT ON COLUMN df.cancellations.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.cancellations.requested_at IS 'Time of the transaction that asked.';
COMMENT ON COLUMN df.cancellations.requested_by IS 'The role that asked.';
COMMENT ON COLUMN df.cancellations.reason IS 'The reason given.';
COMMENT ON COLUMN df.cancellations.forced IS 'Whether the instance ends without undoing its steps: df.terminate.';

CREATE TABLE df.signals (
    instance_no  bigint NOT NULL,
    signal_no    bigint GENERATED ALWAYS AS IDENTITY,
    sent_at      timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    sent_by      regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    name         text NOT NULL,
    data         json NOT NULL,
    PRIMARY KEY (instance_no, signal_no)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE df.signals IS 'Signals that no wait has taken yet. df.signal writes them with the caller''s rights.';
COMMENT ON COLUMN df.signals.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.signals.signal_no IS 'Ascending: waits for the same name take signals in this order.';
COMMENT ON COLUMN df.signals.sent_at IS 'When df.signal was called.';
COMMENT ON COLUMN df.signals.sent_by IS 'The role that called df.signal.';
COMMENT ON COLUMN df.signals.name IS 'The signal''s name.';
COMMENT ON COLUMN df.signals.data IS 'Its payload.';
-- Finds the signals of one name among many others. Uses the name's hash, because a name may be too long for an index entry.
CREATE INDEX signals_name_idx ON df.signals (instance_no, pg_catalog.hashtext(name), signal_no);

-- A separate table: updating df.queue from a user's transaction would lock the instance for as long as that transaction stays open.
CREATE TABLE df.wakeups (
    instance_no  bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE df.wakeups IS
    'Instances that have something new: a signal, a pause or its end, a child or a parent that ended. Triggers and workers write the '
    'rows; the claim that sees them deletes them.';
COMMENT ON COLUMN df.wakeups.instance_no IS 'The instance (df.submissions).';
-- No key: two transactions that wake the same instance must not wait for each other. A table whose rows are deleted needs a replica
-- identity where all tables are published.
ALTER TABLE df.wakeups REPLICA IDENTITY FULL;
CREATE INDEX wakeups_instance_idx ON df.wakeups (instance_no);

-- No key, as for df.wakeups: two sessions that watch the same instance must not wait for each other.
CREATE TABLE df.watches (
    instance_no  bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE df.watches IS
    'Instances whose end somebody wants to be told of. df.watch writes the rows with the caller''s rights; whatever ends the instance '
    'deletes them.';
COMMENT ON COLUMN df.watches.instance_no IS 'The instance (df.submissions).';
ALTER TABLE df.watches REPLICA IDENTITY FULL;
CREATE INDEX watches_instance_idx ON df.watches (instance_no);

CREATE TABLE df.pauses (
    instance_no  bigint PRIMARY KEY,
    paused_at    timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    paused_by    regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    removed      boolean NOT NULL DEFAULT false,
    changed_by   regrole
);
COMMENT ON TABLE df.pauses IS 'Paused instances. df.pause writes the rows and df.resume removes them, both with the caller''s rights.';
COMMENT ON COLUMN df.pauses.changed_by IS 'The role that changed the row last; NULL if none did.';
COMMENT ON COLUMN df.pauses.removed IS 'Setting it removes the row.';
COMMENT ON COLUMN df.pauses.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.pauses.paused_at IS 'When df.pause was called.';
COMMENT ON COLUMN df.pauses.paused_by IS 'The role that called df.pause.';

CREATE TABLE df.retries (
    instance_no   bigint PRIMARY KEY,
    requested_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    requested_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    taken         boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE df.retries IS
    'Failed instances that resume at the step that failed. df.retry_instance writes the rows with the caller''s rights; they are deleted '
    'when the instance fails again.';
COMMENT ON COLUMN df.retries.taken IS 'Whether a worker has removed the failed checkpoints.';
COMMENT ON COLUMN df.retries.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.retries.requested_at IS 'Time of the transaction that called df.retry_instance.';
COMMENT ON COLUMN df.retries.requested_by IS 'The role that called df.retry_instance.';

CREATE TABLE df.moves (
    instance_no   bigint PRIMARY KEY,
    requested_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    requested_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    version       integer NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE df.moves IS
    'Requests to move a running instance to another version of its workflow. df.migrate_instances writes the rows with the caller''s '
    'rights; each is carried out and removed at once.';
COMMENT ON COLUMN df.moves.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.moves.requested_at IS 'Time of the transaction that asked.';
COMMENT ON COLUMN df.moves.requested_by IS 'The role that asked.';
COMMENT ON COLUMN df.moves.version IS 'The version to go on with.';

CREATE TABLE df.published_state (
    instance_no   bigint PRIMARY KEY,
    published_at  timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    value         jsonb NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE df.published_state IS
    'What instances last published about themselves. df.publish writes the rows with the caller''s rights.';
COMMENT ON COLUMN df.published_state.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.published_state.published_at IS 'When df.publish was called.';
COMMENT ON COLUMN df.published_state.value IS 'The value.';

-- sql/22_definitions.sql
-- What roles keep for their instances: variables, workflows, limits.

CREATE TABLE df.vars (
    name     text NOT NULL,
    value    text,
    owner    regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    removed  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (owner, name)
);
COMMENT ON COLUMN df.vars.removed IS 'Setting it removes the row.';
COMMENT ON TABLE df.vars IS 'Variables of each role. df.start takes a copy, which steps read as {name}.';
COMMENT ON COLUMN df.vars.owner IS 'The role that the variable belongs to.';
COMMENT ON COLUMN df.vars.name IS 'The variable''s name.';
COMMENT ON COLUMN df.vars.value IS 'Its value. A variable whose value is NULL is not copied.';

CREATE TABLE df.registrations (
    owner          regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    version        integer NOT NULL CHECK (version OPERATOR(pg_catalog.>) 0),
    graph_id       bigint NOT NULL,
    registered_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(session_user)::regrole,
    registered_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    workflow       text NOT NULL CHECK (workflow OPERATOR(pg_catalog.<>) ''),
    description    text,
    removed        boolean NOT NULL DEFAULT false,
    changed_by     regrole,
    PRIMARY KEY (owner, workflow, version)
);
COMMENT ON COLUMN df.registrations.removed IS 'Setting it removes the row.';
COMMENT ON TABLE df.registrations IS 'Registered workflows. An instance keeps the graph that it was started with.';
COMMENT ON COLUMN df.registrations.owner IS 'The role that the version was registered as, and that may start it.';
COMMENT ON COLUMN df.registrations.version IS 'Counted from 1; the highest is the default.';
COMMENT ON COLUMN df.registrations.graph_id IS 'The graph that it runs (df.graphs).';
COMMENT ON COLUMN df.registrations.registered_by IS 'The role that was logged in when the version got this graph.';
COMMENT ON COLUMN df.registrations.registered_at IS 'When the version got this graph.';
COMMENT ON COLUMN df.registrations.workflow IS 'The workflow''s name.';
COMMENT ON COLUMN df.registrations.changed_by IS 'The role that changed the row last; NULL if none did.';
COMMENT ON COLUMN df.registrations.description IS 'Free text for people.';

CREATE TABLE df.limits (
    role   regrole NOT NULL,
    value  bigint NOT NULL CHECK (value OPERATOR(pg_catalog.>=) 0),
    name   text NOT NULL,
    PRIMARY KEY (role, name)
);
COMMENT ON TABLE df.limits IS 'Limits of roles that differ from the defaults. df.set_limit writes them.';
COMMENT ON COLUMN df.limits.role IS 'The role.';
COMMENT ON COLUMN df.limits.value IS 'The limit.';
COMMENT ON COLUMN df.limits.name IS 'Name of the limit, as in df.set_limit.';

-- sql/23_schedules.sql
-- Schedules: what was asked for, and apart from it how they stand.

CREATE TABLE df.schedule_entries (
    schedule_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    changed_at      timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    owner           regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    revision        integer NOT NULL DEFAULT 1,
    version         integer,
    jitter_seconds  integer NOT NULL CHECK (jitter_seconds OPERATOR(pg_catalog.>=) 0 AND jitter_seconds OPERATOR(pg_catalog.<=) 86400),
    paused          boolean NOT NULL DEFAULT false,
    restored        boolean NOT NULL DEFAULT false,
    removed         boolean NOT NULL DEFAULT false,
    name            text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(name) OPERATOR(pg_catalog.<=) 200),
    cron            text NOT NULL CHECK (pg_catalog.length(cron) OPERATOR(pg_catalog.<=) 1000),
    timezone        text CHECK (pg_catalog.length(timezone) OPERATOR(pg_catalog.<=) 200),
    workflow        text NOT NULL CHECK (pg_catalog.length(workflow) OPERATOR(pg_catalog.<=) 3000),
    overlap         text NOT NULL CHECK (overlap OPERATOR(pg_catalog.=) ANY (ARRAY['skip', 'queue', 'allow', 'cancel_running'])),
    catch_up        text NOT NULL CHECK (catch_up OPERATOR(pg_catalog.=) ANY (ARRAY['skip', 'one', 'all'])),
    -- A tick copies it on a connection that the worker also needs for other work.
    input           jsonb CHECK (pg_catalog.pg_column_size(input) OPERATOR(pg_catalog.<=) 1048576),
    changed_by      regrole,
    UNIQUE (owner, name)
);
COMMENT ON TABLE df.schedule_entries IS
    'Schedules as they were requested. df.schedule and related functions write them with the caller''s rights.';
COMMENT ON COLUMN df.schedule_entries.schedule_no IS 'Internal key.';
COMMENT ON COLUMN df.schedule_entries.created_at IS 'When the schedule was created.';
COMMENT ON COLUMN df.schedule_entries.changed_at IS 'When the current revision was made. Earlier ticks do not count for it.';
COMMENT ON COLUMN df.schedule_entries.owner IS 'The role that created the schedule. Its instances start as this role.';
COMMENT ON COLUMN df.schedule_entries.revision IS
    'Counts the changes that affect the ticks: a new cron expression or time zone, the end of a pause.';
COMMENT ON COLUMN df.schedule_entries.version IS 'Version of the workflow; NULL means the newest at each tick.';
COMMENT ON COLUMN df.schedule_entries.jitter_seconds IS 'Each start is delayed by a random time up to this many seconds.';
COMMENT ON COLUMN df.schedule_entries.paused IS 'Whether its ticks are skipped.';
COMMENT ON COLUMN df.schedule_entries.removed IS 'Setting it removes the row.';
COMMENT ON COLUMN df.schedule_entries.restored IS 'Whether it comes from a dump and waits for df.resume_restored().';
COMMENT ON COLUMN df.schedule_entries.name IS 'Its name, unique per role.';
COMMENT ON COLUMN df.schedule_entries.cron IS 'The cron expression.';
COMMENT ON COLUMN df.schedule_entries.timezone IS 'The time zone of the cron expression; NULL means UTC.';
COMMENT ON COLUMN df.schedule_entries.workflow IS 'The workflow to start.';
COMMENT ON COLUMN df.schedule_entries.overlap IS
    'What a tick does while an earlier instance is still running: skip, queue, allow or cancel_running.';
COMMENT ON COLUMN df.schedule_entries.catch_up IS 'What happens to ticks that passed while no worker was running: skip, one or all.';
COMMENT ON COLUMN df.schedule_entries.changed_by IS 'The role that changed the row last; NULL if none did.';
COMMENT ON COLUMN df.schedule_entries.input IS 'The input of each instance.';

-- Separate from the entry, which a user's transaction may keep locked for a long time.
CREATE TABLE df.schedule_runs (
    schedule_no    bigint PRIMARY KEY,
    due_at         timestamptz NOT NULL DEFAULT '-infinity',
    dealt_with     timestamptz NOT NULL,
    next_run       timestamptz,
    last_run       timestamptz,
    last_instance  bigint,
    pass           bigint NOT NULL DEFAULT 0,
    revision       integer NOT NULL,
    running        bigint[] NOT NULL DEFAULT '{}',
    queued         timestamptz[] NOT NULL DEFAULT '{}',
    problem        text
) WITH (fillfactor = 50);
COMMENT ON TABLE df.schedule_runs IS 'The state of each schedule. Only workers write it.';
COMMENT ON COLUMN df.schedule_runs.schedule_no IS 'The schedule (df.schedule_entries).';
COMMENT ON COLUMN df.schedule_runs.due_at IS
    'When a worker has to look at it again; infinity if only a change to the schedule can make it tick.';
COMMENT ON COLUMN df.schedule_runs.dealt_with IS 'Every tick up to this time has been started, skipped or queued.';
COMMENT ON COLUMN df.schedule_runs.next_run IS 'The first tick after that.';
COMMENT ON COLUMN df.schedule_runs.last_run IS 'The last tick for which an instance was started.';
COMMENT ON COLUMN df.schedule_runs.last_instance IS 'That instance (df.submissions).';
COMMENT ON COLUMN df.schedule_runs.pass IS 'Counts the passes of workers. If two workers look at the same time, only one of them goes on.';
COMMENT ON COLUMN df.schedule_runs.revision IS 'The revision that next_run belongs to.';
COMMENT ON COLUMN df.schedule_runs.running IS 'Instances it started that had not ended when a worker last looked.';
COMMENT ON COLUMN df.schedule_runs.queued IS 'Ticks that wait for an earlier instance to end.';
COMMENT ON COLUMN df.schedule_runs.problem IS 'Why the last tick was not started as requested; NULL if it was.';
CREATE INDEX schedule_runs_due_idx ON df.schedule_runs (due_at, schedule_no);

-- A hint, like df.wakeups, so that no user's transaction locks what workers write.
CREATE TABLE df.schedule_changes (
    schedule_no  bigint NOT NULL
);
COMMENT ON TABLE df.schedule_changes IS
    'Schedules that were created, changed or removed. A trigger writes the rows; the worker that sees them deletes them.';
COMMENT ON COLUMN df.schedule_changes.schedule_no IS 'The schedule (df.schedule_entries).';
ALTER TABLE df.schedule_changes REPLICA IDENTITY FULL;

-- sql/24_workers.sql
-- Worker processes, and what brought them down.

CREATE TABLE df.workers (
    worker_id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pid           integer NOT NULL,
    started_at    timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    last_seen_at  timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    idle          boolean NOT NULL DEFAULT false,
    silence_limit interval NOT NULL DEFAULT '15 seconds',
    host          text NOT NULL,
    version       text NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE df.workers IS 'Worker processes that are alive, or were until a moment ago.';
COMMENT ON COLUMN df.workers.worker_id IS 'Number of the process; never reused.';
COMMENT ON COLUMN df.workers.pid IS 'Its process id on its host.';
COMMENT ON COLUMN df.workers.started_at IS 'When it registered.';
COMMENT ON COLUMN df.workers.last_seen_at IS 'Its last heartbeat.';
COMMENT ON COLUMN df.workers.idle IS 'Whether it waits for a notification. A start notifies only idle workers.';
COMMENT ON COLUMN df.workers.silence_limit IS 'How long it may be silent before other workers consider it dead.';
COMMENT ON COLUMN df.workers.host IS 'The machine that it runs on.';
COMMENT ON COLUMN df.workers.version IS 'The worker''s version.';

CREATE TABLE df.deaths (
    instance_no  bigint NOT NULL,
    node         integer NOT NULL,
    path         text NOT NULL,
    deaths       integer NOT NULL,
    PRIMARY KEY (instance_no, node, path)
);
COMMENT ON TABLE df.deaths IS
    'Steps that were running when their session, the server or the worker died. A row is written before such a step runs again, so that a '
    'step that causes the crash does not run for ever. Empty when all is well.';
COMMENT ON COLUMN df.deaths.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.deaths.node IS 'The step''s node, as in df.checkpoints; -1 stands for a whole instance that a dead worker held.';
COMMENT ON COLUMN df.deaths.path IS 'Its path, as in df.checkpoints.';
COMMENT ON COLUMN df.deaths.deaths IS 'How often that happened; for an instance, how often it has been loaded since.';

CREATE TABLE df._worker_epoch (
    epoch_id      uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    started_at    timestamptz NOT NULL DEFAULT pg_catalog.now(),
    last_seen_at  timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE df._worker_epoch IS 'One row while workers serve this database: since when, and their last heartbeat.';
COMMENT ON COLUMN df._worker_epoch.epoch_id IS 'Changes when there was no worker for a while.';
COMMENT ON COLUMN df._worker_epoch.started_at IS 'Since when there has been a worker without interruption.';
COMMENT ON COLUMN df._worker_epoch.last_seen_at IS 'Last heartbeat of any worker.';

-- sql/25_tasks.sql
-- Tasks: what activities wait for. Only the worker makes them. Whoever may claim a task writes its lease and its end, with its own rights;
-- row security and the columns that it may write are the limit, and df.claim_tasks and its siblings the convenient way.
--
-- The row is the fence: whoever ends the task holds its row until its transaction ends, and a timeout or a cancellation that finds the row
-- locked waits for that (df._worker_record, df._cancel_tree).

CREATE TABLE df.task_queue (
    task_no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instance_no      bigint NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    deadline         timestamptz,
    claimed_at       timestamptz,
    lease_until      timestamptz,
    ended_at         timestamptz,
    token            uuid,
    idempotency_key  uuid NOT NULL,
    submitted_by     regrole NOT NULL,
    claimed_by       regrole,
    node             integer NOT NULL,
    attempt          integer NOT NULL,
    delivery         integer NOT NULL DEFAULT 0,
    lane             smallint NOT NULL,
    held             boolean NOT NULL DEFAULT false,
    retryable        boolean,
    instance_id      varchar(8) NOT NULL,
    path             text NOT NULL,
    name             text NOT NULL,
    queue            text NOT NULL,
    input            json NOT NULL,
    progress         json,
    result           json,
    message          text,
    sqlstate         text,
    UNIQUE (instance_no, node, path)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE df.task_queue IS
    'Tasks of activities, until the worker has taken their ends. df.claim_tasks and its siblings write it with the caller''s rights.';
COMMENT ON COLUMN df.task_queue.task_no IS 'The task, as df.claim_tasks returns it.';
COMMENT ON COLUMN df.task_queue.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.task_queue.created_at IS 'When the worker made it.';
COMMENT ON COLUMN df.task_queue.deadline IS 'When the first of the timeouts around the step ends it; NULL without one.';
COMMENT ON COLUMN df.task_queue.claimed_at IS 'When it was claimed last.';
COMMENT ON COLUMN df.task_queue.lease_until IS 'When it is due again, if it has a token.';
COMMENT ON COLUMN df.task_queue.ended_at IS 'When it was completed or failed; the worker then takes the row away.';
COMMENT ON COLUMN df.task_queue.token IS
    'The claim, so that a late completion does not count; NULL before the first claim. A token that nobody has delays the next claim.';
COMMENT ON COLUMN df.task_queue.idempotency_key IS 'Identifies the step towards other systems: the same for each attempt and delivery.';
COMMENT ON COLUMN df.task_queue.submitted_by IS 'The instance''s role, which may claim the task.';
COMMENT ON COLUMN df.task_queue.claimed_by IS 'The role that claimed it last.';
COMMENT ON COLUMN df.task_queue.node IS 'The node''s number in its graph.';
COMMENT ON COLUMN df.task_queue.attempt IS 'The attempt of an enclosing df.retry, from 1.';
COMMENT ON COLUMN df.task_queue.delivery IS 'How often it was claimed and not released.';
COMMENT ON COLUMN df.task_queue.lane IS 'The lane of its workflow, as in df.queue; claims take turns between lanes.';
COMMENT ON COLUMN df.task_queue.held IS 'Whether it can''t be claimed: its instance is paused, or comes from a dump.';
COMMENT ON COLUMN df.task_queue.retryable IS 'Whether another attempt may succeed, if it failed.';
COMMENT ON COLUMN df.task_queue.instance_id IS 'The instance''s id, as users know it.';
COMMENT ON COLUMN df.task_queue.path IS 'The iterations, attempts and items that the step is in.';
COMMENT ON COLUMN df.task_queue.name IS 'The activity''s name.';
COMMENT ON COLUMN df.task_queue.queue IS 'The queue; ''default'' if the node names none.';
COMMENT ON COLUMN df.task_queue.input IS 'The input, with references replaced.';
COMMENT ON COLUMN df.task_queue.progress IS 'How far a claimer has come, in its own words.';
COMMENT ON COLUMN df.task_queue.result IS 'What it was completed with.';
COMMENT ON COLUMN df.task_queue.message IS 'Why it failed; NULL if it did not.';
COMMENT ON COLUMN df.task_queue.sqlstate IS 'The SQLSTATE of its failure.';
-- Finds what can be claimed, lane by lane and oldest first, without looking at what is claimed already.
CREATE INDEX task_queue_free_idx ON df.task_queue (submitted_by, name, queue, lane, task_no)
    WHERE token IS NULL AND ended_at IS NULL AND NOT held;
-- Finds leases that have run out.
CREATE INDEX task_queue_lease_idx ON df.task_queue (submitted_by, name, queue, lease_until)
    WHERE token IS NOT NULL AND ended_at IS NULL AND NOT held;

CREATE TABLE df.task_grants (
    owner       regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    grantee     regrole NOT NULL,
    removed     boolean NOT NULL DEFAULT false,
    name        text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(name) OPERATOR(pg_catalog.<=) 200),
    changed_by  regrole,
    PRIMARY KEY (owner, name, grantee)
);
COMMENT ON TABLE df.task_grants IS
    'Other roles that may claim tasks of a role''s instances. df.grant_tasks and df.revoke_tasks write it with the caller''s rights.';
COMMENT ON COLUMN df.task_grants.owner IS 'The role whose instances make the tasks.';
COMMENT ON COLUMN df.task_grants.grantee IS 'The role that may claim them.';
COMMENT ON COLUMN df.task_grants.removed IS 'Setting it removes the row.';
COMMENT ON COLUMN df.task_grants.name IS 'The activity''s name.';
COMMENT ON COLUMN df.task_grants.changed_by IS 'The role that changed the row last; NULL if none did.';
CREATE INDEX task_grants_grantee_idx ON df.task_grants (grantee, name);

CREATE TABLE df.task_watches (
    watcher     regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    name        text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(name) OPERATOR(pg_catalog.<=) 200),
    queue       text NOT NULL CHECK (queue OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(queue) OPERATOR(pg_catalog.<=) 200)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE df.task_watches IS
    'Roles that want to be told of the next task. df.watch_tasks writes the rows with the caller''s rights; the worker that makes such a '
    'task deletes them.';
COMMENT ON COLUMN df.task_watches.watcher IS 'The role that called df.watch_tasks.';
COMMENT ON COLUMN df.task_watches.name IS 'The activity''s name.';
COMMENT ON COLUMN df.task_watches.queue IS 'The queue.';
-- No key, as for df.wakeups: nobody must wait for another session's transaction.
ALTER TABLE df.task_watches REPLICA IDENTITY FULL;
CREATE INDEX task_watches_idx ON df.task_watches (name, queue, watcher);

-- sql/26_tags.sql
-- Tags of instances. A table of its own, so that a start without tags pays nothing for them.

CREATE TABLE df.tags (
    instance_no   bigint NOT NULL,
    submitted_by  regrole NOT NULL,
    removed       boolean NOT NULL DEFAULT false,
    key           text NOT NULL CHECK (key OPERATOR(pg_catalog.~) '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$'),
    value         text NOT NULL CHECK (pg_catalog.length(value) OPERATOR(pg_catalog.<=) 256),
    PRIMARY KEY (instance_no, key)
);
COMMENT ON TABLE df.tags IS 'Tags of instances. df.tag writes them with the caller''s rights.';
COMMENT ON COLUMN df.tags.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.tags.submitted_by IS 'The instance''s role, so that a search reads no rows of other roles.';
COMMENT ON COLUMN df.tags.removed IS 'Setting it removes the row.';
COMMENT ON COLUMN df.tags.key IS 'The key: up to 64 letters, digits, _, . and -.';
COMMENT ON COLUMN df.tags.value IS 'The value: up to 256 characters.';
CREATE INDEX tags_value_idx ON df.tags (submitted_by, key, value, instance_no);

-- sql/27_audit.sql
-- Who asked for what. Triggers on the requests write it, so that no way around the functions leaves it out, and no user writes it.

CREATE TABLE df.audit (
    audit_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    role         regrole NOT NULL,
    login        regrole NOT NULL DEFAULT pg_catalog.quote_ident(session_user)::regrole,
    owner        regrole NOT NULL,
    action       text NOT NULL,
    instance_id  varchar(8),
    name         text,
    detail       text,
    application  text DEFAULT NULLIF(pg_catalog.current_setting('application_name', true), ''),
    client       inet DEFAULT pg_catalog.inet_client_addr()
);
COMMENT ON TABLE df.audit IS
    'Who changed what on request: cancellations, retries, pauses, forks, moves, workflows, schedules and rights. You see '
    'what you did, and what others did to what is yours.';
COMMENT ON COLUMN df.audit.audit_no IS 'Ascending.';
COMMENT ON COLUMN df.audit.at IS 'When.';
COMMENT ON COLUMN df.audit.role IS 'The role that asked (current_user).';
COMMENT ON COLUMN df.audit.login IS 'The role that was logged in (session_user); for a step, the role that it runs as.';
COMMENT ON COLUMN df.audit.owner IS 'The role that the instance, workflow, schedule or right belongs to.';
COMMENT ON COLUMN df.audit.action IS
    'cancel, terminate, retry, pause, resume, fork, move, delete, bulk; register, drop_version; schedule, unschedule, pause_schedule, '
    'resume_schedule; grant_tasks, revoke_tasks, grant_usage, revoke_usage, set_limit; resume_restored.';
COMMENT ON COLUMN df.audit.instance_id IS 'The instance, which retention may have removed since.';
COMMENT ON COLUMN df.audit.name IS 'The workflow, schedule, activity or limit; the action of a bulk.';
COMMENT ON COLUMN df.audit.detail IS 'The reason, version, cron expression or grantee; the count and the query of a bulk.';
COMMENT ON COLUMN df.audit.application IS 'application_name of the session, which the session chooses.';
COMMENT ON COLUMN df.audit.client IS 'The client''s address; NULL for a local socket.';

-- sql/28_bulk.sql
-- Actions on all instances that a query finds. Each is an instance of its own: these rows say what it is to do.

CREATE TABLE df.bulks (
    instance_no   bigint PRIMARY KEY,
    requested_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    requested_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    batch_size    integer NOT NULL DEFAULT 500,
    capped        boolean NOT NULL,
    expected      bigint NOT NULL,
    action        text NOT NULL,
    query         text NOT NULL,
    reason        text,
    signal_name   text,
    signal_data   text,
    search        jsonb NOT NULL
);
COMMENT ON TABLE df.bulks IS 'What the instances of df.bulk are to do. df.bulk writes the rows with the caller''s rights.';
COMMENT ON COLUMN df.bulks.instance_no IS 'The instance that does it (df.submissions).';
COMMENT ON COLUMN df.bulks.requested_at IS 'Time of the transaction that asked.';
COMMENT ON COLUMN df.bulks.requested_by IS 'The role that asked.';
COMMENT ON COLUMN df.bulks.batch_size IS 'How many instances each step takes: 1 to 10,000.';
COMMENT ON COLUMN df.bulks.capped IS 'Whether there were more than expected says: counting stopped there.';
COMMENT ON COLUMN df.bulks.expected IS 'How many instances it would have acted on when it was requested.';
COMMENT ON COLUMN df.bulks.action IS 'cancel, terminate, retry, pause, resume, signal or delete.';
COMMENT ON COLUMN df.bulks.query IS 'The query, as for df.search.';
COMMENT ON COLUMN df.bulks.reason IS 'The reason given.';
COMMENT ON COLUMN df.bulks.signal_name IS 'The signal that it sends; NULL for other actions.';
COMMENT ON COLUMN df.bulks.signal_data IS 'The data of the signal; NULL for other actions.';
COMMENT ON COLUMN df.bulks.search IS 'What the query asked for when it was requested: since:1h means an hour before that.';

-- A request and not a record: a trigger removes the rows together with what they name.
CREATE TABLE df.deletions (
    instance_no   bigint NOT NULL,
    requested_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    reason        text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE df.deletions IS
    'Ended instances whose history is to go at once. df.bulk writes the rows with the caller''s rights; they go with the instance.';
COMMENT ON COLUMN df.deletions.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.deletions.requested_by IS 'The role that asked.';
COMMENT ON COLUMN df.deletions.reason IS 'The reason given.';
ALTER TABLE df.deletions REPLICA IDENTITY FULL;
CREATE INDEX deletions_instance_idx ON df.deletions (instance_no);

-- sql/30_policies.sql
-- Users see and write only what they submitted themselves; membership in the submitting role is not enough.
ALTER TABLE df.graphs ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.submissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.cancellations ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.outcomes ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.signals ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.wakeups ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.watches ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.pauses ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.retries ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.published_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.vars ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.registrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.schedule_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.schedule_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.schedule_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.task_queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.task_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.task_watches ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.bulks ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.deletions ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE df._worker_epoch ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.workers ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.deaths ENABLE ROW LEVEL SECURITY;

CREATE POLICY graphs_owner ON df.graphs
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY submissions_owner ON df.submissions
    -- In a subquery, so that it is looked up once and not for every row.
    USING (submitted_by OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole))
    -- Anything larger than df.start allows would end up in a worker's memory, many rows at a time.
    WITH CHECK (submitted_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND COALESCE(GREATEST(pg_catalog.pg_column_size(input), pg_catalog.pg_column_size(vars)), 0) OPERATOR(pg_catalog.<=) 16777216);
CREATE POLICY cancellations_owner ON df.cancellations
    USING (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole)
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) cancellations.instance_no));
CREATE POLICY queue_owner ON df.queue FOR SELECT
    USING (submitted_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY checkpoints_owner ON df.checkpoints FOR SELECT
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) checkpoints.instance_no));
CREATE POLICY outcomes_owner ON df.outcomes FOR SELECT
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) outcomes.instance_no));
CREATE POLICY signals_owner ON df.signals
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) signals.instance_no))
    WITH CHECK (sent_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) signals.instance_no));
CREATE POLICY watches_owner ON df.watches
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) watches.instance_no));
CREATE POLICY pauses_owner ON df.pauses
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) pauses.instance_no));
-- Whoever paused the instance, for example a superuser: its role may resume it.
CREATE POLICY pauses_made ON df.pauses AS RESTRICTIVE FOR INSERT
    WITH CHECK (paused_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) pauses.instance_no));
CREATE POLICY retries_owner ON df.retries
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) retries.instance_no))
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) retries.instance_no));
CREATE POLICY moves_owner ON df.moves
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) moves.instance_no))
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) moves.instance_no));
CREATE POLICY published_state_owner ON df.published_state
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) published_state.instance_no))
    WITH CHECK (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) published_state.instance_no)
        AND pg_catalog.pg_column_size(value) OPERATOR(pg_catalog.<=) pg_catalog.pg_size_bytes(
            COALESCE(NULLIF(pg_catalog.current_setting('pg_durable.max_result_bytes', true), ''), '16MB')));
CREATE POLICY audit_parties ON df.audit FOR SELECT
    USING (role OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole)
        OR owner OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole));
CREATE POLICY tags_owner ON df.tags
    USING (submitted_by OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole));
CREATE POLICY bulks_owner ON df.bulks
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) bulks.instance_no))
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) bulks.instance_no));
CREATE POLICY deletions_owner ON df.deletions
    USING (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole)
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) deletions.instance_no));
CREATE POLICY vars_user_isolation ON df.vars
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY registrations_owner ON df.registrations
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY schedule_entries_owner ON df.schedule_entries
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY schedule_runs_owner ON df.schedule_runs FOR SELECT
    USING (EXISTS (SELECT FROM df.schedule_entries e WHERE e.schedule_no OPERATOR(pg_catalog.=) schedule_runs.schedule_no));
CREATE POLICY limits_role ON df.limits FOR SELECT
    USING (role OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_grants_parties ON df.task_grants
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        OR grantee OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
-- Restrictive, so that a grantee, who sees the row, can't write it.
CREATE POLICY task_grants_made ON df.task_grants AS RESTRICTIVE FOR INSERT
    WITH CHECK (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_grants_removed ON df.task_grants AS RESTRICTIVE FOR UPDATE
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_watches_watcher ON df.task_watches
    USING (watcher OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_queue_claimers ON df.task_queue
    USING (submitted_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        OR EXISTS (SELECT FROM df.task_grants g
                    WHERE g.owner OPERATOR(pg_catalog.=) task_queue.submitted_by AND g.name OPERATOR(pg_catalog.=) task_queue.name
                      AND g.grantee OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole))
    -- A result is limited by a setting: see df._task_ended.
    WITH CHECK (COALESCE(claimed_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole, true)
        AND COALESCE(pg_catalog.pg_column_size(progress), 0) OPERATOR(pg_catalog.<=) 8300
        AND COALESCE(pg_catalog.octet_length(message), 0) OPERATOR(pg_catalog.<=) 65536
        AND COALESCE(sqlstate OPERATOR(pg_catalog.~) '^[0-9A-Z]{5}$', true));
-- What has ended is for the worker.
CREATE POLICY task_queue_open ON df.task_queue AS RESTRICTIVE FOR UPDATE
    USING (ended_at IS NULL) WITH CHECK (true);
-- No policies for df.workers, df.deaths, df.wakeups, df.schedule_changes and df._worker_epoch: only the worker and superusers read them.

-- sql/45_types.sql
CREATE TYPE df._execution AS (
    -- Where it is, as df._executions finds it.
    execution    integer,      -- parents before children; children of one parent are adjacent
    parent       integer,
    place        integer,      -- position among the parent's children, from 1
    first_child  integer,
    last_child   integer,
    node         integer,
    node_type    text,
    query        text,
    result_name  text,
    children     integer[],    -- numbers of the node's children: left, right, condition, extras
    path         text,
    number       integer,      -- of the iteration, attempt or item it belongs to
    protected    boolean,      -- in the body of a loop that continues on failure
    seq          integer,      -- of its own row
    failed       boolean,      -- its row has an error
    -- How it ended, as df._fold finds it. Began and ended are its row's at first.
    began        timestamptz,
    ended        timestamptz,
    touched      boolean,      -- has a row at or below it
    state        text,         -- done, failed, broke; NULL while it has not ended
    ended_by     integer,      -- seq of the checkpoint that ended it
    source       integer,      -- the execution whose result or error it takes over
    value        json,         -- its result, if no checkpoint holds it
    prefix       text,         -- what the nodes above the source prepend to the error message
    fatal        boolean,      -- its failure ends even a loop that continues on failure
    pick         integer       -- the branch that an IF took: 0 or 1
);
COMMENT ON TYPE df._execution IS 'Internal: one execution of a node, as df._fold finds it.';

CREATE TYPE df._ending AS (
    state        text,         -- done, failed, broke: it ends by itself
    value        json,         -- its result then
    child        integer,      -- it ends as this child of its
    counts_as    text,         -- what that child's end counts as, when that is something else
    after        integer,      -- seq of a checkpoint without which it has not ended
    label        text,         -- what it adds to that child's error's message
    pick         integer,      -- the arm that an IF takes: 0 or 1
    proven       text          -- how the first child must have ended, by what came afterwards
);
COMMENT ON TYPE df._ending IS 'Internal: what its children say of an execution: see df._fold.';

CREATE TYPE df._step AS (
    node         integer,
    node_type    text,
    query        text,
    result_name  text,
    children     integer[],
    first        integer,      -- the first and the last step at or below it
    last         integer
);
COMMENT ON TYPE df._step IS 'Internal: a node of a graph that is a sequence: see df._sequence.';

CREATE TYPE df.http_endpoint AS (server text, path text);
COMMENT ON TYPE df.http_endpoint IS 'A path below the base_url of a server: see df.endpoint.';

CREATE TYPE df._search AS (
    ids            text[],       -- any of these, for each of the arrays; NULL for no condition
    workflows      text[],
    labels         text[],
    statuses       text[],
    errors         text[],
    steps          text[],
    not_ids        text[],       -- none of these
    not_workflows  text[],
    not_labels     text[],
    not_statuses   text[],
    not_errors     text[],
    not_steps      text[],
    tags           jsonb,        -- {"key": ["value", ...], ...}: for each key any of its values
    not_tags       jsonb,        -- the same: none of these
    since          timestamptz,
    until          timestamptz,
    deep           boolean       -- asks for more than the row of the submission
);
COMMENT ON TYPE df._search IS 'Internal: what a query of df.search asks for.';

-- sql/native/await_work.sql
-- In C (src/wake.c). Without the module, workers wait for a notification.
CREATE FUNCTION df._await_work(p_milliseconds integer) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_await_work';
COMMENT ON FUNCTION df._await_work(integer) IS
    'Internal: returns when something may be claimed, or after a time. An instance that is due may still be locked by somebody.';

-- sql/native/commit_step.sql
-- In C (src/checkpoint.c), because it runs at every step; sql/portable/commit_step.sql does the same in PL/pgSQL.
CREATE FUNCTION df._commit_step(p_token bytea, p_worker integer, p_instance bigint, p_node integer, p_path text, p_seq integer,
                                p_attempt integer, p_finished_at timestamptz, p_result json, p_columns json, p_completes boolean,
                                p_outcome json) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_commit_step';
COMMENT ON FUNCTION df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json) IS
    'Internal: records a step''s checkpoint in the step''s own transaction, and the instance''s completion if it was the last step. '
    'p_outcome is the instance''s result if that differs from the step''s. Returns false if the step cancelled its own instance.';

-- sql/native/dump.sql
-- What pg_dump includes: every table and sequence, but not the rows of the workers and deaths, which belong to the cluster, of
-- the watches, which belong to sessions, and of requests that are done at once.
DO $do$
DECLARE
    v_relation record;
BEGIN
    FOR v_relation IN
        SELECT c.oid, c.relname FROM pg_catalog.pg_class c
         WHERE c.relnamespace OPERATOR(pg_catalog.=) 'df'::regnamespace AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'S']::"char"[])
    LOOP
        PERFORM pg_catalog.pg_extension_config_dump(
            v_relation.oid,
            CASE WHEN v_relation.relname OPERATOR(pg_catalog.=) ANY (
                     ARRAY['workers', '_worker_epoch', 'watches', 'task_watches', 'deaths', 'deletions']::name[])
                 THEN 'WHERE false' ELSE '' END);
    END LOOP;
END
$do$;

-- sql/native/json_size.sql
-- The server knows the size of a value without reading it, but no SQL function returns it for json.
CREATE FUNCTION df._json_size(p_value json) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS 'textoctetlen';
COMMENT ON FUNCTION df._json_size(json) IS 'Internal: the length of a value in bytes, uncompressed.';

-- sql/native/notify.sql
-- In C (src/notify.c): the notification is sent when the transaction commits. It is dropped when the transaction is prepared, which
-- PostgreSQL would refuse otherwise; then a worker's next poll finds what the transaction left.
CREATE FUNCTION df._notify(p_channel text, p_payload text) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_notify';
COMMENT ON FUNCTION df._notify(text, text) IS 'Internal: sends a notification, unless the transaction is prepared.';

-- sql/native/sandbox.sql
-- The worker's side of the C module (src/session.c, src/sandbox.c).
--
-- The worker's sessions have this role instead of their superuser's rights. It owns nothing and nobody logs in as it. It stays when the
-- extension is dropped, because other databases of the server may use it.
DO $do$
BEGIN
    CREATE ROLE pgdurable_worker NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
    COMMENT ON ROLE pgdurable_worker IS 'The role of the sessions of pg_durable''s worker between the steps of other roles.';
EXCEPTION WHEN duplicate_object THEN
    IF (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) 'pgdurable_worker') THEN
        RAISE EXCEPTION 'role pgdurable_worker is a superuser, but must have no rights of its own'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run ALTER ROLE pgdurable_worker NOSUPERUSER, or rename that role.';
    END IF;
END
$do$;

-- Neither a SET clause nor SECURITY DEFINER: what _enter changes must outlive the call, and PostgreSQL undoes such changes when a
-- function with either returns. (_require_worker looks nothing up.)
CREATE FUNCTION df._enter(p_role oid, p_token bytea) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'pg_durable_enter';
REVOKE ALL ON FUNCTION df._enter(oid, bytea) FROM PUBLIC;
COMMENT ON FUNCTION df._enter(oid, bytea) IS
    'Worker only: makes the rest of this transaction run as the role, with no way back before it ends.';

CREATE FUNCTION df._require_worker() RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    AS 'MODULE_PATHNAME', 'pg_durable_require_worker';
REVOKE ALL ON FUNCTION df._require_worker() FROM PUBLIC;
COMMENT ON FUNCTION df._require_worker() IS
    'Internal: raises an error unless the calling function was called by a session of the worker or by a superuser.';

-- sql/native/start_in_new_transaction.sql
CREATE FUNCTION df._start_in_new_transaction(p_fut text, p_label text, p_database text, p_input jsonb, p_idempotency_key text,
                                             p_start_at timestamptz, p_sources text[]) RETURNS text
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_start_in_new_transaction';
COMMENT ON FUNCTION df._start_in_new_transaction(text, text, text, jsonb, text, timestamptz, text[]) IS
    'Internal: runs df.start in a second session of the same role, which commits on its own.';

-- sql/native/start_known.sql
-- In C (src/start.c), because applications wait for it; df._submit does the rest.
CREATE FUNCTION df._start_known(p_graph text, p_workflow text, p_version integer, p_label text, p_input jsonb, p_idempotency_key text,
                                p_start_at timestamptz, p_sources text[]) RETURNS text
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_start_known';
COMMENT ON FUNCTION df._start_known(text, text, integer, text, jsonb, text, timestamptz, text[]) IS
    'Internal: starts an instance of a graph or workflow that is stored already, or returns NULL if that takes more than writing its row.';

-- sql/native/submitted.sql
-- In C (src/submitted.c), because it runs at every start; sql/portable/submitted.sql does the same in PL/pgSQL.
--
-- The only way into the queue. The row of df.submissions passed row security, so it was written by the role that it names.
CREATE FUNCTION df._submitted() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_submitted';
COMMENT ON FUNCTION df._submitted() IS 'Internal: puts a submission into the queue.';

-- sql/native/target_database.sql
CREATE FUNCTION df._databases() RETURNS text[]
    LANGUAGE c STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_databases';
COMMENT ON FUNCTION df._databases() IS 'Internal: the databases that have a worker.';

-- No worker would ever look at any other database. This comes after the C functions: if the module is not loaded at all, creating those
-- reports it.
DO $do$
DECLARE
    v_role text := pg_catalog.current_setting('pg_durable.worker_role');
BEGIN
    IF pg_catalog.current_database()::text OPERATOR(pg_catalog.<>) ALL (df._databases()) THEN
        RAISE EXCEPTION 'pg_durable extension must be created in database "%" (currently in "%"). The settings pg_durable.database and '
                        'pg_durable.databases name the databases that have a worker.',
                pg_catalog.array_to_string(df._databases(), '" or "'), pg_catalog.current_database()
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Connect to the correct database and run: CREATE EXTENSION pg_durable; or add this one to pg_durable.databases '
                         'and restart the server.';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) v_role) THEN
        RAISE WARNING 'pg_durable: worker role "%" does not exist. Create it as a superuser with LOGIN, or change '
                      'pg_durable.worker_role.', v_role;
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) v_role AND r.rolsuper) THEN
        RAISE WARNING 'pg_durable: worker role "%" is not a superuser. The worker runs steps as other roles and needs to be one.', v_role;
    END IF;
END
$do$;

-- sql/native/tell_workers.sql
-- In C (src/wake.c): wakes the workers that wait in df._await_work, and notifies those that wait outside of the server.
CREATE FUNCTION df._tell_workers(p_what text) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_tell_workers';
COMMENT ON FUNCTION df._tell_workers(text) IS 'Internal: when the transaction commits, idle workers look for what they can claim.';

-- sql/native/worker_sessions.sql
-- By process id and start time, because process ids are reused. With the owner's rights, because the worker's own role may see and end no
-- sessions.

CREATE FUNCTION df._worker_sessions(p_pids integer[]) RETURNS TABLE (pid integer, started_at timestamptz, busy boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
    SELECT df._require_worker();
    SELECT a.pid, a.backend_start, COALESCE(a.state, '') NOT IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')
      FROM unnest(p_pids) p (pid)
     CROSS JOIN LATERAL pg_stat_get_activity(p.pid) a
$function$;
COMMENT ON FUNCTION df._worker_sessions(integer[]) IS
    'Internal: which of the processes behind the worker''s connections still exist, since when, and whether they run a statement.';

-- Sessions of the worker's own role, and sessions of other roles that say they are the worker's. A session that hides must be cut off at
-- the worker's end.
CREATE FUNCTION df._worker_stop_session(p_pid integer, p_started_at timestamptz, p_terminate boolean) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
    SELECT df._require_worker();
    SELECT CASE WHEN p_terminate THEN pg_terminate_backend(a.pid) ELSE pg_cancel_backend(a.pid) END
      FROM pg_stat_get_activity(p_pid) a
     WHERE a.backend_start = p_started_at AND a.pid <> pg_backend_pid()
       AND (a.application_name LIKE 'pg\_durable:worker:%'
           OR a.usesysid = (SELECT o.usesysid FROM pg_stat_get_activity(pg_backend_pid()) o))
$function$;
COMMENT ON FUNCTION df._worker_stop_session(integer, timestamptz, boolean) IS
    'Internal: cancels the statement of one of the worker''s sessions, or ends the session. NULL if the session no longer exists.';

-- sql/functions/activities/_busy_tasks.sql
-- Locks the others, so that nobody claims or completes them before the timeout that they belong to is recorded.
CREATE FUNCTION df._busy_tasks(p_records json, p_instances bigint[]) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_locked bigint[];
BEGIN
    v_locked := ARRAY(
        SELECT f.task_no
          FROM json_to_recordset(p_records) AS r (instance bigint, expire_tasks json)
         CROSS JOIN LATERAL json_to_recordset(r.expire_tasks) AS x (node integer, path text)
         CROSS JOIN LATERAL (
                SELECT t.task_no FROM df.task_queue t
                 WHERE t.instance_no = r.instance AND t.node = x.node AND t.path = x.path AND t.ended_at IS NULL
                   FOR UPDATE SKIP LOCKED) f
         WHERE r.instance = ANY (p_instances));
    RETURN ARRAY(
        SELECT DISTINCT t.instance_no
          FROM json_to_recordset(p_records) AS r (instance bigint, expire_tasks json)
         CROSS JOIN LATERAL json_to_recordset(r.expire_tasks) AS x (node integer, path text)
          JOIN df.task_queue t ON t.instance_no = r.instance AND t.node = x.node AND t.path = x.path
         WHERE r.instance = ANY (p_instances) AND t.task_no <> ALL (v_locked));
END
$function$;
COMMENT ON FUNCTION df._busy_tasks(json, bigint[]) IS
    'Internal: of these instances, those with a task whose time is up but that has ended, or that somebody is about to end.';

-- sql/functions/activities/_drop_tasks.sql
-- A row that somebody has locked stays. A hint about its instance has a later claim remove it (df._worker_wake).
CREATE FUNCTION df._drop_tasks(p_instances bigint[]) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $function$
BEGIN
    IF (SELECT t.task_no FROM df.task_queue t WHERE t.instance_no = ANY (p_instances) LIMIT 1) IS NULL THEN
        RETURN '{}';
    END IF;
    DELETE FROM df.task_queue t
     WHERE t.ctid = ANY (ARRAY(SELECT f.ctid FROM df.task_queue f WHERE f.instance_no = ANY (p_instances) FOR UPDATE SKIP LOCKED));
    RETURN ARRAY(SELECT DISTINCT t.instance_no FROM df.task_queue t WHERE t.instance_no = ANY (p_instances));
END
$function$;
COMMENT ON FUNCTION df._drop_tasks(bigint[]) IS
    'Internal: removes the tasks of instances that have ended. Returns the instances of which one stays, because it is locked.';

-- sql/functions/activities/_record_tasks.sql
-- The key is made only of what is on disk before any worker sees the instance: see df._worker_created_at.
CREATE FUNCTION df._record_tasks(p_records json, p_instances bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_told bigint;
BEGIN
    WITH started AS (
        INSERT INTO df.task_queue (instance_no, node, path, submitted_by, instance_id, name, queue, lane, attempt, deadline, input,
                                   idempotency_key, held)
        SELECT r.instance, t.node, t.path, s.submitted_by, s.id, t.name, COALESCE(t.queue, 'default'),
               (SELECT q.lane FROM df.queue q WHERE q.instance_no = r.instance), t.attempt, t.deadline,
               COALESCE(t.input, t.input_text::json, 'null'),
               encode(substring(sha256(convert_to(
                   format('%s|%s|%s|%s', s.id, extract(epoch FROM s.created_at), t.node, t.key_path), 'UTF8')) FOR 16), 'hex')::uuid,
               (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = r.instance) IS NOT NULL
          FROM json_to_recordset(p_records) AS r (instance bigint, start_tasks json)
         CROSS JOIN LATERAL json_to_recordset(r.start_tasks)
               AS t (node integer, path text, name text, queue text, attempt integer, key_path text, deadline timestamptz, input json,
                     input_text text)
          JOIN df.submissions s ON s.instance_no = r.instance
         WHERE r.instance = ANY (p_instances)
        -- After a crash the same task is asked for again.
        ON CONFLICT DO NOTHING
        RETURNING submitted_by, name, queue
    ), told AS (
        DELETE FROM df.task_watches w
         WHERE w.ctid = ANY (ARRAY(
                SELECT f.ctid
                  FROM (SELECT DISTINCT * FROM started) s
                  JOIN df.task_watches f ON f.name = s.name AND f.queue = s.queue
                 WHERE f.watcher = s.submitted_by
                    OR EXISTS (SELECT FROM df.task_grants g WHERE g.owner = s.submitted_by AND g.name = s.name AND g.grantee = f.watcher)))
        RETURNING w.name
    )
    SELECT count(df._notify('df_task', t.name)::text) INTO v_told FROM (SELECT DISTINCT name FROM told) t;
    DELETE FROM df.task_queue t
     WHERE t.ctid = ANY (ARRAY(
            SELECT f.ctid
              FROM json_to_recordset(p_records) AS r (instance bigint, end_tasks json, expire_tasks json)
             CROSS JOIN LATERAL (SELECT * FROM json_to_recordset(r.end_tasks) AS e (node integer, path text)
                                 UNION ALL
                                 SELECT * FROM json_to_recordset(r.expire_tasks) AS e (node integer, path text)) e
             CROSS JOIN LATERAL (
                    SELECT f.ctid FROM df.task_queue f WHERE f.instance_no = r.instance AND f.node = e.node AND f.path = e.path
                       FOR UPDATE SKIP LOCKED) f
             WHERE r.instance = ANY (p_instances)));
END
$function$;
COMMENT ON FUNCTION df._record_tasks(json, bigint[]) IS
    'Internal: the part of df._worker_record for tasks: makes new ones, and removes those whose end the instance has taken or that are no '
    'longer wanted.';

-- sql/functions/activities/_task_ended.sql
-- The row passed row security. What the worker takes it must be able to read, and a step to use.
CREATE FUNCTION df._task_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_limit   bigint;
    v_problem text;
BEGIN
    -- Most results are small, and reading the setting costs more than writing them.
    IF pg_column_size(NEW.result) > 1024 THEN
        v_limit := pg_size_bytes(COALESCE(NULLIF(current_setting('pg_durable.max_result_bytes', true), ''), '16MB'));
        IF octet_length(NEW.result::text) > v_limit THEN
            RAISE EXCEPTION 'result of task % is too large: % bytes, at most % are allowed (pg_durable.max_result_bytes)',
                            NEW.task_no, octet_length(NEW.result::text), v_limit
                USING ERRCODE = 'program_limit_exceeded', HINT = 'Write the data into a table, and return its key.';
        END IF;
    END IF;
    v_problem := df._unusable_json(NEW.result::text);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'no step can use the result of task %', NEW.task_no
            USING ERRCODE = 'invalid_parameter_value', DETAIL = v_problem, HINT = 'Clean the data before you return it.';
    END IF;
    PERFORM df._wake(NEW.instance_no);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._task_ended() IS 'Internal: checks the result of a task, and wakes its instance.';
CREATE TRIGGER ended AFTER UPDATE OF ended_at, result ON df.task_queue FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION df._task_ended();

-- sql/functions/activities/_task_lanes.sql
-- From lane to lane by the index, as in df._worker_lanes. The lane NULL stands for leases that have run out. Random order is fair, without
-- anybody having to remember whose turn it is.
CREATE FUNCTION df._task_lanes(p_names text[], p_queue text)
RETURNS TABLE (role regrole, name text, lane smallint, lanes_left bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_me regrole := quote_ident(current_user)::regrole;
BEGIN
    RETURN QUERY
    WITH RECURSIVE wanted AS MATERIALIZED (
        SELECT DISTINCT v_me AS role, n.name FROM unnest(p_names) n (name)
        UNION
        SELECT g.owner, g.name FROM df.task_grants g WHERE g.grantee = v_me AND g.name = ANY (p_names)
    ), lanes AS (
        SELECT w.role, w.name,
               (SELECT t.lane FROM df.task_queue t
                 WHERE t.submitted_by = w.role AND t.name = w.name AND t.queue = p_queue AND t.token IS NULL AND t.ended_at IS NULL
                   AND NOT t.held
                 ORDER BY t.lane LIMIT 1) AS lane
          FROM wanted w
        UNION ALL
        SELECT l.role, l.name,
               (SELECT t.lane FROM df.task_queue t
                 WHERE t.submitted_by = l.role AND t.name = l.name AND t.queue = p_queue AND t.token IS NULL AND t.ended_at IS NULL
                   AND NOT t.held AND t.lane > l.lane
                 ORDER BY t.lane LIMIT 1)
          FROM lanes l WHERE l.lane IS NOT NULL
    ), expired AS (
        SELECT w.role, w.name
          FROM wanted w
         WHERE (SELECT t.task_no FROM df.task_queue t
                 WHERE t.submitted_by = w.role AND t.name = w.name AND t.queue = p_queue AND t.token IS NOT NULL AND t.ended_at IS NULL
                   AND NOT t.held AND t.lease_until <= statement_timestamp()
                 ORDER BY t.lease_until LIMIT 1) IS NOT NULL
    )
    SELECT e.role, e.name, NULL::smallint, 1::bigint FROM expired e
    UNION ALL
    SELECT l.role, l.name, l.lane, count(*) OVER () - row_number() OVER () + 1
      FROM (SELECT * FROM lanes l WHERE l.lane IS NOT NULL ORDER BY random()) l;
END
$function$;
COMMENT ON FUNCTION df._task_lanes(text[], text) IS
    'Internal: where the caller can claim tasks of these activities now, in the order in which to look, and how many such places are left.';

-- sql/functions/activities/_task_lease.sql
CREATE FUNCTION df._task_lease(p_lease interval) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF p_lease IS NULL OR p_lease < interval '1 second' OR p_lease > interval '1 day' THEN
        RAISE EXCEPTION 'lease must be from 1 second to 1 day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN clock_timestamp() + p_lease;
END
$function$;
COMMENT ON FUNCTION df._task_lease(interval) IS 'Internal: the end of a lease that begins now.';

-- sql/functions/activities/_task_lost.sql
CREATE FUNCTION df._task_lost(p_task bigint, p_token uuid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_task record;
BEGIN
    SELECT t.token, t.ended_at, t.claimed_by, t.lease_until INTO v_task FROM df.task_queue t WHERE t.task_no = p_task;
    RAISE EXCEPTION '%', CASE
            WHEN NOT FOUND THEN format(
                'task %s does not exist, or has ended: it was completed or failed, its time was up, or its workflow has ended', p_task)
            WHEN v_task.ended_at IS NOT NULL THEN format('task %s has already ended', p_task)
            WHEN v_task.token IS NULL THEN format('task %s is not claimed', p_task)
            ELSE format('task %s is no longer yours: your lease ran out or was released, and the task was claimed again', p_task) END
        USING ERRCODE = 'DF021',
              HINT = 'Stop working on it, and roll back what you did for it. Extend the lease of long work: df.extend_task.';
END
$function$;
COMMENT ON FUNCTION df._task_lost(bigint, uuid) IS 'Internal: raises the error for a task that the caller does not have, or no longer.';

-- sql/functions/activities/_task_restored.sql
-- A copy of the database must not run what the original runs, until somebody says so: see df._restored.
CREATE FUNCTION df._task_restored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.held := true;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._task_restored() IS 'Internal: holds tasks that come from a dump until df.resume_restored().';
CREATE TRIGGER restored BEFORE INSERT ON df.task_queue FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.<>) pg_catalog.now()) EXECUTE FUNCTION df._task_restored();

-- sql/functions/activities/_tasks_held.sql
-- The row of df.pauses passed row security. Tasks that are claimed go on, as steps in hand do.
CREATE FUNCTION df._tasks_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.task_queue t SET held = TG_OP = 'INSERT'
     WHERE t.instance_no = CASE TG_OP WHEN 'INSERT' THEN NEW.instance_no ELSE OLD.instance_no END AND t.ended_at IS NULL;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._tasks_held() IS 'Internal: keeps the tasks of a paused instance from being claimed.';
CREATE TRIGGER paused_tasks AFTER INSERT ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._tasks_held();
CREATE TRIGGER resumed_tasks AFTER DELETE ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._tasks_held();

-- sql/functions/activities/claim_tasks.sql
-- Leases that have run out first: their tasks are the oldest. Then one lane after the other, in random order, each for its share of what is
-- left. All of it by index: what waits costs nothing, however much it is. Nothing is left to estimates, as in df._worker_claim.
--
-- No JIT and no sort, for the same reasons. Row security does not let the planner use an index for it, so the role is named as well.
CREATE FUNCTION df.claim_tasks(names text[], max integer DEFAULT 1, lease interval DEFAULT '30 seconds', queue text DEFAULT 'default')
RETURNS TABLE (task bigint, token uuid, name text, input json, instance_id text, attempt integer, delivery integer,
               idempotency_key uuid, deadline timestamptz, lease_until timestamptz, progress json)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_me    regrole := quote_ident(current_user)::regrole;
    v_until timestamptz := df._task_lease(lease);
    v_left  integer := max;
    v_lane  record;
    v_count integer;
BEGIN
    IF names IS NULL OR array_position(names, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'df.claim_tasks: names must be an array of the activities'' names' USING ERRCODE = 'invalid_parameter_value';
    ELSIF max IS NULL OR max NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'df.claim_tasks: max must be from 1 to 1000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR v_lane IN SELECT * FROM df._task_lanes(names, queue) LOOP
        EXIT WHEN v_left <= 0;
        IF v_lane.lane IS NULL THEN
            -- A task that kills whoever runs it must not go on for ever.
            UPDATE df.task_queue t
               SET ended_at = clock_timestamp(), claimed_by = v_me, sqlstate = 'DF022', retryable = false,
                   message = format('activity %s was claimed %s times, and never ended: its process died, or lost its lease', t.name,
                                    t.delivery)
             WHERE t.task_no = ANY (ARRAY(
                    SELECT f.task_no FROM df.task_queue f
                     WHERE f.submitted_by = v_lane.role AND f.name = v_lane.name AND f.queue = claim_tasks.queue AND f.token IS NOT NULL
                       AND f.ended_at IS NULL AND NOT f.held AND f.lease_until <= statement_timestamp() AND f.delivery >= 10
                       FOR UPDATE SKIP LOCKED));
        END IF;
        RETURN QUERY
        UPDATE df.task_queue t
           SET token = gen_random_uuid(), claimed_by = v_me, claimed_at = clock_timestamp(), lease_until = v_until,
               delivery = t.delivery + 1
         WHERE t.task_no = ANY (CASE WHEN v_lane.lane IS NULL THEN ARRAY(
                    SELECT f.task_no FROM df.task_queue f
                     WHERE f.submitted_by = v_lane.role AND f.name = v_lane.name AND f.queue = claim_tasks.queue AND f.token IS NOT NULL
                       AND f.ended_at IS NULL AND NOT f.held AND f.lease_until <= statement_timestamp() AND f.delivery < 10
                     ORDER BY f.lease_until
                     LIMIT v_left
                       FOR UPDATE SKIP LOCKED)
                ELSE ARRAY(
                    SELECT f.task_no FROM df.task_queue f
                     WHERE f.submitted_by = v_lane.role AND f.name = v_lane.name AND f.queue = claim_tasks.queue AND f.lane = v_lane.lane
                       AND f.token IS NULL AND f.ended_at IS NULL AND NOT f.held
                     ORDER BY f.task_no
                     LIMIT ceil(v_left::numeric / v_lane.lanes_left)
                       FOR UPDATE SKIP LOCKED) END)
        RETURNING t.task_no, t.token, t.name, t.input, t.instance_id::text, t.attempt, t.delivery, t.idempotency_key, t.deadline,
                  t.lease_until, t.progress;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_left := v_left - v_count;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df.claim_tasks(text[], integer, interval, text) IS
    'Claims up to max tasks of these activities (1 to 1000), oldest first and fair between workflows: of your own instances, and of roles '
    'that granted you theirs (df.grant_tasks). The lease (1 second to 1 day) counts from this call; when it runs out, the task is due '
    'again. The token is needed to end the task.';

-- sql/functions/activities/complete_task.sql
CREATE FUNCTION df.complete_task(task bigint, token uuid, result json DEFAULT 'null') RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    UPDATE df.task_queue t
       SET ended_at = clock_timestamp(), claimed_by = quote_ident(current_user)::regrole, result = COALESCE(complete_task.result, 'null')
     WHERE t.task_no = complete_task.task AND t.token = complete_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(complete_task.task, complete_task.token);
    END IF;
END
$function$;
COMMENT ON FUNCTION df.complete_task(bigint, uuid, json) IS
    'Completes a claimed task when the calling transaction commits: everything else that the transaction does commits with it, exactly '
    'once. The result, any JSON up to pg_durable.max_result_bytes, becomes the step''s. Error DF021 if the task is no longer yours.';

-- sql/functions/activities/complete_tasks.sql
CREATE FUNCTION df.complete_tasks(tasks bigint[], tokens uuid[], results json[]) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    RETURN QUERY
    WITH ended AS (
        UPDATE df.task_queue t
           SET ended_at = clock_timestamp(), claimed_by = quote_ident(current_user)::regrole, result = COALESCE(c.result, 'null')
          FROM ROWS FROM (unnest(tasks, tokens, results)) AS c (task_no, token, result)
         WHERE t.task_no = c.task_no AND t.token = c.token AND t.ended_at IS NULL
        RETURNING t.task_no
    )
    SELECT c.task_no FROM unnest(tasks) c (task_no) WHERE c.task_no NOT IN (SELECT e.task_no FROM ended e);
END
$function$;
COMMENT ON FUNCTION df.complete_tasks(bigint[], uuid[], json[]) IS
    'Completes several tasks like df.complete_task. Returns those that are no longer yours; an error in one result completes none.';

-- sql/functions/activities/extend_task.sql
CREATE FUNCTION df.extend_task(task bigint, token uuid, lease interval DEFAULT '30 seconds', progress json DEFAULT NULL)
RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_until timestamptz := df._task_lease(lease);
BEGIN
    IF octet_length(extend_task.progress::text) > 8192 THEN
        RAISE EXCEPTION 'df.extend_task: progress must be at most 8192 bytes' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE df.task_queue t
       SET lease_until = v_until, claimed_by = quote_ident(current_user)::regrole,
           progress = COALESCE(extend_task.progress, t.progress)
     WHERE t.task_no = extend_task.task AND t.token = extend_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(extend_task.task, extend_task.token);
    END IF;
    RETURN v_until;
END
$function$;
COMMENT ON FUNCTION df.extend_task(bigint, uuid, interval, json) IS
    'Extends the lease of a claimed task: it counts from this call. Progress is any JSON up to 8192 bytes; df.tasks and the next claim '
    'show it, NULL leaves it as it is. Returns the end of the lease. Error DF021 if the task is no longer yours.';

-- sql/functions/activities/fail_task.sql
CREATE FUNCTION df.fail_task(task bigint, token uuid, message text, sqlstate text DEFAULT 'DF022', retryable boolean DEFAULT true)
RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    IF COALESCE(fail_task.sqlstate !~ '^[0-9A-Z]{5}$', true) THEN
        RAISE EXCEPTION 'df.fail_task: sqlstate must be five characters from 0-9 and A-Z' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE df.task_queue t
       SET ended_at = clock_timestamp(), claimed_by = quote_ident(current_user)::regrole, sqlstate = fail_task.sqlstate,
           retryable = fail_task.retryable, message = left(COALESCE(fail_task.message, ''), 10000)
     WHERE t.task_no = fail_task.task AND t.token = fail_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(fail_task.task, fail_task.token);
    END IF;
END
$function$;
COMMENT ON FUNCTION df.fail_task(bigint, uuid, text, text, boolean) IS
    'Fails a claimed task, and with it the step. retryable false: no df.retry tries again; true: one without retry_on does, whatever the '
    'SQLSTATE; NULL: the SQLSTATE decides, as for any step. The message is cut after 10,000 characters. Error DF021 if the task is no '
    'longer yours.';

-- sql/functions/activities/grant_tasks.sql
CREATE FUNCTION df.grant_tasks(name text, role text) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role regrole := (SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = grant_tasks.role);
BEGIN
    IF v_role IS NULL THEN
        RAISE EXCEPTION 'role "%" does not exist', role USING ERRCODE = 'undefined_object';
    ELSIF length(name) NOT BETWEEN 1 AND df._graph_limit('max_activity_name') THEN
        RAISE EXCEPTION 'df.grant_tasks: name must be a string of 1 to % characters', df._graph_limit('max_activity_name')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO df.task_grants (name, grantee) VALUES (grant_tasks.name, v_role) ON CONFLICT DO NOTHING;
    IF NOT has_function_privilege(v_role, 'df.claim_tasks(text[], integer, interval, text)'::regprocedure, 'EXECUTE') THEN
        RAISE NOTICE 'role "%" can''t call df.claim_tasks yet: a superuser lets it, with df.grant_usage', role;
    END IF;
END
$function$;
COMMENT ON FUNCTION df.grant_tasks(text, text) IS
    'Lets another role claim the tasks of one activity that your instances make. It sees their input and progress, ends them in your '
    'instances'' name, and sees nothing else of the instances.';

-- sql/functions/activities/release_task.sql
CREATE FUNCTION df.release_task(task bigint, token uuid, delay interval DEFAULT '0') RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_delays boolean := delay > interval '0';
BEGIN
    IF delay IS NULL OR delay < interval '0' OR delay > interval '1 day' THEN
        RAISE EXCEPTION 'df.release_task: delay must be from 0 to 1 day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A delay is a lease that nobody holds.
    UPDATE df.task_queue t
       SET token = CASE WHEN v_delays THEN gen_random_uuid() END, claimed_by = NULL, claimed_at = NULL,
           lease_until = CASE WHEN v_delays THEN clock_timestamp() + delay END, delivery = GREATEST(t.delivery - 1, 0)
     WHERE t.task_no = release_task.task AND t.token = release_task.token AND t.ended_at IS NULL;
    IF NOT FOUND THEN
        PERFORM df._task_lost(release_task.task, release_task.token);
    END IF;
END
$function$;
COMMENT ON FUNCTION df.release_task(bigint, uuid, interval) IS
    'Gives a claimed task back: it can be claimed again at once, or after a delay of up to a day. The delivery does not count. Error DF021 '
    'if the task is no longer yours.';

-- sql/functions/activities/revoke_tasks.sql
CREATE FUNCTION df.revoke_tasks(name text, role text) RETURNS void
LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    UPDATE df.task_grants g SET removed = true
     WHERE g.owner = quote_ident(current_user)::regrole AND g.name = revoke_tasks.name
       AND g.grantee = (SELECT r.oid FROM pg_roles r WHERE r.rolname = revoke_tasks.role)
$function$;
COMMENT ON FUNCTION df.revoke_tasks(text, text) IS
    'Takes back what df.grant_tasks gave. Tasks that the role has claimed come back when their leases run out.';

-- sql/functions/activities/watch_tasks.sql
CREATE FUNCTION df.watch_tasks(names text[], queue text DEFAULT 'default') RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    INSERT INTO df.task_watches (name, queue)
    SELECT n.name, watch_tasks.queue
      FROM (SELECT DISTINCT a.name FROM unnest(watch_tasks.names) a (name)) n
     WHERE NOT EXISTS (SELECT FROM df.task_watches w
                        WHERE w.name = n.name AND w.queue = watch_tasks.queue AND w.watcher = quote_ident(current_user)::regrole)
$function$;
COMMENT ON FUNCTION df.watch_tasks(text[], text) IS
    'Asks for one notification on channel df_task, with the activity''s name as payload, when a task of one of these names can be claimed. '
    'Call it when a claim found nothing, and claim once more before you wait. A notification is a hint and can be lost: claim now and then '
    'without one.';

-- sql/functions/audit/_audit.sql
-- For administrators. What they pass as their role counts only if the role that is logged in could be it.
CREATE FUNCTION df._audit(p_by name, p_action text, p_role name, p_name text, p_detail text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_by regrole := (SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = p_by);
BEGIN
    IF p_action IN ('grant_usage', 'revoke_usage', 'set_limit', 'resume_restored') IS NOT TRUE THEN
        RAISE EXCEPTION 'no such action: %', p_action USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF v_by IS NULL OR NOT pg_has_role(session_user, v_by, 'MEMBER') THEN
        v_by := quote_ident(session_user)::regrole;
    END IF;
    INSERT INTO df.audit (role, owner, action, name, detail)
    VALUES (v_by, COALESCE((SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = p_role), v_by), p_action, left(p_name, 200),
            left(p_detail, 1000));
END
$function$;
COMMENT ON FUNCTION df._audit(name, text, name, text, text) IS 'Internal: writes to df.audit what an administrator did.';

-- sql/functions/audit/_audited_bulk.sql
CREATE FUNCTION df._audited_bulk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    SELECT NEW.requested_by, s.submitted_by, 'bulk', s.id, NEW.action,
           format('%s%s instances: %s', NEW.expected, CASE WHEN NEW.capped THEN ' or more' ELSE '' END, left(NEW.query, 900))
      FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_bulk() IS 'Internal: writes to df.audit what df.bulk was asked for.';
CREATE TRIGGER audited AFTER INSERT ON df.bulks FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_bulk();

-- sql/functions/audit/_audited_grant.sql
CREATE FUNCTION df._audited_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.audit (role, owner, action, name, detail)
    VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.owner ELSE NEW.changed_by END, NEW.owner,
            CASE TG_OP WHEN 'INSERT' THEN 'grant_tasks' ELSE 'revoke_tasks' END, NEW.name, NEW.grantee::text);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_grant() IS 'Internal: writes to df.audit who may claim tasks.';
-- A dump restores what its owner granted: whoever restores it is somebody else, unless it is the same role again.
CREATE TRIGGER audited AFTER INSERT ON df.task_grants FOR EACH ROW
    WHEN (NEW.owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole) EXECUTE FUNCTION df._audited_grant();
CREATE TRIGGER audited_removal AFTER UPDATE OF removed ON df.task_grants FOR EACH ROW
    WHEN (NEW.removed) EXECUTE FUNCTION df._audited_grant();

-- sql/functions/audit/_audited_instance.sql
CREATE FUNCTION df._audited_instance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_action text;
    v_role   regrole;
    v_detail text;
BEGIN
    IF TG_TABLE_NAME = 'cancellations' THEN
        v_action := CASE WHEN NEW.forced THEN 'terminate' ELSE 'cancel' END;
        v_role := NEW.requested_by;
        v_detail := left(NEW.reason, 1000);
    ELSIF TG_TABLE_NAME = 'retries' THEN
        v_action := 'retry';
        v_role := NEW.requested_by;
    ELSIF TG_OP = 'INSERT' THEN
        v_action := 'pause';
        v_role := NEW.paused_by;
    ELSE
        v_action := 'resume';
        v_role := NEW.changed_by;
    END IF;
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    SELECT v_role, s.submitted_by, v_action, s.id, s.workflow, v_detail FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_instance() IS 'Internal: writes to df.audit what was asked of an instance.';
-- Not for rows that come from a dump, nor for the children that a worker retries with their parent.
CREATE TRIGGER audited AFTER INSERT ON df.cancellations FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_instance();
CREATE TRIGGER audited AFTER INSERT ON df.retries FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()
          AND NEW.requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole)
    EXECUTE FUNCTION df._audited_instance();
CREATE TRIGGER audited AFTER INSERT ON df.pauses FOR EACH ROW
    WHEN (NEW.paused_at OPERATOR(pg_catalog.>=) pg_catalog.now()) EXECUTE FUNCTION df._audited_instance();
CREATE TRIGGER audited_resume AFTER UPDATE OF removed ON df.pauses FOR EACH ROW
    WHEN (NEW.removed) EXECUTE FUNCTION df._audited_instance();

-- sql/functions/audit/_audited_schedule.sql
CREATE FUNCTION df._audited_schedule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_action text := 'schedule';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        v_action := CASE
            WHEN NEW.removed THEN 'unschedule'
            WHEN NEW.paused AND NOT OLD.paused THEN 'pause_schedule'
            WHEN OLD.paused AND NOT NEW.paused THEN 'resume_schedule'
            WHEN (NEW.cron, NEW.timezone, NEW.workflow, NEW.version, NEW.input, NEW.overlap, NEW.catch_up, NEW.jitter_seconds)
                 IS DISTINCT FROM
                 (OLD.cron, OLD.timezone, OLD.workflow, OLD.version, OLD.input, OLD.overlap, OLD.catch_up, OLD.jitter_seconds)
                 THEN 'schedule' END;
    END IF;
    IF v_action IS NOT NULL THEN
        INSERT INTO df.audit (role, owner, action, name, detail)
        VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.owner ELSE NEW.changed_by END, NEW.owner, v_action, NEW.name,
                CASE v_action WHEN 'schedule' THEN format('%s: workflow "%s"', NEW.cron, left(NEW.workflow, 200)) END);
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_schedule() IS 'Internal: writes to df.audit what became of a schedule.';
CREATE TRIGGER audited AFTER INSERT ON df.schedule_entries FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_schedule();
CREATE TRIGGER audited_change AFTER UPDATE ON df.schedule_entries FOR EACH ROW EXECUTE FUNCTION df._audited_schedule();

-- sql/functions/audit/_audited_workflow.sql
CREATE FUNCTION df._audited_workflow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.audit (role, owner, action, name, detail)
    VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.owner ELSE NEW.changed_by END, NEW.owner,
            CASE TG_OP WHEN 'INSERT' THEN 'register' ELSE 'drop_version' END, NEW.workflow, 'version ' || NEW.version);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_workflow() IS 'Internal: writes to df.audit what became of a workflow.';
CREATE TRIGGER audited AFTER INSERT ON df.registrations FOR EACH ROW
    WHEN (NEW.registered_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_workflow();
CREATE TRIGGER audited_removal AFTER UPDATE OF removed ON df.registrations FOR EACH ROW
    WHEN (NEW.removed) EXECUTE FUNCTION df._audited_workflow();

-- sql/functions/audit/_changed_by.sql
-- With the caller's rights, so that current_user is the caller: a trigger that runs as its owner can't tell who that was. Nobody may write
-- the column.
CREATE FUNCTION df._changed_by() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.changed_by := quote_ident(current_user)::regrole;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._changed_by() IS 'Internal: notes who changes a row, for df.audit.';
CREATE TRIGGER changed_by BEFORE UPDATE ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._changed_by();
CREATE TRIGGER changed_by BEFORE UPDATE ON df.registrations FOR EACH ROW EXECUTE FUNCTION df._changed_by();
CREATE TRIGGER changed_by BEFORE UPDATE ON df.schedule_entries FOR EACH ROW EXECUTE FUNCTION df._changed_by();
CREATE TRIGGER changed_by BEFORE UPDATE ON df.task_grants FOR EACH ROW EXECUTE FUNCTION df._changed_by();

-- sql/functions/bulk/_bulk_applies.sql
-- A child goes with its parent, if that is to be cancelled too: a parent that outlives it by a batch would go on without it.
CREATE FUNCTION df._bulk_applies(p_action text, p_search df._search, p_instance_no bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_parent bigint;
BEGIN
    IF EXISTS (SELECT FROM df.bulks b WHERE b.instance_no = p_instance_no) THEN
        RETURN false;
    ELSIF p_action IN ('pause', 'resume') THEN
        RETURN EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = p_instance_no) = (p_action = 'resume');
    ELSIF p_action IN ('cancel', 'terminate', 'delete') THEN
        v_parent := (SELECT q.instance_no FROM df.queue q
                      WHERE q.instance_no = (SELECT CASE WHEN s.parent_node IS NOT NULL THEN s.parent_no END
                                               FROM df.submissions s WHERE s.instance_no = p_instance_no));
        RETURN CASE
            -- The parent may still ask for the result.
            WHEN p_action = 'delete' THEN v_parent IS NULL
            WHEN p_action = 'cancel' AND EXISTS (SELECT FROM df.queue q WHERE q.instance_no = p_instance_no AND q.undoing) THEN false
            WHEN v_parent IS NULL THEN true
            ELSE NOT EXISTS (SELECT FROM df._search_among(p_search, ARRAY[v_parent], 1, NULL, NULL)) END;
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._bulk_applies(text, df._search, bigint) IS
    'Internal: whether df.bulk acts on an instance that its query found.';

-- sql/functions/bulk/_bulk_batch.sql
-- A step of df.bulk. The place up to which it has come is the step's result, and commits with what it did.
CREATE FUNCTION df._bulk_batch(p_id text, p_next text, p_done bigint, p_failed bigint, p_seen bigint, p_last_error text,
                               OUT next text, OUT done bigint, OUT failed bigint, OUT seen bigint, OUT last_error text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_bulk   df.bulks;
    v_search df._search;
    v_after  record;
    v_page   bigint[];
    v_reason text;
    v_result record;
BEGIN
    SELECT * INTO v_bulk FROM df.bulks b WHERE b.instance_no = df._instance_no(p_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'df.bulk: nothing was asked of instance %', p_id USING ERRCODE = 'DF002', HINT = 'Call df.bulk.';
    END IF;
    v_search := jsonb_populate_record(NULL::df._search, v_bulk.search);
    v_reason := concat(v_bulk.reason || ' (', 'bulk ', p_id, CASE WHEN v_bulk.reason IS NOT NULL THEN ')' END);
    SELECT c.created_at, c.id INTO v_after FROM df._cursor_place(p_next) c;
    v_page := df._found(v_search, v_bulk.batch_size, v_after.created_at, v_after.id);
    IF cardinality(v_page) = v_bulk.batch_size THEN
        SELECT df._cursor(s.created_at, s.id) INTO next FROM df.submissions s WHERE s.instance_no = v_page[v_bulk.batch_size];
    END IF;
    -- Whatever was started later has a higher number.
    v_page := ARRAY(SELECT p FROM unnest(v_page) p WHERE p < v_bulk.instance_no);
    BEGIN
        SELECT * INTO v_result FROM df._bulk_page(v_bulk, v_search, v_page, v_reason, false);
    EXCEPTION WHEN OTHERS THEN
        -- Each by itself costs more, so only when one of them fails.
        SELECT * INTO v_result FROM df._bulk_page(v_bulk, v_search, v_page, v_reason, true);
    END;
    done := p_done + v_result.done;
    failed := p_failed + v_result.failed;
    seen := p_seen + cardinality(v_page);
    last_error := COALESCE(v_result.problem, p_last_error);
    PERFORM df.publish(p_id, jsonb_strip_nulls(jsonb_build_object(
        'done', done, 'failed', failed, 'seen', seen, 'expected', v_bulk.expected, 'capped', v_bulk.capped, 'last_error', last_error)));
END
$function$;
COMMENT ON FUNCTION df._bulk_batch(text, text, bigint, bigint, bigint, text) IS 'Internal: the next batch of df.bulk.';

-- sql/functions/bulk/_bulk_count.sql
CREATE FUNCTION df._bulk_count(p_action text, p_search df._search, p_before bigint, p_cap integer, OUT acted_on bigint, OUT capped boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_found bigint[] := df._found(p_search, p_cap::bigint + 1, NULL, NULL);
BEGIN
    capped := cardinality(v_found) > p_cap;
    acted_on := (SELECT count(*) FROM unnest(v_found[:p_cap]) f
                  WHERE COALESCE(f < p_before, true) AND df._bulk_applies(p_action, p_search, f));
END
$function$;
COMMENT ON FUNCTION df._bulk_count(text, df._search, bigint, integer) IS
    'Internal: on how many instances df.bulk would act, of those before one, if any.';

-- sql/functions/bulk/_bulk_graph.sql
-- One graph for all of them: what each has to do is in df.bulks.
CREATE FUNCTION df._bulk_graph() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df.seq(df.seq(
        df.as('SELECT NULL AS next, 0 AS done, 0 AS failed, 0 AS seen, NULL AS last_error', 'batch'),
        df.pace(df.loop(
            df.as('SELECT b.* FROM df._bulk_batch($sys_instance_id, $batch.next?, $batch.done, $batch.failed, $batch.seen, '
                  '$batch.last_error?) b', 'batch'),
            'SELECT $batch.next? IS NOT NULL'), 0)),
        'SELECT $batch.done AS done, $batch.failed AS failed, $batch.seen AS seen, $batch.last_error? AS last_error');
END
$function$;
COMMENT ON FUNCTION df._bulk_graph() IS 'Internal: the graph of df.bulk.';

-- sql/functions/bulk/_bulk_one.sql
CREATE FUNCTION df._bulk_one(p_bulk df.bulks, p_instance_no bigint, p_reason text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_id     text := (SELECT s.id FROM df.submissions s WHERE s.instance_no = p_instance_no);
    v_status text;
BEGIN
    CASE p_bulk.action
        WHEN 'cancel' THEN PERFORM df.cancel(v_id, p_reason);
        WHEN 'terminate' THEN PERFORM df.terminate(v_id, p_reason);
        WHEN 'retry' THEN PERFORM df.retry_instance(v_id);
        WHEN 'pause' THEN PERFORM df.pause(v_id);
        WHEN 'resume' THEN PERFORM df.resume(v_id);
        WHEN 'signal' THEN PERFORM df.signal(v_id, p_bulk.signal_name, COALESCE(p_bulk.signal_data, '{}'));
        WHEN 'delete' THEN INSERT INTO df.deletions (instance_no, reason) VALUES (p_instance_no, p_reason);
    END CASE;
    IF p_bulk.action = 'delete' THEN
        RETURN (SELECT format('Instance %s is in use', v_id) FROM df.submissions s WHERE s.instance_no = p_instance_no);
    ELSIF p_bulk.action IN ('cancel', 'terminate', 'signal') THEN
        -- They say nothing about an instance that has just ended by itself.
        v_status := (SELECT o.status FROM df.outcomes o WHERE o.instance_no = p_instance_no);
        RETURN CASE WHEN v_status <> 'cancelled' OR v_status IS NOT NULL AND p_bulk.action = 'signal'
                    THEN format('Instance %s is %s', v_id, v_status) END;
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._bulk_one(df.bulks, bigint, text) IS
    'Internal: what df.bulk does to one instance; NULL, or why it could not.';

-- sql/functions/bulk/_bulk_page.sql
-- Oldest first: a parent before the children that it called.
CREATE FUNCTION df._bulk_page(p_bulk df.bulks, p_search df._search, p_page bigint[], p_reason text, p_each boolean,
                              OUT done bigint, OUT failed bigint, OUT problem text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance bigint;
    v_problem  text;
BEGIN
    done := 0;
    failed := 0;
    FOR v_instance IN SELECT p FROM unnest(p_page) p ORDER BY p LOOP
        CONTINUE WHEN NOT df._bulk_applies(p_bulk.action, p_search, v_instance);
        IF p_each THEN
            BEGIN
                v_problem := df._bulk_one(p_bulk, v_instance, p_reason);
            EXCEPTION WHEN OTHERS THEN
                v_problem := SQLERRM;
            END;
        ELSE
            v_problem := df._bulk_one(p_bulk, v_instance, p_reason);
        END IF;
        IF v_problem IS NULL THEN
            done := done + 1;
        ELSE
            failed := failed + 1;
            problem := left(v_problem, 1000);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._bulk_page(df.bulks, df._search, bigint[], text, boolean) IS
    'Internal: what df.bulk does to a page of instances, all or nothing or each by itself.';

-- sql/functions/bulk/_bulk_requested.sql
-- With the caller's rights, so that it counts what the caller sees. Nobody but this trigger writes search, expected and capped. The row is
-- the request: without it the instance's graph does nothing, and no other graph may have one.
CREATE FUNCTION df._bulk_requested() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text;
    v_search  df._search;
BEGIN
    IF NOT EXISTS (SELECT FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id
                    WHERE s.instance_no = NEW.instance_no AND g.graph = df._bulk_graph())
    THEN
        RAISE EXCEPTION 'df.bulk: no instance of yours does this' USING ERRCODE = 'DF002', HINT = 'Call df.bulk.';
    ELSIF NEW.batch_size NOT BETWEEN 1 AND 10000 OR NEW.batch_size IS NULL THEN
        RAISE EXCEPTION 'df.bulk: batch_size must be between 1 and 10000' USING ERRCODE = 'invalid_parameter_value';
    ELSIF length(NEW.reason) > 1000 THEN
        RAISE EXCEPTION 'df.bulk: the reason has % characters, at most 1000 are allowed', length(NEW.reason)
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF (NEW.action = 'signal') <> (COALESCE(NEW.signal_name, '') <> '') OR NEW.action <> 'signal' AND NEW.signal_data IS NOT NULL THEN
        RAISE EXCEPTION 'df.bulk: signal_name and signal_data belong to the action signal, which needs a name'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_problem := df._unusable_json(NEW.signal_data);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'No step can use this signal data'
            USING ERRCODE = 'invalid_parameter_value', DETAIL = v_problem, HINT = 'Clean the data before you send it.';
    END IF;
    v_search := df._bulk_search(NEW.action, NEW.query);
    NEW.search := to_jsonb(v_search);
    SELECT c.acted_on, c.capped INTO NEW.expected, NEW.capped FROM df._bulk_count(NEW.action, v_search, NEW.instance_no, 10000) c;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._bulk_requested() IS 'Internal: checks a request of df.bulk and counts what it is about.';
-- Rows that come from a dump have this already.
CREATE TRIGGER requested BEFORE INSERT ON df.bulks FOR EACH ROW WHEN (NEW.search IS NULL) EXECUTE FUNCTION df._bulk_requested();

-- sql/functions/bulk/_bulk_search.sql
CREATE FUNCTION df._bulk_search(p_action text, p_query text) RETURNS df._search
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_search   df._search;
    v_statuses text[] := CASE
        WHEN p_action IN ('cancel', 'terminate', 'pause', 'resume', 'signal') THEN ARRAY['pending', 'running']
        WHEN p_action = 'retry' THEN ARRAY['failed']
        WHEN p_action = 'delete' THEN ARRAY['completed', 'failed', 'cancelled'] END;
BEGIN
    IF v_statuses IS NULL THEN
        RAISE EXCEPTION 'df.bulk: there is no action %', quote_nullable(df._one_line(p_action, 40))
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'The actions are cancel, terminate, retry, pause, resume, signal and delete.';
    ELSIF p_query IS NULL THEN
        RAISE EXCEPTION 'df.bulk: the query is NULL' USING ERRCODE = 'null_value_not_allowed',
            HINT = 'An empty query means all your instances.';
    END IF;
    v_search := df._search_query(p_query);
    v_search.statuses := ARRAY(SELECT s FROM unnest(v_statuses) s WHERE v_search.statuses IS NULL OR s = ANY (v_search.statuses));
    v_search.deep := true;
    RETURN v_search;
END
$function$;
COMMENT ON FUNCTION df._bulk_search(text, text) IS
    'Internal: what a query asks for, among the instances whose status allows the action.';

-- sql/functions/bulk/_deleted.sql
-- The rows passed row security, so the caller may see the instances. Those that run, or whose parent may still ask for them, stay.
CREATE FUNCTION df._deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
DECLARE
    v_gone bigint[];
BEGIN
    v_gone := ARRAY(
        SELECT o.instance_no FROM df.outcomes o
         WHERE o.instance_no = NEW.instance_no
           AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no =
                   (SELECT CASE WHEN s.parent_node IS NOT NULL THEN s.parent_no END
                      FROM df.submissions s WHERE s.instance_no = o.instance_no)) IS NULL
           FOR UPDATE);
    IF v_gone <> '{}' THEN
        INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
        SELECT NEW.requested_by, s.submitted_by, 'delete', s.id, s.workflow, left(NEW.reason, 1000)
          FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
        DELETE FROM df.outcomes o WHERE o.instance_no = NEW.instance_no;
        PERFORM df._remove_history(v_gone);
    END IF;
    DELETE FROM df.deletions d WHERE d.instance_no = NEW.instance_no;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._deleted() IS 'Internal: removes the history of an instance that has ended.';
CREATE TRIGGER deleted AFTER INSERT ON df.deletions FOR EACH ROW EXECUTE FUNCTION df._deleted();

-- sql/functions/bulk/bulk.sql
CREATE FUNCTION df.bulk(action text, query text, reason text DEFAULT NULL, signal_name text DEFAULT NULL, signal_data text DEFAULT NULL,
                        batch_size integer DEFAULT 500) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_id text;
BEGIN
    -- Before the start, so that a wrong query is the first thing to be said.
    PERFORM df._bulk_search(action, query);
    v_id := df.start_graph(df._bulk_graph(), label => format('bulk %s: %s', action, df._one_line(query, 200)));
    INSERT INTO df.bulks (instance_no, action, query, reason, signal_name, signal_data, batch_size)
    VALUES (df._instance_no(v_id), action, query, reason, signal_name, signal_data, batch_size);
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION df.bulk(text, text, text, text, text, integer) IS
    'Starts an instance that cancels, terminates, retries, pauses, resumes, signals or deletes (the history of those that ended) all your '
    'instances that match a query of df.search and were started before; returns its id. Each step takes batch_size of them, 1 to 10000. '
    'df.state shows how far it is: done, failed, seen, expected. df.bulk_preview says what it would do.';

-- sql/functions/bulk/bulk_preview.sql
CREATE FUNCTION df.bulk_preview(action text, query text, cap integer DEFAULT 10000,
                                OUT matches bigint, OUT acted_on bigint, OUT capped boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_search df._search := df._bulk_search(action, query);
BEGIN
    IF cap NOT BETWEEN 1 AND 1000000 OR cap IS NULL THEN
        RAISE EXCEPTION 'df.bulk_preview: cap must be between 1 and 1000000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT m.count, c.acted_on, m.capped OR c.capped INTO matches, acted_on, capped
      FROM df.search_count(query, cap) m, df._bulk_count(action, v_search, NULL, cap) c;
END
$function$;
COMMENT ON FUNCTION df.bulk_preview(text, text, integer) IS
    'How many instances match a query, and on how many of them df.bulk would act now. Beyond the cap it stops counting, and capped is '
    'true.';

-- sql/functions/compose/_as_node.sql
-- Turns a composer's argument into a graph envelope. An envelope stays as it is, byte for byte except for blanks around it; anything else
-- is the text of a SQL step.
-- p_strict is how df.start reads: everything is checked, and the messages name what was to be started.
CREATE FUNCTION df._as_node(p_text text, p_strict boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_head  text := ltrim(left(p_text, 100), E' \t\r\n');
    v_inner boolean;
BEGIN
    IF p_text IS NULL THEN
        RAISE EXCEPTION 'A workflow step cannot be NULL.' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    -- What df.setvar and related functions return is not a step: df.seq(df.setvar(…), …) is a mistake that would otherwise run as SQL.
    IF p_text = 'OK' THEN
        RAISE EXCEPTION 'OK cannot be used as a workflow step: it is what df.setvar(), df.unsetvar(), df.clearvars() and '
                        'df.signal() return. Call them before df.start().' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF left(COALESCE(NULLIF(v_head, ''), ltrim(p_text, E' \t\r\n')), 1) <> '{' THEN
        RETURN '{"node_type":"SQL","query":' || to_json(p_text)::text || '}';
    END IF;
    -- How every composer begins a node with children. In a chain, each composer gets the whole chain before it: parsing that again at
    -- every step would make composing quadratic. df.start checks all of it anyway.
    v_inner := df._is_composed(p_text) AND get_byte(convert_to(p_text, getdatabaseencoding()), octet_length(p_text) - 1) = ascii('}');
    IF v_inner AND NOT p_strict THEN
        RETURN p_text;
    END IF;
    RETURN df._parse_node(p_text, p_strict, v_inner);
END
$function$;
COMMENT ON FUNCTION df._as_node(text, boolean) IS 'Internal: the envelope for a composer''s argument.';

-- sql/functions/compose/_branches.sql
CREATE FUNCTION df._branches(p_type text, p_nodes text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_nodes text[] := ARRAY(SELECT df._as_node(n.node) FROM unnest(p_nodes) WITH ORDINALITY n (node, place) ORDER BY n.place);
BEGIN
    IF cardinality(v_nodes) < 2 THEN
        RAISE EXCEPTION 'df.% needs at least two branches', lower(p_type) USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN '{"node_type":"' || p_type || '","left_node":' || v_nodes[1] || ',"right_node":' || v_nodes[2]
        || CASE WHEN cardinality(v_nodes) > 2 THEN ',"extra_nodes":[' || array_to_string(v_nodes[3:], ',') || ']' ELSE '' END || '}';
END
$function$;
COMMENT ON FUNCTION df._branches(text, text[]) IS 'Internal: the envelope of a node with two or more branches.';

-- sql/functions/compose/_compact.sql
-- Removes the blanks that jsonb prints. A string that isn't closed ends with the text, so that truncated JSON can be shown too.
CREATE FUNCTION df._compact(p_json text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN regexp_replace(p_json, '("(?:[^"\\]|\\.)*(?:"|$))|[ \t\r\n]+', '\1', 'g');
END
$function$;
COMMENT ON FUNCTION df._compact(text) IS 'Internal: JSON text without blanks between its tokens.';

-- sql/functions/compose/_config_node.sql
-- p_children: the members before query, each preceded by a comma.
CREATE FUNCTION df._config_node(p_type text, p_config text, p_children text DEFAULT '') RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text := df._config_problem(p_type, p_config::jsonb);
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN '{"node_type":"' || p_type || '"' || p_children || ',"query":' || to_json(p_config)::text || '}';
END
$function$;
COMMENT ON FUNCTION df._config_node(text, text, text) IS 'Internal: the envelope of a node with a config, after checking the config.';

-- sql/functions/compose/_is_composed.sql
-- Whether a text begins the way composers begin a node with children: compact, node_type first, then the left child.
CREATE FUNCTION df._is_composed(p_text text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN left(p_text, 49) LIKE '{"node\_type":"%","left\_node":{"node\_type":"%'
        AND split_part(left(p_text, 49), '"', 4) = ANY (df._node_types());
END
$function$;
COMMENT ON FUNCTION df._is_composed(text) IS
    'Internal: whether a text begins like the envelope of a node with children that a composer returned.';

-- sql/functions/compose/_parse_node.sql
-- For a text that begins with a brace: an envelope, or SQL after all. p_composed: it begins the way only composers begin what they
-- return.
CREATE FUNCTION df._parse_node(p_text text, p_strict boolean, p_composed boolean) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_json   jsonb;
    v_type   text;
    v_detail text;
BEGIN
    BEGIN
        v_json := p_text::jsonb;
    EXCEPTION
        WHEN invalid_text_representation OR untranslatable_character THEN
            -- Truncated, or with a character that no text can hold: it was meant as an envelope and is not SQL.
            IF SQLSTATE = '22P05' OR p_composed THEN
                v_type := substring(p_text FROM '"node_type"\s*:\s*"(\w+)"');
                v_detail := CASE WHEN v_type IS NOT NULL THEN SQLERRM END;
            END IF;
        WHEN statement_too_complex THEN
            RAISE EXCEPTION 'Invalid durable function graph: root: Graph exceeds maximum nesting depth of %. '
                            'Simplify the workflow or break it into multiple instances.', df._graph_limit('max_depth')
                USING ERRCODE = 'DF003';
    END;
    IF jsonb_typeof(v_json -> '_partial_if') = 'boolean' AND v_json -> 'node_type' IS NULL THEN
        RAISE EXCEPTION '%Invalid if-then-else: left side of !> must be a ?> expression, and every ?> expression needs its !>',
            CASE WHEN p_strict THEN 'Invalid durable function: ' ELSE '' END
            USING ERRCODE = 'DF003', HINT = 'Write (condition ?> then) !> otherwise, or call df.if(condition, then, otherwise).';
    END IF;
    IF jsonb_typeof(v_json -> 'node_type') = 'string' THEN
        v_type := v_json ->> 'node_type';
        -- An envelope with a misspelt type must not silently run as SQL, neither when composing nor when starting.
        IF v_type <> ALL (df._node_types()) THEN
            RAISE EXCEPTION '%Unknown node_type ''%''. Valid types: %',
                    CASE WHEN p_strict THEN 'Invalid durable function: ' ELSE '' END, v_type, array_to_string(df._node_types(), ', ')
                USING ERRCODE = 'DF003';
        END IF;
        v_detail := df._node_defect(v_json);
        -- jsonb keeps one of several equal keys. For result_name that is right: df.as replaces a name by adding another.
        IF v_detail IS NULL THEN
            IF (SELECT count(*) FROM json_object_keys(p_text::json)) <> (SELECT count(*) FROM jsonb_object_keys(v_json)) THEN
                v_detail := (SELECT format('duplicate field `%s`', k) FROM json_object_keys(p_text::json) k
                              WHERE k <> 'result_name' GROUP BY k HAVING count(*) > 1 LIMIT 1);
            END IF;
        END IF;
    END IF;
    IF v_detail IS NOT NULL THEN
        RAISE EXCEPTION '%', CASE
            WHEN p_strict THEN format('Invalid durable function: Malformed Durofut JSON with node_type ''%s'': %s', v_type, v_detail)
            ELSE 'Invalid Durofut JSON: failed to deserialize workflow step: ' || v_detail END USING ERRCODE = 'DF003';
    END IF;
    -- Without blanks around it: df.as relies on the brace at the end, and one graph must have one text.
    RETURN CASE WHEN v_type IS NULL THEN '{"node_type":"SQL","query":' || to_json(p_text)::text || '}' ELSE btrim(p_text, E' \t\r\n') END;
END
$function$;
COMMENT ON FUNCTION df._parse_node(text, boolean, boolean) IS 'Internal: the envelope for a composer''s argument that begins with a brace.';

-- sql/functions/compose/_renew_sources.sql
-- Never waits: whoever has locked the row is also writing sources, or is dropping the graph. If two starts each bring their own sources
-- (an old and a new release of the application), they take turns, and neither fails because of it.
CREATE FUNCTION df._renew_sources(p_graph_id bigint, p_sources text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph   text;
    v_problem text;
BEGIN
    BEGIN
        SELECT g.graph INTO v_graph
          FROM df.graphs g WHERE g.graph_id = p_graph_id AND g.sources IS DISTINCT FROM p_sources FOR NO KEY UPDATE SKIP LOCKED;
    EXCEPTION WHEN serialization_failure THEN
        RETURN; -- somebody else was faster, after this transaction took its snapshot
    END;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_problem := df._sources_problem(v_graph, p_sources);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE df.graphs g SET sources = p_sources WHERE g.graph_id = p_graph_id;
END
$function$;
COMMENT ON FUNCTION df._renew_sources(bigint, text[]) IS
    'Internal: records where the nodes of a graph are written now, unless that is known or somebody else is about to record it.';

-- sql/functions/compose/_retry_node.sql
CREATE FUNCTION df._retry_node(p_node text, p_max_attempts integer, p_delay_json text, p_backoff numeric, p_max_delay_seconds numeric,
                               p_retry_on text[], p_retry_after boolean) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(p_node);
BEGIN
    RETURN df._config_node('RETRY', format('{"max_attempts":%s,"delay_seconds":%s,"backoff":%s,"max_delay_seconds":%s,"retry_on":%s%s}',
        COALESCE(to_json(p_max_attempts)::text, 'null'), COALESCE(p_delay_json, 'null'),
        COALESCE(to_json(trim_scale(p_backoff))::text, 'null'), COALESCE(to_json(trim_scale(p_max_delay_seconds))::text, 'null'),
        COALESCE(array_to_json(p_retry_on)::text, 'null'), CASE WHEN p_retry_after THEN ',"retry_after":true' ELSE '' END), v_children);
END
$function$;
COMMENT ON FUNCTION df._retry_node(text, integer, text, numeric, numeric, text[], boolean) IS
    'Internal: a RETRY node. Its delay is JSON: a number or a reference.';

-- sql/functions/compose/_seconds.sql
CREATE FUNCTION df._seconds(p_duration text) RETURNS double precision
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- A number may have an exponent, which an interval has not.
    IF p_duration ~* '^\s*[-+]?([0-9.]+(e[-+]?[0-9]+)?|nan|inf(inity)?)\s*$' THEN
        RETURN p_duration::double precision;
    END IF;
    RETURN extract(epoch FROM p_duration::interval)::double precision;
END
$function$;
COMMENT ON FUNCTION df._seconds(text) IS 'Internal: the seconds of a duration that is a number of seconds or an interval.';

-- sql/functions/compose/_signal_node.sql
CREATE FUNCTION df._signal_node(p_name text, p_timeout_json text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('SIGNAL', '{"signal_name":' || COALESCE(to_json(p_name)::text, 'null')
                                     || ',"timeout_seconds":' || COALESCE(p_timeout_json, 'null') || '}');
END
$function$;
COMMENT ON FUNCTION df._signal_node(text, text) IS 'Internal: a SIGNAL node. Its timeout is JSON: a number or a reference.';

-- sql/functions/compose/_with_member.sql
CREATE FUNCTION df._with_member(p_node text, p_key text, p_value json) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '{' || string_agg(to_json(e.key)::text || ':' || e.value::text, ',' ORDER BY e.place) || '}'
      FROM (SELECT m.key, m.value,
                   array_position('{node_type,left_node,right_node,condition_node,extra_nodes,query,result_name}', m.key) AS place
              FROM (SELECT k.key, k.value FROM json_each(p_node::json) k WHERE k.key <> p_key
                    UNION ALL
                    SELECT p_key, p_value) m) e
     WHERE e.place IS NOT NULL AND json_typeof(e.value) <> 'null'
$function$;
COMMENT ON FUNCTION df._with_member(text, text, json) IS
    'Internal: an envelope with one member replaced: its keys in their fixed order, the other members byte for byte.';

-- sql/functions/compose/_with_source.sql
-- Works on the text: a value that contains \u0000 cannot be taken apart and put together again.
CREATE FUNCTION df._with_source(p_error json, p_sources text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(left(rtrim(p_error::text, E' \t\r\n'), -1) || ',"source":' || to_json(df._source(p_error, p_sources))::text || '}',
                    p_error::text)
$function$;
COMMENT ON FUNCTION df._with_source(json, text[]) IS
    'Internal: an error as users see it, with the key source if it is known where its node was written.';

-- sql/functions/compose/activity.sql
CREATE FUNCTION df.activity(name text, input jsonb DEFAULT NULL, queue text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('ACTIVITY', format('{"activity":%s,"input":%s,"queue":%s}', COALESCE(to_json(name)::text, 'null'),
        COALESCE(df._compact(input::text), 'null'), COALESCE(to_json(queue)::text, 'null')));
END
$function$;
COMMENT ON FUNCTION df.activity(text, jsonb, text) IS
    'Makes a task for code outside of the database, and waits for its end; what df.complete_task is given becomes the step''s result. '
    'References in input are replaced as in df.http_json. Only those who claim from that queue get the task; NULL is the default queue.';

-- sql/functions/compose/as.sql
CREATE FUNCTION df.as(fut text, name text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node  text;
    v_bytes bytea;
BEGIN
    IF name = '' THEN
        RAISE EXCEPTION 'df.as: result name cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    ELSIF name !~ '^[a-zA-Z_][a-zA-Z0-9_]*$' THEN
        RAISE EXCEPTION 'df.as: result name ''%'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*', name
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF name = 'input' THEN
        RAISE EXCEPTION 'df.as: result name ''input'' is taken: $input is the input given to df.start'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_node := df._as_node(fut);
    IF df._is_composed(v_node) THEN
        -- In what a composer wrote, the name is the last key. Not parsed, for the reason given in df._as_node; as bytes, because counting
        -- characters takes longer.
        v_bytes := convert_to(v_node, getdatabaseencoding());
        IF get_byte(v_bytes, octet_length(v_bytes) - 2) = ascii('"') THEN
            v_bytes := convert_to(regexp_replace(v_node, ',"result_name":"[a-zA-Z_][a-zA-Z0-9_]*"\}$', '}'), getdatabaseencoding());
        END IF;
        RETURN convert_from(substr(v_bytes, 1, octet_length(v_bytes) - 1), getdatabaseencoding()) || ',"result_name":"' || name || '"}';
    END IF;
    RETURN df._with_member(v_node, 'result_name', to_json(name));
END
$function$;
COMMENT ON FUNCTION df.as(text, text) IS
    'Names the result of a node. Later steps read it as $name, $name.column, $name.*. Operator: fut |=> name.';

-- sql/functions/compose/as_op.sql
CREATE FUNCTION df.as_op(fut text, name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, df, pg_temp
AS $function$
BEGIN
    RETURN df.as(fut, name);
END
$function$;
COMMENT ON FUNCTION df.as_op(text, text) IS 'Internal: the function of the operator |=>.';

-- sql/functions/compose/break.sql
CREATE FUNCTION df.break(value text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"BREAK","query":' || to_json('{"break_value":' || COALESCE(to_json(value)::text, 'null') || '}')::text || '}';
END
$function$;
COMMENT ON FUNCTION df.break(text) IS
    'Ends the innermost enclosing loop, with a value as the loop''s result. The value is data: JSON, or else a string.';

-- sql/functions/compose/call.sql
CREATE FUNCTION df.call(workflow text, input jsonb DEFAULT NULL, version integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('CALL', format('{"workflow":%s,"input":%s,"version":%s}', COALESCE(to_json(workflow)::text, 'null'),
        COALESCE(df._compact(input::text), 'null'), COALESCE(version::text, 'null')));
END
$function$;
COMMENT ON FUNCTION df.call(text, jsonb, integer) IS
    'Runs a registered workflow as a step, in an instance of its own; its result becomes the step''s. References in input are replaced as '
    'in df.http_json.';

-- sql/functions/compose/error.sql
CREATE FUNCTION df.error(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._with_source(o.error, g.sources)
      FROM df.submissions s JOIN df.outcomes o ON o.instance_no = s.instance_no LEFT JOIN df.graphs g ON g.graph_id = s.graph_id
     WHERE s.id = instance_id
$function$;
COMMENT ON FUNCTION df.error(text) IS
    'Why an instance failed or was cancelled, as JSON text: message, sqlstate, detail, hint, node, step, attempt, the SQL as it ran, and '
    'source: the line that the step comes from, if known. NULL for any other instance.';

-- sql/functions/compose/fail.sql
CREATE FUNCTION df.fail(message text, sqlstate text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('FAIL', '{"message":' || COALESCE(to_json(fail.message)::text, 'null')
                                   || ',"sqlstate":' || COALESCE(to_json(fail.sqlstate)::text, 'null') || '}');
END
$function$;
COMMENT ON FUNCTION df.fail(text, text) IS
    'Fails with an error of your own; its SQLSTATE is DF006 unless you give another one. The message may refer to results.';

-- sql/functions/compose/foreach.sql
CREATE FUNCTION df.foreach(rows text, body text, item_name text DEFAULT 'item', max_parallel integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(body);
BEGIN
    RETURN df._config_node('FOREACH', format('{"rows":%s,"item_name":%s,"max_parallel":%s}', COALESCE(to_json(rows)::text, 'null'),
        COALESCE(to_json(item_name)::text, 'null'), COALESCE(max_parallel::text, 'null')), v_children);
END
$function$;
COMMENT ON FUNCTION df.foreach(text, text, text, integer) IS
    'Runs the body once for each row of the named result, at most max_parallel (default 10) at the same time; the body reads '
    '$item.column. The result is an array in the order of the rows.';

-- sql/functions/compose/if.sql
CREATE FUNCTION df.if(condition text, then_branch text, else_branch text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_condition text := df._as_node(condition);
BEGIN
    RETURN '{"node_type":"IF","left_node":' || df._as_node(then_branch) || ',"right_node":' || df._as_node(else_branch)
        || ',"condition_node":' || v_condition || '}';
END
$function$;
COMMENT ON FUNCTION df.if(text, text, text) IS
    'Runs the condition, then one of two branches: else_branch if the first column of the first row is false, 0, empty or NULL, or if '
    'there is no row. Operators: (condition ?> then_branch) !> else_branch.';

-- sql/functions/compose/if_else_op.sql
CREATE FUNCTION df.if_else_op(partial_if text, else_branch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_partial jsonb := partial_if::jsonb;
BEGIN
    IF jsonb_typeof(v_partial) <> 'object' OR NOT v_partial ? '_partial_if' THEN
        RAISE EXCEPTION 'Invalid if-then-else: left side of !> must be a ?> expression' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df.if(v_partial ->> 'condition', v_partial ->> 'then_branch', else_branch);
END
$function$;
COMMENT ON FUNCTION df.if_else_op(text, text) IS 'Internal: the function of the operator !>.';

-- sql/functions/compose/if_rows.sql
CREATE FUNCTION df.if_rows(result_name text, then_branch text, else_branch text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- The name is checked when the graph is started: here nothing is known about what comes before.
    RETURN '{"node_type":"IF","left_node":' || df._as_node(then_branch) || ',"right_node":' || df._as_node(else_branch)
        || ',"query":' || to_json('{"condition_type":"result_has_rows","result_name":' || to_json(result_name)::text || '}')::text || '}';
END
$function$;
COMMENT ON FUNCTION df.if_rows(text, text, text) IS
    'Runs one of two branches: then_branch if the named result has rows, else_branch if not.';

-- sql/functions/compose/if_then_op.sql
CREATE FUNCTION df.if_then_op(condition text, then_branch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN jsonb_build_object('_partial_if', true, 'condition', condition, 'then_branch', then_branch)::text;
END
$function$;
COMMENT ON FUNCTION df.if_then_op(text, text) IS 'Internal: the function of the operator ?>. Only !> can use what it returns.';

-- sql/functions/compose/join.sql
CREATE FUNCTION df.join(a text, b text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"JOIN","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}';
END
$function$;
COMMENT ON FUNCTION df.join(text, text) IS
    'Runs both at the same time and waits for both; the result is an array of their results. Operator: a & b.';

-- sql/functions/compose/join3.sql
CREATE FUNCTION df.join3(a text, b text, c text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._branches('JOIN', ARRAY[a, b, c]);
END
$function$;
COMMENT ON FUNCTION df.join3(text, text, text) IS
    'Runs three branches at the same time and waits for all; the result is an array of their results.';

-- sql/functions/compose/join_all.sql
CREATE FUNCTION df.join(VARIADIC nodes text[]) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._branches('JOIN', nodes);
END
$function$;
COMMENT ON FUNCTION df.join(text[]) IS
    'Runs two or more branches at the same time and waits for all; the result is an array of their results.';

-- sql/functions/compose/loop.sql
CREATE FUNCTION df.loop(body text, condition text DEFAULT NULL, continue_on_failure boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(body)
        || CASE WHEN condition IS NULL THEN '' ELSE ',"condition_node":' || df._as_node(condition) END;
BEGIN
    IF continue_on_failure THEN
        RETURN df._config_node('LOOP', '{"continue_on_failure":true}', v_children);
    END IF;
    RETURN '{"node_type":"LOOP"' || v_children || '}';
END
$function$;
COMMENT ON FUNCTION df.loop(text, text, boolean) IS
    'Runs the body, then again while the condition is true; without a condition, until df.break. One iteration takes at least '
    'pg_durable.min_loop_interval, unless df.pace says otherwise. With continue_on_failure, a step that fails ends its iteration but not '
    'the loop. Operator: @> body.';

-- sql/functions/compose/loop_prefix_op.sql
CREATE FUNCTION df.loop_prefix_op(body text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, df, pg_temp
AS $function$
BEGIN
    RETURN df.loop(body);
END
$function$;
COMMENT ON FUNCTION df.loop_prefix_op(text) IS 'Internal: the function of the prefix operator @>.';

-- sql/functions/compose/pace.sql
CREATE FUNCTION df.pace(node text, min_interval_ms integer) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node    text := df._as_node(node);
    v_config  json;
    v_query   text;
    v_problem text;
BEGIN
    IF v_node::jsonb ->> 'node_type' <> 'LOOP' THEN
        RAISE EXCEPTION 'df.pace: expected a loop, not %', v_node::jsonb ->> 'node_type'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Write df.pace(df.loop(…), min_interval_ms).';
    END IF;
    BEGIN
        v_config := v_node::jsonb ->> 'query';
    EXCEPTION WHEN invalid_text_representation THEN
        RAISE EXCEPTION 'query in LOOP must be valid JSON config: %', SQLERRM USING ERRCODE = 'invalid_parameter_value';
    END;
    IF json_typeof(v_config) <> 'object' THEN
        RAISE EXCEPTION 'query in LOOP must be a JSON config object' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_query := COALESCE((SELECT string_agg(to_json(c.key)::text || ':' || c.value::text || ',', '' ORDER BY c.place)
                           FROM json_each(v_config) WITH ORDINALITY c (key, value, place) WHERE c.key <> 'min_interval_ms'), '');
    v_query := '{' || v_query || '"min_interval_ms":' || min_interval_ms || '}';
    v_problem := df._config_problem('LOOP', v_query::jsonb);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df._with_member(v_node, 'query', to_json(v_query));
END
$function$;
COMMENT ON FUNCTION df.pace(text, integer) IS
    'Gives a loop its own pace: the minimum number of milliseconds from the beginning of one iteration to that of the next, from 0 to one '
    'day.';

-- sql/functions/compose/race.sql
CREATE FUNCTION df.race(a text, b text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"RACE","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}';
END
$function$;
COMMENT ON FUNCTION df.race(text, text) IS
    'Runs both at the same time. The first to end decides, and the other one is stopped. Operator: a | b.';

-- sql/functions/compose/race_all.sql
CREATE FUNCTION df.race(VARIADIC nodes text[]) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._branches('RACE', nodes);
END
$function$;
COMMENT ON FUNCTION df.race(text[]) IS 'Runs two or more branches at the same time. The first to end decides, and the others are stopped.';

-- sql/functions/compose/retry.sql
CREATE FUNCTION df.retry(node text, max_attempts integer DEFAULT 3, delay_seconds numeric DEFAULT 1, backoff numeric DEFAULT 2,
                         max_delay_seconds numeric DEFAULT 60, retry_on text[] DEFAULT NULL, retry_after boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._retry_node(node, max_attempts, to_json(trim_scale(delay_seconds))::text, backoff, max_delay_seconds, retry_on, retry_after);
END
$function$;
COMMENT ON FUNCTION df.retry(text, integer, numeric, numeric, numeric, text[], boolean) IS
    'Runs a node again if it fails, up to max_attempts times: after delay_seconds, then after backoff times as long, and so on up to '
    'max_delay_seconds. retry_on lists SQLSTATEs or classes; the default is errors that pass by themselves. With retry_after, a response '
    'with status 429 counts as a failure, and a delay is at least as long as the server asks, up to max_delay_seconds.';

-- sql/functions/compose/retry_text.sql
CREATE FUNCTION df.retry(node text, max_attempts integer, delay_seconds text, backoff numeric DEFAULT 2,
                         max_delay_seconds numeric DEFAULT 60, retry_on text[] DEFAULT NULL, retry_after boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT df._is_reference(delay_seconds) THEN
        RETURN df.retry(node, max_attempts, df._seconds(delay_seconds)::numeric, backoff, max_delay_seconds, retry_on, retry_after);
    END IF;
    RETURN df._retry_node(node, max_attempts, to_json(delay_seconds)::text, backoff, max_delay_seconds, retry_on, retry_after);
END
$function$;
COMMENT ON FUNCTION df.retry(text, integer, text, numeric, numeric, text[], boolean) IS
    'The same with a delay that is an interval such as ''1 minute'', or a reference such as ''$input.delay'', which is read when an '
    'attempt has failed.';

-- sql/functions/compose/seq.sql
-- PL/pgSQL, like all composers: its plans outlive the statement, whereas a function in SQL is planned again at every position in a chain.
CREATE FUNCTION df.seq(a text, b text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"THEN","left_node":' || df._as_node(a) || ',"right_node":' || df._as_node(b) || '}';
END
$function$;
COMMENT ON FUNCTION df.seq(text, text) IS 'Runs a, then b; the result is that of b. Operator: a ~> b.';

-- sql/functions/compose/sleep.sql
CREATE FUNCTION df.sleep(seconds bigint) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- No whole number of seconds that is allowed is too large for that type.
    RETURN df.sleep(seconds::double precision);
END
$function$;
COMMENT ON FUNCTION df.sleep(bigint) IS
    'Waits for this many seconds. Meanwhile the instance is only a row: it holds no connection, and a restart does not move the end of '
    'the wait.';

-- sql/functions/compose/sleep_fraction.sql
-- Beside df.sleep(bigint). PostgreSQL prefers this one among the numeric types, so that no call is ambiguous: a plain 5 comes here too,
-- with the same result.
CREATE FUNCTION df.sleep(seconds double precision) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF seconds < 0 THEN
        RAISE EXCEPTION 'Sleep duration must be non-negative' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A thousand years: no clock goes much further. (NaN is greater than all numbers.)
    IF seconds > df._graph_limit('max_sleep_seconds') THEN
        RAISE EXCEPTION 'Sleep duration must be at most % seconds', df._graph_limit('max_sleep_seconds')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN '{"node_type":"SLEEP","query":"' || trim_scale(round(seconds::numeric, 3)) || '"}';
END
$function$;
COMMENT ON FUNCTION df.sleep(double precision) IS 'The same for fractions of a second, rounded to milliseconds.';

-- sql/functions/compose/sleep_text.sql
CREATE FUNCTION df.sleep(duration text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._is_reference(duration) THEN
        RETURN df._config_node('SLEEP', '{"seconds":' || to_json(duration) || '}');
    END IF;
    RETURN df.sleep(df._seconds(duration));
END
$function$;
COMMENT ON FUNCTION df.sleep(text) IS
    'Waits for a duration: seconds, an interval such as ''10 minutes'', or a reference such as ''$input.delay'' to either of these, which '
    'is read when the wait begins.';

-- sql/functions/compose/sleep_until.sql
CREATE FUNCTION df.sleep_until(moment timestamptz) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF moment NOT BETWEEN '0001-01-01 00:00:00+00' AND '9999-01-01 00:00:00+00' THEN
        RAISE EXCEPTION 'df.sleep_until: moment must be between the years 1 and 9999' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df._config_node('SLEEP', format('{"until":"%s"}', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')));
END
$function$;
COMMENT ON FUNCTION df.sleep_until(timestamptz) IS
    'Waits until a moment. If it is over already, the next step begins at once. Meanwhile the instance is only a row.';

-- sql/functions/compose/sleep_until_text.sql
CREATE FUNCTION df.sleep_until(moment text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._is_reference(moment) THEN
        RETURN df._config_node('SLEEP', '{"until":' || to_json(moment) || '}');
    END IF;
    RETURN df.sleep_until(moment::timestamptz);
END
$function$;
COMMENT ON FUNCTION df.sleep_until(text) IS
    'The same for a reference such as ''$order.due_at'', which is read when the wait begins and needs a date, a time and a time zone. Any '
    'other text is read as a timestamptz.';

-- sql/functions/compose/sql.sql
CREATE FUNCTION df.sql(query text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"SQL","query":' || to_json(query)::text || '}';
END
$function$;
COMMENT ON FUNCTION df.sql(text) IS 'A step that runs one SQL statement. The text is taken literally.';

-- sql/functions/compose/timeout.sql
CREATE FUNCTION df.timeout(node text, seconds numeric) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_children text := ',"left_node":' || df._as_node(node);
BEGIN
    RETURN df._config_node('TIMEOUT', '{"timeout_seconds":' || to_json(trim_scale(seconds))::text || '}', v_children);
END
$function$;
COMMENT ON FUNCTION df.timeout(text, numeric) IS
    'Fails a node with SQLSTATE DF005 if it takes longer than this many seconds; what it is running is stopped.';

-- sql/functions/compose/try.sql
CREATE FUNCTION df.try(body text, handler text, finally text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"TRY","left_node":' || df._as_node(body) || ',"right_node":' || df._as_node(handler)
        || CASE WHEN finally IS NULL THEN '' ELSE ',"extra_nodes":[' || df._as_node(finally) || ']' END || '}';
END
$function$;
COMMENT ON FUNCTION df.try(text, text, text) IS
    'Runs body. If it fails, runs handler, which reads $error.message, .sqlstate, .node and .attempts. In any case runs finally at the '
    'end.';

-- sql/functions/compose/undo_on_cancel.sql
-- df.cancel sends the signal, and knows the graph by it: df._undoes_on_cancel.
CREATE FUNCTION df.undo_on_cancel(graph text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df.race(graph, df.seq(df.as(df.wait_for_signal('sys_cancel'), 'sys_cancel'),
                                 df.fail('canceled: $sys_cancel.data', 'DF023')));
END
$function$;
COMMENT ON FUNCTION df.undo_on_cancel(text) IS
    'Makes a whole graph undo its completed steps when the instance is cancelled: what runs is stopped, and then the undos run, the last '
    'one first. It must be the outermost function of the graph. df.terminate ends such an instance at once.';

-- sql/functions/compose/wait_for_schedule.sql
CREATE FUNCTION df.wait_for_schedule(cron_expr text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('WAIT_SCHEDULE', '{"cron_expr":' || to_json(cron_expr)::text || '}');
END
$function$;
COMMENT ON FUNCTION df.wait_for_schedule(text) IS
    'Waits for the next time that a cron expression names, in UTC: minute, hour, day of month, month, day of week, or @hourly … @yearly.';

-- sql/functions/compose/wait_for_schedule_in.sql
CREATE FUNCTION df.wait_for_schedule(cron_expr text, timezone text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('WAIT_SCHEDULE', '{"cron_expr":' || COALESCE(to_json(cron_expr)::text, 'null')
                                            || COALESCE(',"timezone":' || to_json(timezone)::text, '') || '}');
END
$function$;
COMMENT ON FUNCTION df.wait_for_schedule(text, text) IS 'The same in a time zone, such as Europe/Paris; NULL means UTC.';

-- sql/functions/compose/wait_for_signal.sql
CREATE FUNCTION df.wait_for_signal(name text, timeout_seconds integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._signal_node(name, timeout_seconds::text);
END
$function$;
COMMENT ON FUNCTION df.wait_for_signal(text, integer) IS
    'Waits for df.signal(id, name), or until the timeout. The result has signal_name, timed_out and data.';

-- sql/functions/compose/wait_for_signal_fraction.sql
CREATE FUNCTION df.wait_for_signal(name text, timeout_seconds double precision) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._signal_node(name, trim_scale(round(timeout_seconds::numeric, 3))::text);
END
$function$;
COMMENT ON FUNCTION df.wait_for_signal(text, double precision) IS 'The same for fractions of a second, rounded to milliseconds.';

-- sql/functions/compose/wait_for_signal_text.sql
CREATE FUNCTION df.wait_for_signal(name text, timeout_seconds text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._is_reference(timeout_seconds) THEN
        RETURN df._signal_node(name, to_json(timeout_seconds)::text);
    ELSIF timeout_seconds ~ '^\s*[-+]?[0-9]+\s*$' THEN
        RETURN df.wait_for_signal(name, timeout_seconds::integer);
    END IF;
    RETURN df.wait_for_signal(name, df._seconds(timeout_seconds));
END
$function$;
COMMENT ON FUNCTION df.wait_for_signal(text, text) IS
    'The same for an interval such as ''1 day'', and for a reference such as ''$input.grace'', which is read when the wait begins. If it '
    'is NULL then, the wait has no limit.';

-- sql/functions/compose/with_undo.sql
CREATE FUNCTION df.with_undo(forward text, undo text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"UNDO","left_node":' || df._as_node(forward) || ',"right_node":' || df._as_node(undo) || '}';
END
$function$;
COMMENT ON FUNCTION df.with_undo(text, text) IS
    'Runs forward. If a later step fails, the undos of what completed run, the last one first. Operator: forward <-> undo.';

-- sql/functions/fold/_asked_result.sql
-- Of a condition, when it has one; of whatever bore the name last otherwise.
CREATE FUNCTION df._asked_result(p_instance_no bigint, p_all df._execution[], p_self df._execution, p_named integer[]) RETURNS df._execution
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_name   text;
    v_asked  df._execution;
    v_other  df._execution;
    v_source df._execution;
    v_index  integer;
BEGIN
    IF p_self.node_type = 'LOOP' OR p_self.node_type = 'IF' AND p_self.last_child - p_self.first_child = 2 THEN
        v_asked := p_all[p_self.last_child];
        IF v_asked.state IS DISTINCT FROM 'done' THEN
            RETURN NULL;
        END IF;
    ELSE
        v_name := CASE p_self.node_type WHEN 'FOREACH' THEN p_self.query::json ->> 'rows' ELSE p_self.query::json ->> 'result_name' END;
        FOREACH v_index IN ARRAY p_named LOOP
            v_other := p_all[v_index];
            IF v_other.result_name = v_name AND COALESCE(v_other.ended_by > v_asked.ended_by, true)
                AND df._has_bound(p_all, v_index, p_self.execution)
            THEN
                v_asked := v_other;
            END IF;
        END LOOP;
        IF v_asked.execution IS NULL THEN
            v_asked.value := df._outside_result(p_instance_no, v_name);
            RETURN v_asked;
        END IF;
    END IF;
    v_source := p_all[v_asked.source];
    v_asked.value := v_source.value;
    IF v_asked.value IS NULL THEN
        SELECT c.result INTO v_asked.value FROM df.checkpoints c
         WHERE c.instance_no = p_instance_no AND c.node = v_source.node AND c.path = v_source.path;
    END IF;
    RETURN v_asked;
END
$function$;
COMMENT ON FUNCTION df._asked_result(bigint, df._execution[], df._execution, integer[]) IS
    'Internal: the execution, with its result as value, on which it depends what an IF, a LOOP or a FOREACH does.';

-- sql/functions/fold/_break_value.sql
-- Only the worker knows what a substitution would make of it.
CREATE FUNCTION df._break_value(p_query text) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_text text := p_query::json ->> 'break_value';
BEGIN
    IF v_text ~ '[${]' AND v_text !~ '^\s*[{\[]' OR v_text ~ '\$' THEN
        RETURN NULL;
    END IF;
    RETURN COALESCE(v_text, 'null')::json;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN to_json(v_text);
END
$function$;
COMMENT ON FUNCTION df._break_value(text) IS 'Internal: the value of a df.break without references; NULL if it has references.';

-- sql/functions/fold/_end_of_branches.sql
-- JOIN, RACE, FOREACH: what runs side by side.
CREATE FUNCTION df._end_of_branches(p_instance_no bigint, p_all df._execution[], p_self df._execution, p_named integer[], p_outcome text)
RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending df._ending;
    v_child  df._execution;
    v_failed df._execution;      -- the first that did not complete; in a loop that continues on failure a fatal one comes first
    v_winner df._execution;      -- the one that ended first
    v_open   boolean := false;   -- whether one has not ended
    v_latest integer;            -- the last end
    v_count  bigint;             -- of the items
BEGIN
    FOR j IN p_self.first_child .. p_self.last_child LOOP
        v_child := p_all[j];
        v_latest := GREATEST(v_latest, v_child.ended_by);
        IF v_child.state IS NULL THEN
            v_open := true;
        ELSE
            IF v_child.state <> 'done'
                AND (v_failed.execution IS NULL OR p_self.protected AND v_child.fatal AND NOT v_failed.fatal)
            THEN
                v_failed := v_child;
            END IF;
            IF v_winner.execution IS NULL OR v_child.ended_by < v_winner.ended_by THEN
                v_winner := v_child;
            END IF;
        END IF;
    END LOOP;

    IF p_self.node_type = 'RACE' THEN
        v_ending.child := v_winner.execution;
        RETURN v_ending;
    END IF;

    v_ending.after := v_latest;
    v_count := p_self.last_child - p_self.first_child + 1;
    IF p_self.node_type = 'FOREACH' THEN
        v_count := COALESCE(df._row_count((df._asked_result(p_instance_no, p_all, p_self, p_named)).value),
                            CASE p_outcome WHEN 'completed' THEN 1 END);
        IF v_count = 0 THEN
            v_ending.state := 'done';
            v_ending.value := '[]';
            RETURN v_ending;
        ELSIF v_count IS NULL AND NOT p_self.touched THEN
            -- Nothing says that there are items.
            RETURN v_ending;
        END IF;
    END IF;
    -- After a failure no item begins; those that have begun are waited for, as all branches are.
    IF NOT v_open AND v_failed.execution IS NOT NULL THEN
        v_ending.child := v_failed.execution;
        v_ending.label := CASE WHEN p_self.node_type = 'FOREACH' THEN format('FOREACH item %s failed: ', v_failed.number) END;
    ELSIF NOT v_open AND p_self.last_child - p_self.first_child + 1 >= v_count THEN
        v_ending.state := 'done';
        v_ending.value := df._results_of(p_instance_no, p_all, p_self);
    END IF;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_branches(bigint, df._execution[], df._execution, integer[], text) IS
    'Internal: the part of df._fold for nodes whose children run side by side.';

-- sql/functions/fold/_end_of_if.sql
CREATE FUNCTION df._end_of_if(p_instance_no bigint, p_all df._execution[], p_self df._execution, p_named integer[]) RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending    df._ending;
    v_asked     df._execution := df._asked_result(p_instance_no, p_all, p_self, p_named);
    v_condition df._execution;
    v_holds     boolean;
BEGIN
    IF p_self.last_child - p_self.first_child = 2 THEN
        v_condition := p_all[p_self.last_child];
    END IF;
    v_holds := CASE
        WHEN p_all[p_self.first_child].touched THEN true
        WHEN p_all[p_self.first_child + 1].touched THEN false
        WHEN v_asked.value IS NULL THEN NULL
        WHEN v_condition.execution IS NULL THEN df._row_count(v_asked.value) > 0
        ELSE df._is_true(v_asked.value) END;
    IF v_holds IS NOT NULL THEN
        v_ending.pick := 1 - v_holds::integer;
        v_ending.child := p_self.first_child + v_ending.pick;
    ELSIF v_condition.state <> 'done' THEN
        v_ending.child := v_condition.execution;
    END IF;
    v_ending.after := v_asked.ended_by;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_if(bigint, df._execution[], df._execution, integer[]) IS 'Internal: the part of df._fold for IF.';

-- sql/functions/fold/_end_of_loop.sql
CREATE FUNCTION df._end_of_loop(p_instance_no bigint, p_all df._execution[], p_self df._execution) RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending    df._ending;
    v_body      df._execution := p_all[p_self.first_child];
    v_condition df._execution;
    v_asked     df._execution;
BEGIN
    v_ending.after := v_body.ended_by;
    IF v_body.state IS DISTINCT FROM 'done' THEN
        -- After a failure that does not end the loop the next iteration begins, or the undos of this one run before.
        IF v_body.state = 'broke' OR v_body.fatal OR NOT COALESCE(p_self.query::json ->> 'continue_on_failure' = 'true', false) THEN
            v_ending.child := v_body.execution;
            v_ending.counts_as := CASE v_body.state WHEN 'broke' THEN 'done' END;
        END IF;
        RETURN v_ending;
    END IF;
    -- Goes round again, unless there is a condition that does not hold.
    IF p_self.last_child > p_self.first_child THEN
        v_condition := p_all[p_self.last_child];
        v_asked := df._asked_result(p_instance_no, p_all, p_self, NULL);
        IF v_asked.value IS NOT NULL THEN
            v_ending.after := v_condition.ended_by;
            IF NOT df._is_true(v_asked.value) THEN
                v_ending.child := v_body.execution;
            END IF;
        ELSIF v_condition.state <> 'done' THEN
            v_ending.child := v_condition.execution;
            v_ending.counts_as := CASE v_condition.state WHEN 'broke' THEN 'done' END;
        END IF;
    END IF;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_loop(bigint, df._execution[], df._execution) IS 'Internal: the part of df._fold for LOOP.';

-- sql/functions/fold/_end_of_retry.sql
CREATE FUNCTION df._end_of_retry(p_instance_no bigint, p_all df._execution[], p_self df._execution) RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending df._ending;
    v_body   df._execution := p_all[p_self.first_child];
    v_source df._execution := p_all[v_body.source];
BEGIN
    v_ending.child := v_body.execution;
    IF v_body.state = 'failed' AND v_body.number < (p_self.query::json ->> 'max_attempts')::integer THEN
        -- An attempt that timed out has no error on record.
        SELECT CASE WHEN NOT df._is_retryable(p_self.query, COALESCE(df._plain(c.error) ->> 'sqlstate', 'DF005'),
                                              (df._plain(c.error) ->> 'retryable')::boolean) THEN v_body.execution END
          INTO v_ending.child FROM df.checkpoints c
         WHERE c.instance_no = p_instance_no AND c.node = v_source.node AND c.path = v_source.path;
    END IF;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_retry(bigint, df._execution[], df._execution) IS 'Internal: the part of df._fold for RETRY.';

-- sql/functions/fold/_end_of_sequence.sql
-- THEN, TRY, UNDO, TIMEOUT: what runs one after the other.
CREATE FUNCTION df._end_of_sequence(p_all df._execution[], p_self df._execution) RETURNS df._ending
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending df._ending;
    v_first  df._execution := p_all[p_self.first_child];
    v_second df._execution;
    v_last   df._execution;
BEGIN
    v_ending.child := v_first.execution;
    CASE p_self.node_type
    WHEN 'THEN' THEN
        v_second := p_all[p_self.last_child];
        IF v_first.state IS NULL AND v_second.touched THEN
            v_first.state := 'done';
            v_ending.proven := 'done';
        END IF;
        IF v_first.state = 'done' THEN
            v_ending.child := v_second.execution;
        END IF;
        v_ending.after := v_first.ended_by;
    WHEN 'TRY' THEN
        v_second := p_all[p_self.first_child + 1];
        IF v_first.state IS NULL AND v_second.touched THEN
            v_first.state := 'failed';
            v_ending.proven := 'failed';
        END IF;
        IF v_first.state = 'failed' THEN
            v_ending.child := v_second.execution;
        END IF;
        v_ending.after := v_first.ended_by;
        -- The last part always runs; it decides only when it does not complete.
        IF p_self.last_child - p_self.first_child = 2 AND p_all[v_ending.child].state IS NOT NULL THEN
            v_last := p_all[p_self.last_child];
            v_ending.after := v_last.ended_by;
            IF v_last.state IS DISTINCT FROM 'done' THEN
                v_ending.child := v_last.execution;
            END IF;
        END IF;
    WHEN 'TIMEOUT' THEN
        -- A row of its own says that the time was up, unless the body had ended before that.
        IF p_self.seq IS NOT NULL AND COALESCE(v_first.ended_by > p_self.seq, true) THEN
            v_ending.state := 'failed';
        END IF;
    ELSE
        NULL;
    END CASE;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_sequence(df._execution[], df._execution) IS
    'Internal: the part of df._fold for nodes whose children run one after the other.';

-- sql/functions/fold/_executions.sql
-- Where an instance is: the executions (node and path) that its nodes are in, from the root down, each with the row that it left. A loop
-- is in its last iteration, a retry in its last attempt, a foreach in all items about which anything is known. A parent comes before its
-- children, and children of one parent are adjacent, so walking the rows backwards meets the children before the parent.
CREATE FUNCTION df._executions(p_instance_no bigint) RETURNS df._execution[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_graph  df._execution[];   -- the nodes, from 0: what is the same for all their executions
    v_all    df._execution[];
    v_self   df._execution;
    v_child  df._execution;
    v_row    record;
    v_seen   jsonb;
    v_prefix text;
    v_items  integer[];
    v_item   integer;
    v_goes_on boolean;
    v_at     integer := 1;
    v_total  integer := 1;
BEGIN
    FOR v_row IN
        SELECT n.* FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id CROSS JOIN LATERAL df._graph_nodes(g.graph) n
         WHERE s.instance_no = p_instance_no
    LOOP
        v_self.node := v_row.node;
        v_self.node_type := v_row.node_type;
        v_self.query := v_row.query;
        v_self.result_name := v_row.result_name;
        v_self.children := v_row.children;
        v_graph[v_row.node + 1] := v_self;
    END LOOP;
    IF v_graph IS NULL THEN
        RETURN NULL;
    END IF;

    -- The iterations, attempts and items that have checkpoints, by the part of the path before their number. A row of a loop or a retry
    -- itself says that the one it names is over. (It may be missing although later ones exist: the worker writes it when it gets to it.)
    SELECT jsonb_object_agg(n.prefix, n.numbers) INTO v_seen
      FROM (SELECT r.prefix, jsonb_agg(DISTINCT r.number) AS numbers
              FROM (SELECT DISTINCT string_to_array(c.path, '/') AS segments, substring(c.path FROM '(\d+):\d+$') = c.node::text AS is_over
                      FROM df.checkpoints c WHERE c.instance_no = p_instance_no AND c.path <> '') p
             CROSS JOIN LATERAL (SELECT array_to_string(p.segments[:k - 1] || (split_part(p.segments[k], ':', 1) || ':'), '/') AS prefix,
                                        split_part(p.segments[k], ':', 2)::integer
                                            + (p.is_over AND k = cardinality(p.segments))::integer AS number
                                   FROM generate_subscripts(p.segments, 1) k) r
             GROUP BY r.prefix) n;

    v_self := v_graph[1];
    v_self.execution := 1;
    v_self.parent := 0;
    v_self.place := 0;
    v_self.path := '';
    v_self.number := 0;
    v_self.protected := false;
    v_all[1] := v_self;
    WHILE v_at <= v_total LOOP
        v_self := v_all[v_at];
        v_self.first_child := v_total + 1;
        v_prefix := NULL;
        v_items := ARRAY[v_self.number];
        v_goes_on := false;
        IF v_self.node_type IN ('LOOP', 'RETRY', 'FOREACH') THEN
            v_prefix := CASE v_self.path WHEN '' THEN '' ELSE v_self.path || '/' END || v_self.node || ':';
            v_items := ARRAY(SELECT n::integer FROM jsonb_array_elements_text(v_seen -> v_prefix) n);
            IF v_items = '{}' THEN
                v_items := ARRAY[(v_self.node_type <> 'FOREACH')::integer];
            ELSIF v_self.node_type <> 'FOREACH' THEN
                v_items := v_items[cardinality(v_items):];
            END IF;
            v_goes_on := v_self.node_type = 'LOOP' AND COALESCE(v_self.query::json ->> 'continue_on_failure' = 'true', false);
        END IF;
        FOREACH v_item IN ARRAY v_items LOOP
            FOR j IN 1 .. cardinality(v_self.children) LOOP
                v_total := v_total + 1;
                v_child := v_graph[v_self.children[j] + 1];
                v_child.execution := v_total;
                v_child.parent := v_at;
                v_child.place := j;
                v_child.path := COALESCE(v_prefix || v_item, v_self.path);
                v_child.number := v_item;
                v_child.protected := v_self.protected OR v_goes_on AND j = 1;
                v_all[v_total] := v_child;
            END LOOP;
        END LOOP;
        v_self.last_child := v_total;
        v_all[v_at] := v_self;
        v_at := v_at + 1;
    END LOOP;

    -- OFFSET 0: by key, one by one. A join would compare every execution with every checkpoint.
    FOR v_row IN
        SELECT e.execution, c.seq, c.started_at, c.finished_at, c.error IS NOT NULL AS failed,
               df._plain(c.error) ->> 'fatal' = 'true' AS fatal
          FROM (SELECT e.execution, e.node, e.path FROM unnest(v_all) e) e
          LEFT JOIN LATERAL (SELECT * FROM df.checkpoints c
                              WHERE c.instance_no = p_instance_no AND c.node = e.node AND c.path = e.path OFFSET 0) c ON true
    LOOP
        v_self := v_all[v_row.execution];
        v_self.seq := v_row.seq;
        v_self.failed := v_row.failed;
        v_self.began := v_row.started_at;
        v_self.ended := v_row.finished_at;
        v_self.fatal := COALESCE(v_row.fatal, false);
        v_all[v_row.execution] := v_self;
    END LOOP;
    RETURN v_all;
END
$function$;
COMMENT ON FUNCTION df._executions(bigint) IS
    'Internal: the executions that the nodes of an instance are in, parents before children, each with the row that it left.';

-- sql/functions/fold/_fold.sql
-- What the engine knows of an instance, read from its checkpoints: which executions have ended, how, with which checkpoint, and whose
-- result they have. From the last execution to the first, so that children are known before their parent. Where the rows can't tell (a
-- name that a loop carried over, why an attempt was not repeated), a checkpoint of what comes afterwards is the proof.
-- With generic plans: to plan its statements for each instance takes longer than to run them.
CREATE FUNCTION df._fold(p_instance_no bigint) RETURNS df._execution[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_rows    df._execution[] := df._executions(p_instance_no);
    v_all     df._execution[] := v_rows;
    v_self    df._execution;
    v_child   df._execution;
    v_ending  df._ending;
    v_names   text[] := ARRAY(SELECT DISTINCT n.name
                                FROM (SELECT CASE e.node_type WHEN 'FOREACH' THEN e.query::json ->> 'rows'
                                                              WHEN 'IF' THEN e.query::json ->> 'result_name' END AS name
                                        FROM unnest(v_rows) e WHERE e.node_type IN ('FOREACH', 'IF')) n
                               WHERE n.name IS NOT NULL);
    v_named   integer[] := ARRAY(SELECT e.execution FROM unnest(v_rows) e WHERE e.result_name = ANY (v_names));
    v_outcome df.outcomes;
BEGIN
    IF v_rows IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT o.* INTO v_outcome FROM df.outcomes o WHERE o.instance_no = p_instance_no;
    -- Twice when something depends on a name, which an execution that comes later in this order may have bound.
    FOR v_pass IN 1 .. CASE WHEN v_names = '{}' THEN 1 ELSE 2 END LOOP
        FOR i IN REVERSE cardinality(v_rows) .. 1 LOOP
            v_self := v_rows[i];
            v_self.touched := v_self.seq IS NOT NULL;
            FOR j IN v_self.first_child .. v_self.last_child LOOP
                v_child := v_all[j];
                v_self.touched := v_self.touched OR v_child.touched;
                v_self.began := LEAST(v_self.began, v_child.began);
                v_self.ended := GREATEST(v_self.ended, v_child.ended);
            END LOOP;

            v_ending := NULL;
            IF v_self.failed THEN
                v_ending.state := 'failed';
            ELSIF v_self.node_type IN ('THEN', 'TRY', 'UNDO', 'TIMEOUT') THEN
                v_ending := df._end_of_sequence(v_all, v_self);
            ELSIF v_self.node_type IN ('JOIN', 'RACE', 'FOREACH') THEN
                v_ending := df._end_of_branches(p_instance_no, v_all, v_self, v_named, v_outcome.status);
            ELSIF v_self.node_type = 'IF' THEN
                v_ending := df._end_of_if(p_instance_no, v_all, v_self, v_named);
            ELSIF v_self.node_type = 'LOOP' THEN
                v_ending := df._end_of_loop(p_instance_no, v_all, v_self);
            ELSIF v_self.node_type = 'RETRY' THEN
                v_ending := df._end_of_retry(p_instance_no, v_all, v_self);
            ELSIF v_self.node_type = 'BREAK' THEN
                v_ending.state := 'broke';
                v_ending.value := df._break_value(v_self.query);
            ELSIF v_self.seq IS NOT NULL THEN
                v_ending.state := 'done';
            END IF;

            v_self.pick := v_ending.pick;
            IF v_ending.state IS NOT NULL THEN
                v_self.state := v_ending.state;
                v_self.ended_by := COALESCE(v_self.seq, v_ending.after, -1);
                v_self.source := i;
                v_self.value := v_ending.value;
            ELSIF v_ending.child IS NOT NULL THEN
                v_child := v_all[v_ending.child];
                IF v_child.state IS NOT NULL THEN
                    v_self.state := COALESCE(v_ending.counts_as, v_child.state);
                    v_self.ended_by := GREATEST(v_child.ended_by, v_ending.after);
                    v_self.source := v_child.source;
                    -- A condition that fails would be asked again by the loops around.
                    v_self.fatal := v_child.fatal OR v_self.node_type = 'LOOP' AND v_child.place = 2;
                    v_self.prefix := COALESCE(v_ending.label, '') || COALESCE(v_child.prefix, '');
                END IF;
            END IF;
            v_all[i] := v_self;
            IF v_ending.proven IS NOT NULL THEN
                v_child := v_all[v_self.first_child];
                v_child.state := v_ending.proven;
                v_all[v_self.first_child] := v_child;
            END IF;
        END LOOP;
    END LOOP;

    -- The outcome has the last word.
    v_self := v_all[1];
    IF v_outcome.status = 'completed' THEN
        v_self.state := 'done';
        v_self.source := COALESCE(v_self.source, 1);
        v_all[1] := v_self;
        IF v_outcome.result IS NOT NULL THEN
            v_child := v_all[v_self.source];
            v_child.value := v_outcome.result;
            v_all[v_child.execution] := v_child;
        END IF;
    ELSIF v_outcome.status = 'failed' AND v_self.state = 'broke' THEN
        v_self.state := 'failed';
        v_all[1] := v_self;
    END IF;
    RETURN v_all;
END
$function$;
COMMENT ON FUNCTION df._fold(bigint) IS 'Internal: which executions of an instance have ended, and how; parents before children.';

-- sql/functions/fold/_has_bound.sql
-- A branch, an item of a foreach and an undo have names of their own. When a branch ends, its names become those of the nodes around it,
-- unless it has lost a race. Those of items and undos never do.
CREATE FUNCTION df._has_bound(p_all df._execution[], p_named integer, p_self integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    -- The two, and then what is above them, up to the node that they have in common.
    v_named  df._execution := p_all[p_named];
    v_self   df._execution := p_all[p_self];
    v_up     df._execution;
    v_hidden text;           -- a name that is that of the item, or of the error, here
BEGIN
    IF v_named.state IS DISTINCT FROM 'done' THEN
        RETURN false;
    END IF;
    WHILE v_named.parent <> v_self.parent LOOP
        IF v_self.execution > v_named.execution THEN
            v_up := p_all[v_self.parent];
            v_hidden := CASE v_up.node_type WHEN 'FOREACH' THEN v_up.query::json ->> 'item_name'
                                            WHEN 'TRY' THEN CASE v_self.place WHEN 2 THEN 'error' END END;
            IF v_hidden = p_all[p_named].result_name THEN
                RETURN false;
            END IF;
            v_self := v_up;
        ELSE
            v_up := p_all[v_named.parent];
            IF v_up.node_type = 'FOREACH' OR v_up.node_type = 'UNDO' AND v_named.place = 2
                OR v_up.node_type = 'RACE' AND v_named.ended_by IS DISTINCT FROM v_up.ended_by
            THEN
                RETURN false;
            END IF;
            v_named := v_up;
        END IF;
    END LOOP;
    RETURN CASE p_all[v_self.parent].node_type
        WHEN 'IF' THEN v_named.place = 3 AND v_self.place < 3
        WHEN 'THEN' THEN v_named.place < v_self.place
        WHEN 'LOOP' THEN v_named.place < v_self.place
        WHEN 'TRY' THEN v_named.place < v_self.place
        WHEN 'UNDO' THEN v_named.place < v_self.place
        ELSE false END;
END
$function$;
COMMENT ON FUNCTION df._has_bound(df._execution[], integer, integer) IS
    'Internal: whether the result of an execution is bound to its name where another one begins.';

-- sql/functions/fold/_is_retryable.sql
-- The default is the worker's: connections, concurrency, resources, server shutdown, the operating system; locks; timeouts and HTTP
-- failures. What an activity says about its own failure comes first.
CREATE FUNCTION df._is_retryable(p_query text, p_sqlstate text, p_retryable boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT p_retryable IS NOT FALSE AND (
        COALESCE(p_retryable, false) AND p_query::json ->> 'retry_on' IS NULL
        OR EXISTS (SELECT FROM json_array_elements_text(COALESCE(NULLIF(p_query::json ->> 'retry_on', '')::json,
                                                                 '["08","40","53","57","58","55P03","DF005","DF008"]')) p (pattern)
                    WHERE starts_with(p_sqlstate, p.pattern)))
$function$;
COMMENT ON FUNCTION df._is_retryable(text, text, boolean) IS
    'Internal: whether a RETRY with this configuration tries again after such an error.';

-- sql/functions/fold/_is_true.sql
-- Looks at the text, not the value: results include numbers that no SQL type can hold.
CREATE FUNCTION df._is_true(p_result json) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_value json := df._plain(p_result);
    v_rows  json;
    v_text  text;
BEGIN
    v_rows := CASE json_typeof(v_value) WHEN 'object' THEN v_value -> 'rows' END;
    IF json_typeof(v_rows) = 'array' THEN
        IF json_array_length(v_rows) = 0 THEN
            RETURN false;
        ELSIF json_typeof(v_rows -> 0) = 'object' THEN
            v_value := COALESCE((SELECT c.value FROM json_each(v_rows -> 0) c LIMIT 1), v_value);
        END IF;
    END IF;
    v_text := lower(btrim(btrim(v_value::text, E' \t\r\n'), E'" \t'));
    RETURN CASE json_typeof(v_value)
        WHEN 'boolean' THEN v_text = 'true'
        WHEN 'number' THEN split_part(v_text, 'e', 1) ~ '[1-9]'
        WHEN 'string' THEN CASE
            WHEN v_text IN ('', 'f', 'false', 'no') THEN false
            WHEN v_text ~ '^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$' THEN split_part(v_text, 'e', 1) ~ '[1-9]'
            ELSE true END
        WHEN 'array' THEN json_array_length(v_value) > 0
        WHEN 'object' THEN EXISTS (SELECT FROM json_object_keys(v_value))
        ELSE false
    END;
END
$function$;
COMMENT ON FUNCTION df._is_true(json) IS 'Internal: whether a condition with this result holds.';

-- sql/functions/fold/_loop_failures.sql
-- What the loop carries along, plus a failure that it has not carried yet: that happens with the next iteration.
CREATE FUNCTION df._loop_failures(p_instance_no bigint, p_path text, p_node integer, p_error json, p_source integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_carried jsonb;
    v_error   jsonb := df._jsonb(p_error);
    v_count   integer;
BEGIN
    SELECT df._jsonb(c.result) INTO v_carried
      FROM df.checkpoints c
     WHERE c.instance_no = p_instance_no AND c.node = p_node AND c.error IS NULL
       AND starts_with(c.path, CASE p_path WHEN '' THEN '' ELSE p_path || '/' END || p_node || ':')
     ORDER BY c.seq DESC LIMIT 1;
    v_count := COALESCE((v_carried ->> 'failed_iterations')::integer, 0) + (v_error IS NOT NULL)::integer;
    IF v_count = 0 THEN
        RETURN jsonb_build_object('failed_iterations', 0);
    END IF;
    RETURN jsonb_build_object('failed_iterations', v_count, 'last_error', CASE
        WHEN v_error IS NULL THEN v_carried -> 'last_error'
        ELSE jsonb_build_object('message', v_error -> 'message', 'sqlstate', v_error -> 'sqlstate', 'node', df._node_id(p_source)) END);
END
$function$;
COMMENT ON FUNCTION df._loop_failures(bigint, text, integer, json, integer) IS
    'Internal: how many iterations of a loop that continues on failure have failed, and why the last of them did.';

-- sql/functions/fold/_node_states.sql
-- What the end of a node means for those below it, from the root down, and what each node shows. If a node has several executions (the
-- items of a foreach), one represents them all: first choice a failed one, then a running one, then a stopped one, then the latest.
CREATE FUNCTION df._node_states(p_instance_no bigint)
RETURNS TABLE (node integer, node_type text, query text, result_name text, children integer[], status text, result json, error json,
               inferred_status text, inferred_from integer, path text, number integer, started_at timestamptz, finished_at timestamptz,
               failures jsonb)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_all       df._execution[];
    v_self      df._execution;
    v_up        df._execution;
    v_first     df._execution;      -- the first child of the same parent
    v_word      text[]        := '{}';
    v_begun     boolean[]     := '{}';
    v_over      integer[]     := '{}';  -- the nearest execution above that has ended
    v_busy      boolean[]     := '{}';  -- inside a foreach that has items left
    v_since     timestamptz[] := '{}';
    v_is_begun  boolean;
    v_over_by   integer;
    v_is_busy   boolean;
    v_from      timestamptz;
    v_undoing   integer[] := '{}';  -- the UNDOs whose undos are running
    v_above     integer[] := '{}';  -- these, and everything above them
    v_outcome   df.outcomes;
    v_since_all timestamptz;
BEGIN
    v_all := COALESCE(df._fold(p_instance_no), '{}');
    SELECT o.* INTO v_outcome FROM df.outcomes o WHERE o.instance_no = p_instance_no;
    SELECT q.started_at INTO v_since_all FROM df.queue q WHERE q.instance_no = p_instance_no;
    IF v_outcome.status IS NULL THEN
        v_undoing := df._undoing(v_all);
    END IF;
    FOREACH v_over_by IN ARRAY v_undoing LOOP
        WHILE v_over_by > 0 LOOP
            v_above := v_above || v_over_by;
            v_over_by := v_all[v_over_by].parent;
        END LOOP;
    END LOOP;
    FOR i IN 1 .. cardinality(v_all) LOOP
        v_self := v_all[i];
        -- No assignment to an element reads the same array: that would copy the array each time.
        IF i = 1 THEN
            v_is_begun := v_self.touched OR v_since_all IS NOT NULL
                OR COALESCE(v_outcome.status = 'cancelled' OR v_self.state IS NOT NULL AND v_outcome.status IS NOT NULL, false);
            v_is_busy := false;
            v_over_by := NULL;
            v_from := v_since_all;
        ELSE
            -- Once for all children of one parent, which are adjacent: the parent's result may be large.
            IF v_up.execution IS DISTINCT FROM v_self.parent THEN
                v_up := v_all[v_self.parent];
                v_first := v_all[v_up.first_child];
            END IF;
            v_is_begun := v_self.touched OR v_begun[v_self.parent] AND COALESCE(CASE v_up.node_type
                WHEN 'THEN' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'LOOP' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'IF' THEN v_self.place = 3 OR v_up.pick = v_self.place - 1
                WHEN 'UNDO' THEN v_self.place = 1 OR v_self.parent = ANY (v_undoing)
                WHEN 'TRY' THEN CASE
                    WHEN v_self.place = 1 THEN true
                    WHEN v_first.state = 'failed' THEN v_first.execution <> ALL (v_above)
                        AND (v_self.place = 2 OR v_all[v_up.first_child + 1].state IS NOT NULL)
                    ELSE v_self.place = 3 AND v_first.state IS NOT NULL END
                -- What ends as soon as it begins leaves no row, and nothing else begins then.
                WHEN 'RACE' THEN NOT EXISTS (SELECT FROM generate_series(v_up.first_child, i - 1) e
                                              WHERE v_all[e].state IS NOT NULL AND NOT v_all[e].touched)
                WHEN 'FOREACH' THEN v_up.state IS NULL
                ELSE true END, false);
            v_over_by := CASE
                -- An undo begins after what it undoes has ended.
                WHEN v_up.node_type = 'UNDO' AND v_self.place = 2 THEN NULL
                WHEN v_up.state IS NOT NULL OR v_up.node_type = 'IF' AND v_self.place < 3 AND v_up.pick <> v_self.place - 1
                    OR v_up.node_type = 'LOOP' AND v_word[v_self.parent] = 'failed' AND v_over[v_self.parent] IS NOT NULL
                    THEN v_self.parent
                ELSE v_over[v_self.parent] END;
            v_is_busy := v_busy[v_self.parent]
                OR v_up.node_type = 'FOREACH' AND v_up.state IS NULL AND v_over_by IS NULL AND v_outcome.status IS NULL;
            v_from := CASE
                WHEN v_up.node_type IN ('THEN', 'TRY') AND v_self.place = 2 THEN v_first.ended
                WHEN v_up.node_type = 'IF' OR v_self.number > 1 OR v_self.place > 1 AND v_up.node_type NOT IN ('JOIN', 'RACE') THEN NULL
                ELSE v_since[v_self.parent] END;
        END IF;
        v_begun[i] := v_is_begun;
        v_over[i] := v_over_by;
        v_busy[i] := v_is_busy;
        v_since[i] := v_from;
        v_word[i] := CASE
            -- It has failed, and takes back what was done before it reports the failure.
            WHEN i = 1 AND v_self.state IN ('failed', 'broke') AND v_outcome.status IS NULL AND v_undoing <> '{}' THEN 'running'
            WHEN v_is_begun AND v_self.state = 'failed' THEN 'failed'
            WHEN v_is_begun AND v_self.state IS NOT NULL THEN CASE WHEN v_is_busy THEN 'running' ELSE 'completed' END
            WHEN v_over_by IS NOT NULL OR v_outcome.status IS NOT NULL THEN CASE
                WHEN NOT v_is_begun THEN 'skipped'
                -- The losers of a race count as skipped. A loop that loses has failed, as users of pg_durable expect.
                WHEN v_all[v_over_by].node_type = 'RACE' THEN
                    CASE WHEN v_self.node_type = 'LOOP' AND v_self.parent = v_over_by THEN 'failed' ELSE 'skipped' END
                WHEN v_all[v_over_by].node_type = 'LOOP' AND v_all[v_over_by].state IS NULL THEN 'skipped'
                -- The instance could not go on: its role is gone.
                WHEN v_over_by IS NULL AND v_outcome.status = 'failed' AND v_outcome.result_node IS NULL THEN 'failed'
                ELSE 'cancelled' END
            WHEN v_is_begun THEN 'running'
            ELSE 'pending' END;
    END LOOP;

    RETURN QUERY
    SELECT e.node, e.node_type, e.query, e.result_name, e.children,
           CASE e.word WHEN 'cancelled' THEN 'failed' WHEN 'skipped' THEN 'pending' ELSE e.word END,
           CASE e.word WHEN 'completed' THEN COALESCE(v_all[e.source].value, c.result) END,
           CASE WHEN e.word = 'failed' AND e.execution = 1 AND v_outcome.error IS NOT NULL THEN v_outcome.error
                WHEN e.word = 'failed' AND e.state IS NULL THEN
                    CASE WHEN e.over IS NULL THEN v_outcome.error
                         ELSE json_build_object('message', 'Loop branch cancelled after losing RACE') END
                WHEN e.word = 'failed' THEN df._prefix_error(COALESCE(c.error, df._timeout_error(v_all[e.source].query)), e.prefix)
                WHEN e.word = 'cancelled' AND e.over IS NOT NULL
                    THEN json_build_object('message', 'canceled: ' || v_all[e.over].node_type || ' ended first')
                WHEN e.word = 'cancelled' THEN COALESCE(v_outcome.error, json_build_object('message', 'canceled')) END,
           e.word, CASE WHEN e.word IN ('skipped', 'cancelled') THEN v_all[e.over].node END, e.path, e.number,
           COALESCE(e.began, CASE e.word WHEN 'running' THEN e.since END),
           CASE WHEN e.word IN ('completed', 'failed') THEN e.ended END,
           CASE WHEN CASE e.node_type WHEN 'LOOP' THEN e.query::json ->> 'continue_on_failure' = 'true' END
                THEN df._loop_failures(p_instance_no, e.path, e.node, b.error, b.node) END
      -- Side by side, and checkpoints by key (OFFSET 0): joins would be planned for few nodes, and compare all with all.
      FROM (SELECT DISTINCT ON (f.node) f.*
              FROM ROWS FROM (unnest(v_word), unnest(v_over), unnest(v_since), unnest(v_all)) f (word, over, since)
             ORDER BY f.node, array_position(ARRAY['failed', 'running', 'cancelled', 'completed', 'skipped', 'pending'], f.word),
                      f.ended_by DESC NULLS LAST) e
      LEFT JOIN LATERAL (SELECT * FROM df.checkpoints c WHERE c.instance_no = p_instance_no
                            AND c.node = v_all[e.source].node AND c.path = v_all[e.source].path OFFSET 0) c ON true
      -- The failure of the body in spite of which a loop goes on.
      LEFT JOIN LATERAL (SELECT w.node,
                                df._prefix_error(COALESCE(x.error, df._timeout_error(w.query)), v_all[e.first_child].prefix) AS error
                           FROM (SELECT CASE WHEN e.node_type = 'LOOP' AND e.state IS NULL AND v_all[e.first_child].state = 'failed'
                                             THEN v_all[e.first_child].source END AS source) s
                          CROSS JOIN LATERAL unnest(v_all[s.source : s.source]) w
                           LEFT JOIN df.checkpoints x ON x.instance_no = p_instance_no AND x.node = w.node AND x.path = w.path) b ON true
     ORDER BY e.node;
EXCEPTION WHEN data_exception THEN
    -- A graph that was written without df.start must not break the listing for those who see all instances.
    BEGIN
        PERFORM df._validate(g.graph) FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id WHERE s.instance_no = p_instance_no;
    EXCEPTION WHEN OTHERS THEN
        RETURN;
    END;
    RAISE;
END
$function$;
COMMENT ON FUNCTION df._node_states(bigint) IS 'Internal: the state of every node of an instance.';

-- sql/functions/fold/_outside_result.sql
-- What a name is bound to if no recorded execution has bound it. Only a loop that has finished an iteration leaves names in its row.
CREATE FUNCTION df._outside_result(p_instance_no bigint, p_name text) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF p_name = 'input' THEN
        RETURN (SELECT s.input::json FROM df.submissions s WHERE s.instance_no = p_instance_no);
    END IF;
    RETURN (SELECT c.names -> p_name -> 'result'
              FROM (SELECT c.seq, df._plain(c.result) -> 'names' AS names
                      FROM df.checkpoints c
                     WHERE c.instance_no = p_instance_no
                       AND c.node IN (SELECT l.node
                                        FROM df.submissions s
                                        JOIN df.graphs g ON g.graph_id = s.graph_id
                                       CROSS JOIN LATERAL df._graph_nodes(g.graph) l
                                       WHERE s.instance_no = p_instance_no AND l.node_type = 'LOOP')) c
             WHERE c.names -> p_name IS NOT NULL
             ORDER BY c.seq DESC LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._outside_result(bigint, text) IS
    'Internal: the result that a name got from the input, or from a loop iteration that is over.';

-- sql/functions/fold/_plain.sql
-- json can store \u0000, but nothing can be read from a value that contains it.
CREATE FUNCTION df._plain(p_value json) RETURNS json
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN strpos(p_value::text, '\u0000') = 0 THEN p_value ELSE replace(p_value::text, '\u0000', '\u0001')::json END
$function$;
COMMENT ON FUNCTION df._plain(json) IS 'Internal: a value that can be read, with \u0001 in place of \u0000.';

-- sql/functions/fold/_prefix_error.sql
CREATE FUNCTION df._prefix_error(p_error json, p_prefix text) RETURNS json
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN p_prefix = '' OR p_prefix IS NULL THEN p_error ELSE
        (SELECT ('{' || string_agg(to_json(e.key)::text || ':'
                                   || CASE e.key WHEN 'message' THEN to_json(p_prefix || (df._plain(p_error) ->> 'message'))::text
                                                 ELSE e.value::text END, ',' ORDER BY e.place) || '}')::json
           FROM json_each(df._plain(p_error)) WITH ORDINALITY e (key, value, place)) END
$function$;
COMMENT ON FUNCTION df._prefix_error(json, text) IS 'Internal: the error of a node below, as an enclosing node reports it.';

-- sql/functions/fold/_results_of.sql
CREATE FUNCTION df._results_of(p_instance_no bigint, p_all df._execution[], p_self df._execution) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source  df._execution;
    v_result  text;
    v_results text[] := '{}';
BEGIN
    FOR j IN p_self.first_child .. p_self.last_child LOOP
        v_source := p_all[p_all[j].source];
        v_result := v_source.value;
        IF v_result IS NULL THEN
            SELECT c.result INTO v_result FROM df.checkpoints c
             WHERE c.instance_no = p_instance_no AND c.node = v_source.node AND c.path = v_source.path;
        END IF;
        v_results := array_append(v_results, COALESCE(v_result, 'null'));
    END LOOP;
    RETURN '[' || array_to_string(v_results, ',') || ']';
END
$function$;
COMMENT ON FUNCTION df._results_of(bigint, df._execution[], df._execution) IS 'Internal: the results of all children as one array.';

-- sql/functions/fold/_row_count.sql
CREATE FUNCTION df._row_count(p_result json) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_result json := df._plain(p_result);
BEGIN
    IF json_typeof(v_result) = 'object' THEN
        v_result := v_result -> 'rows';
    END IF;
    RETURN CASE json_typeof(v_result) WHEN 'array' THEN json_array_length(v_result) END;
END
$function$;
COMMENT ON FUNCTION df._row_count(json) IS
    'Internal: the number of rows in a result, or of elements if it is an array; NULL for any other result.';

-- sql/functions/fold/_sequence.sql
-- When such a graph has completed, each of its steps has run once and completed. So df.nodes reads what the nodes show from the
-- checkpoints, without df._fold. A sequence begins and ends with the steps in it, and has the result of the last of them.
--
-- In a database where each instance has a graph of its own, there are as many graphs as instances, most of them of one step. These are
-- known by their text, as composers write it.
CREATE FUNCTION df._sequence(p_graph text) RETURNS df._step[]
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node  record;
    v_total integer;
    v_lasts integer[];
    v_steps df._step[];
BEGIN
    IF p_graph ~ '^\{"node_type":"SQL","query":"(?:[^"\\\u0001-\u001f]|\\["\\/bfnrt])*"(?:,"result_name":"\w+")?\}$' THEN
        RETURN ARRAY[ROW(0, 'SQL', p_graph::json ->> 'query', p_graph::json ->> 'result_name', '{}'::integer[], 0, 0)::df._step];
    END IF;
    -- From the last node to the first, so that children come before their parents.
    FOR v_node IN SELECT n.*, cardinality(n.children) AS branches FROM df._graph_nodes(p_graph) n ORDER BY n.node DESC LOOP
        v_total := COALESCE(v_total, v_node.node + 1);
        IF v_node.branches = 2 AND v_node.node_type = 'THEN' THEN
            v_lasts := array_append(v_lasts, v_lasts[v_total - v_node.children[2]]);
        ELSIF v_node.branches = 0 AND v_node.node_type IN
            ('SQL', 'SLEEP', 'WAIT_SCHEDULE', 'HTTP', 'HTTP_MULTIPART', 'SIGNAL', 'CALL', 'ACTIVITY')
        THEN
            v_lasts := array_append(v_lasts, v_node.node);
        ELSE
            RETURN NULL;
        END IF;
        v_steps := array_append(v_steps, ROW(v_node.node, v_node.node_type, v_node.query, v_node.result_name, v_node.children,
                                             v_node.node + v_node.branches / 2, v_lasts[v_total - v_node.node])::df._step);
    END LOOP;
    RETURN ARRAY(SELECT s FROM unnest(v_steps) s ORDER BY s.node);
END
$function$;
COMMENT ON FUNCTION df._sequence(text) IS
    'Internal: the nodes of a graph that consists of steps and sequences of them; NULL for any other graph.';

-- sql/functions/fold/_timeout_error.sql
CREATE FUNCTION df._timeout_error(p_query text) RETURNS json
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT json_build_object('message', format('step timed out after %s s', p_query::json ->> 'timeout_seconds'), 'sqlstate', 'DF005')
$function$;
COMMENT ON FUNCTION df._timeout_error(text) IS 'Internal: the error of a TIMEOUT that expired; its checkpoint only says that it did.';

-- sql/functions/fold/_undoing.sql
-- Undos run when the graph has failed, or the body of a TRY or of a loop that continues on failure (then only those inside it):
-- one at a time for each of these, that of the latest step first.
CREATE FUNCTION df._undoing(p_all df._execution[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_undo   df._execution;
    v_self   df._execution;
    v_up     df._execution;
    v_scopes integer[] := '{}';
    v_result integer[] := '{}';
BEGIN
    FOR v_undo IN
        SELECT f.* FROM unnest(p_all) f JOIN unnest(p_all) u ON u.parent = f.execution AND u.place = 2
         WHERE f.node_type = 'UNDO' AND f.state = 'done' AND u.state IS NULL
         ORDER BY f.ended_by DESC
    LOOP
        v_self := v_undo;
        v_up := p_all[v_self.parent];
        WHILE v_self.execution > 1
            AND NOT (v_self.place = 1 AND v_self.state = 'failed'
                AND (v_up.node_type = 'TRY' OR v_up.node_type = 'LOOP' AND v_up.state IS NULL))
            -- One inside of an undo comes when that has ended.
            AND NOT (v_self.place = 2 AND v_self.state IS NULL AND v_up.node_type = 'UNDO')
        LOOP
            v_self := v_up;
            v_up := p_all[v_self.parent];
        END LOOP;
        -- Once the handler has begun, the undos of the body are over.
        IF v_self.execution <> ALL (v_scopes)
            AND (v_self.state = 'failed' AND (v_up.node_type = 'LOOP' OR NOT p_all[v_self.execution + 1].touched)
                 OR v_self.execution = 1 AND v_self.state IN ('failed', 'broke'))
        THEN
            v_scopes := v_scopes || v_self.execution;
            v_result := v_result || v_undo.execution;
        END IF;
    END LOOP;
    RETURN v_result;
END
$function$;
COMMENT ON FUNCTION df._undoing(df._execution[]) IS 'Internal: the UNDOs whose undos are running in a live instance.';

-- sql/functions/fork/_called.sql
CREATE FUNCTION df._called(p_node df._step) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN format('"%s" (node %s)', df._one_line(df._step_name(p_node.result_name, df._node_title(p_node)), 60), df._node_id(p_node.node));
END
$function$;
COMMENT ON FUNCTION df._called(df._step) IS 'Internal: a node as messages name it.';

-- sql/functions/fork/_chain.sql
CREATE FUNCTION df._chain(p_tree df._step[], p_node integer) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_stack integer[] := ARRAY[p_node];
    v_node  df._step;
    v_chain integer[] := '{}';
BEGIN
    WHILE v_stack <> '{}' LOOP
        v_node := p_tree[v_stack[1] + 1];
        v_stack := v_stack[2:];
        IF v_node.node_type = 'THEN' AND v_node.result_name IS NULL THEN
            v_stack := v_node.children || v_stack;
        ELSE
            v_chain := array_append(v_chain, v_node.node);
        END IF;
    END LOOP;
    RETURN v_chain;
END
$function$;
COMMENT ON FUNCTION df._chain(df._step[], integer) IS 'Internal: the steps of a sequence, in order; the node itself if it is none.';

-- sql/functions/fork/_counterparts.sql
-- Compares two graphs as far as an instance has come, and finds the node of the new one that takes the place of each of the old one. An
-- instance that has recorded something can continue with the new graph if the engine takes the same way through it.
--
-- Chains of THEN nodes without a name are compared as lists: a step that is appended to a sequence makes all of it deeper, and changes the
-- number of every node.
--
-- p_levels says for each node of the old graph what must be the same: 0 nothing; 1 only that there is a node in its place; 2 its kind;
-- 3 the node; 4 the node and everything below it.
CREATE FUNCTION df._counterparts(p_old df._step[], p_new df._step[], p_levels integer[], OUT counterparts integer[], OUT differs integer)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    s_old   integer[] := '{0}';
    s_new   integer[] := '{0}';
    v_top   integer := 1;
    v_level integer;
    v_olds  integer[];
    v_news  integer[];
    v_old   df._step;
    v_new   df._step;
BEGIN
    counterparts := array_fill(NULL::integer, ARRAY[cardinality(p_old)]);
    WHILE v_top > 0 LOOP
        v_level := p_levels[s_old[v_top] + 1];
        v_olds := df._chain(p_old, s_old[v_top]);
        v_news := df._chain(p_new, s_new[v_top]);
        v_top := v_top - 1;
        FOR i IN 1 .. cardinality(v_olds) LOOP
            CONTINUE WHEN p_levels[v_olds[i] + 1] = 0;
            v_old := p_old[v_olds[i] + 1];
            differs := v_old.node;
            IF i > cardinality(v_news) THEN
                RETURN;
            END IF;
            v_new := p_new[v_news[i] + 1];
            counterparts[v_old.node + 1] := v_new.node;
            CONTINUE WHEN p_levels[v_old.node + 1] = 1;
            IF (v_old.node_type, v_old.result_name) IS DISTINCT FROM (v_new.node_type, v_new.result_name)
                OR p_levels[v_old.node + 1] > 2 AND v_old.query IS DISTINCT FROM v_new.query
                OR cardinality(v_old.children) <> cardinality(v_new.children)
                    AND (p_levels[v_old.node + 1] = 4 OR v_old.node_type IN ('JOIN', 'RACE'))
            THEN
                RETURN;
            END IF;
            FOR j IN 1 .. cardinality(v_old.children) LOOP
                CONTINUE WHEN p_levels[v_old.children[j] + 1] = 0;
                IF v_new.children[j] IS NULL THEN
                    differs := v_old.children[j];
                    RETURN;
                END IF;
                v_top := v_top + 1;
                s_old[v_top] := v_old.children[j];
                s_new[v_top] := v_new.children[j];
            END LOOP;
        END LOOP;
        -- What was over would go on.
        IF v_level = 4 AND cardinality(v_news) > cardinality(v_olds) THEN
            differs := v_olds[cardinality(v_olds)];
            RETURN;
        END IF;
    END LOOP;
    differs := NULL;
END
$function$;
COMMENT ON FUNCTION df._counterparts(df._step[], df._step[], integer[]) IS
    'Internal: for each node of a graph the one in its place in another graph, or the first one that differs where it must not.';

-- sql/functions/fork/_fork_before.sql
-- The number of the first input that came after the node began; NULL if none did. Everything in its way runs one after the other, so what
-- was recorded before that is what ran before the node.
CREATE FUNCTION df._fork_before(p_instance bigint, p_tree df._step[], p_all df._execution[], p_point df._execution) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_self  df._execution := p_point;
    v_up    df._execution;
    v_after df._execution;
    v_from  integer[] := ARRAY[p_point.node];
    v_to    integer[] := ARRAY[p_tree[p_point.node + 1].last];
    v_paths text[] := ARRAY[p_point.path];
BEGIN
    WHILE v_self.parent > 0 LOOP
        v_up := p_all[v_self.parent];
        IF v_up.node_type = 'TIMEOUT' THEN
            v_from := v_from || v_up.node;
            v_to := v_to || v_up.node;
            v_paths := v_paths || v_up.path;
        END IF;
        FOR e IN v_up.first_child .. v_up.last_child LOOP
            v_after := p_all[e];
            CONTINUE WHEN CASE v_up.node_type WHEN 'IF' THEN v_self.place < 3 OR v_after.place = 3 ELSE v_after.place <= v_self.place END;
            v_from := v_from || v_after.node;
            v_to := v_to || p_tree[v_after.node + 1].last;
            v_paths := v_paths || v_after.path;
        END LOOP;
        v_self := v_up;
    END LOOP;
    RETURN (SELECT min(c.seq)
              FROM unnest(v_from, v_to, v_paths) a (first, last, path)
              JOIN df.checkpoints c ON c.node BETWEEN a.first AND a.last
                   AND (a.path = '' OR c.path = a.path OR starts_with(c.path, a.path || '/'))
             WHERE c.instance_no = p_instance);
END
$function$;
COMMENT ON FUNCTION df._fork_before(bigint, df._step[], df._execution[], df._execution) IS
    'Internal: the number of the first input of an instance that a fork at this execution does not take over.';

-- sql/functions/fork/_fork_levels.sql
CREATE FUNCTION df._fork_levels(p_tree df._step[], p_all df._execution[], p_point df._execution) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_levels integer[] := array_fill(0, ARRAY[cardinality(p_tree)]);
    v_self   df._execution := p_point;
    v_up     df._execution;
    v_child  df._step;
BEGIN
    v_levels[p_point.node + 1] := 1;
    WHILE v_self.parent > 0 LOOP
        v_up := p_all[v_self.parent];
        -- Its time begins again, so it may be another one.
        v_levels[v_up.node + 1] := CASE v_up.node_type WHEN 'TIMEOUT' THEN 2 ELSE 3 END;
        FOR j IN 1 .. cardinality(v_up.children) LOOP
            -- What ran before. In an IF the condition comes last in the graph; the race is that of df.undo_on_cancel.
            IF (CASE v_up.node_type WHEN 'IF' THEN j = 3 AND v_self.place < 3
                                    WHEN 'RACE' THEN j <> v_self.place
                                    ELSE j < v_self.place END)
            THEN
                v_child := p_tree[v_up.children[j] + 1];
                FOR n IN v_child.first .. v_child.last LOOP
                    v_levels[n + 1] := 4;
                END LOOP;
            END IF;
        END LOOP;
        -- An attempt before this one may have run all of it.
        IF v_up.node_type = 'RETRY' AND v_self.number > 1 THEN
            FOR n IN v_up.node + 1 .. p_tree[v_up.node + 1].last LOOP
                v_levels[n + 1] := 4;
            END LOOP;
        END IF;
        v_self := v_up;
    END LOOP;
    RETURN v_levels;
END
$function$;
COMMENT ON FUNCTION df._fork_levels(df._step[], df._execution[], df._execution) IS
    'Internal: what a graph must have in common with another one for a fork to continue there: see df._counterparts.';

-- sql/functions/fork/_fork_point.sql
-- A retry whose first step is named begins anew: its attempts are that step's.
CREATE FUNCTION df._fork_point(p_all df._execution[], p_node integer, p_whole boolean, OUT point df._execution, OUT since integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_self    df._execution := (SELECT e FROM unnest(p_all) e WHERE e.node = p_node ORDER BY e.execution LIMIT 1);
    v_up      df._execution;
    v_first   df._execution;     -- the first child of the same parent
    v_second  df._execution;
    v_leads   boolean := true;   -- whether it is the first step of everything so far
    v_reached boolean := true;
BEGIN
    point := v_self;
    WHILE v_self.parent > 0 LOOP
        v_up := p_all[v_self.parent];
        v_first := p_all[v_up.first_child];
        v_second := p_all[v_up.first_child + 1];
        v_leads := v_leads AND v_self.place = 1 AND v_up.node_type IN ('THEN', 'TIMEOUT', 'UNDO', 'TRY', 'RETRY');
        IF v_leads AND v_up.node_type = 'RETRY' THEN
            point := v_up;
        ELSIF v_up.node_type IN ('JOIN', 'FOREACH') OR v_up.node_type = 'RACE' AND NOT (p_whole AND v_up.execution = 1 AND v_self.place = 1)
        THEN
            RAISE EXCEPTION 'node % is inside of a %, where steps run side by side: no other instance can continue from there',
                            df._node_id(p_node), v_up.node_type
                USING ERRCODE = 'DF024',
                      HINT = format('Fork from the %s itself, node %s, or from a step outside of it.',
                                    v_up.node_type, df._node_id(v_up.node));
        ELSIF v_up.node_type = 'UNDO' AND v_self.place = 2 THEN
            RAISE EXCEPTION 'node % undoes a step: no other instance can continue from there', df._node_id(p_node)
                USING ERRCODE = 'DF024', HINT = format('Fork from that step, node %s.', df._node_id(v_up.children[1]));
        END IF;
        IF NOT v_self.touched THEN
            v_reached := v_reached AND COALESCE(CASE v_up.node_type
                WHEN 'THEN' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'LOOP' THEN v_self.place = 1 OR v_first.state = 'done'
                WHEN 'IF' THEN v_self.place = 3 OR v_up.pick = v_self.place - 1
                WHEN 'TRY' THEN CASE v_self.place
                    WHEN 1 THEN true
                    WHEN 2 THEN v_first.state = 'failed'
                    ELSE v_first.state = 'done' OR v_first.state = 'failed' AND v_second.state IS NOT NULL END
                ELSE true END, false);
            since := GREATEST(since, CASE
                WHEN v_up.node_type = 'IF' AND v_self.place < 3 THEN (p_all[v_up.last_child]).ended_by
                WHEN v_self.place = 3 AND v_first.state = 'failed' THEN GREATEST(v_first.ended_by, v_second.ended_by)
                WHEN v_self.place > 1 THEN v_first.ended_by END);
        END IF;
        v_self := v_up;
    END LOOP;
    IF NOT v_reached THEN
        point := NULL;
    END IF;
END
$function$;
COMMENT ON FUNCTION df._fork_point(df._execution[], integer, boolean) IS
    'Internal: the execution of a node that a fork continues from, and the input without which it has not begun, if it has recorded '
    'nothing. NULL if it has not been reached, an error if nothing can continue there. '
    'p_whole: the race at the top is that of df.undo_on_cancel.';

-- sql/functions/fork/_fork_rows.sql
-- Stable, so that all of it, with whatever it calls, sees one snapshot: the source may be running.
CREATE FUNCTION df._fork_rows(p_source bigint, p_node integer, p_graph text) RETURNS SETOF df.checkpoints
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph  text := (SELECT g.graph FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id AND g.owner = s.submitted_by
                       WHERE s.instance_no = p_source);
    v_old    df._step[] := df._tree(v_graph);
    v_new    df._step[] := df._tree(p_graph);
    v_all    df._execution[];
    v_point  df._execution;
    v_found  record;
    v_before integer;
    v_moved  record;
    v_undone df._step;
BEGIN
    IF p_node NOT BETWEEN 0 AND cardinality(v_old) - 1 OR v_new IS NULL THEN
        RAISE EXCEPTION 'there is no node % to fork from', p_node USING ERRCODE = 'DF024';
    END IF;
    v_all := df._fold(p_source);
    v_found := df._fork_point(v_all, p_node, df._is_undone_on_cancel(v_graph));
    v_point := v_found.point;
    v_before := CASE WHEN v_point.execution IS NOT NULL THEN df._fork_before(p_source, v_old, v_all, v_point) END;
    -- Before the first claim there is nothing, and while a TRY undoes its steps its handler has not begun. What ended a step may have come
    -- after a timeout, too late.
    IF v_point.execution IS NULL OR NOT v_point.touched AND v_found.since >= v_before OR NOT EXISTS (
        SELECT FROM df.outcomes o WHERE o.instance_no = p_source AND o.started_at IS NOT NULL
        UNION ALL
        SELECT FROM df.queue q WHERE q.instance_no = p_source AND q.started_at IS NOT NULL AND df._undoing(v_all) = '{}')
    THEN
        RAISE EXCEPTION 'the instance has not reached step %', df._called(v_old[p_node + 1])
            USING ERRCODE = 'DF024',
                  HINT = 'Fork from a step that it has begun. In a loop, that is one of the last iteration. df.explain shows where it is.';
    END IF;

    v_moved := df._counterparts(v_old, v_new, df._fork_levels(v_old, v_all, v_point));
    IF v_moved.differs IS NOT NULL THEN
        RAISE EXCEPTION 'the graphs differ before step %: step % is not the same in both',
                        df._called(v_old[p_node + 1]), df._called(v_old[v_moved.differs + 1])
            USING ERRCODE = 'DF024',
                  HINT = 'A fork takes over what ran before, so that must be the same. Fork from the step that changed.';
    END IF;
    v_undone := df._fork_undos(p_source, v_old, v_before);
    IF v_undone.node IS NOT NULL THEN
        RAISE EXCEPTION 'step % ran before that, and it has been undone or may be undone', df._called(v_undone)
            USING ERRCODE = 'DF024',
                  HINT = 'Fork from that step or from one before it. A running instance undoes nothing once df.terminate has ended it.';
    END IF;
    RETURN QUERY SELECT * FROM df._moved_rows(p_source, v_before, v_old, v_new, v_moved.counterparts);
END
$function$;
COMMENT ON FUNCTION df._fork_rows(bigint, integer, text) IS
    'Internal: what a fork of an instance takes over, in the numbers of the graph that it runs; an error if it can''t continue from there.';

-- sql/functions/fork/_fork_undos.sql
-- A fork takes over what was done, and the duty to undo it if it fails. It can't take over what has been undone, or what its source may
-- still undo.
CREATE FUNCTION df._fork_undos(p_instance bigint, p_tree df._step[], p_before integer) RETURNS df._step
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_live boolean := EXISTS (SELECT FROM df.queue q WHERE q.instance_no = p_instance);
BEGIN
    RETURN (SELECT p_tree[u.children[1] + 1]
              FROM unnest(p_tree) u
             WHERE u.node_type = 'UNDO'
               AND (v_live OR EXISTS (SELECT FROM df.checkpoints c
                                       WHERE c.instance_no = p_instance AND c.seq >= p_before
                                         AND c.node BETWEEN u.children[2] AND p_tree[u.children[2] + 1].last))
               -- It ran, in this iteration of its loop or in one whose end carried its undo over.
               AND EXISTS (SELECT FROM df.checkpoints c
                            WHERE c.instance_no = p_instance AND (p_before IS NULL OR c.seq < p_before)
                              AND (c.node BETWEEN u.children[1] AND p_tree[u.children[1] + 1].last
                                   OR p_tree[c.node + 1].node_type = 'LOOP'
                                      AND c.result::text ~ ('"undos":\[.*"node":' || u.children[2] || ',"path":')))
             ORDER BY u.node
             LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._fork_undos(bigint, df._step[], integer) IS
    'Internal: a step before a fork that has been undone, or that the running source may undo; NULL if there is none.';

-- sql/functions/fork/_forked.sql
-- The row passed row security: the role that it names has written it, and only an instance of the same role can be its source, whatever
-- else that role may see. So no role gets another's results, and none runs another's graph.
CREATE FUNCTION df._forked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source  record;
    v_problem text;
BEGIN
    SELECT s.*, COALESCE(q.started_at, o.started_at) AS started_at, g.graph AS new_graph
      INTO v_source
      FROM df.submissions s
      LEFT JOIN df.queue q ON q.instance_no = s.instance_no
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.graphs g ON g.graph_id = NEW.graph_id AND g.owner = NEW.submitted_by
     WHERE s.id = NEW.forked_from AND s.submitted_by = NEW.submitted_by;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance not found or access denied: %', NEW.forked_from
            USING ERRCODE = 'DF002', HINT = 'Only the role that an instance runs as can fork it: SET ROLE to it first.';
    ELSIF (NEW.input, NEW.vars::text, NEW.database, NEW.workflow)
        IS DISTINCT FROM (v_source.input, v_source.vars::text, v_source.database, v_source.workflow)
    THEN
        RAISE EXCEPTION 'a fork has the workflow, input, variables and database of its source' USING ERRCODE = 'DF024';
    END IF;
    v_problem := df._start_problem(NEW.submitted_by);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'DF011';
    END IF;
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns, error)
    SELECT NEW.instance_no, c.started_at, c.finished_at, c.node, c.attempt, c.worker_id, c.seq, c.path, c.result, c.columns, c.error
      FROM df._fork_rows(v_source.instance_no, NEW.forked_node, v_source.new_graph) c;
    -- The time of the source, so that what ran before ran after it.
    UPDATE df.queue q SET started_at = v_source.started_at WHERE q.instance_no = NEW.instance_no;
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    VALUES (NEW.submitted_by, NEW.submitted_by, 'fork', NEW.id, NEW.workflow,
            format('from %s, node %s', NEW.forked_from, df._node_id(NEW.forked_node)));
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._forked() IS 'Internal: gives a fork what its source did before the node that it continues from.';
-- By its name after the one that puts it into the queue. Not for rows that come from a dump.
CREATE TRIGGER submitted_fork AFTER INSERT ON df.submissions FOR EACH ROW
    WHEN (NEW.forked_from IS NOT NULL AND NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._forked();

-- sql/functions/fork/_moved_path.sql
CREATE FUNCTION df._moved_path(p_path text, p_counterparts integer[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_segment text;
    v_moved   text[] := '{}';
BEGIN
    FOREACH v_segment IN ARRAY string_to_array(p_path, '/') LOOP
        v_moved := array_append(v_moved, p_counterparts[split_part(v_segment, ':', 1)::integer + 1]
                                         || ':' || split_part(v_segment, ':', 2));
    END LOOP;
    RETURN CASE WHEN array_position(v_moved, NULL) IS NULL THEN array_to_string(v_moved, '/') END;
END
$function$;
COMMENT ON FUNCTION df._moved_path(text, integer[]) IS
    'Internal: a path in the numbers of another graph; NULL if one of its nodes has no counterpart there.';

-- sql/functions/fork/_moved_rows.sql
-- What a loop carries over for undos names nodes by their number, so these must be the same.
CREATE FUNCTION df._moved_rows(p_instance bigint, p_before integer, p_old df._step[], p_new df._step[], p_counterparts integer[])
RETURNS SETOF df.checkpoints
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_row  df.checkpoints;
    v_node df._step;
    v_path text;
BEGIN
    FOR v_row IN
        SELECT * FROM df.checkpoints c WHERE c.instance_no = p_instance AND (p_before IS NULL OR c.seq < p_before) ORDER BY c.seq
    LOOP
        v_node := p_old[v_row.node + 1];
        v_path := df._moved_path(v_row.path, p_counterparts);
        IF p_counterparts[v_row.node + 1] IS NULL OR v_path IS NULL THEN
            RAISE EXCEPTION 'step % has run, and the other graph has nothing in its place', df._called(v_node) USING ERRCODE = 'DF024';
        ELSIF v_node.node_type = 'LOOP' AND v_row.error IS NULL AND v_row.result::text !~ '"undos":\[\]\}$'
            AND (v_path <> v_row.path OR NOT (
                    SELECT bool_and((n.node_type, n.query, n.result_name, n.children) IS NOT DISTINCT FROM
                                    (o.node_type, o.query, o.result_name, o.children))
                      FROM unnest(p_old[v_node.node + 1 : v_node.last + 1]) o LEFT JOIN unnest(p_new) n ON n.node = o.node
                     WHERE EXISTS (SELECT FROM unnest(p_old[v_node.node + 1 : v_node.last + 1]) u
                                    WHERE u.node_type = 'UNDO' AND o.node IN (u.node, u.children[2]))))
        THEN
            RAISE EXCEPTION 'loop % has steps to undo, whose place in the other graph is not the same', df._called(v_node)
                USING ERRCODE = 'DF024';
        END IF;
        v_row.node := p_counterparts[v_row.node + 1];
        v_row.path := v_path;
        RETURN NEXT v_row;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._moved_rows(bigint, integer, df._step[], df._step[], integer[]) IS
    'Internal: what an instance has recorded before its input p_before, or all of it, in the numbers of another graph.';

-- sql/functions/fork/_node_named.sql
CREATE FUNCTION df._node_named(p_graph text, p_name text) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_nodes df._step[] := ARRAY(SELECT n FROM unnest(df._tree(p_graph)) n
                                 WHERE p_name IN (df._node_id(n.node), n.result_name, df._node_title(n),
                                                  df._step_name(NULL, df._node_title(n)))
                                 ORDER BY n.node);
BEGIN
    IF v_nodes = '{}' THEN
        RAISE EXCEPTION 'the instance has no step "%"', df._one_line(p_name, 60)
            USING ERRCODE = 'DF024', HINT = 'Name it as df.explain or df.history shows it, or by its id in df.nodes.';
    ELSIF cardinality(v_nodes) > 1 THEN
        RAISE EXCEPTION '% steps are called "%"', cardinality(v_nodes), df._one_line(p_name, 60)
            USING ERRCODE = 'DF024',
                  HINT = format('Use the id of one of them: %s.',
                                (SELECT string_agg(format('%s (%s)', df._node_id(n.node), n.node_type), ', ' ORDER BY n.node)
                                   FROM unnest(v_nodes[:20]) n));
    END IF;
    RETURN v_nodes[1].node;
END
$function$;
COMMENT ON FUNCTION df._node_named(text, text) IS
    'Internal: the number of the node of a graph that has this id, is called like this, or does this; an error unless it is exactly one.';

-- sql/functions/fork/_node_title.sql
CREATE FUNCTION df._node_title(p_node df._step) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE WHEN p_node.node_type = 'SQL' THEN p_node.query
                WHEN p_node.children = '{}' THEN df._explain_node(p_node.node_type, p_node.query, NULL, '{}', 0)
                ELSE p_node.node_type END;
END
$function$;
COMMENT ON FUNCTION df._node_title(df._step) IS 'Internal: what a node does, in one line as in df.explain; for SQL the whole statement.';

-- sql/functions/fork/_tree.sql
CREATE FUNCTION df._tree(p_graph text) RETURNS df._step[]
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node  record;
    v_total integer;
    v_lasts integer[];
    v_nodes df._step[];
BEGIN
    -- From the last node to the first, so that children come before their parents.
    FOR v_node IN SELECT n.* FROM df._graph_nodes(p_graph) n ORDER BY n.node DESC LOOP
        v_total := COALESCE(v_total, v_node.node + 1);
        v_lasts := array_append(v_lasts, CASE WHEN v_node.children = '{}' THEN v_node.node
                                              ELSE v_lasts[v_total - v_node.children[cardinality(v_node.children)]] END);
        v_nodes := array_append(v_nodes, ROW(v_node.node, v_node.node_type, v_node.query, v_node.result_name, v_node.children,
                                             v_node.node, v_lasts[v_total - v_node.node])::df._step);
    END LOOP;
    RETURN ARRAY(SELECT n FROM unnest(v_nodes) n ORDER BY n.node);
END
$function$;
COMMENT ON FUNCTION df._tree(text) IS 'Internal: the nodes of a graph, each with the first and the last node at or below it.';

-- sql/functions/fork/fork.sql
CREATE FUNCTION df.fork(instance_id text, from_node text, version integer DEFAULT NULL, label text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
DECLARE
    v_source df.submissions;
    v_graph  text;
    v_node   integer;
    v_id     text;
BEGIN
    IF instance_id IS NULL OR from_node IS NULL THEN
        RAISE EXCEPTION 'df.fork needs an instance and the step to continue from' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    SELECT * INTO v_source FROM df.submissions s WHERE s.instance_no = df._instance_no(instance_id);
    SELECT g.graph INTO v_graph FROM df.graphs g WHERE g.graph_id = v_source.graph_id;
    v_node := df._node_named(v_graph, from_node);
    IF version IS NOT NULL THEN
        IF v_source.workflow IS NULL THEN
            RAISE EXCEPTION 'instance % runs no registered workflow, so there is no version % of it', instance_id, version
                USING ERRCODE = 'DF014', HINT = 'Without a version, a fork runs the same graph.';
        END IF;
        v_source.graph_id := (df._workflow(quote_ident(current_user)::regrole, v_source.workflow, version)).graph_id;
        v_source.workflow_version := version;
    END IF;
    LOOP
        -- The only conflict is one of the id, which is drawn.
        INSERT INTO df.submissions AS s (label, graph_id, input, database, vars, workflow, workflow_version, forked_from, forked_node)
        VALUES (COALESCE(label, v_source.label), v_source.graph_id, v_source.input, v_source.database, v_source.vars, v_source.workflow,
                v_source.workflow_version, v_source.id, v_node)
        ON CONFLICT DO NOTHING
        RETURNING s.id INTO v_id;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION df.fork(text, text, integer, text) IS
    'Starts a new instance that has the results of another one''s steps before from_node, and continues from there: with the same graph, '
    'or with that of another version of the workflow, which must be the same up to there. from_node is a step as df.explain or df.history '
    'shows it, or the id of a node in df.nodes. Runs as the caller, whose instance it must be, and leaves that one as it is.';

-- sql/functions/http/_endpoint_problem.sql
-- The path is checked again once its references are replaced.
CREATE FUNCTION df._endpoint_problem(p_server text, p_path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_server = '' OR p_server ~ '[[:cntrl:]]' THEN 'Endpoint server name must be nonempty and contain no control characters'
        WHEN p_path !~ '^/([^/]|$)' OR p_path ~ '[\\#[:space:][:cntrl:]]'
            THEN 'Endpoint path must start with one slash and contain no backslash, fragment or whitespace'
        WHEN split_part(p_path, '?', 1) ~* '%2f|%5c|/(\.|%2e){1,2}(/|$)'
            THEN 'Endpoint path cannot contain traversal segments or encoded separators'
    END;
END
$function$;
COMMENT ON FUNCTION df._endpoint_problem(text, text) IS 'Internal: what is wrong with an endpoint, or NULL.';

-- sql/functions/http/_endpoints.sql
-- The worker calls it as the submitting role, so it shows what that role may see and no more. One statement, so one snapshot.
CREATE FUNCTION df._endpoints(p_servers text[]) RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT json_build_object(
        'installed', EXISTS (SELECT FROM pg_foreign_data_wrapper w WHERE w.fdwname = 'pg_durable_fdw'),
        'role', current_user,
        'servers', COALESCE((
            SELECT json_agg(json_build_object(
                       'name', n.name,
                       'exists', s.oid IS NOT NULL,
                       'ours', COALESCE(w.fdwname = 'pg_durable_fdw' AND w.fdwvalidator = 'df.endpoint_option_validator'::regproc, false),
                       'usage', COALESCE(has_server_privilege(s.oid, 'USAGE'), false),
                       'options', COALESCE(to_json(s.srvoptions), '[]'),
                       'mapped', m.umid IS NOT NULL,
                       'mapping', m.umoptions))
              FROM unnest(p_servers) n (name)
              LEFT JOIN pg_foreign_server s ON s.srvname = n.name
              LEFT JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
              LEFT JOIN pg_user_mappings m ON m.srvid = s.oid AND m.umuser <> 0 AND m.usename = current_user), '[]'))
$function$;
COMMENT ON FUNCTION df._endpoints(text[]) IS 'Internal: servers of pg_durable_fdw, with the caller''s own user mappings.';

-- sql/functions/http/_http_disabled.sql
-- Only superusers may see the setting, but everybody may find out that HTTP is off. Without the extension the function's owner isn't a
-- superuser: then the setting is another database's.
CREATE FUNCTION df._http_disabled() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN COALESCE(current_setting('pg_durable.http_security', true) = 'disabled', false);
EXCEPTION WHEN insufficient_privilege THEN
    RETURN false;
END
$function$;
COMMENT ON FUNCTION df._http_disabled() IS 'Internal: whether pg_durable.http_security forbids every request.';

-- sql/functions/http/_http_node.sql
-- p_payload: the member between method and headers. p_endpoint: the server that p_url, a path, belongs to.
CREATE FUNCTION df._http_node(p_type text, p_url text, p_method text, p_payload text, p_headers jsonb, p_timeout integer,
                              p_endpoint text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_method  text := COALESCE(CASE WHEN upper(p_method) IN ('GET', 'POST', 'PUT', 'DELETE', 'PATCH') THEN upper(p_method)
                                    ELSE p_method END, 'POST');
    v_problem text := CASE
        WHEN df._http_disabled() THEN format(
            'df.%s() is disabled: pg_durable.http_security does not permit outbound HTTP requests.', lower(p_type))
        WHEN p_endpoint IS NULL THEN df._scheme_problem(p_url)
    END;
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df._config_node(p_type, format('{"url":%s%s,"method":%s,%s,"headers":%s,"timeout_seconds":%s}',
        COALESCE(to_json(p_url)::text, 'null'), COALESCE(',"endpoint":' || to_json(p_endpoint)::text, ''),
        COALESCE(to_json(v_method)::text, 'null'), p_payload,
        COALESCE(df._compact(p_headers::text), 'null'), COALESCE(p_timeout::text, 'null')));
END
$function$;
COMMENT ON FUNCTION df._http_node(text, text, text, text, jsonb, integer, text) IS 'Internal: the envelope of an HTTP node.';

-- sql/functions/http/_http_options_problem.sql
CREATE FUNCTION df._http_options_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_response text := CASE WHEN p_config -> 'response' = '{"sink": null}' THEN 'sink' ELSE p_config ->> 'response' END;
    v_headers  jsonb := NULLIF(p_config -> 'response_headers', 'null');
    v_limit    text;
    v_problem  text;
    v_least    bigint;
BEGIN
    FOREACH v_limit IN ARRAY '{max_request_bytes,max_response_bytes}'::text[] LOOP
        IF p_config ->> v_limit IS NOT NULL
            AND df._number_problem('', p_config -> v_limit, 0, df._graph_limit('max_body_bytes'), true) IS NOT NULL
        THEN
            RETURN format('invalid body options: %s must be a whole number of bytes', v_limit);
        END IF;
    END LOOP;
    v_problem := CASE
        WHEN v_response NOT IN ('inline', 'metadata', 'discard', 'sink')
            THEN 'invalid body options: response must be inline, metadata, discard or sink'
        WHEN jsonb_typeof(v_headers) <> 'array' OR v_headers @? 'strict $[*] ? (@.type() != "string")'
            THEN 'invalid body options: response_headers must be a list of names'
        WHEN EXISTS (SELECT FROM jsonb_array_elements_text(v_headers) h WHERE h !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]+$')
            THEN 'invalid body options: response_headers must be valid HTTP header names'
        WHEN (COALESCE(v_response, '') = 'sink') <> (p_config ->> 'into' IS NOT NULL)
            OR jsonb_typeof(p_config -> 'into') NOT IN ('string', 'null')
            THEN 'invalid body options: into is required with response sink and not allowed with any other response'
    END;
    IF v_problem IS NULL AND p_config ->> 'into' IS NOT NULL THEN
        BEGIN
            IF cardinality(parse_ident(p_config ->> 'into')) <> 2 THEN
                v_problem := 'two parts';
            END IF;
        EXCEPTION WHEN invalid_parameter_value THEN
            v_problem := 'no name';
        END;
        IF v_problem IS NOT NULL THEN
            v_problem := 'invalid body options: into must be the name of a table with its schema, such as public.bodies';
        END IF;
    END IF;
    v_problem := COALESCE(v_problem, df._secrets_problem(p_type, p_config));
    IF v_problem IS NOT NULL OR p_config ->> 'max_request_bytes' IS NULL THEN
        RETURN v_problem;
    END IF;

    -- The size of what has no reference is already known. A form also has bytes between its parts.
    v_least := CASE
        WHEN p_type = 'HTTP' AND p_config ->> 'body' !~ '[${]' THEN octet_length(convert_to(p_config ->> 'body', 'UTF8'))
        WHEN p_type = 'HTTP_MULTIPART'
            THEN (SELECT 1 + sum(length(regexp_replace(d.value ->> 'data_b64', '[[:space:]=]', '', 'g')) * 3 / 4)
                    FROM jsonb_array_elements(p_config -> 'parts') d WHERE d.value ->> 'data_b64' !~ '[${]')
    END;
    IF v_least > (p_config ->> 'max_request_bytes')::numeric THEN
        RETURN format('the request''s body is larger than max_request_bytes (%s)', p_config ->> 'max_request_bytes');
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._http_options_problem(text, jsonb) IS 'Internal: what is wrong with the options of an HTTP node, or NULL.';

-- sql/functions/http/_http_problem.sql
-- Does not check the scheme: what a reference in the URL stands for is only known when the request is made, and then the worker checks
-- it. See df._scheme_problem.
CREATE FUNCTION df._http_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_method  text := COALESCE(p_config ->> 'method', 'POST');
    v_problem text;
BEGIN
    v_problem := CASE
        WHEN jsonb_typeof(p_config -> 'url') IS DISTINCT FROM 'string' OR p_config ->> 'url' = '' THEN 'url is required and cannot be empty'
        WHEN p_type = 'HTTP_MULTIPART' AND v_method NOT IN ('POST', 'PUT', 'PATCH')
            THEN format('Invalid HTTP method for multipart: %s. Must be POST, PUT, or PATCH', v_method)
        WHEN v_method NOT IN ('GET', 'POST', 'PUT', 'DELETE', 'PATCH')
            THEN format('Invalid HTTP method: %s. Must be GET, POST, PUT, DELETE, or PATCH', v_method)
        WHEN p_config ? 'timeout_seconds' THEN df._timeout_problem(p_config -> 'timeout_seconds')
    END;
    IF v_problem IS NULL AND p_type = 'HTTP_MULTIPART' THEN
        v_problem := df._parts_problem(p_config -> 'parts');
    END IF;
    v_problem := COALESCE(v_problem, CASE
        WHEN p_type = 'HTTP' AND jsonb_typeof(p_config -> 'body') <> ALL (ARRAY['string', 'null']) THEN 'body must be a string'
        WHEN jsonb_typeof(p_config -> 'headers') <> ALL (ARRAY['object', 'null']) THEN 'headers must be a JSON object of strings'
    END);
    IF v_problem IS NULL AND jsonb_typeof(p_config -> 'headers') = 'object' THEN
        v_problem := (SELECT format('header ''%s'' must be a string, not %s', h.key, jsonb_typeof(h.value))
                        FROM jsonb_each(p_config -> 'headers') h WHERE jsonb_typeof(h.value) <> 'string' LIMIT 1);
    END IF;
    v_problem := COALESCE(v_problem, CASE
        WHEN jsonb_typeof(p_config -> 'endpoint') NOT IN ('string', 'null') THEN 'endpoint must be the name of a server'
        WHEN p_config ->> 'endpoint' IS NOT NULL THEN df._endpoint_problem(p_config ->> 'endpoint', p_config ->> 'url')
    END);
    IF v_problem IS NULL
        AND p_config ?| '{max_request_bytes,max_response_bytes,response,response_headers,into,secret_bindings,form_fields}'
    THEN
        v_problem := df._http_options_problem(p_type, p_config);
    END IF;
    RETURN v_problem;
END
$function$;
COMMENT ON FUNCTION df._http_problem(text, jsonb) IS 'Internal: what is wrong with the config of an HTTP node, or NULL.';

-- sql/functions/http/_parts_problem.sql
CREATE FUNCTION df._parts_problem(p_parts jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF COALESCE(jsonb_typeof(p_parts), 'null') = 'null' THEN
        RETURN 'parts is required and cannot be NULL';
    ELSIF jsonb_typeof(p_parts) <> 'array' THEN
        RETURN 'parts must be a JSON array of part objects';
    ELSIF p_parts = '[]' THEN
        RETURN 'parts must contain at least one part';
    END IF;
    RETURN (SELECT CASE
                WHEN jsonb_typeof(e.part) <> 'object' THEN format('Invalid multipart HTTP config: part %s must be an object', e.n)
                ELSE format('Invalid multipart HTTP config: part %s: %s must be a string', e.n, k.name)
            END
              FROM jsonb_array_elements(p_parts) WITH ORDINALITY e (part, n)
             CROSS JOIN (VALUES (1, 'name', true), (2, 'data_b64', true), (3, 'filename', false), (4, 'content_type', false))
                        k (place, name, needed)
             WHERE jsonb_typeof(e.part) <> 'object'
                OR COALESCE(jsonb_typeof(e.part -> k.name), 'null') <> 'string'
                   AND (k.needed OR COALESCE(jsonb_typeof(e.part -> k.name), 'null') <> 'null')
             ORDER BY e.n, k.place
             LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._parts_problem(jsonb) IS 'Internal: what is wrong with the parts of a multipart request, or NULL.';

-- sql/functions/http/_scheme_problem.sql
CREATE FUNCTION df._scheme_problem(p_url text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_scheme text := lower(split_part(p_url, '://', 1));
BEGIN
    -- With a variable in it, or a reference at its beginning, the URL isn't known yet.
    IF p_url LIKE '%{%' OR p_url ~ '^\$[A-Za-z_]' OR v_scheme IN ('http', 'https') THEN
        RETURN NULL;
    END IF;
    RETURN 'Blocked: unsupported URL scheme. Only http and https is allowed.';
END
$function$;
COMMENT ON FUNCTION df._scheme_problem(text) IS 'Internal: what is wrong with the scheme of a URL, or NULL.';

-- sql/functions/http/_secret_problem.sql
CREATE FUNCTION df._secret_problem(p_server text, p_key text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_server = '' OR p_server ~ '[[:cntrl:]]' THEN 'Secret references require a nonempty server name without control characters'
        WHEN p_key = '' OR p_key ~ '[=[:cntrl:]]' THEN 'Secret keys must be nonempty without control characters or ''='''
    END;
END
$function$;
COMMENT ON FUNCTION df._secret_problem(text, text) IS 'Internal: what is wrong with a reference to a secret, or NULL.';

-- sql/functions/http/_secrets_problem.sql
-- Checks the secret bindings and form fields of a request.
CREATE FUNCTION df._secrets_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_bad      CONSTANT text := 'Invalid secret bindings: expected header/query/form maps of secret references';
    v_bindings jsonb := NULLIF(p_config -> 'secret_bindings', 'null');
    v_fields   jsonb := NULLIF(p_config -> 'form_fields', 'null');
    v_problem  text;
BEGIN
    IF v_bindings IS NOT NULL THEN
        IF jsonb_typeof(v_bindings) <> 'object'
            OR EXISTS (SELECT FROM jsonb_each(v_bindings) m WHERE m.key NOT IN ('headers', 'query', 'form')
                OR jsonb_typeof(m.value) <> 'object')
        THEN
            RETURN c_bad;
        END IF;
        v_problem := (SELECT CASE WHEN jsonb_typeof(r.value) <> 'object' OR NOT r.value ?& '{server,key}'
            OR r.value - '{server,key,prefix}'::text[] <> '{}'
                                       OR r.value @? 'strict $.* ? (@.type() != "string")' THEN c_bad
                                  ELSE df._secret_problem(r.value ->> 'server', r.value ->> 'key') END
                        FROM unnest('{headers,query,form}'::text[]) WITH ORDINALITY w (name, place)
                       CROSS JOIN jsonb_each(v_bindings -> w.name) r
                       WHERE jsonb_typeof(r.value) <> 'object' OR NOT r.value ?& '{server,key}'
                           OR r.value - '{server,key,prefix}'::text[] <> '{}'
                          OR r.value @? 'strict $.* ? (@.type() != "string")'
                          OR df._secret_problem(r.value ->> 'server', r.value ->> 'key') IS NOT NULL
                       ORDER BY w.place, r.key COLLATE "C"
                       LIMIT 1);
        v_problem := COALESCE(v_problem, (
            SELECT p.problem
              FROM (SELECT h.key,
                           CASE WHEN h.key !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]+$' THEN 'Invalid credential header name'
                                WHEN lower(h.key) = ANY ('{host,content-type,content-length,transfer-encoding,connection,'
                                    'te,trailer,upgrade,keep-alive,proxy-authorization,proxy-authenticate}')
                                    THEN 'Credential headers cannot control HTTP routing or framing'
                                WHEN EXISTS (SELECT FROM jsonb_object_keys(v_bindings -> 'headers') o WHERE lower(o) = lower(h.key)
                                    AND o COLLATE "C" < h.key)
                                    THEN 'Duplicate secret header binding (case-insensitive)'
                                WHEN h.value ->> 'prefix' !~ '^[ -~]*$' THEN 'Invalid secret header prefix' END AS problem
                      FROM jsonb_each(v_bindings -> 'headers') h) p
             WHERE p.problem IS NOT NULL
             ORDER BY p.key COLLATE "C"
             LIMIT 1));
        v_problem := COALESCE(v_problem, (
            SELECT CASE WHEN f.key = '' OR f.key ~ '[[:cntrl:]]' THEN 'Secret field names must be nonempty without control characters'
                        ELSE 'Secret prefixes are supported only in header bindings' END
              FROM unnest('{query,form}'::text[]) WITH ORDINALITY w (name, place)
             CROSS JOIN jsonb_each(v_bindings -> w.name) f
             WHERE f.key = '' OR f.key ~ '[[:cntrl:]]' OR f.value ->> 'prefix' <> ''
             ORDER BY w.place, f.key COLLATE "C"
             LIMIT 1));
        IF v_problem IS NOT NULL THEN
            RETURN v_problem;
        END IF;
    END IF;

    IF v_fields IS NOT NULL THEN
        IF jsonb_typeof(v_fields) <> 'object' OR v_fields @? 'strict $.* ? (@.type() != "string")' THEN
            RETURN 'Form fields must be an object of string values';
        ELSIF EXISTS (SELECT FROM jsonb_object_keys(v_fields) k WHERE k = '' OR k ~ '[[:cntrl:]]') THEN
            RETURN 'Form field names must be nonempty without control characters';
        END IF;
    ELSIF COALESCE(v_bindings -> 'form', '{}') = '{}' THEN
        RETURN NULL;
    END IF;
    RETURN CASE
        WHEN p_type = 'HTTP_MULTIPART' OR p_config ->> 'body' IS NOT NULL
            THEN 'Form fields cannot be combined with a raw body or multipart request'
        WHEN p_config ->> 'method' IN ('GET', 'DELETE') THEN 'Form fields require POST, PUT or PATCH'
        WHEN EXISTS (SELECT FROM jsonb_object_keys(v_fields) k WHERE v_bindings -> 'form' ? k)
            THEN 'A form field cannot have both an ordinary value and a secret binding'
        ELSE (SELECT CASE WHEN lower(h.key) = 'content-type' THEN 'Form requests require application/x-www-form-urlencoded Content-Type'
                          ELSE 'Form requests cannot override HTTP body framing' END
                FROM jsonb_each_text(NULLIF(p_config -> 'headers', 'null')) h
               WHERE h.value !~ '[${]'
                 AND (lower(h.key) IN ('content-length', 'transfer-encoding')
                      OR lower(h.key) = 'content-type' AND lower(btrim(split_part(h.value, ';', 1))) <> 'application/x-www-form-urlencoded')
               LIMIT 1)
    END;
END
$function$;
COMMENT ON FUNCTION df._secrets_problem(text, jsonb) IS
    'Internal: what is wrong with the secret bindings and form fields of an HTTP node, or NULL.';

-- sql/functions/http/endpoint.sql
CREATE FUNCTION df.endpoint(server text, path text) RETURNS df.http_endpoint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text := df._endpoint_problem(server, path);
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ROW(server, path)::df.http_endpoint;
END
$function$;
COMMENT ON FUNCTION df.endpoint(text, text) IS
    'A path below the base_url of a server of pg_durable_fdw, for df.http, df.http_json and df.http_multipart. The worker looks up the '
    'server and its credential when it sends the request.';

-- sql/functions/http/endpoint_option_validator.sql
-- All in one function: whoever creates a server need not have the right to call our other functions. No message contains a value.
CREATE FUNCTION df.endpoint_option_validator(options text[], catalog oid) RETURNS void
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_given   jsonb;
    v_scheme  text;
    v_url     text;
    v_problem text;
BEGIN
    SELECT jsonb_object_agg(split_part(o.text, '=', 1), substr(o.text, strpos(o.text, '=') + 1)) INTO v_given FROM unnest(options) o (text);
    v_given := COALESCE(v_given, '{}');
    IF (SELECT count(*) FROM jsonb_object_keys(v_given)) <> cardinality(options) THEN
        v_problem := 'Duplicate endpoint option';
    ELSIF catalog = 'pg_foreign_server'::regclass THEN
        v_scheme := v_given ->> 'auth_scheme';
        v_url := v_given ->> 'base_url';
        v_problem := CASE
            WHEN v_given - '{base_url,auth_scheme,header_name}'::text[] <> '{}'
                THEN 'Unsupported endpoint server option; allowed: base_url, auth_scheme, header_name'
            WHEN COALESCE(v_scheme, '') = '' THEN 'Endpoint option ''auth_scheme'' is required and must not be empty'
            WHEN v_scheme = 'managed-identity' THEN 'Managed identity is not supported in this version'
            WHEN v_scheme NOT IN ('none', 'bearer', 'header', 'query')
                THEN 'Unsupported endpoint auth_scheme; allowed: none, bearer, header, query'
            WHEN v_url IS NULL AND v_scheme <> 'none' THEN 'Endpoint base_url is required unless auth_scheme is ''none'''
            WHEN v_url ~ '[[:space:][:cntrl:]{}\\]' THEN 'Endpoint base_url must be a literal HTTPS URL'
            WHEN v_url !~ '^[A-Za-z][A-Za-z0-9+.-]*:' THEN 'Invalid endpoint base_url'
            WHEN v_url !~* '^https://[^/?#@]+(/[^?#]*)?$' THEN 'Endpoint base_url must be HTTPS without userinfo, query or fragment'
            WHEN v_url !~* '^https://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(/|$)'
                OR substring(v_url FROM '^[^/]*//[^/]*:([0-9]+)(/|$)')::integer > 65535
                THEN 'Invalid endpoint base_url'
            WHEN v_scheme <> 'header' AND v_given ? 'header_name' THEN 'Endpoint header_name requires auth_scheme ''header'''
            WHEN v_scheme = 'header' AND COALESCE(v_given ->> 'header_name', '') = ''
                THEN 'Endpoint option ''header_name'' is required and must not be empty'
            WHEN v_given ->> 'header_name' !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]+$' THEN 'Invalid endpoint header_name'
            WHEN lower(v_given ->> 'header_name') = ANY ('{host,content-type,content-length,transfer-encoding,connection,'
                'te,trailer,upgrade,keep-alive,proxy-authorization,proxy-authenticate}')
                THEN 'Endpoint header_name cannot control HTTP routing or framing'
        END;
    ELSIF catalog = 'pg_user_mapping'::regclass THEN
        v_problem := CASE
            WHEN EXISTS (SELECT FROM jsonb_object_keys(v_given) k WHERE k NOT IN ('token', 'header_value', 'query_string')
                AND k NOT LIKE 'secret.%')
                THEN 'Unsupported endpoint user mapping option; allowed: token, header_value, query_string, secret.<key>'
            WHEN EXISTS (SELECT FROM jsonb_object_keys(v_given) k WHERE k LIKE 'secret.%' AND (k = 'secret.' OR k ~ '[[:cntrl:]=]'))
                THEN 'Secret keys must be nonempty without control characters or ''='''
            WHEN '' IN (v_given ->> 'token', v_given ->> 'header_value', v_given ->> 'query_string')
                THEN 'Endpoint credential options must not be empty'
            WHEN v_given ->> 'token' ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]' OR v_given ->> 'header_value' ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]'
                THEN 'Invalid endpoint credential header value'
            WHEN v_given ->> 'token' !~ '^[!-~]+$' THEN 'Endpoint bearer token must be ASCII without whitespace'
            WHEN ltrim(v_given ->> 'query_string', '?') = '' OR v_given ->> 'query_string' ~ '[[:space:]#{}]'
                THEN 'Endpoint query_string must be a nonempty encoded query without a fragment'
            WHEN v_given ->> 'query_string' !~ '^[!-~]+$' OR v_given ->> 'query_string' ~ '%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)'
                OR v_given ->> 'query_string' ~ '["<>\\^`|]'
                THEN 'Endpoint query_string must already be URL-encoded'
        END;
    ELSIF catalog = 'pg_foreign_data_wrapper'::regclass THEN
        v_problem := CASE WHEN v_given <> '{}' THEN 'pg_durable_fdw does not accept wrapper options' END;
    ELSE
        v_problem := 'pg_durable_fdw does not support foreign tables or column options';
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$function$;
COMMENT ON FUNCTION df.endpoint_option_validator(text[], oid) IS
    'Internal: checks the options of servers and user mappings of pg_durable_fdw. PostgreSQL calls it.';

-- sql/functions/http/http.sql
CREATE FUNCTION df.http(url text, method text DEFAULT 'POST', body text DEFAULT NULL,
                        headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP', url, method, '"body":' || COALESCE(to_json(body)::text, 'null'), headers, timeout_seconds);
END
$function$;
COMMENT ON FUNCTION df.http(text, text, text, jsonb, integer) IS
    'An HTTP request. URL, body and header values may refer to results and variables. The result has status, body, headers and ok.';

-- sql/functions/http/http_at_endpoint.sql
CREATE FUNCTION df.http(url df.http_endpoint, method text DEFAULT 'POST', body text DEFAULT NULL,
                        headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP', (url).path, method, '"body":' || COALESCE(to_json(body)::text, 'null'), headers, timeout_seconds,
        COALESCE((url).server, ''));
END
$function$;
COMMENT ON FUNCTION df.http(df.http_endpoint, text, text, jsonb, integer) IS
    'An HTTP request to a server of pg_durable_fdw: see df.endpoint. The worker adds the credential from the submitting role''s user '
    'mapping.';

-- sql/functions/http/http_json.sql
CREATE FUNCTION df.http_json(url text, method text DEFAULT 'POST', body jsonb DEFAULT NULL,
                             headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_JSON', url, method, '"body":' || COALESCE(df._compact(body::text), 'null'), headers, timeout_seconds);
END
$function$;
COMMENT ON FUNCTION df.http_json(text, text, jsonb, jsonb, integer) IS
    'An HTTP request with a JSON body. A string in the body that is exactly one reference, such as "$total", becomes the typed value; in '
    'other strings, references are replaced as text.';

-- sql/functions/http/http_json_at_endpoint.sql
CREATE FUNCTION df.http_json(url df.http_endpoint, method text DEFAULT 'POST', body jsonb DEFAULT NULL,
                             headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_JSON', (url).path, method, '"body":' || COALESCE(df._compact(body::text), 'null'), headers, timeout_seconds,
                         COALESCE((url).server, ''));
END
$function$;
COMMENT ON FUNCTION df.http_json(df.http_endpoint, text, jsonb, jsonb, integer) IS
    'An HTTP request with a JSON body to a server of pg_durable_fdw: see df.endpoint and df.http_json.';

-- sql/functions/http/http_multipart.sql
CREATE FUNCTION df.http_multipart(url text, method text DEFAULT 'POST', parts jsonb DEFAULT NULL, headers jsonb DEFAULT NULL,
                                  timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_MULTIPART', url, method, '"parts":' || COALESCE(df._compact(parts::text), 'null'), headers, timeout_seconds);
END
$function$;
COMMENT ON FUNCTION df.http_multipart(text, text, jsonb, jsonb, integer) IS
    'An HTTP request with a multipart/form-data body. Each part is {"name", "data_b64", "filename", "content_type"}; the last two are '
    'optional.';

-- sql/functions/http/http_multipart_at_endpoint.sql
CREATE FUNCTION df.http_multipart(url df.http_endpoint, method text DEFAULT 'POST', parts jsonb DEFAULT NULL, headers jsonb DEFAULT NULL,
                                  timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_MULTIPART', (url).path, method, '"parts":' || COALESCE(df._compact(parts::text), 'null'), headers,
                         timeout_seconds,
                         COALESCE((url).server, ''));
END
$function$;
COMMENT ON FUNCTION df.http_multipart(df.http_endpoint, text, jsonb, jsonb, integer) IS
    'An HTTP request with a multipart/form-data body to a server of pg_durable_fdw: see df.endpoint and df.http_multipart.';

-- sql/functions/http/secret.sql
CREATE FUNCTION df.secret(server text, key text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text := df._secret_problem(server, key);
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN jsonb_build_object('server', server, 'key', key);
END
$function$;
COMMENT ON FUNCTION df.secret(text, text) IS
    'A reference to the option "secret.<key>" of the submitting role''s user mapping for a server of pg_durable_fdw; for secret_bindings '
    'of df.with_http_options.';

-- sql/functions/http/url_encode.sql
CREATE FUNCTION df.url_encode(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(string_agg(CASE WHEN c.c ~ '^[A-Za-z0-9._~-]$' THEN c.c
                                    ELSE regexp_replace(upper(encode(convert_to(c.c, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END,
                               '' ORDER BY c.n), '')
      FROM regexp_split_to_table(value, '') WITH ORDINALITY c (c, n)
$function$;
COMMENT ON FUNCTION df.url_encode(text) IS
    'A text as one part of a URL: all characters but letters, digits and -._~ are percent-encoded as UTF-8.';

-- sql/functions/http/with_http_options.sql
CREATE FUNCTION df.with_http_options(fut text, options jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node    jsonb;
    v_config  jsonb;
    v_query   text;
    v_problem text;
BEGIN
    BEGIN
        v_node := fut::jsonb;
        v_query := v_node ->> 'query';
        v_config := v_query::jsonb;
    EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
        NULL; -- not such a node
    END;
    v_problem := CASE
        WHEN COALESCE(v_node ->> 'node_type' NOT IN ('HTTP', 'HTTP_MULTIPART', 'HTTP_JSON'), true)
            OR jsonb_typeof(v_node -> 'query') IS DISTINCT FROM 'string'
            OR jsonb_typeof(v_config) IS DISTINCT FROM 'object' OR v_node - 'node_type' - 'query' - 'result_name' <> '{}'
            THEN 'expected a single HTTP or HTTP_MULTIPART node'
        WHEN jsonb_typeof(options) <> 'object' THEN 'options must be a JSON object'
        ELSE (SELECT format('unrecognised option ''%s''', k) FROM jsonb_object_keys(options) k
               WHERE k <> ALL ('{max_request_bytes,max_response_bytes,response,response_headers,into,secret_bindings,form_fields}') LIMIT 1)
    END;
    IF v_problem IS NULL AND COALESCE(options, '{}') = '{}' THEN
        RETURN fut;
    END IF;
    v_problem := COALESCE(v_problem, df._config_problem(v_node ->> 'node_type', v_config || options));
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'df.with_http_options(): %', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- Existing members stay as they are written, except those replaced.
    v_query := (SELECT '{' || string_agg(e.text, ',' ORDER BY e.place, e.n) || '}'
                  FROM (SELECT 1 AS place, c.n, to_json(c.key)::text || ':' || df._compact(c.value::text) AS text
                          FROM json_each(v_query::json) WITH ORDINALITY c (key, value, n) WHERE NOT options ? c.key
                        UNION ALL
                        SELECT 2, o.n, to_json(o.key)::text || ':' || df._compact(o.value::text)
                          FROM jsonb_each(options) WITH ORDINALITY o (key, value, n)) e);
    RETURN '{"node_type":' || to_json(v_node ->> 'node_type')::text || ',"query":' || to_json(v_query)::text
        || COALESCE(',"result_name":' || to_json(v_node ->> 'result_name')::text, '') || '}';
END
$function$;
COMMENT ON FUNCTION df.with_http_options(text, jsonb) IS
    'Adds options to an HTTP request: max_request_bytes, max_response_bytes; response, what is kept of the body: inline, metadata, '
    'discard or sink (with into, the table that gets it); response_headers, those that are kept; secret_bindings and form_fields.';

-- sql/functions/inspect/_cursor.sql
-- In UTC, which every zone can read: the offset of an unusual zone has seconds, which to_char would drop.
CREATE FUNCTION df._cursor(p_created_at timestamptz, p_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT encode(convert_to('v1|' || to_char(p_created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00|' || p_id, 'UTF8'),
                  'hex')
$function$;
COMMENT ON FUNCTION df._cursor(timestamptz, text) IS 'Internal: a position in the order of df.list_instances, as a cursor.';

-- sql/functions/inspect/_cursor_place.sql
CREATE FUNCTION df._cursor_place(p_cursor text, OUT created_at timestamptz, OUT id text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET DateStyle = 'ISO, YMD'
AS $function$
DECLARE
    v_parts text[];
BEGIN
    IF p_cursor IS NULL THEN
        RETURN;
    END IF;
    IF length(p_cursor) BETWEEN 2 AND 512 AND p_cursor ~ '^([0-9A-Fa-f]{2})+$' THEN
        v_parts := regexp_match(convert_from(decode(p_cursor, 'hex'), 'UTF8'),
                                '^v1\|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d(?::\d\d)?)\|(.+)$');
        created_at := v_parts[1]::timestamptz;
        id := v_parts[2];
    END IF;
    IF id IS NULL THEN
        RAISE EXCEPTION 'df.list_instances: invalid after_cursor' USING ERRCODE = 'invalid_parameter_value';
    END IF;
EXCEPTION
    -- Bytes that are not text, or text that is not a time.
    WHEN character_not_in_repertoire OR untranslatable_character OR invalid_datetime_format OR datetime_field_overflow
        OR invalid_time_zone_displacement_value THEN
        RAISE EXCEPTION 'df.list_instances: invalid after_cursor' USING ERRCODE = 'invalid_parameter_value';
END
$function$;
COMMENT ON FUNCTION df._cursor_place(text) IS 'Internal: the position that a cursor names; NULL if there is no cursor.';

-- sql/functions/inspect/_execution_count.sql
-- Only a loop at the root makes executions. The loop's own rows are the iterations that are over; every other row belongs to the
-- iteration that its path begins with.
CREATE FUNCTION df._execution_count(p_instance_no bigint) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._root_type(p_instance_no) IS DISTINCT FROM 'LOOP' THEN
        RETURN 1;
    END IF;
    RETURN (SELECT COALESCE(max(substring(c.path FROM '^0:(\d+)')::bigint + (c.node = 0)::integer), 1)
              FROM df.checkpoints c WHERE c.instance_no = p_instance_no AND c.path <> '');
END
$function$;
COMMENT ON FUNCTION df._execution_count(bigint) IS 'Internal: the current iteration of an instance''s root loop; 1 if it has none.';

-- sql/functions/inspect/_explain.sql
CREATE FUNCTION df._explain(p_input text, p_search_path text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_input text := btrim(p_input, E' \t\r\n');
    v_value text;
    v_tree  text;
BEGIN
    IF v_input ~ '^[0-9A-Fa-f]{8}$' THEN
        RETURN df._explain_instance(lower(v_input));
    END IF;
    v_tree := df._explain_envelope(v_input);
    IF v_tree IS NOT NULL THEN
        RETURN v_tree;
    END IF;
    -- <-> only if the text is not a statement: geometry, text search and others have an operator of that name too.
    IF v_input ~ '~>|\|=>|\?>|!>|@>|df\.' OR v_input LIKE '%<->%' AND v_input !~* '^(SELECT|INSERT|UPDATE|DELETE|WITH)\s' THEN
        v_input := 'SELECT ' || v_input;
        -- Between these two calls every name means what it means to the caller.
        PERFORM set_config('search_path', p_search_path, true);
        EXECUTE v_input INTO v_value;
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
        RETURN CASE
            WHEN v_value IS NULL THEN 'Expression returned NULL'
            ELSE COALESCE(df._explain_envelope(v_value),
                          'Failed to parse Durofut JSON: the expression returned no graph but ' || left(v_value, 60)
                              || CASE WHEN length(v_value) > 60 THEN '…' ELSE '' END)
        END;
    END IF;
    IF upper(v_input) ~ '^(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|CALL|DO|TRUNCATE|GRANT|REVOKE|EXPLAIN) '
        OR upper(v_input) ~ '^(SELECT|INSERT|UPDATE|DELETE|WITH)\r?\n'
    THEN
        RETURN df._explain_envelope(df.sql(v_input));
    END IF;
    RETURN E'Cannot explain input: not a valid Durofut JSON, instance ID, SQL statement, or DSL expression.\n'
        'Hint: DSL expressions use df.*() functions and operators like ~>, |=>, &, |.';
END
$function$;
COMMENT ON FUNCTION df._explain(text, text) IS 'Internal: df.explain, with its caller''s search_path.';

-- sql/functions/inspect/_explain_envelope.sql
CREATE FUNCTION df._explain_envelope(p_text text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF p_text !~ '^\s*\{' OR df._node_defect(p_text::jsonb) IS NOT NULL THEN
        RETURN NULL;
    END IF;
    PERFORM df._validate(p_text);
    RETURN df._explain_tree(p_text, NULL);
EXCEPTION
    WHEN invalid_text_representation OR untranslatable_character THEN
        RETURN NULL;
    WHEN SQLSTATE 'DF003' THEN
        RETURN SQLERRM;
    WHEN statement_too_complex THEN
        RETURN 'Invalid durable function graph: root: Graph exceeds maximum nesting depth of ' || df._graph_limit('max_depth') || '. '
            'Simplify the workflow or break it into multiple instances.';
END
$function$;
COMMENT ON FUNCTION df._explain_envelope(text) IS
    'Internal: the tree of a graph, or what is wrong with it; NULL if the text is not an envelope.';

-- sql/functions/inspect/_explain_instance.sql
CREATE FUNCTION df._explain_instance(p_id text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint;
    v_label       text;
    v_status      text;
    v_graph       text;
    v_output      text;
    v_source      text;
    v_fork        text;
    v_markers     text[];
BEGIN
    SELECT s.instance_no, s.label, i.status, g.graph, df._output(s.instance_no), df._source(o.error, g.sources),
           CASE WHEN s.forked_from IS NOT NULL
                THEN format(E'Fork:     of %s, from node %s\n', s.forked_from, df._node_id(s.forked_node)) END
      INTO v_instance_no, v_label, v_status, v_graph, v_output, v_source, v_fork
      FROM df.submissions s
      JOIN df.instances i ON i.id = s.id
      LEFT JOIN df.graphs g ON g.graph_id = s.graph_id
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
     WHERE s.id = p_id;
    IF NOT FOUND THEN
        RETURN format('Instance ''%s'' not found', p_id);
    ELSIF v_graph IS NULL THEN
        RETURN format('No nodes found for instance ''%s''', p_id);
    END IF;

    IF length(v_output) > 60 THEN
        v_output := left(v_output, 57) || '...';
    END IF;

    SELECT array_agg(CASE n.inferred_status
                         WHEN 'completed' THEN ' ✓' WHEN 'failed' THEN ' ✗' WHEN 'cancelled' THEN ' ✗' WHEN 'running' THEN ' ⏳'
                         WHEN 'pending' THEN ' ○' WHEN 'skipped' THEN ' ⊘' END ORDER BY n.node)
      INTO v_markers
      FROM df._node_states(v_instance_no) n;

    RETURN format(E'Instance: %s%s\n%sStatus:   %s %s\n%s%s\n', p_id, COALESCE(' (' || v_label || ')', ''), COALESCE(v_fork, ''),
                  CASE v_status WHEN 'completed' THEN '✓' WHEN 'running' THEN '⏳' WHEN 'pending' THEN '○' ELSE '✗' END,
                  CASE v_status WHEN 'pending' THEN v_status ELSE initcap(v_status) END,
                  COALESCE(E'Output:   ' || v_output || E'\n', ''), COALESCE(E'Source:   ' || v_source || E'\n', ''))
        || df._explain_tree(v_graph, v_markers);
END
$function$;
COMMENT ON FUNCTION df._explain_instance(text) IS
    'Internal: the status of an instance, and the tree of its graph with the states of its nodes.';

-- sql/functions/inspect/_explain_node.sql
-- The line of one node. Types that pg_durable does not have: RETRY (<attempts>), TIMEOUT (<seconds>s), TRY, FAIL '<message>', UNDO,
-- FOREACH <rows> AS <item>, CALL <workflow> v<version>, ACTIVITY <name> (<queue>), HTTP_JSON like HTTP, and the time zone of
-- WAIT in parentheses.
CREATE FUNCTION df._explain_node(p_type text, p_query text, p_name text, p_children text[], p_extras integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_config jsonb := CASE WHEN p_type <> 'SQL' THEN p_query::jsonb END;
    v_value  text := v_config ->> CASE p_type WHEN 'BREAK' THEN 'break_value' ELSE 'message' END;
    v_url    text := COALESCE(v_config ->> 'endpoint', '') || (v_config ->> 'url');
BEGIN
    RETURN CASE
        WHEN p_type = 'SQL' THEN 'SQL: ' || CASE WHEN length(p_query) > 50 THEN left(p_query, 47) || '...' ELSE p_query END
        WHEN p_type = 'SLEEP' THEN 'SLEEP ' || COALESCE(v_config ->> 'seconds', 'until ' || (v_config ->> 'until'), p_query || 's')
        WHEN p_type = 'WAIT_SCHEDULE' THEN format('WAIT ''%s''', v_config ->> 'cron_expr')
            || COALESCE(' (' || (v_config ->> 'timezone') || ')', '')
        WHEN p_type LIKE 'HTTP%' THEN format('%s %s ', p_type, COALESCE(v_config ->> 'method', 'POST'))
            || CASE WHEN length(v_url) > 40 THEN left(v_url, 37) || '...' ELSE v_url END
        WHEN p_type = 'SIGNAL' THEN format('SIGNAL ''%s''', v_config ->> 'signal_name')
            || COALESCE(' (' || (v_config ->> 'timeout_seconds')
                         || CASE jsonb_typeof(v_config -> 'timeout_seconds') WHEN 'number' THEN 's)' ELSE ')' END, '')
        WHEN p_type = 'LOOP' THEN format('LOOP (%s%s)', CASE WHEN 'condition_node' = ANY (p_children) THEN 'while' ELSE 'infinite' END,
            CASE WHEN v_config -> 'continue_on_failure' = 'true' THEN ', continue on failure' ELSE '' END)
        WHEN p_type IN ('BREAK', 'FAIL') THEN p_type
            || COALESCE(' ''' || CASE WHEN length(v_value) > 20 THEN left(v_value, 17) || '...' ELSE v_value END || '''', '')
        WHEN p_type = 'JOIN' THEN format('JOIN (%s)', 2 + p_extras)
        WHEN p_type = 'RETRY' THEN format('RETRY (%s)', v_config ->> 'max_attempts')
        WHEN p_type = 'TIMEOUT' THEN format('TIMEOUT (%ss)', v_config ->> 'timeout_seconds')
        WHEN p_type = 'FOREACH' THEN format('FOREACH %s AS %s', v_config ->> 'rows', v_config ->> 'item_name')
        WHEN p_type = 'CALL' THEN 'CALL ' || (v_config ->> 'workflow') || COALESCE(' v' || (v_config ->> 'version'), '')
        WHEN p_type = 'ACTIVITY' THEN 'ACTIVITY ' || (v_config ->> 'activity') || COALESCE(' (' || (v_config ->> 'queue') || ')', '')
        ELSE p_type
    END || CASE WHEN p_type <> 'RACE' AND p_name IS NOT NULL THEN format(' |=> ''%s''', p_name) ELSE '' END;
END
$function$;
COMMENT ON FUNCTION df._explain_node(text, text, text, text[], integer) IS 'Internal: the line that df.explain prints for a node.';

-- sql/functions/inspect/_explain_title.sql
-- Titles must not contain what people search a tree for. Types are upper case, so titles are not.
CREATE FUNCTION df._explain_title(p_parent_type text, p_slot text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_parent_type IN ('JOIN', 'RACE') THEN format('║ branch %s:',
            CASE p_slot WHEN '.left' THEN 1 WHEN '.right' THEN 2 ELSE 3 + substring(p_slot FROM '\d+')::integer END)
        WHEN p_parent_type = 'IF' THEN CASE p_slot WHEN '.left' THEN '✓ then:' WHEN '.right' THEN '✗ else:' ELSE '? condition:' END
        WHEN p_parent_type = 'LOOP' THEN CASE p_slot WHEN '.left' THEN '↻ body:' ELSE '? while:' END
        WHEN p_parent_type IN ('RETRY', 'FOREACH') THEN '↻ body:'
        WHEN p_parent_type = 'TIMEOUT' THEN '✓ body:'
        WHEN p_parent_type = 'TRY' THEN CASE p_slot WHEN '.left' THEN '✓ body:' WHEN '.right' THEN '✗ handler:' ELSE '● finally:' END
        WHEN p_parent_type = 'UNDO' THEN CASE p_slot WHEN '.left' THEN '✓ forward:' ELSE '✗ undo:' END
    END;
END
$function$;
COMMENT ON FUNCTION df._explain_title(text, text) IS 'Internal: the title that df.explain prints above a child.';

-- sql/functions/inspect/_explain_tree.sql
-- The tree that df.explain prints; p_markers, by node number, follow the lines. A chain of THEN nodes becomes a list of its members, all
-- but the first with an arrow. Like df._flatten it keeps a stack of what is still to come: titles (node -1) and nodes, each with the
-- prefix of its own line and of the lines below it.
CREATE FUNCTION df._explain_tree(p_graph text, p_markers text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_type     text[];
    v_line     text[];
    v_title    text[];
    v_next     integer[];
    v_leaf     boolean[];
    s_node     integer[] := '{0}';
    s_prefix   text[] := '{""}';
    s_head     text[] := '{""}';
    s_below    text[] := '{"    "}';
    v_top      integer := 1;
    v_node     integer;
    v_prefix   text;
    v_head     text;
    v_below    text;
    v_children integer[];
    v_last     boolean;
    v_lines    text[] := '{}';
    v_width    integer;
BEGIN
    -- Arrays begin at 1, nodes at 0. The numbers are in pre-order, so the first child of a node is the next node.
    WITH f AS MATERIALIZED (SELECT * FROM df._flatten(p_graph)),
    n AS (SELECT f.node, f.node_type, f.children = '{}' AS leaf, df._explain_title(p.node_type, f.slot) AS title,
                 df._explain_node(f.node_type, f.query, f.result_name, f.children, f.extras) AS line,
                 lead(f.node) OVER (PARTITION BY f.parent ORDER BY f.node) AS next
            FROM f LEFT JOIN f p ON p.node = f.parent)
    SELECT array_agg(n.node_type ORDER BY n.node), array_agg(COALESCE(n.line, '?') || COALESCE(p_markers[n.node + 1], '') ORDER BY n.node),
           array_agg(n.title ORDER BY n.node), array_agg(n.next ORDER BY n.node), array_agg(n.leaf ORDER BY n.node)
      INTO v_type, v_line, v_title, v_next, v_leaf
      FROM n;

    WHILE v_top > 0 LOOP
        v_node := s_node[v_top] + 1;
        v_prefix := s_prefix[v_top];
        v_head := s_head[v_top];
        v_below := s_below[v_top];
        v_top := v_top - 1;
        IF v_node = 0 THEN
            v_lines := array_append(v_lines, v_head);
            CONTINUE;
        END IF;
        IF v_type[v_node] = 'THEN' THEN
            s_node[v_top + 1] := v_next[v_node + 1];
            s_prefix[v_top + 1] := v_prefix;
            s_head[v_top + 1] := v_prefix || '→ ';
            s_below[v_top + 1] := v_prefix || '    ';
            s_node[v_top + 2] := v_node;
            s_prefix[v_top + 2] := v_prefix;
            s_head[v_top + 2] := v_head;
            s_below[v_top + 2] := v_prefix || '    ';
            v_top := v_top + 2;
            CONTINUE;
        END IF;
        v_lines := array_append(v_lines, v_head || v_line[v_node]);
        CONTINUE WHEN v_leaf[v_node];

        v_children := ARRAY[v_node];
        WHILE v_next[v_children[cardinality(v_children)] + 1] IS NOT NULL LOOP
            v_children := array_append(v_children, v_next[v_children[cardinality(v_children)] + 1]);
        END LOOP;
        IF v_type[v_node] = 'IF' AND cardinality(v_children) = 3 THEN
            v_children := ARRAY[v_children[3], v_children[1], v_children[2]];
        END IF;
        FOR i IN REVERSE cardinality(v_children) .. 1 LOOP
            v_last := i = cardinality(v_children) OR v_type[v_node] NOT IN ('JOIN', 'RACE');
            s_node[v_top + 1] := v_children[i];
            s_prefix[v_top + 1] := v_below || '  ';
            s_head[v_top + 1] := v_below || '  ' || CASE WHEN v_last THEN '└─' ELSE '├─' END;
            s_below[v_top + 1] := v_below || '  ' || CASE WHEN v_last THEN '    ' ELSE '│   ' END;
            s_node[v_top + 2] := -1;
            s_head[v_top + 2] := v_below || v_title[v_children[i] + 1];
            s_prefix[v_top + 2] := '';
            s_below[v_top + 2] := '';
            v_top := v_top + 2;
        END LOOP;
    END LOOP;

    -- SQL may contain line breaks, which start new lines.
    v_lines := string_to_array(rtrim(array_to_string(v_lines, E'\n'), E' \t\r\n'), E'\n');
    v_width := (SELECT max(length(l)) + 4 FROM unnest(v_lines) l);
    RETURN (SELECT string_agg(rpad(l.line, v_width), E'\n' ORDER BY l.n) FROM unnest(v_lines) WITH ORDINALITY l (line, n));
END
$function$;
COMMENT ON FUNCTION df._explain_tree(text, text[]) IS 'Internal: the tree that df.explain prints.';

-- sql/functions/inspect/_jsonb.sql
CREATE FUNCTION df._jsonb(p_value json) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN p_value::jsonb;
EXCEPTION WHEN untranslatable_character OR invalid_text_representation OR program_limit_exceeded OR numeric_value_out_of_range
    OR statement_too_complex THEN
    RETURN to_jsonb(p_value::text); -- valid as json, but jsonb cannot hold it: \u0000, for example
END
$function$;
COMMENT ON FUNCTION df._jsonb(json) IS 'Internal: a value as jsonb, or as a JSON string of its text if jsonb cannot hold it.';

-- sql/functions/inspect/_list_limit.sql
CREATE FUNCTION df._list_limit(p_limit integer) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_limit integer := COALESCE(NULLIF(current_setting('pg_durable.list_instances_max_limit', true), ''), '1000')::integer;
BEGIN
    IF p_limit < 1 OR p_limit IS NULL THEN
        RAISE EXCEPTION 'limit_count must be at least 1' USING ERRCODE = 'invalid_parameter_value';
    ELSIF p_limit > v_limit THEN
        RAISE EXCEPTION 'df.list_instances: limit_count (%) exceeds pg_durable.list_instances_max_limit (%); request fewer rows, '
                        'or use the paginated df.list_instances overload (after_cursor/next_cursor) for large result sets', p_limit, v_limit
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN p_limit;
END
$function$;
COMMENT ON FUNCTION df._list_limit(integer) IS 'Internal: the limit given to df.list_instances, if it is allowed.';

-- sql/functions/inspect/_listed.sql
-- Finds a page of instances where their status is stored, and the role's own ones by index, so that instances of other roles, or with
-- another status, cost nothing.
CREATE FUNCTION df._listed(p_status text, p_limit integer, p_label text, p_created_at timestamptz, p_id text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
BEGIN
    IF p_status IN ('pending', 'running') THEN
        RETURN QUERY
        SELECT s.instance_no
          FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
         WHERE (q.started_at IS NULL) = (p_status = 'pending') AND (p_label IS NULL OR s.label = p_label)
           AND (p_created_at IS NULL OR s.created_at <= p_created_at AND (s.created_at < p_created_at OR s.id > p_id))
         ORDER BY s.created_at DESC, s.id LIMIT p_limit;
    ELSIF p_status IN ('failed', 'cancelled') THEN
        RETURN QUERY
        SELECT s.instance_no
          FROM df.outcomes o JOIN df.submissions s ON s.instance_no = o.instance_no
         WHERE o.status = p_status AND o.status <> 'completed' AND (p_label IS NULL OR s.label = p_label)
           AND (p_created_at IS NULL OR s.created_at <= p_created_at AND (s.created_at < p_created_at OR s.id > p_id))
         ORDER BY s.created_at DESC, s.id LIMIT p_limit;
    ELSIF p_status IS NULL OR p_status = 'completed' THEN
        RETURN QUERY
        -- The newest of each role. An ordinary role sees one role, its own; a superuser sees all roles, which are few.
        WITH RECURSIVE roles AS (
            (SELECT s.submitted_by AS role FROM df.submissions s ORDER BY s.submitted_by LIMIT 1)
            UNION ALL
            SELECT (SELECT s.submitted_by FROM df.submissions s WHERE s.submitted_by > r.role ORDER BY s.submitted_by LIMIT 1) FROM roles r
             WHERE r.role IS NOT NULL
        )
        SELECT n.instance_no
          FROM roles r
         CROSS JOIN LATERAL (
            SELECT s.instance_no, s.created_at, s.id
              FROM df.submissions s
             WHERE s.submitted_by = r.role AND (p_label IS NULL OR s.label = p_label)
               AND (p_created_at IS NULL OR s.created_at <= p_created_at AND (s.created_at < p_created_at OR s.id > p_id))
               -- A value and not EXISTS, which a plan may answer by reading all outcomes first.
               AND (p_status IS NULL OR (SELECT o.status FROM df.outcomes o WHERE o.instance_no = s.instance_no) = p_status)
             ORDER BY s.created_at DESC, s.id LIMIT p_limit) n
         ORDER BY n.created_at DESC, n.id LIMIT p_limit;
    END IF;
END
$function$;
COMMENT ON FUNCTION df._listed(text, integer, text, timestamptz, text) IS
    'Internal: the newest instances, by created_at and id, with a status and a label, after a position in that order.';

-- sql/functions/inspect/_message.sql
CREATE FUNCTION df._message(p_error json) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(df._jsonb(p_error) ->> 'message', p_error::text)
$function$;
COMMENT ON FUNCTION df._message(json) IS 'Internal: the message of an error.';

-- sql/functions/inspect/_node_id.sql
CREATE FUNCTION df._node_id(p_node integer) RETURNS varchar
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT lpad(to_hex(p_node), 8, '0')
$function$;
COMMENT ON FUNCTION df._node_id(integer) IS 'Internal: a node''s number as the id that users see.';

-- sql/functions/inspect/_node_query.sql
CREATE FUNCTION df._node_query(p_type text, p_query text, p_children integer[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_more text := CASE
        WHEN p_type = 'IF' THEN '"condition_node":"' || df._node_id(p_children[3]) || '"'
        WHEN p_type = 'LOOP' THEN '"condition_node":"' || df._node_id(p_children[2]) || '"'
        WHEN p_type IN ('JOIN', 'RACE', 'TRY') AND cardinality(p_children) > 2
            THEN '"extra_nodes":[' || (SELECT string_agg('"' || df._node_id(c) || '"', ',' ORDER BY c) FROM unnest(p_children[3:]) c) || ']'
    END;
BEGIN
    RETURN CASE
        WHEN v_more IS NULL THEN p_query
        WHEN p_query ~ '^\s*\{.*[^{\s].*\}\s*$' THEN rtrim(rtrim(p_query, E' \t\r\n'), '}') || ',' || v_more || '}'
        ELSE '{' || v_more || '}'
    END;
END
$function$;
COMMENT ON FUNCTION df._node_query(text, text, integer[]) IS
    'Internal: the query of a node as df.nodes shows it, with the ids of its condition and of the children after the second.';

-- sql/functions/inspect/_output.sql
CREATE FUNCTION df._output(p_instance_no bigint) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE o.status WHEN 'completed' THEN df._compact(COALESCE(o.result, c.result)::text) ELSE df._message(o.error) END
      FROM df.outcomes o
      LEFT JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
     WHERE o.instance_no = p_instance_no
$function$;
COMMENT ON FUNCTION df._output(bigint) IS
    'Internal: the result of an instance as compact JSON, or the message of its error; NULL until it ends.';

-- sql/functions/inspect/_root_type.sql
CREATE FUNCTION df._root_type(p_instance_no bigint) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph text;
BEGIN
    SELECT g.graph INTO v_graph FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id WHERE s.instance_no = p_instance_no;
    -- Composers write it first; only texts that others wrote have to be read as a whole.
    RETURN COALESCE(substring(v_graph FROM '^\{"node_type":"(\w+)"'), v_graph::json ->> 'node_type');
EXCEPTION WHEN data_exception OR statement_too_complex THEN
    RETURN NULL; -- written without df.start
END
$function$;
COMMENT ON FUNCTION df._root_type(bigint) IS 'Internal: the type of a graph''s root node; NULL if the text is not a graph.';

-- sql/functions/inspect/_source.sql
-- Reads the text, which may contain what no JSON function can take apart. Quotes inside strings are escaped, so what looks like the key
-- is the key.
CREATE FUNCTION df._source(p_error json, p_sources text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT p_sources[('x' || substring(p_error::text FROM '"node" ?: ?"([0-9a-f]{8})"'))::bit(32)::integer + 1]
$function$;
COMMENT ON FUNCTION df._source(json, text[]) IS 'Internal: where the node that an error names was written; NULL if unknown.';

-- sql/functions/inspect/_step_name.sql
CREATE FUNCTION df._step_name(p_result_name text, p_query text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(p_result_name, left(regexp_replace(btrim(p_query, E' \t\r\n'), '\s+', ' ', 'g'), 60))
$function$;
COMMENT ON FUNCTION df._step_name(text, text) IS
    'Internal: what people call a step: the name of its result, or else the beginning of its SQL.';

-- sql/functions/inspect/_view_written.sql
-- df.instances and df.nodes show what other tables hold. Programs written for pg_durable have rights to write them, and try out what
-- these rights allow: they get pg_durable's errors. One write is real: the extension's owner may change when an instance was created.
CREATE FUNCTION df._view_written() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'instances' AND NEW.id !~ '^[0-9a-f]{8}$' THEN
        RAISE EXCEPTION 'new row for relation "instances" violates check constraint "instances_id_format_chk"'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instances_id_format_chk', TABLE = 'instances', SCHEMA = 'df';
    ELSIF TG_OP = 'INSERT' AND NEW.submitted_by IS DISTINCT FROM quote_ident(current_user)::regrole THEN
        RAISE EXCEPTION 'new row violates row-level security policy for table "%"', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'instances'
        AND to_jsonb(NEW) - ARRAY['created_at', 'updated_at'] = to_jsonb(OLD) - ARRAY['created_at', 'updated_at']
    THEN
        UPDATE df.submissions s SET created_at = NEW.created_at WHERE s.id = OLD.id;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'df.% cannot be written', TG_TABLE_NAME
        USING ERRCODE = 'feature_not_supported', HINT = 'Call df.start, df.cancel or df.signal instead; the worker records what happens.';
END
$function$;
COMMENT ON FUNCTION df._view_written() IS 'Internal: handles writes to df.instances and df.nodes.';

-- sql/functions/inspect/_waits.sql
CREATE FUNCTION df._waits(p_waits json, p_due_at timestamptz, p_started_at timestamptz, p_paused_at timestamptz)
RETURNS TABLE (node integer, path text, kind text, name text, until timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT w.node, w.path, w.kind, w.name, NULLIF(w.until, 'infinity')
      FROM json_to_recordset(p_waits) AS w (node integer, path text, kind text, name text, until timestamptz)
     WHERE w.kind <> 'PAUSED' OR p_paused_at IS NOT NULL;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT NULL::integer, NULL::text,
           CASE WHEN p_paused_at IS NOT NULL THEN 'PAUSED'
                WHEN p_started_at IS NULL AND p_due_at > clock_timestamp() THEN 'START' ELSE 'WORKER' END,
           NULL::text, CASE WHEN p_paused_at IS NULL AND p_due_at > clock_timestamp() THEN NULLIF(p_due_at, 'infinity') END;
END
$function$;
COMMENT ON FUNCTION df._waits(json, timestamptz, timestamptz, timestamptz) IS
    'Internal: what an instance that no worker holds is waiting for.';

-- sql/functions/inspect/_workers_seen.sql
-- A number and a time, and nobody's rows: that is why it may bypass row security.
CREATE FUNCTION df._workers_seen() RETURNS TABLE (workers bigint, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    -- As in df._worker_rescue: a worker that was silent for longer than its limit is considered dead.
    SELECT count(*) FILTER (WHERE w.last_seen_at > clock_timestamp() - w.silence_limit), max(w.last_seen_at) FROM df.workers w
$function$;
COMMENT ON FUNCTION df._workers_seen() IS 'Internal: the number of live workers, and the last heartbeat of any worker.';

-- sql/functions/inspect/explain.sql
-- The only function without its own search_path: an expression is evaluated with that of the caller. Nothing here is looked up without a
-- schema.
CREATE FUNCTION df.explain(input text) RETURNS text
LANGUAGE sql VOLATILE STRICT
AS $function$
    SELECT df._explain(input, pg_catalog.current_setting('search_path'))
$function$;
COMMENT ON FUNCTION df.explain(text) IS
    'Shows as a tree: a graph, the graph that an expression such as ''SELECT 1'' ~> ''SELECT 2'' returns (it is evaluated), or an '
    'instance with the states of its nodes.';

-- sql/functions/inspect/export_history.sql
-- The parts that are json are inserted as they are stored, and never taken apart. One line per checkpoint, for those who keep such
-- documents in Git. UTC, so that the same run gives the same text everywhere.
CREATE FUNCTION df.export_history(id text) RETURNS json
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(export_history.id);
BEGIN
    RETURN (
        SELECT json_build_object(
                   'format', 1, 'instance', s.id, 'workflow', s.workflow, 'version', s.workflow_version, 'label', s.label,
                   'status', i.status, 'graph', g.graph::json, 'input', s.input, 'vars', s.vars, 'started_at', i.started_at,
                   'ended_at', i.ended_at,
                   'result', CASE WHEN i.status = 'completed' THEN COALESCE(o.result, r.result) END, 'error', o.error,
                   'checkpoints', ('[' || COALESCE(c.checkpoints, '') || ']')::json)
          FROM df.submissions s
          JOIN df.instances i ON i.id = s.id
          JOIN df.graphs g ON g.graph_id = s.graph_id
          LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
          LEFT JOIN df.checkpoints r ON r.instance_no = o.instance_no AND r.node = o.result_node AND r.path = o.result_path
         CROSS JOIN LATERAL (
            SELECT string_agg(json_build_object(
                       'seq', c.seq, 'node', c.node, 'path', c.path, 'attempt', c.attempt, 'started_at', c.started_at,
                       'finished_at', c.finished_at, 'result', c.result, 'columns', c.columns, 'error', c.error)::text,
                       E',\n' ORDER BY c.seq, c.finished_at, c.node) AS checkpoints
              FROM df.checkpoints c
             WHERE c.instance_no = s.instance_no) c
         WHERE s.instance_no = v_instance_no);
END
$function$;
COMMENT ON FUNCTION df.export_history(text) IS
    'Everything that an instance did, as one JSON document for PgDurable.Testing: the graph, the input, and every checkpoint as it is '
    'stored, in the order in which the engine took them. It contains the data that the steps saw.';

-- sql/functions/inspect/health.sql
-- Tasks come from their table and not from df.tasks, which no index fits: what is claimed, held or has ended costs nothing.
CREATE FUNCTION df.health()
RETURNS TABLE (version text, workers bigint, worker_seen_at timestamptz, due bigint, due_since timestamptz, checked_at timestamptz,
               tasks_waiting bigint, tasks_waiting_since timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    -- A woken instance has been due since -infinity: nobody knows since when really, and the claim that wakes it takes it.
    SELECT split_part(df.version(), ' ', 1), w.workers, w.seen_at, q.due, q.due_since, clock_timestamp(),
           f.waiting + x.waiting, LEAST(f.since, x.since)
      FROM df._workers_seen() w,
           (SELECT count(*) AS due,
                   min(CASE WHEN q.due_at > '-infinity' THEN q.due_at
                            WHEN q.started_at IS NULL THEN GREATEST(s.created_at, s.start_at) END) AS due_since
              FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
             WHERE q.worker_id IS NULL AND q.due_at <= clock_timestamp()) q,
           (SELECT count(*) AS waiting, min(t.created_at) AS since
              FROM df.task_queue t
             WHERE t.token IS NULL AND t.ended_at IS NULL AND NOT t.held) f,
           (SELECT count(*) AS waiting, min(t.lease_until) AS since
              FROM df.task_queue t
             WHERE t.token IS NOT NULL AND t.ended_at IS NULL AND NOT t.held AND t.lease_until <= statement_timestamp()) x
$function$;
COMMENT ON FUNCTION df.health() IS
    'Whether instances make progress: the schema''s version, the number of live workers, the last heartbeat of any worker (NULL if there '
    'is none), how many of the instances that you can see are due but not claimed, and since when the oldest of them has been due; how '
    'many of the tasks that you can see nobody has claimed, and since when the oldest of them has been waiting.';

-- sql/functions/inspect/history.sql
CREATE FUNCTION df.history(instance_id text)
RETURNS TABLE (node text, step text, path text, iteration bigint, attempt integer, status text, started_at timestamptz,
               finished_at timestamptz, duration interval, rows bigint, error text, worker integer, source text)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    WITH nodes AS MATERIALIZED (
        SELECT n.*, s.instance_no, g.sources[n.node + 1] AS source
          FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id CROSS JOIN LATERAL df._graph_nodes(g.graph) n
         WHERE s.id = instance_id
    ), loops AS MATERIALIZED (
        SELECT n.node FROM nodes n WHERE n.node_type = 'LOOP'
    )
    SELECT df._node_id(c.node),
           df._step_name(n.result_name, CASE n.node_type WHEN 'ACTIVITY' THEN df._explain_node(n.node_type, n.query, NULL, '{}', 0)
                                                         ELSE COALESCE(n.query, n.node_type) END),
           c.path,
           -- The innermost segment of the path that belongs to a loop.
           (SELECT split_part(p.segment, ':', 2)::bigint
              FROM unnest(string_to_array(c.path, '/')) WITH ORDINALITY p (segment, place)
              JOIN loops l ON l.node = split_part(p.segment, ':', 1)::integer
             ORDER BY p.place DESC LIMIT 1),
           c.attempt, CASE WHEN c.error IS NULL THEN 'completed' ELSE 'failed' END,
           c.started_at, c.finished_at, GREATEST(c.finished_at - c.started_at, '0'),
           CASE n.node_type WHEN 'SQL'
                THEN (SELECT GREATEST((r ->> 'rows_affected')::bigint, (r ->> 'row_count')::bigint) FROM df._plain(c.result) r) END,
           df._message(c.error), c.worker_id, n.source
      FROM nodes n
      JOIN df.checkpoints c ON c.instance_no = n.instance_no AND c.node = n.node
     ORDER BY c.seq, c.finished_at, c.node
$function$;
COMMENT ON FUNCTION df.history(text) IS
    'What an instance did, in order: one row per finished execution of a step or wait, and per loop iteration that is over, with its '
    'timing, the rows that it returned or changed, the worker that ran it and its source line.';

-- sql/functions/inspect/instance_executions.sql
CREATE FUNCTION df.instance_executions(instance_id text, limit_count integer DEFAULT 5)
RETURNS TABLE (execution_id bigint, status text, event_count bigint, duration_ms bigint, output text)
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_limit integer := LEAST(limit_count, 10000);
BEGIN
    IF limit_count < 1 THEN
        RAISE EXCEPTION 'limit_count must be at least 1' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    WITH instance AS MATERIALIZED (
        SELECT s.instance_no, i.status, i.execution_count AS current, i.started_at, i.ended_at,
               df._root_type(s.instance_no) = 'LOOP' AS loops
          FROM df.submissions s JOIN df.instances i ON i.id = s.id WHERE s.id = $1
    ), carried AS MATERIALIZED (
        SELECT substr(c.path, 3)::bigint AS execution, c.started_at, c.finished_at, c.result
          FROM instance i JOIN df.checkpoints c ON c.instance_no = i.instance_no
         WHERE i.loops AND c.node = 0 AND c.path <> '' AND c.error IS NULL
    )
    SELECT i.current,
           CASE i.status WHEN 'completed' THEN 'Completed' WHEN 'failed' THEN 'Failed' WHEN 'cancelled' THEN 'Failed' ELSE 'Running' END,
           (SELECT count(*) FROM df.checkpoints c WHERE c.instance_no = i.instance_no) - (SELECT count(*) FROM carried),
           COALESCE(1000 * extract(epoch FROM i.ended_at
                                              - COALESCE((SELECT max(c.finished_at) FROM carried c), i.started_at, i.ended_at)), 0)::bigint,
           df._output(i.instance_no)
      FROM instance i
    UNION ALL
    (SELECT c.execution, 'ContinuedAsNew', 1, (1000 * extract(epoch FROM GREATEST(c.finished_at - c.started_at, '0')))::bigint,
            df._compact(c.result::text)
       FROM carried c ORDER BY c.execution DESC)
    LIMIT v_limit;
END
$function$;
COMMENT ON FUNCTION df.instance_executions(text, integer) IS
    'The iterations of a graph that is a loop, newest first: the current one, and the last ones before it, whose output is what the next '
    'iteration began with. One row for any other graph.';

-- sql/functions/inspect/instance_info.sql
CREATE FUNCTION df.instance_info(instance_id text)
RETURNS TABLE (instance_id text, label text, function_name text, function_version text, current_execution_id bigint, status text,
               output text)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT i.id, i.label, 'pg_durable::orchestration::execute-function-graph', '1.0.0', i.execution_count, i.status,
           df._output(s.instance_no)
      FROM df.submissions s JOIN df.instances i ON i.id = s.id
     WHERE s.id = $1
$function$;
COMMENT ON FUNCTION df.instance_info(text) IS 'The status of an instance, and its result or error message; no row for an unknown id.';

-- sql/functions/inspect/instance_nodes.sql
CREATE FUNCTION df.instance_nodes(instance_id_param text)
RETURNS TABLE (node_id text, node_type text, query text, result_name text, left_node text, right_node text, status text, result text,
               status_details text, inferred_status text, inferred_status_from_ancestor_id text, updated_at timestamptz)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT n.id, n.node_type, n.query, n.result_name, n.left_node, n.right_node, n.status, n.result::text,
           n.status_details::text, n.inferred_status, n.inferred_status_from_ancestor_id, n.updated_at
      FROM df.nodes n
     WHERE n.instance_id = instance_id_param
     ORDER BY n.id
$function$;
COMMENT ON FUNCTION df.instance_nodes(text) IS
    'The nodes of an instance and what became of them, as in df.nodes; no rows for an unknown id.';

-- sql/functions/inspect/instance_nodes_legacy.sql
CREATE FUNCTION df.instance_nodes(instance_id_param text, _last_n_executions integer)
RETURNS TABLE (execution_id bigint, node_id text, node_type text, query text, result_name text, left_node text, right_node text,
               status text, result text, updated_at timestamptz)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT 1::bigint, n.id, n.node_type, n.query, n.result_name, n.left_node, n.right_node, n.status, n.result::text, n.updated_at
      FROM df.nodes n
     WHERE n.instance_id = instance_id_param
     ORDER BY n.id
$function$;
COMMENT ON FUNCTION df.instance_nodes(text, integer) IS 'The older form of df.instance_nodes(text); the second argument has no effect.';

-- sql/functions/inspect/list_instances.sql
CREATE FUNCTION df.list_instances(status_filter text DEFAULT NULL, limit_count integer DEFAULT 100)
RETURNS TABLE (instance_id text, label text, function_name text, status text, execution_count bigint, output text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
DECLARE
    v_limit integer := df._list_limit(limit_count);
BEGIN
    RETURN QUERY
    SELECT i.id::text, i.label, 'pg_durable::orchestration::execute-function-graph', i.status, i.execution_count, df._output(l.instance_no)
      FROM df._listed(lower(status_filter), v_limit, NULL, NULL, NULL) WITH ORDINALITY l (instance_no, place)
      JOIN df.submissions s ON s.instance_no = l.instance_no
      JOIN df.instances i ON i.id = s.id
     ORDER BY l.place;
END
$function$;
COMMENT ON FUNCTION df.list_instances(text, integer) IS
    'Your instances, newest first, optionally only those with one status. output is the result or the error message.';

-- sql/functions/inspect/list_instances_paged.sql
CREATE FUNCTION df.list_instances(status_filter text, limit_count integer, label_filter text, after_cursor text DEFAULT NULL)
RETURNS TABLE (instance_id text, label text, function_name text, status text, execution_count bigint, output text, created_at timestamptz,
               completed_at timestamptz, next_cursor text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
DECLARE
    v_limit integer := df._list_limit(limit_count);
    v_after record;
    v_page  bigint[];
    v_next  text;
BEGIN
    SELECT c.created_at, c.id INTO v_after FROM df._cursor_place(after_cursor) c;
    -- One row more than requested shows whether there is another page.
    v_page := ARRAY(SELECT l FROM df._listed(lower(status_filter), v_limit + 1, label_filter, v_after.created_at, v_after.id) l);
    IF cardinality(v_page) > v_limit THEN
        v_page := v_page[:v_limit];
        SELECT df._cursor(s.created_at, s.id) INTO v_next FROM df.submissions s WHERE s.instance_no = v_page[v_limit];
    END IF;
    RETURN QUERY
    SELECT i.id::text, i.label, 'pg_durable::orchestration::execute-function-graph', i.status, i.execution_count,
           df._output(l.instance_no), i.created_at, i.completed_at, v_next
      FROM unnest(v_page) WITH ORDINALITY l (instance_no, place)
      JOIN df.submissions s ON s.instance_no = l.instance_no
      JOIN df.instances i ON i.id = s.id
     ORDER BY l.place;
END
$function$;
COMMENT ON FUNCTION df.list_instances(text, integer, text, text) IS
    'Your instances with one status and label, newest first, page by page: pass next_cursor as after_cursor. next_cursor is NULL on the '
    'last page.';

-- sql/functions/inspect/metrics.sql
-- Numbers of a server, and nobody's rows: that is why it may bypass row security. Counting all checkpoints would read all of them; the
-- statistics have the number at hand.
CREATE FUNCTION df.metrics()
RETURNS TABLE (total_instances bigint, running_instances bigint, completed_instances bigint, failed_instances bigint,
               total_executions bigint, total_events bigint)
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT q.live + o.completed + o.failed, q.running, o.completed, o.failed, q.live + o.completed + o.failed + q.carried,
           pg_stat_get_live_tuples('df.checkpoints'::regclass)
      FROM (SELECT count(*) AS live, count(q.started_at) AS running,
                   COALESCE(sum(df._execution_count(q.instance_no) - 1) FILTER (WHERE q.started_at IS NOT NULL), 0)::bigint AS carried
              FROM df.queue q) q,
           (SELECT count(*) FILTER (WHERE o.status = 'completed') AS completed, count(*) FILTER (WHERE o.status <> 'completed') AS failed
              FROM df.outcomes o) o
$function$;
COMMENT ON FUNCTION df.metrics() IS
    'Counts over the instances of all roles. failed_instances includes the cancelled ones, total_executions the past iterations of loops '
    'that are running; total_events is the number of stored checkpoints (an estimate).';

-- sql/functions/inspect/result.sql
CREATE FUNCTION df.result(instance_id text) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_result json;
BEGIN
    SELECT COALESCE(o.result, c.result) INTO v_result
      FROM df.submissions s
      JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
     WHERE s.id = instance_id AND o.status = 'completed';
    RETURN v_result::jsonb::text;
EXCEPTION WHEN untranslatable_character OR invalid_text_representation OR program_limit_exceeded
    OR numeric_value_out_of_range THEN
    RETURN v_result::text; -- valid as json, but jsonb cannot hold it: \u0000, for example
END
$function$;
COMMENT ON FUNCTION df.result(text) IS 'The result of a completed instance as JSON text; NULL for any other instance.';

-- sql/functions/inspect/state.sql
CREATE FUNCTION df.state(instance_id text) RETURNS jsonb
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT p.value
      FROM df.submissions s JOIN df.published_state p ON p.instance_no = s.instance_no
     WHERE s.id = instance_id
$function$;
COMMENT ON FUNCTION df.state(text) IS
    'What an instance last published with df.publish; NULL if nothing. It stays until retention removes the instance.';

-- sql/functions/inspect/status.sql
CREATE FUNCTION df.status(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT i.status FROM df.instances i WHERE i.id = instance_id
$function$;
COMMENT ON FUNCTION df.status(text) IS 'pending, running, completed, failed or cancelled; NULL for an unknown id.';

-- sql/functions/inspect/version.sql
CREATE FUNCTION df.version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '0.9.0 (built 2026-11-30T22:40:48Z)'::text
$function$;
COMMENT ON FUNCTION df.version() IS 'Version of the schema and when it was built.';

-- sql/functions/move/_check_move.sql
-- Stable, so that all of it sees one snapshot.
CREATE FUNCTION df._check_move(p_instance bigint, p_graph text) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_live    record;
    v_all     df._execution[];
    v_old     df._step[];
    v_new     df._step[] := df._tree(p_graph);
    v_moved   record;
    v_problem text;
BEGIN
    SELECT q.worker_id, q.started_at, q.undoing, g.graph INTO v_live
      FROM df.queue q
      JOIN df.submissions s ON s.instance_no = q.instance_no
      JOIN df.graphs g ON g.graph_id = s.graph_id AND g.owner = s.submitted_by
     WHERE q.instance_no = p_instance;
    v_problem := CASE
        WHEN NOT FOUND THEN 'it has ended'
        WHEN v_live.worker_id = 0 THEN 'it comes from a dump and is held'
        WHEN v_live.worker_id IS NOT NULL THEN 'a worker has it in hand: try again, or pause it first'
        WHEN v_live.undoing THEN 'it was cancelled and undoes its steps' END;
    IF v_problem IS NULL AND v_live.started_at IS NULL THEN
        RETURN NULL; -- it has nothing that could differ
    ELSIF v_problem IS NULL THEN
        v_all := df._fold(p_instance);
        IF (v_all[1]).state IS NOT NULL OR df._undoing(v_all) <> '{}' THEN
            v_problem := 'it has failed, and undoes its steps or is being retried';
        END IF;
    END IF;
    IF v_problem IS NULL THEN
        v_old := df._tree(v_live.graph);
        v_moved := df._counterparts(v_old, v_new, df._move_levels(p_instance, v_old));
        v_problem := CASE WHEN v_moved.differs IS NOT NULL
            THEN format('step %s is not the same in both versions', df._called(v_old[v_moved.differs + 1]))
            ELSE df._move_obstacle(p_instance, v_old, v_moved.counterparts) END;
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'DF024';
    END IF;
    PERFORM df._moved_rows(p_instance, NULL, v_old, v_new, v_moved.counterparts);
    RETURN v_moved.counterparts;
END
$function$;
COMMENT ON FUNCTION df._check_move(bigint, text) IS
    'Internal: for each node that an instance has begun the one in its place in another graph; NULL if it has not begun. An error if it '
    'can''t go on with that graph.';

-- sql/functions/move/_move_levels.sql
-- What has begun, by what the instance has recorded and by what it waits for, with everything above it. Of what is over, all has to be the
-- same, and of what has gone round before, too.
CREATE FUNCTION df._move_levels(p_instance bigint, p_tree df._step[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_levels  integer[] := array_fill(0, ARRAY[cardinality(p_tree)]);
    v_parents integer[] := array_fill(NULL::integer, ARRAY[cardinality(p_tree)]);
    v_whole   integer[] := '{}';
    v_node    integer;
    v_state   record;
BEGIN
    FOR v_state IN SELECT n.node, c.child FROM unnest(p_tree) n CROSS JOIN LATERAL unnest(n.children) c (child) LOOP
        v_parents[v_state.child + 1] := v_state.node;
    END LOOP;
    FOR v_state IN
        SELECT b.node, bool_or(b.whole) AS whole
          FROM (SELECT n.node, n.inferred_status <> 'running' OR n.node_type = 'FOREACH' AS whole
                  FROM df._node_states(p_instance) n WHERE n.inferred_status IN ('running', 'completed', 'failed', 'cancelled')
                UNION ALL
                SELECT c.node, false FROM df.checkpoints c WHERE c.instance_no = p_instance
                UNION ALL
                SELECT w.node, false
                  FROM df.queue q
                 CROSS JOIN LATERAL json_to_recordset(CASE json_typeof(q.waits) WHEN 'array' THEN q.waits END) AS w (node integer)
                 WHERE q.instance_no = p_instance AND w.node IS NOT NULL
                UNION ALL
                SELECT t.node, false FROM df.task_queue t WHERE t.instance_no = p_instance
                UNION ALL
                SELECT s.parent_node, false FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL
                UNION ALL
                -- An earlier attempt.
                SELECT c.node, true FROM df.checkpoints c
                 WHERE c.instance_no = p_instance AND p_tree[c.node + 1].node_type = 'RETRY'
                UNION ALL
                -- An iteration whose end is not carried over yet. A row of the loop itself only says that one was.
                SELECT r.loop, true
                  FROM (SELECT p.loop, p.above, count(DISTINCT p.number) AS numbers
                          FROM df.checkpoints c
                         CROSS JOIN LATERAL (SELECT split_part(s.segment, ':', 1)::integer AS loop, split_part(s.segment, ':', 2) AS number,
                                                    (string_to_array(c.path, '/'))[:s.n - 1] AS above
                                               FROM unnest(string_to_array(c.path, '/')) WITH ORDINALITY s (segment, n)) p
                         WHERE c.instance_no = p_instance AND c.node <> p.loop
                         GROUP BY p.loop, p.above) r
                 WHERE r.numbers > 1) b
         GROUP BY b.node
    LOOP
        v_node := v_state.node;
        WHILE v_node IS NOT NULL AND v_levels[v_node + 1] = 0 LOOP
            v_levels[v_node + 1] := 3;
            v_node := v_parents[v_node + 1];
        END LOOP;
        IF v_state.whole THEN
            v_whole := array_append(v_whole, v_state.node);
        END IF;
    END LOOP;
    FOREACH v_node IN ARRAY v_whole LOOP
        FOR n IN v_node .. p_tree[v_node + 1].last LOOP
            v_levels[n + 1] := 4;
        END LOOP;
    END LOOP;
    RETURN v_levels;
END
$function$;
COMMENT ON FUNCTION df._move_levels(bigint, df._step[]) IS
    'Internal: what another graph must have in common with that of an instance for the instance to go on with it: see df._counterparts.';

-- sql/functions/move/_move_obstacle.sql
-- The key that an activity or a request passes on to other systems is made of the node's number. It must not change between two attempts.
CREATE FUNCTION df._move_obstacle(p_instance bigint, p_tree df._step[], p_counterparts integer[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(p_counterparts) WITH ORDINALITY c (node, n) WHERE c.node <> c.n - 1) THEN
        RETURN NULL;
    ELSIF (SELECT q.waits FROM df.queue q WHERE q.instance_no = p_instance) IS NULL THEN
        RETURN 'its worker went away or it was moved just now: try again once a worker has had it';
    END IF;
    RETURN (SELECT format('step %s is under way, and its idempotency key would change: try again once it has ended', df._called(n))
              FROM unnest(p_tree) n
             WHERE n.node_type IN ('HTTP', 'HTTP_JSON', 'HTTP_MULTIPART', 'ACTIVITY')
               AND (EXISTS (SELECT FROM df.task_queue t WHERE t.instance_no = p_instance AND t.node = n.node)
                    OR EXISTS (SELECT FROM df.queue q CROSS JOIN LATERAL json_to_recordset(q.waits) AS w (node integer, kind text)
                                WHERE q.instance_no = p_instance AND w.kind = 'RETRY'
                                  AND n.node BETWEEN w.node AND p_tree[w.node + 1].last))
             LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._move_obstacle(bigint, df._step[], integer[]) IS
    'Internal: why the nodes of an instance can''t get other numbers now; NULL if they can, or if they keep theirs.';

-- sql/functions/move/_move_records.sql
-- Taken away before they are written again: one may get the number that another has.
CREATE FUNCTION df._move_records(p_instance bigint, p_old text, p_new text, p_counterparts integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_rows     df.checkpoints[] := ARRAY(
        SELECT r FROM df._moved_rows(p_instance, NULL, df._tree(p_old), df._tree(p_new), p_counterparts) r);
    v_deaths   df.deaths[] := ARRAY(SELECT d FROM df.deaths d WHERE d.instance_no = p_instance AND d.node >= 0);
    v_children df.submissions[] := ARRAY(SELECT s FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL);
BEGIN
    DELETE FROM df.checkpoints c WHERE c.instance_no = p_instance;
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns, error)
    SELECT c.instance_no, c.started_at, c.finished_at, c.node, c.attempt, c.worker_id, c.seq, c.path, c.result, c.columns, c.error
      FROM unnest(v_rows) c;
    -- A step that brought its session down is counted on.
    DELETE FROM df.deaths d WHERE d.instance_no = p_instance AND d.node >= 0;
    INSERT INTO df.deaths (instance_no, node, path, deaths)
    SELECT d.instance_no, COALESCE(p_counterparts[d.node + 1], d.node), COALESCE(df._moved_path(d.path, p_counterparts), d.path), d.deaths
      FROM unnest(v_deaths) d
    ON CONFLICT (instance_no, node, path) DO UPDATE SET deaths = GREATEST(df.deaths.deaths, excluded.deaths);
    UPDATE df.submissions s SET parent_node = NULL WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL;
    UPDATE df.submissions s SET parent_node = p_counterparts[c.parent_node + 1], parent_path = df._moved_path(c.parent_path, p_counterparts)
      FROM unnest(v_children) c WHERE s.instance_no = c.instance_no;
END
$function$;
COMMENT ON FUNCTION df._move_records(bigint, text, text, integer[]) IS
    'Internal: gives what an instance has recorded the numbers of another graph.';

-- sql/functions/move/_moved.sql
-- The row passed row security, so the caller owns the instance, and the version is one of the same role.
--
-- A worker keeps the graph of what it has in hand, and no other. So an instance is moved only while no worker has it, under the lock of its
-- row in the queue: a claim passes over it, and the next one reads the new graph together with what was recorded.
CREATE FUNCTION df._moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_move         record;
    v_counterparts integer[];
BEGIN
    PERFORM FROM df.queue q WHERE q.instance_no = NEW.instance_no FOR UPDATE SKIP LOCKED;
    IF NOT FOUND AND EXISTS (SELECT FROM df.queue q WHERE q.instance_no = NEW.instance_no) THEN
        RAISE EXCEPTION 'a worker or another session has it in hand: try again' USING ERRCODE = 'DF024';
    END IF;
    SELECT s.id, s.workflow, s.workflow_version, s.submitted_by, o.graph AS old_graph, w.graph_id, g.graph INTO v_move
      FROM df.submissions s
      JOIN df.graphs o ON o.graph_id = s.graph_id
      JOIN df.registrations w ON w.owner = s.submitted_by AND w.workflow = s.workflow AND w.version = NEW.version
      JOIN df.graphs g ON g.graph_id = w.graph_id AND g.owner = s.submitted_by
     WHERE s.instance_no = NEW.instance_no;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the instance''s workflow has no version %', NEW.version USING ERRCODE = 'DF014';
    END IF;
    v_counterparts := df._check_move(NEW.instance_no, v_move.graph);
    IF v_counterparts IS NOT NULL THEN
        PERFORM df._move_records(NEW.instance_no, v_move.old_graph, v_move.graph, v_counterparts);
    END IF;
    UPDATE df.submissions s SET graph_id = v_move.graph_id, workflow_version = NEW.version WHERE s.instance_no = NEW.instance_no;
    -- It may wait for something else now, and what it waits for may have another number.
    UPDATE df.queue q SET waits = NULL, due_at = CASE WHEN q.started_at IS NULL THEN q.due_at ELSE '-infinity' END
     WHERE q.instance_no = NEW.instance_no;
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    VALUES (NEW.requested_by, v_move.submitted_by, 'move', v_move.id, v_move.workflow,
            format('version %s to %s', v_move.workflow_version, NEW.version));
    DELETE FROM df.moves m WHERE m.instance_no = NEW.instance_no;
    PERFORM df._tell_workers('wake');
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._moved() IS 'Internal: moves an instance to another version of its workflow.';
-- Not for rows that come from a dump.
CREATE TRIGGER moved AFTER INSERT ON df.moves FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._moved();

-- sql/functions/move/migrate_instances.sql
CREATE FUNCTION df.migrate_instances(workflow text, from_version integer, to_version integer, dry_run boolean DEFAULT false)
RETURNS TABLE (id text, moved boolean, reason text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
DECLARE
    v_role     regrole := quote_ident(current_user)::regrole;
    v_graph    text;
    v_instance record;
BEGIN
    IF from_version IS NULL OR to_version IS NULL OR dry_run IS NULL THEN
        RAISE EXCEPTION 'df.migrate_instances needs both versions' USING ERRCODE = 'null_value_not_allowed';
    ELSIF from_version = to_version THEN
        RAISE EXCEPTION 'the versions are the same: %', to_version USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT g.graph INTO v_graph FROM df.graphs g WHERE g.graph_id = (df._workflow(v_role, workflow, to_version)).graph_id;
    FOR v_instance IN
        SELECT s.instance_no, s.id
          FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
         WHERE q.submitted_by = v_role AND s.workflow = workflow AND s.workflow_version = from_version
         ORDER BY s.instance_no
    LOOP
        id := v_instance.id;
        moved := true;
        reason := NULL;
        BEGIN
            IF dry_run THEN
                PERFORM df._check_move(v_instance.instance_no, v_graph);
            ELSE
                INSERT INTO df.moves (instance_no, version) VALUES (v_instance.instance_no, to_version);
            END IF;
        EXCEPTION WHEN SQLSTATE 'DF024' THEN
            moved := false;
            reason := SQLERRM;
        END;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df.migrate_instances(text, integer, integer, boolean) IS
    'Moves your running instances of a version of a workflow to another version, wherever the two are the same as far as an instance has '
    'come. One row for each: whether it was moved, and if not, why. With dry_run, only says which would be moved.';

-- sql/functions/move/move_problem.sql
CREATE FUNCTION df.move_problem(instance_id text, graph text) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_graph       text := df._as_node(graph, p_strict => true);
BEGIN
    PERFORM df._validate(v_graph);
    PERFORM df._check_move(v_instance_no, v_graph);
    RETURN NULL;
EXCEPTION WHEN SQLSTATE 'DF024' THEN
    RETURN SQLERRM;
END
$function$;
COMMENT ON FUNCTION df.move_problem(text, text) IS
    'Why a running instance can''t go on with another graph now, one that is not registered yet; NULL if it could: see '
    'df.migrate_instances.';

-- sql/functions/operate/_cancel.sql
CREATE FUNCTION df._cancel(p_instance bigint, p_reason text, p_forced boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_started_at timestamptz;
    v_worker     integer;
BEGIN
    IF NOT p_forced AND df._undoes_on_cancel(p_instance) THEN
        UPDATE df.queue q SET undoing = true WHERE q.instance_no = p_instance AND NOT q.undoing;
        IF FOUND THEN
            DELETE FROM df.pauses p WHERE p.instance_no = p_instance;
            -- From the instance's own role, so that no limit of it keeps a worker from this. A worker reads the reason into its memory.
            INSERT INTO df.signals (instance_no, name, data, sent_by)
            SELECT s.instance_no, 'sys_cancel', to_json(left(p_reason, 10000)), s.submitted_by
              FROM df.submissions s WHERE s.instance_no = p_instance;
        END IF;
        RETURN false;
    END IF;
    DELETE FROM df.queue q WHERE q.instance_no = p_instance RETURNING q.started_at, q.worker_id INTO v_started_at, v_worker;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO df.outcomes (instance_no, started_at, status, error, worker_id)
    VALUES (p_instance, v_started_at, 'cancelled', json_build_object('message', 'canceled: ' || p_reason), v_worker);
    -- A worker that is running one of its steps stops the statement.
    PERFORM df._notify('pg_durable', 'cancel ' || p_instance);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._cancel(bigint, text, boolean) IS
    'Internal: ends one instance as cancelled; false if it had already ended, or undoes its steps first, which it is told once.';

-- sql/functions/operate/_cancel_tree.sql
-- For users, who may wait for each other. A worker may not wait, and uses df._worker_cancel_child. Level by level, because a tree may be
-- deeper than the stack.
CREATE FUNCTION df._cancel_tree(p_instance bigint, p_reason text, p_forced boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_level    bigint[] := ARRAY[p_instance];
    v_ended    bigint[] := '{}';
    v_now      bigint[];
    v_instance bigint;
BEGIN
    WHILE cardinality(v_level) > 0 LOOP
        v_now := '{}';
        FOREACH v_instance IN ARRAY v_level LOOP
            IF df._cancel(v_instance, p_reason, p_forced) THEN
                v_now := v_now || v_instance;
            END IF;
        END LOOP;
        v_ended := v_ended || v_now;
        -- No more children can appear: starting one locks the parent's row in the queue.
        v_level := ARRAY(SELECT s.instance_no FROM df.submissions s
                          WHERE s.parent_no = ANY (v_now) AND s.parent_node IS NOT NULL ORDER BY 1);
    END LOOP;
    IF v_ended <> '{}' THEN
        -- Somebody may be about to complete a task. Then the completion counts, with everything that it commits.
        PERFORM FROM df.task_queue t WHERE t.instance_no = ANY (v_ended) FOR UPDATE;
        PERFORM df._ended(v_ended);
    END IF;
END
$function$;
COMMENT ON FUNCTION df._cancel_tree(bigint, text, boolean) IS
    'Internal: cancels an instance and the children that its df.call steps started.';

-- sql/functions/operate/_cancelled.sql
-- The row of df.cancellations passed row security, so the caller may see the instance.
CREATE FUNCTION df._cancelled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._cancel_tree(NEW.instance_no, NEW.reason, NEW.forced);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._cancelled() IS 'Internal: ends a cancelled instance.';
-- Not for rows that come from a dump: the dump also contains their effects.
CREATE TRIGGER cancelled AFTER INSERT ON df.cancellations FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._cancelled();

-- sql/functions/operate/_ended.sql
-- Children are not locked here: another worker may hold them, or a user's open transaction. The claim that takes the wakeup ends them.
CREATE FUNCTION df._ended(p_instances bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_told bigint;
BEGIN
    DELETE FROM df.signals s WHERE s.instance_no = ANY (p_instances);
    INSERT INTO df.wakeups (instance_no) SELECT t FROM unnest(df._drop_tasks(p_instances)) t;
    WITH watched AS (DELETE FROM df.watches w WHERE w.instance_no = ANY (p_instances) RETURNING w.instance_no)
    SELECT count(df._notify('df_ended', s.id)::text) INTO v_told FROM watched w JOIN df.submissions s ON s.instance_no = w.instance_no;
    INSERT INTO df.wakeups (instance_no)
    SELECT q.instance_no
      FROM (SELECT s.parent_no AS instance_no FROM df.submissions s WHERE s.instance_no = ANY (p_instances) AND s.parent_no IS NOT NULL
            UNION ALL
            SELECT s.instance_no FROM df.submissions s WHERE s.parent_no = ANY (p_instances) AND s.parent_node IS NOT NULL) s
     CROSS JOIN LATERAL (SELECT * FROM df.queue q WHERE q.instance_no = s.instance_no OFFSET 0) q;
    IF FOUND THEN
        PERFORM df._tell_workers('wake');
    END IF;
END
$function$;
COMMENT ON FUNCTION df._ended(bigint[]) IS
    'Internal: called after instances have left the queue: drops their signals and tasks, notifies their watchers, wakes their '
    'parents and children.';

-- sql/functions/operate/_instance_no.sql
CREATE FUNCTION df._instance_no(p_id text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint;
BEGIN
    SELECT s.instance_no INTO v_instance_no FROM df.submissions s WHERE s.id = p_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance not found or access denied: %', p_id USING ERRCODE = 'DF002';
    END IF;
    RETURN v_instance_no;
END
$function$;
COMMENT ON FUNCTION df._instance_no(text) IS 'Internal: the key of an instance that the caller may see; an error for any other id.';

-- sql/functions/operate/_is_in_progress.sql
-- A row stores its transaction's number without an epoch; the number is at most half of all numbers old. A row that was frozen long ago
-- may have a number that looks like one still to come.
CREATE FUNCTION df._is_in_progress(p_xid xid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_latest bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 2147483647;
BEGIN
    RETURN pg_xact_status((v_latest - ((v_latest - p_xid::text::bigint) & 4294967295))::text::xid8) = 'in progress';
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$function$;
COMMENT ON FUNCTION df._is_in_progress(xid) IS 'Internal: whether the transaction that wrote a row is still in progress.';

-- sql/functions/operate/_is_undone_on_cancel.sql
-- By its text, which the composers write to the byte: a worker calls this, and no graph that a user stored may fail it.
CREATE FUNCTION df._is_undone_on_cancel(p_graph text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT starts_with(p_graph, '{"node_type":"RACE",') AND right(p_graph, length(e.ending)) = e.ending
      FROM (VALUES (
            ',"right_node":{"node_type":"THEN","left_node":{"node_type":"SIGNAL",'
            '"query":"{\"signal_name\":\"sys_cancel\",\"timeout_seconds\":null}","result_name":"sys_cancel"},'
            '"right_node":{"node_type":"FAIL","query":"{\"message\":\"canceled: $sys_cancel.data\",\"sqlstate\":\"DF023\"}"}}}'
            )) e (ending)
$function$;
COMMENT ON FUNCTION df._is_undone_on_cancel(text) IS 'Internal: whether a graph is one of df.undo_on_cancel.';

-- sql/functions/operate/_removed.sql
-- The row passed row security, so the caller owns it.
CREATE FUNCTION df._removed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF TG_TABLE_NAME = 'pauses' THEN
        DELETE FROM df.pauses p WHERE p.instance_no = NEW.instance_no;
    ELSIF TG_TABLE_NAME = 'vars' THEN
        DELETE FROM df.vars v WHERE v.owner = NEW.owner AND v.name = NEW.name;
    ELSIF TG_TABLE_NAME = 'registrations' THEN
        DELETE FROM df.registrations w WHERE w.owner = NEW.owner AND w.workflow = NEW.workflow AND w.version = NEW.version;
    ELSIF TG_TABLE_NAME = 'schedule_entries' THEN
        DELETE FROM df.schedule_entries e WHERE e.schedule_no = NEW.schedule_no;
    ELSIF TG_TABLE_NAME = 'task_grants' THEN
        DELETE FROM df.task_grants g WHERE g.owner = NEW.owner AND g.name = NEW.name AND g.grantee = NEW.grantee;
    ELSIF TG_TABLE_NAME = 'tags' THEN
        DELETE FROM df.tags t WHERE t.instance_no = NEW.instance_no AND t.key = NEW.key;
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._removed() IS 'Internal: deletes a row that its owner has marked as removed.';
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.pauses FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.vars FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.registrations FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.task_grants FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.schedule_entries FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();
CREATE TRIGGER removed AFTER UPDATE OF removed ON df.tags FOR EACH ROW WHEN (NEW.removed) EXECUTE FUNCTION df._removed();

-- sql/functions/operate/_restored.sql
-- Rows get into the queue through the triggers on what users write. A row that gets there any other way comes from a dump, which is
-- restored in several transactions: other tables come later, some of them the user's own. A worker that began before the last of them
-- would miss checkpoints and run steps again. So worker 0, which does not exist, holds such a row. A restore that also creates the
-- extension in its single transaction does not need this.
CREATE FUNCTION df._restored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_durable' AND e.xmin = pg_current_xact_id()::xid) THEN
        -- Free: the worker that held it is in another cluster.
        NEW.worker_id := NULL;
        RETURN NEW;
    END IF;
    IF current_setting('df.restored', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM set_config('df.restored', pg_current_xact_id()::text, true);
        RAISE WARNING 'pg_durable: restored instances are held until you confirm that the restore is complete'
            USING HINT = 'To confirm it, call df.resume_restored() in this database. With --single-transaction the instances go on by '
                         'themselves.';
    END IF;
    NEW.worker_id := 0;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._restored() IS 'Internal: holds instances that come from a dump until df.resume_restored().';
CREATE TRIGGER restored BEFORE INSERT ON df.queue FOR EACH ROW
    WHEN (pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.=) 0) EXECUTE FUNCTION df._restored();

-- sql/functions/operate/_retried.sql
-- The row of df.retries passed row security, so the caller may see the instance. What it has done so far is kept; the worker removes the
-- failed checkpoints.
CREATE FUNCTION df._retried() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_started_at timestamptz;
BEGIN
    DELETE FROM df.outcomes o WHERE o.instance_no = NEW.instance_no AND o.status = 'failed' RETURNING o.started_at INTO v_started_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the instance has not failed' USING ERRCODE = 'DF015';
    END IF;
    DELETE FROM df.cancellations c WHERE c.instance_no = NEW.instance_no;
    -- A child whose parent has ended belongs to nobody, and must not be cancelled because of that.
    INSERT INTO df.queue (instance_no, submitted_by, started_at, parent_no, lane)
    SELECT s.instance_no, s.submitted_by, v_started_at, (SELECT p.instance_no FROM df.queue p WHERE p.instance_no = s.parent_no),
           CASE WHEN s.workflow IS NULL THEN 0 ELSE 1 + (hashtext(s.workflow) & 63) END
      FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
    PERFORM df._tell_workers('start');
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._retried() IS 'Internal: puts a failed instance back into the queue.';
-- Not for rows that come from a dump: the dump also contains their effects.
CREATE TRIGGER retried AFTER INSERT ON df.retries FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._retried();

-- sql/functions/operate/_signalled.sql
-- The row passed row security, and is counted with the others.
CREATE FUNCTION df._signalled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_signals bigint;
    v_bytes   bigint;
    v_role    regrole;
    v_limit   bigint;
BEGIN
    SELECT count(*), sum(pg_column_size(s.data)) INTO v_signals, v_bytes
      FROM df.signals s WHERE s.instance_no = NEW.instance_no;
    -- The minimum values of the limits.
    IF v_signals <= 1 AND v_bytes <= 1024 THEN
        RETURN NULL;
    END IF;
    v_role := (SELECT s.submitted_by FROM df.submissions s WHERE s.instance_no = NEW.instance_no);
    v_limit := df._limit(v_role, 'signals');
    IF v_signals > v_limit THEN
        RAISE EXCEPTION 'limit exceeded: % signals are already waiting for this instance (signals)', v_limit
            USING ERRCODE = 'DF020',
                  HINT = 'Check that it waits for signals of that name. '
                         'A superuser can raise the limit: df.set_limit(role, ''signals'', value).';
    END IF;
    v_limit := df._limit(v_role, 'signal_bytes');
    IF v_bytes > v_limit THEN
        RAISE EXCEPTION 'limit exceeded: the signals waiting for this instance exceed % bytes in total (signal_bytes)', v_limit
            USING ERRCODE = 'DF020',
                  HINT = 'Put the data into a table and send its key. '
                         'A superuser can raise the limit: df.set_limit(role, ''signal_bytes'', value).';
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._signalled() IS 'Internal: refuses a signal that exceeds a limit of the instance''s role.';
-- Not for rows that come from a dump: whoever restores them did not send them.
CREATE TRIGGER limited AFTER INSERT ON df.signals FOR EACH ROW
    WHEN (NEW.sent_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole) EXECUTE FUNCTION df._signalled();

-- sql/functions/operate/_touched.sql
-- The row passed row security, so the caller may see the instance.
CREATE FUNCTION df._touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM df._wake(OLD.instance_no);
    ELSE
        PERFORM df._wake(NEW.instance_no);
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._touched() IS 'Internal: wakes an instance for a signal, a pause or the end of a pause.';
CREATE TRIGGER signalled AFTER INSERT ON df.signals FOR EACH ROW EXECUTE FUNCTION df._touched();
CREATE TRIGGER paused AFTER INSERT ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._touched();
CREATE TRIGGER resumed AFTER DELETE ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._touched();

-- sql/functions/operate/_undoes_on_cancel.sql
CREATE FUNCTION df._undoes_on_cancel(p_instance bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM df.queue q
          JOIN df.submissions s ON s.instance_no = q.instance_no
          JOIN df.graphs g ON g.graph_id = s.graph_id
         WHERE q.instance_no = p_instance AND q.started_at IS NOT NULL AND df._is_undone_on_cancel(g.graph))
$function$;
COMMENT ON FUNCTION df._undoes_on_cancel(bigint) IS
    'Internal: whether an instance has begun a graph of df.undo_on_cancel, and so has steps to undo when it is cancelled.';

-- sql/functions/operate/_wake.sql
CREATE FUNCTION df._wake(p_instance bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.wakeups (instance_no) VALUES (p_instance);
    PERFORM df._tell_workers('wake');
END
$function$;
COMMENT ON FUNCTION df._wake(bigint) IS 'Internal: records that an instance has something new.';

-- sql/functions/operate/_watched.sql
-- One row per instance and statement: whatever ends the instance has to delete as many. Touches only rows of this very transaction, so
-- that nobody waits for it.
CREATE FUNCTION df._watched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.watches w
     USING (SELECT x.instance_no, min(x.ctid) AS first
              FROM df.watches x
             WHERE x.instance_no IN (SELECT a.instance_no FROM added a) AND x.xmin = pg_current_xact_id()::xid
             GROUP BY x.instance_no) f
     WHERE w.instance_no = f.instance_no AND w.ctid <> f.first AND w.xmin = pg_current_xact_id()::xid;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._watched() IS 'Internal: keeps a statement from watching an instance twice.';
CREATE TRIGGER watched AFTER INSERT ON df.watches REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION df._watched();

-- sql/functions/operate/await_instance.sql
CREATE FUNCTION df.await_instance(instance_id text, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_deadline timestamptz := clock_timestamp() + make_interval(secs => timeout_seconds);
    v_pause    double precision := 0.005;
    v_status   text;
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.await_instance() cannot be called inside a workflow - it would block a worker thread'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    ELSIF timeout_seconds <= 0 THEN
        RAISE EXCEPTION 'Timeout must be positive' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    LOOP
        v_status := df.status(instance_id);
        IF v_status IS NULL THEN
            RAISE EXCEPTION 'Instance not found: %', instance_id USING ERRCODE = 'DF002';
        ELSIF v_status IN ('completed', 'failed', 'cancelled') THEN
            RETURN v_status;
        ELSIF clock_timestamp() >= v_deadline THEN
            RAISE EXCEPTION 'Timeout after %s waiting for instance % (status: %). Check if background worker is running.',
                    timeout_seconds, instance_id, v_status
                USING ERRCODE = 'DF004',
                      -- A row that is visible but not yet committed is this transaction's own.
                      HINT = CASE
                          WHEN EXISTS (SELECT FROM df.signals s JOIN df.submissions i ON i.instance_no = s.instance_no
                                        WHERE i.id = instance_id AND df._is_in_progress(s.xmin))
                              THEN 'This transaction sent the instance a signal, which arrives when the transaction commits. Commit before '
                                   'you wait.'
                          ELSE 'The worker cannot see an instance started in this same transaction until it commits.' END;
        END IF;
        PERFORM pg_sleep(v_pause);
        v_pause := LEAST(v_pause * 2, 0.1);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df.await_instance(text, integer) IS
    'Waits until an instance is completed, failed or cancelled, and returns that status. Raises an error after timeout_seconds. Call it '
    'in a later transaction than df.start.';

-- sql/functions/operate/cancel.sql
CREATE FUNCTION df.cancel(instance_id text, reason text DEFAULT 'Cancelled by user') RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
BEGIN
    IF NOT EXISTS (SELECT FROM df.outcomes o WHERE o.instance_no = v_instance_no) THEN
        INSERT INTO df.cancellations (instance_no, reason) VALUES (v_instance_no, reason) ON CONFLICT DO NOTHING;
    END IF;
    RETURN format('Instance %s cancelled: %s', instance_id, reason);
END
$function$;
COMMENT ON FUNCTION df.cancel(text, text) IS
    'Cancels an instance, and the workflows that it called, when the calling transaction commits: no further step starts, and a running '
    'statement is stopped and rolled back. Does nothing to a finished instance.';

-- sql/functions/operate/pause.sql
CREATE FUNCTION df.pause(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status IN ('completed', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'Instance % is % and cannot be paused', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    INSERT INTO df.pauses (instance_no) VALUES (v_instance_no) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance % is already paused', instance_id USING ERRCODE = 'DF015';
    END IF;
    RETURN format('Instance %s paused', instance_id);
END
$function$;
COMMENT ON FUNCTION df.pause(text) IS
    'Pauses an instance: a running step finishes, and no new one begins once the worker has noticed, within a second of the commit. Its '
    'children go on. df.resume ends the pause.';

-- sql/functions/operate/publish.sql
CREATE FUNCTION df.publish(instance_id text, value jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_limit       bigint := pg_size_bytes(COALESCE(NULLIF(current_setting('pg_durable.max_result_bytes', true), ''), '16MB'));
BEGIN
    IF pg_column_size(value) > v_limit THEN
        RAISE EXCEPTION 'the published value is too large: % bytes, at most % are allowed (pg_durable.max_result_bytes)',
                        pg_column_size(value), v_limit
            USING ERRCODE = 'program_limit_exceeded', HINT = 'Keep the data in a table and publish its key.';
    ELSIF NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = v_instance_no) THEN
        RAISE EXCEPTION 'Instance % is % and publishes nothing more', instance_id, df.status(instance_id) USING ERRCODE = 'DF015';
    END IF;
    INSERT INTO df.published_state AS p (instance_no, value) VALUES (v_instance_no, COALESCE(publish.value, 'null'))
    ON CONFLICT ON CONSTRAINT published_state_pkey DO UPDATE SET value = EXCLUDED.value, published_at = EXCLUDED.published_at;
END
$function$;
COMMENT ON FUNCTION df.publish(text, jsonb) IS
    'Publishes a value of an instance that has not ended, in place of the one before; df.state reads it. A step publishes for its own '
    'instance with $sys_instance_id. Publishing NULL publishes JSON''s null.';

-- sql/functions/operate/resume.sql
CREATE FUNCTION df.resume(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status IN ('completed', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'Instance % is % and cannot be resumed', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    UPDATE df.pauses p SET removed = true WHERE p.instance_no = v_instance_no;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance % is not paused, it is %', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    RETURN format('Instance %s resumed', instance_id);
END
$function$;
COMMENT ON FUNCTION df.resume(text) IS 'Resumes a paused instance when the calling transaction commits.';

-- sql/functions/operate/resume_restored.sql
CREATE FUNCTION df.resume_restored() RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_count bigint;
BEGIN
    UPDATE df.queue SET worker_id = NULL WHERE worker_id = 0;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    UPDATE df.task_queue t SET held = false
     WHERE t.held AND NOT EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = t.instance_no);
    UPDATE df.schedule_entries SET restored = false WHERE restored;
    IF v_count > 0 THEN
        PERFORM df._tell_workers('start');
    END IF;
    PERFORM df._audit(current_user, 'resume_restored', NULL, NULL, v_count || ' instances');
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df.resume_restored() IS
    'Call it once a database with unfinished instances has been restored from a dump: it lets the instances and the schedules go on. '
    'Returns the number of instances.';

-- sql/functions/operate/retry_instance.sql
CREATE FUNCTION df.retry_instance(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status <> 'failed' THEN
        RAISE EXCEPTION 'Instance % is %: only a failed instance can be retried', instance_id, v_status USING ERRCODE = 'DF015';
    END IF;
    INSERT INTO df.retries (instance_no) VALUES (v_instance_no) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance % is already being retried', instance_id USING ERRCODE = 'DF015';
    END IF;
    RETURN format('Instance %s retried', instance_id);
END
$function$;
COMMENT ON FUNCTION df.retry_instance(text) IS
    'Resumes a failed instance at the step that failed, when the calling transaction commits. Completed steps do not run again.';

-- sql/functions/operate/signal.sql
CREATE FUNCTION df.signal(instance_id text, signal_name text, signal_data text DEFAULT '{}') RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint;
    v_data        json;
    v_problem     text := df._unusable_json(signal_data);
BEGIN
    IF instance_id = '' THEN
        RAISE EXCEPTION 'Instance ID cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    ELSIF signal_name = '' THEN
        RAISE EXCEPTION 'Signal name cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'No step can use this signal data'
            USING ERRCODE = 'invalid_parameter_value', DETAIL = v_problem, HINT = 'Clean the data before you send it.';
    END IF;
    v_instance_no := df._instance_no(instance_id);
    BEGIN
        v_data := signal_data::json;
    EXCEPTION WHEN invalid_text_representation THEN
        v_data := to_json(signal_data);
    END;
    -- A finished instance takes no signals.
    IF EXISTS (SELECT FROM df.queue q WHERE q.instance_no = v_instance_no) THEN
        INSERT INTO df.signals (instance_no, name, data) VALUES (v_instance_no, signal_name, v_data);
    END IF;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.signal(text, text, text) IS
    'Sends a signal to an instance when the calling transaction commits. The signal is kept until a df.wait_for_signal of that name takes '
    'it. Data that is not JSON becomes a JSON string.';

-- sql/functions/operate/terminate.sql
CREATE FUNCTION df.terminate(instance_id text, reason text DEFAULT 'Terminated by user') RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
BEGIN
    IF NOT EXISTS (SELECT FROM df.outcomes o WHERE o.instance_no = v_instance_no) THEN
        INSERT INTO df.cancellations (instance_no, reason, forced) VALUES (v_instance_no, reason, true) ON CONFLICT DO NOTHING;
    END IF;
    RETURN format('Instance %s terminated: %s', instance_id, reason);
END
$function$;
COMMENT ON FUNCTION df.terminate(text, text) IS
    'Ends an instance, and the workflows that it called, when the calling transaction commits, without any undo: also one that '
    'df.undo_on_cancel would undo, and one that is undoing its steps. Does nothing to a finished instance.';

-- sql/functions/operate/wait_for_completion.sql
CREATE FUNCTION df.wait_for_completion(instance_id text, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RAISE WARNING 'df.wait_for_completion() is deprecated; use df.await_instance() instead';
    RETURN df.await_instance(instance_id, timeout_seconds);
END
$function$;
COMMENT ON FUNCTION df.wait_for_completion(text, integer) IS 'Deprecated: use df.await_instance.';

-- sql/functions/operate/watch.sql
-- If something ends the instance at this very moment, it has already looked for watches and notifies nobody: a notification is a hint.
-- Whoever waits checks the status after this has committed, and again from time to time.
CREATE FUNCTION df.watch(instance_id text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
    v_status      text := df.status(instance_id);
BEGIN
    IF v_status IN ('pending', 'running') THEN
        INSERT INTO df.watches (instance_no)
        SELECT v_instance_no WHERE NOT EXISTS (SELECT FROM df.watches w WHERE w.instance_no = v_instance_no);
    END IF;
    RETURN v_status;
END
$function$;
COMMENT ON FUNCTION df.watch(text) IS
    'Asks for a notification when an instance ends: its id on channel df_ended, for those who LISTEN. Returns its current status; an '
    'instance that has already ended notifies nobody. The notification is a hint that can be missed: check the status from time to time.';

-- sql/functions/retention/_prune_audit.sql
-- In the order of the primary key, which is that of time: see df._prune_instances.
CREATE FUNCTION df._prune_audit(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $function$
DECLARE
    v_days  integer := COALESCE(current_setting('pg_durable.retention_days', true), '30')::integer;
    v_count bigint;
BEGIN
    WITH gone AS (
        DELETE FROM df.audit a
         WHERE a.audit_no = ANY (ARRAY(
            SELECT o.audit_no FROM (SELECT x.audit_no, x.at FROM df.audit x ORDER BY x.audit_no LIMIT p_limit) o
             WHERE o.at < clock_timestamp() - make_interval(days => v_days)))
        RETURNING 1
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df._prune_audit(integer) IS 'Internal: removes a batch of df.audit that is older than retention keeps.';

-- sql/functions/retention/_prune_graphs.sql
-- Locked rows are left for later: an uncommitted start may be writing the graph's sources, and a worker waits for no user.
-- In two passes, a day apart: an uncommitted start may refer to a graph that looks unused. New starts do not use marked graphs.
CREATE FUNCTION df._prune_graphs(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $function$
DECLARE
    v_marked  bigint;
    v_dropped bigint;
BEGIN
    WITH dropped AS (
        DELETE FROM df.graphs g
         WHERE g.graph_id IN (
            SELECT u.graph_id FROM df.graphs u
             WHERE u.unused_at < clock_timestamp() - interval '1 day'
               AND NOT EXISTS (SELECT FROM df.submissions s WHERE s.graph_id = u.graph_id)
               AND NOT EXISTS (SELECT FROM df.registrations w WHERE w.graph_id = u.graph_id)
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED)
        RETURNING 1
    )
    SELECT count(*) INTO v_dropped FROM dropped;
    WITH marked AS (
        UPDATE df.graphs g SET unused_at = clock_timestamp()
         WHERE g.graph_id IN (
            SELECT u.graph_id FROM df.graphs u
             WHERE u.unused_at IS NULL
               AND NOT EXISTS (SELECT FROM df.submissions s WHERE s.graph_id = u.graph_id)
               AND NOT EXISTS (SELECT FROM df.registrations w WHERE w.graph_id = u.graph_id)
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED)
        RETURNING 1
    )
    SELECT count(*) INTO v_marked FROM marked;
    RETURN v_dropped + v_marked;
END
$function$;
COMMENT ON FUNCTION df._prune_graphs(integer) IS
    'Internal: marks a batch of graphs that nothing refers to, and drops those that were marked a day ago.';

-- sql/functions/retention/_prune_instances.sql
-- In the order of the primary key, without an index on completed_at, which every end of an instance would pay for. Of a limit of 10,000,
-- beyond the newest lies whatever ended before all of the 10,000 that were submitted last: never an instance that was among the last to
-- end. If there are not that many, none ended before all of them.
CREATE FUNCTION df._prune_instances(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_sort = off
AS $function$
DECLARE
    v_days   integer := COALESCE(current_setting('pg_durable.retention_days', true), '30')::integer;
    v_newest integer := COALESCE(current_setting('pg_durable.retention_instances', true), '10000')::integer;
    v_before timestamptz := clock_timestamp() - make_interval(days => v_days);
    v_old    tid[];
    v_gone   bigint[];
BEGIN
    IF v_newest > 0 THEN
        v_before := GREATEST(v_before, (
            SELECT min(n.completed_at) FROM (SELECT o.completed_at FROM df.outcomes o ORDER BY o.instance_no DESC LIMIT v_newest) n));
    END IF;

    -- Not the children whose result a live parent may still ask for. By scalar subqueries, so that they are looked up by key whatever the
    -- planner believes.
    SELECT array_agg(d.address), array_agg(d.instance_no) INTO v_old, v_gone
      FROM (SELECT o.ctid AS address, o.instance_no
              FROM df.outcomes o
             WHERE o.completed_at < v_before
               AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no =
                       (SELECT CASE WHEN s.parent_node IS NOT NULL THEN s.parent_no END
                          FROM df.submissions s WHERE s.instance_no = o.instance_no)) IS NULL
             ORDER BY o.instance_no
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED) d;
    DELETE FROM df.outcomes x WHERE x.ctid = ANY (v_old);
    PERFORM df._remove_history(v_gone);
    RETURN COALESCE(cardinality(v_gone), 0);
END
$function$;
COMMENT ON FUNCTION df._prune_instances(integer) IS 'Internal: removes a batch of finished instances that retention does not keep.';

-- sql/functions/retention/_remove_history.sql
-- Of instances whose outcome the caller has locked or removed.
CREATE FUNCTION df._remove_history(p_gone bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_sort = off
AS $function$
BEGIN
    DELETE FROM df.checkpoints x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.cancellations x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.signals x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.watches x WHERE x.instance_no = ANY (p_gone);
    -- The rows of these three can be locked by users. One that stays behind belongs to nobody and does no harm.
    DELETE FROM df.pauses x WHERE x.ctid = ANY (ARRAY(SELECT p.ctid FROM df.pauses p WHERE p.instance_no = ANY (p_gone)
        FOR UPDATE SKIP LOCKED));
    DELETE FROM df.published_state x WHERE x.ctid = ANY (ARRAY(SELECT p.ctid FROM df.published_state p WHERE p.instance_no = ANY (p_gone)
        FOR UPDATE SKIP LOCKED));
    DELETE FROM df.tags x WHERE x.ctid = ANY (ARRAY(SELECT t.ctid FROM df.tags t WHERE t.instance_no = ANY (p_gone)
        FOR UPDATE SKIP LOCKED));
    DELETE FROM df.retries x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.bulks x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.submissions x WHERE x.instance_no = ANY (p_gone);
END
$function$;
COMMENT ON FUNCTION df._remove_history(bigint[]) IS 'Internal: removes all rows of instances that have ended, except their outcomes.';

-- sql/functions/retention/_wake_orphans.sql
-- An instance that waits for a signal would never notice that its role is gone. Once due, it is claimed, and ends with that reason.
CREATE FUNCTION df._wake_orphans(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_role  regrole := 0::oid::regrole;
    v_count bigint := 0;
    v_more  bigint;
BEGIN
    LOOP
        SELECT q.submitted_by INTO v_role
          FROM df.queue q WHERE q.worker_id IS NULL AND q.submitted_by > v_role ORDER BY q.submitted_by LIMIT 1;
        EXIT WHEN NOT FOUND OR v_count >= p_limit;
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles r WHERE r.oid = v_role);
        UPDATE df.queue q SET due_at = '-infinity'
         WHERE q.ctid = ANY (ARRAY(
            SELECT f.ctid FROM df.queue f
             WHERE f.worker_id IS NULL AND f.submitted_by = v_role AND f.due_at > now()
             LIMIT p_limit - v_count
               FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS v_more = ROW_COUNT;
        v_count := v_count + v_more;
    END LOOP;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df._wake_orphans(integer) IS
    'Internal: makes a batch of waiting instances due whose role no longer exists, and returns their number.';

-- sql/functions/retention/_worker_prune.sql
-- One bounded batch: first instances whose role is gone, then finished instances, then graphs that nothing refers to, then old
-- rows of df.audit.
CREATE FUNCTION df._worker_prune(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_count bigint := df._wake_orphans(p_limit);
BEGIN
    PERFORM df._require_worker();
    IF v_count < p_limit THEN
        v_count := v_count + df._prune_instances(p_limit);
    END IF;
    IF v_count < p_limit THEN
        v_count := v_count + df._prune_graphs(p_limit);
    END IF;
    IF v_count < p_limit THEN
        v_count := v_count + df._prune_audit(p_limit);
    END IF;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df._worker_prune(integer) IS
    'Internal: wakes instances whose role is gone, and removes a batch of finished instances that are older than '
    'pg_durable.retention_days or beyond the newest pg_durable.retention_instances, and of unused graphs. Returns how many; 0 means that '
    'nothing is left to do.';

-- sql/functions/roles/_admin_functions.sql
CREATE FUNCTION df._admin_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df.grant_usage(text, boolean, boolean)', 'df.revoke_usage(text)', 'df.metrics()',
        'df._admin_functions()', 'df._audit(name, text, name, text, text)',
        'df._http_functions()', 'df._user_functions()', 'df._user_privileges()'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._admin_functions() IS 'Internal: the functions that df.grant_usage also grants if with_grant is true.';

-- sql/functions/roles/_http_functions.sql
-- Not part of the ordinary grant, because a request leaves the database. The worker checks the right again before it sends one.
CREATE FUNCTION df._http_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df.http(df.http_endpoint, text, text, jsonb, integer)',
        'df.http(text, text, text, jsonb, integer)',
        'df.http_json(df.http_endpoint, text, jsonb, jsonb, integer)',
        'df.http_json(text, text, jsonb, jsonb, integer)',
        'df.http_multipart(df.http_endpoint, text, jsonb, jsonb, integer)',
        'df.http_multipart(text, text, jsonb, jsonb, integer)'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._http_functions() IS 'Internal: the functions that df.grant_usage also grants if include_http is true.';

-- sql/functions/roles/_limit.sql
-- Functions that run often call it only if there is something to look up: see df._submitted.
CREATE FUNCTION df._limit(p_role regrole, p_limit text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(
        (SELECT l.value FROM df.limits l WHERE l.role = p_role AND l.name = p_limit),
        (SELECT NULLIF(COALESCE((SELECT NULLIF(current_setting(n.setting, true), '')::bigint), n.fallback), 0) FROM df._limit_names() n
          WHERE n.name = p_limit),
        9223372036854775807)
$function$;
COMMENT ON FUNCTION df._limit(regrole, text) IS 'Internal: a limit of a role.';

-- sql/functions/roles/_limit_names.sql
CREATE FUNCTION df._limit_names() RETURNS TABLE (name text, setting text, fallback bigint, minimum bigint)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    VALUES ('running_steps', 'pg_durable.max_running_steps_per_role', 0::bigint, 1::bigint),
           ('instances', 'pg_durable.max_instances_per_role', 0, 0),
           ('starts_per_second', 'pg_durable.max_starts_per_second_per_role', 0, 1),
           ('signals', 'pg_durable.max_signals_per_instance', 10000, 1),
           ('signal_bytes', 'pg_durable.max_signal_bytes_per_instance', 268435456, 1024),
           ('call_depth', 'pg_durable.max_call_depth', 32, 1),
           ('schedules', 'pg_durable.max_schedules_per_role', 100000, 0)
$function$;
COMMENT ON FUNCTION df._limit_names() IS
    'Internal: the limits that df.set_limit can set, the setting with the default for all roles, the default if there is no such setting, '
    'and the minimum. A setting of 0 means no limit.';

-- sql/functions/roles/_user_functions.sql
-- What a granted role may execute: the functions that it calls, and those that they call in its name. The HTTP composers are in
-- df._http_functions. It is longer than other functions because it is a list.
CREATE FUNCTION df._user_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df._as_node(text, boolean)',
        'df._asked_result(bigint, df._execution[], df._execution, integer[])',
        'df._branches(text, text[])',
        'df._break_value(text)',
        'df._bulk_applies(text, df._search, bigint)',
        'df._bulk_batch(text, text, bigint, bigint, bigint, text)',
        'df._bulk_count(text, df._search, bigint, integer)',
        'df._bulk_graph()',
        'df._bulk_one(df.bulks, bigint, text)',
        'df._bulk_page(df.bulks, df._search, bigint[], text, boolean)',
        'df._bulk_search(text, text)',
        'df._called(df._step)',
        'df._chain(df._step[], integer)',
        'df._check_move(bigint, text)',
        'df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json)',
        'df._compact(text)',
        'df._config_node(text, text, text)',
        'df._config_problem(text, jsonb)',
        'df._counterparts(df._step[], df._step[], integer[])',
        'df._cron_defect(text)',
        'df._cron_value(integer, text)',
        'df._cursor(timestamptz, text)',
        'df._cursor_place(text)',
        'df._end_of_branches(bigint, df._execution[], df._execution, integer[], text)',
        'df._end_of_if(bigint, df._execution[], df._execution, integer[])',
        'df._end_of_loop(bigint, df._execution[], df._execution)',
        'df._end_of_retry(bigint, df._execution[], df._execution)',
        'df._end_of_sequence(df._execution[], df._execution)',
        'df._endpoint_problem(text, text)',
        'df._endpoints(text[])',
        'df._execution_count(bigint)',
        'df._executions(bigint)',
        'df._explain(text, text)',
        'df._explain_envelope(text)',
        'df._explain_instance(text)',
        'df._explain_node(text, text, text, text[], integer)',
        'df._explain_title(text, text)',
        'df._explain_tree(text, text[])',
        'df._flatten(text)',
        'df._fold(bigint)',
        'df._foreach_problem(jsonb)',
        'df._found(df._search, bigint, timestamptz, text)',
        'df._graph_limit(text)',
        'df._graph_nodes(text)',
        'df._has_bound(df._execution[], integer, integer)',
        'df._http_disabled()',
        'df._http_node(text, text, text, text, jsonb, integer, text)',
        'df._http_options_problem(text, jsonb)',
        'df._http_problem(text, jsonb)',
        'df._instance_no(text)',
        'df._is_composed(text)',
        'df._is_in_progress(xid)',
        'df._is_reference(text)',
        'df._is_retryable(text, text, boolean)',
        'df._is_true(json)',
        'df._jsonb(json)',
        'df._list_limit(integer)',
        'df._listed(text, integer, text, timestamptz, text)',
        'df._loop_failures(bigint, text, integer, json, integer)',
        'df._message(json)',
        'df._moment_problem(jsonb)',
        'df._move_levels(bigint, df._step[])',
        'df._move_obstacle(bigint, df._step[], integer[])',
        'df._moved_path(text, integer[])',
        'df._moved_rows(bigint, integer, df._step[], df._step[], integer[])',
        'df._node_defect(jsonb)',
        'df._node_id(integer)',
        'df._node_named(text, text)',
        'df._node_problem(integer, text, text, text, text[], integer, text)',
        'df._node_query(text, text, integer[])',
        'df._node_states(bigint)',
        'df._node_title(df._step)',
        'df._node_types()',
        'df._number_problem(text, jsonb, numeric, numeric, boolean)',
        'df._one_line(text, integer)',
        'df._output(bigint)',
        'df._outside_result(bigint, text)',
        'df._parse_node(text, boolean, boolean)',
        'df._parts_problem(jsonb)',
        'df._plain(json)',
        'df._prefix_error(json, text)',
        'df._renew_sources(bigint, text[])',
        'df._results_of(bigint, df._execution[], df._execution)',
        'df._retry_node(text, integer, text, numeric, numeric, text[], boolean)',
        'df._retry_problem(jsonb)',
        'df._root_type(bigint)',
        'df._row_count(json)',
        'df._running_versions()',
        'df._schedule_defect(text, text, text, text, text, text, integer, jsonb)',
        'df._schedule_problem(jsonb)',
        'df._scheme_problem(text)',
        'df._search_among(df._search, bigint[], bigint, timestamptz, text)',
        'df._search_candidates(df._search, regrole[])',
        'df._search_error(integer, text, text)',
        'df._search_matches(bigint, df._search)',
        'df._search_moment(integer, text, text)',
        'df._search_query(text)',
        'df._search_roles()',
        'df._search_scan(df._search, regrole[], bigint, bigint, timestamptz, text)',
        'df._search_terms(text)',
        'df._search_words()',
        'df._seconds(text)',
        'df._secret_problem(text, text)',
        'df._secrets_problem(text, jsonb)',
        'df._sequence(text)',
        'df._shape_problem(text, text, text[], integer)',
        'df._signal_node(text, text)',
        'df._source(json, text[])',
        'df._sources_problem(text, text[])',
        'df._span(interval)',
        'df._start_in_new_transaction(text, text, text, jsonb, text, timestamptz, text[])',
        'df._start_known(text, text, integer, text, jsonb, text, timestamptz, text[])',
        'df._start_problem(regrole)',
        'df._step_name(text, text)',
        'df._store_graph(text, text[])',
        'df._submit(text, integer, text, text, text, jsonb, text, timestamptz, text[])',
        'df._task_lanes(text[], text)',
        'df._task_lease(interval)',
        'df._task_lost(bigint, uuid)',
        'df._texts(jsonb)',
        'df._timeout_error(text)',
        'df._timeout_problem(jsonb)',
        'df._timezone_problem(text)',
        'df._tree(text)',
        'df._unbound_names(text)',
        'df._unbound_references(text)',
        'df._undoing(df._execution[])',
        'df._until(timestamptz)',
        'df._unusable_json(text)',
        'df._validate(text)',
        'df._waits(json, timestamptz, timestamptz, timestamptz)',
        'df._why(bigint, integer)',
        'df._why_blocked(integer[])',
        'df._why_call(bigint, text, integer, text, integer)',
        'df._why_due(bigint)',
        'df._why_ended(bigint, text, timestamptz, jsonb)',
        'df._why_retry(bigint, integer, text, text)',
        'df._why_running(bigint)',
        'df._why_statement(text, text)',
        'df._why_task(bigint, text, integer, text)',
        'df._why_wait(bigint, text, text, timestamptz, integer, text, integer)',
        'df._with_member(text, text, json)',
        'df._with_source(json, text[])',
        'df._workers_seen()',
        'df._workflow(regrole, text, integer)',
        'df.activity(text, jsonb, text)',
        'df.as(text, text)',
        'df.as_op(text, text)',
        'df.await_instance(text, integer)',
        'df.break(text)',
        'df.bulk(text, text, text, text, text, integer)',
        'df.bulk_preview(text, text, integer)',
        'df.call(text, jsonb, integer)',
        'df.cancel(text, text)',
        'df.claim_tasks(text[], integer, interval, text)',
        'df.clearvars()',
        'df.complete_task(bigint, uuid, json)',
        'df.complete_tasks(bigint[], uuid[], json[])',
        'df.drop_workflow_version(text, integer)',
        'df.endpoint(text, text)',
        'df.error(text)',
        'df.explain(text)',
        'df.export_history(text)',
        'df.extend_task(bigint, uuid, interval, json)',
        'df.fail(text, text)',
        'df.fail_task(bigint, uuid, text, text, boolean)',
        'df.foreach(text, text, text, integer)',
        'df.fork(text, text, integer, text)',
        'df.getvar(text)',
        'df.grant_tasks(text, text)',
        'df.health()',
        'df.history(text)',
        'df.if(text, text, text)',
        'df.if_else_op(text, text)',
        'df.if_rows(text, text, text)',
        'df.if_then_op(text, text)',
        'df.instance_executions(text, integer)',
        'df.instance_info(text)',
        'df.instance_nodes(text)',
        'df.instance_nodes(text, integer)',
        'df.join(text, text)',
        'df.join(text[])',
        'df.join3(text, text, text)',
        'df.list_instances(text, integer)',
        'df.list_instances(text, integer, text, text)',
        'df.loop(text, text, boolean)',
        'df.loop_prefix_op(text)',
        'df.migrate_instances(text, integer, integer, boolean)',
        'df.move_problem(text, text)',
        'df.pace(text, integer)',
        'df.pause(text)',
        'df.pause_schedule(text)',
        'df.publish(text, jsonb)',
        'df.race(text, text)',
        'df.race(text[])',
        'df.register_workflow(text, text, integer, text, text[], boolean)',
        'df.release_task(bigint, uuid, interval)',
        'df.result(text)',
        'df.resume(text)',
        'df.resume_schedule(text)',
        'df.retry(text, integer, numeric, numeric, numeric, text[], boolean)',
        'df.retry(text, integer, text, numeric, numeric, text[], boolean)',
        'df.retry_instance(text)',
        'df.revoke_tasks(text, text)',
        'df.run(text)',
        'df.schedule(text, text, text, jsonb, text, text, text, integer, integer)',
        'df.search(text, integer, text)',
        'df.search_count(text, integer)',
        'df.secret(text, text)',
        'df.seq(text, text)',
        'df.setvar(text, text)',
        'df.signal(text, text, text)',
        'df.sleep(bigint)',
        'df.sleep(double precision)',
        'df.sleep(text)',
        'df.sleep_until(text)',
        'df.sleep_until(timestamptz)',
        'df.sql(text)',
        'df.start(text, text, text, text)',
        'df.start_graph(text, jsonb, text, text, timestamptz, text, text, text[])',
        'df.start_many(text, jsonb[], text[], text[], integer, timestamptz)',
        'df.start_workflow(text, jsonb, text, text, integer, timestamptz)',
        'df.state(text)',
        'df.status(text)',
        'df.tag(text, jsonb)',
        'df.tag(text, text, text)',
        'df.tags_of(text)',
        'df.target_database()',
        'df.terminate(text, text)',
        'df.timeout(text, numeric)',
        'df.try(text, text, text)',
        'df.undo_on_cancel(text)',
        'df.unschedule(text)',
        'df.unsetvar(text)',
        'df.url_encode(text)',
        'df.version()',
        'df.wait_for_completion(text, integer)',
        'df.wait_for_schedule(text)',
        'df.wait_for_schedule(text, text)',
        'df.wait_for_signal(text, double precision)',
        'df.wait_for_signal(text, integer)',
        'df.wait_for_signal(text, text)',
        'df.watch(text)',
        'df.watch_tasks(text[], text)',
        'df.why(text)',
        'df.with_http_options(text, jsonb)',
        'df.with_undo(text, text)'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._user_functions() IS 'Internal: the functions that df.grant_usage grants.';

-- sql/functions/roles/_user_privileges.sql
-- Writing means asking for something in one's own name; row security checks the name. Only the worker writes what became of it.
--
-- No right on a whole table except SELECT: LOCK TABLE requires INSERT, UPDATE, DELETE or TRUNCATE on all of it, and whoever may lock a
-- table can stop everybody else.
CREATE FUNCTION df._user_privileges() RETURNS TABLE (privilege text, relation regclass)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    -- Nothing can be inserted here, but other programs check that a role has these rights before they start anything as that role.
    VALUES ('SELECT, INSERT (id, label, root_node, submitted_by, database)', 'df.instances'::regclass),
           ('SELECT, INSERT (id, instance_id, node_type, query, result_name, left_node, right_node, submitted_by, database)',
               'df.nodes'::regclass),
           ('SELECT', 'df.running'::regclass),
           ('SELECT', 'df.waiting'::regclass),
           ('SELECT', 'df.failed'::regclass),
           ('SELECT', 'df.failures'::regclass),
           ('SELECT', 'df.workflows'::regclass),
           ('SELECT', 'df.workflow_versions'::regclass),
           ('SELECT', 'df.schedules'::regclass),
           ('SELECT, INSERT (graph, sources), UPDATE (sources)', 'df.graphs'::regclass),
           ('SELECT, INSERT (label, graph_id, input, idempotency_key, start_at, database, vars, workflow, workflow_version, '
            'forked_from, forked_node)',
               'df.submissions'::regclass),
           ('SELECT', 'df.queue'::regclass),
           ('SELECT', 'df.checkpoints'::regclass),
           ('SELECT', 'df.outcomes'::regclass),
           ('SELECT, INSERT (instance_no, reason, forced)', 'df.cancellations'::regclass),
           ('SELECT, INSERT (instance_no, name, data)', 'df.signals'::regclass),
           ('SELECT, INSERT (instance_no)', 'df.watches'::regclass),
           ('SELECT, INSERT (instance_no), UPDATE (removed)', 'df.pauses'::regclass),
           ('SELECT, INSERT (instance_no)', 'df.retries'::regclass),
           ('SELECT, INSERT (instance_no, version)', 'df.moves'::regclass),
           ('SELECT, INSERT (instance_no, value), UPDATE (published_at, value)', 'df.published_state'::regclass),
           ('SELECT', 'df.audit'::regclass),
           ('SELECT, INSERT (instance_no, key, value), UPDATE (value, removed)', 'df.tags'::regclass),
           ('SELECT, INSERT (instance_no, action, query, reason, signal_name, signal_data, batch_size)', 'df.bulks'::regclass),
           ('INSERT (instance_no, reason)', 'df.deletions'::regclass),
           ('SELECT, INSERT (name, value), UPDATE (value, removed)', 'df.vars'::regclass),
           ('SELECT, INSERT (workflow, version, graph_id, description), UPDATE (removed)', 'df.registrations'::regclass),
           ('SELECT, INSERT (name, cron, timezone, workflow, version, input, overlap, catch_up, jitter_seconds), '
            'UPDATE (cron, timezone, workflow, version, input, overlap, catch_up, jitter_seconds, paused, removed)',
            'df.schedule_entries'::regclass),
           ('SELECT', 'df.schedule_runs'::regclass),
           -- Whoever may claim a task sees what it needs for it; the result is for the instance's role, in the instance's nodes.
           ('SELECT (task_no, instance_no, created_at, deadline, claimed_at, lease_until, ended_at, token, idempotency_key, submitted_by, '
            'claimed_by, node, attempt, delivery, lane, held, instance_id, path, name, queue, input, progress), '
            'UPDATE (claimed_at, lease_until, ended_at, token, claimed_by, delivery, retryable, progress, result, message, sqlstate)',
            'df.task_queue'::regclass),
           ('SELECT', 'df.tasks'::regclass),
           ('SELECT, INSERT (name, grantee), UPDATE (removed)', 'df.task_grants'::regclass),
           ('SELECT, INSERT (name, queue)', 'df.task_watches'::regclass),
           ('SELECT', 'df.limits'::regclass)
$function$;
COMMENT ON FUNCTION df._user_privileges() IS 'Internal: the rights on tables and views that df.grant_usage grants.';

-- sql/functions/roles/grant_usage.sql
CREATE FUNCTION df.grant_usage(p_role text, include_http boolean DEFAULT false, with_grant boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_option    text := CASE WHEN with_grant THEN ' WITH GRANT OPTION' ELSE '' END;
    v_functions regprocedure[] := df._user_functions()
        || CASE WHEN include_http THEN df._http_functions() END || CASE WHEN with_grant THEN df._admin_functions() END;
    v_right     record;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA df TO %I', p_role) || v_option;
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', array_to_string(v_functions, ', '), p_role) || v_option;
    FOR v_right IN SELECT * FROM df._user_privileges() LOOP
        EXECUTE format('GRANT %s ON %s TO %I', v_right.privilege, v_right.relation, p_role) || v_option;
    END LOOP;
    PERFORM df._audit(current_user, 'grant_usage', p_role, NULL,
                      NULLIF(concat_ws(', ', CASE WHEN include_http THEN 'include_http' END,
                                       CASE WHEN with_grant THEN 'with_grant' END), ''));
    RAISE NOTICE 'pg_durable: granted df usage privileges to "%"', p_role;
END
$function$;
COMMENT ON FUNCTION df.grant_usage(text, boolean, boolean) IS
    'Lets a role compose, start and watch its own instances. include_http adds the HTTP steps; with_grant lets the role grant all this to '
    'others. The steps run with that role''s own rights.';

-- sql/functions/roles/revoke_usage.sql
CREATE FUNCTION df.revoke_usage(p_role text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_function regprocedure;
    v_right    record;
BEGIN
    -- First: the caller may take the right to do this from itself.
    PERFORM df._audit(current_user, 'revoke_usage', p_role, NULL, NULL);
    FOREACH v_function IN ARRAY df._user_functions() || df._http_functions() || df._admin_functions()
    LOOP
        BEGIN
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I CASCADE', v_function, p_role);
        EXCEPTION WHEN insufficient_privilege THEN
            NULL; -- never held with grant option, so nothing of ours to take back
        END;
    END LOOP;
    FOR v_right IN SELECT * FROM df._user_privileges() LOOP
        EXECUTE format('REVOKE %s ON %s FROM %I CASCADE', v_right.privilege, v_right.relation, p_role);
    END LOOP;
    EXECUTE format('REVOKE USAGE ON SCHEMA df FROM %I CASCADE', p_role);
    RAISE NOTICE 'pg_durable: revoked df usage privileges granted by "%" from "%"', current_user, p_role;
END
$function$;
COMMENT ON FUNCTION df.revoke_usage(text) IS
    'Takes back what df.grant_usage gave. Instances of the role that are still running fail at their next step.';

-- sql/functions/roles/set_limit.sql
CREATE FUNCTION df.set_limit(p_role text, p_limit text, p_value bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role  regrole := (SELECT r.oid::regrole FROM pg_roles r WHERE r.rolname = p_role);
    v_least bigint := (SELECT n.minimum FROM df._limit_names() n WHERE n.name = p_limit);
BEGIN
    IF v_role IS NULL THEN
        RAISE EXCEPTION 'role "%" does not exist', p_role USING ERRCODE = 'undefined_object';
    ELSIF v_least IS NULL THEN
        RAISE EXCEPTION 'limit "%" does not exist', p_limit
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = (SELECT 'The limits are ' || string_agg(n.name, ', ' ORDER BY n.name) || '.' FROM df._limit_names() n);
    ELSIF p_value < v_least THEN
        RAISE EXCEPTION 'limit % must be at least %, or NULL for the default', p_limit, v_least USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM df.limits l WHERE l.role = v_role AND l.name = p_limit;
    IF p_value IS NOT NULL THEN
        INSERT INTO df.limits (role, name, value) VALUES (v_role, p_limit, p_value);
    END IF;
    PERFORM df._audit(current_user, 'set_limit', p_role, p_limit, COALESCE(p_value::text, 'default'));
END
$function$;
COMMENT ON FUNCTION df.set_limit(text, text, bigint) IS
    'Sets a limit of a role; for superusers: running_steps, instances (unfinished), starts_per_second, signals and signal_bytes (waiting '
    'for one instance), call_depth, schedules. NULL restores the default, which a setting has (pg_durable.max_…).';

-- sql/functions/schedule/_schedule_changed.sql
-- The row passed row security, so the caller owns the schedule.
CREATE FUNCTION df._schedule_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_limit bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- As in df._check_start, high limits are only checked at random.
        v_limit := df._limit(NEW.owner, 'schedules');
        IF random() * v_limit < 1000
            AND EXISTS (SELECT FROM df.schedule_entries e WHERE e.owner = NEW.owner ORDER BY e.owner OFFSET v_limit)
        THEN
            RAISE EXCEPTION 'limit exceeded: role % already has % schedules (schedules)', NEW.owner, v_limit
                USING ERRCODE = 'DF020',
                      HINT = 'Remove one with df.unschedule. A superuser can raise the limit: df.set_limit(role, ''schedules'', value).';
        END IF;
    END IF;
    INSERT INTO df.schedule_changes (schedule_no) VALUES (COALESCE(NEW.schedule_no, OLD.schedule_no));
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._schedule_changed() IS 'Internal: tells the workers that a schedule was created, changed or removed.';
-- Not for rows that come from a dump: it also contains what the workers know about them.
CREATE TRIGGER schedule_made AFTER INSERT ON df.schedule_entries FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._schedule_changed();
CREATE TRIGGER schedule_changed AFTER UPDATE OR DELETE ON df.schedule_entries FOR EACH ROW EXECUTE FUNCTION df._schedule_changed();

-- sql/functions/schedule/_schedule_defect.sql
CREATE FUNCTION df._schedule_defect(p_name text, p_cron text, p_timezone text, p_workflow text, p_overlap text, p_catch_up text,
                                    p_jitter_seconds integer, p_input jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE
        WHEN COALESCE(p_name, '') = '' THEN 'Schedule name cannot be empty'
        WHEN length(p_name) > 200 THEN 'Schedule name is longer than 200 characters'
        WHEN p_cron IS NULL THEN 'Cron expression cannot be NULL'
        WHEN p_workflow IS NULL THEN 'Workflow name cannot be NULL'
        WHEN (p_overlap IN ('skip', 'queue', 'allow', 'cancel_running')) IS NOT TRUE
            THEN format('overlap is %L: expected ''skip'', ''queue'', ''allow'' or ''cancel_running''', p_overlap)
        WHEN (p_catch_up IN ('skip', 'one', 'all')) IS NOT TRUE
            THEN format('catch_up is %L: expected ''skip'', ''one'' or ''all''', p_catch_up)
        WHEN (p_jitter_seconds BETWEEN 0 AND 86400) IS NOT TRUE
            THEN format('jitter_seconds is %s: expected 0 to 86400', COALESCE(p_jitter_seconds::text, 'NULL'))
        WHEN length(p_cron) > 1000 THEN 'Cron expression is longer than 1000 characters'
        WHEN pg_column_size(p_input) > 1048576 THEN 'Schedule input is larger than 1 MB: keep the data in a table and pass its key'
        ELSE df._schedule_problem(jsonb_build_object('cron_expr', p_cron, 'timezone', p_timezone)) END
$function$;
COMMENT ON FUNCTION df._schedule_defect(text, text, text, text, text, text, integer, jsonb) IS
    'Internal: what is wrong with the arguments of df.schedule, or NULL.';

-- sql/functions/schedule/_schedule_restored.sql
-- As for the instances of a dump, see df._restored: a copy must not do on its own what the original does.
CREATE FUNCTION df._schedule_restored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.restored := NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_durable' AND e.xmin = pg_current_xact_id()::xid);
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._schedule_restored() IS 'Internal: holds schedules that come from a dump until df.resume_restored().';
CREATE TRIGGER schedule_restored BEFORE INSERT ON df.schedule_entries FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.<>) pg_catalog.now()) EXECUTE FUNCTION df._schedule_restored();

-- sql/functions/schedule/_schedule_revised.sql
-- After a change that affects the ticks, no earlier tick counts.
CREATE FUNCTION df._schedule_revised() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.revision := OLD.revision + 1;
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._schedule_revised() IS 'Internal: counts the revisions of a schedule.';
CREATE TRIGGER schedule_revised BEFORE UPDATE ON df.schedule_entries FOR EACH ROW
    WHEN (OLD.cron OPERATOR(pg_catalog.<>) NEW.cron OR COALESCE(OLD.timezone, '') OPERATOR(pg_catalog.<>) COALESCE(NEW.timezone, '')
          OR OLD.paused AND NOT NEW.paused OR OLD.restored AND NOT NEW.restored)
    EXECUTE FUNCTION df._schedule_revised();

-- sql/functions/schedule/_scheduled.sql
-- The key makes one tick one instance, whatever happens to the schedule in the meantime, even if it is removed and created again.
CREATE FUNCTION df._scheduled(p_entry df.schedule_entries, p_tick timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_key      text := format('schedule %s %s', p_entry.name, to_char(p_tick AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'));
    v_workflow df.registrations := df._workflow(p_entry.owner, p_entry.workflow, p_entry.version);
    v_instance bigint;
BEGIN
    LOOP
        INSERT INTO df.submissions AS s
               (id, graph_id, submitted_by, label, input, idempotency_key, start_at, workflow, workflow_version, vars)
        VALUES (right(gen_random_uuid()::text, 8), v_workflow.graph_id, p_entry.owner, p_entry.name, p_entry.input, v_key,
                CASE WHEN p_entry.jitter_seconds > 0 THEN
                    p_tick + p_entry.jitter_seconds
                        * make_interval(secs => (hashtextextended(v_key, p_entry.schedule_no) & 1048575) / 1048576.0) END,
                v_workflow.workflow, v_workflow.version,
                (SELECT json_object_agg(v.name, v.value) FROM df.vars v WHERE v.owner = p_entry.owner AND v.value IS NOT NULL))
        ON CONFLICT DO NOTHING
        RETURNING s.instance_no INTO v_instance;
        EXIT WHEN FOUND;
        SELECT s.instance_no INTO v_instance FROM df.submissions s WHERE s.submitted_by = p_entry.owner AND s.idempotency_key = v_key;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN v_instance;
END
$function$;
COMMENT ON FUNCTION df._scheduled(df.schedule_entries, timestamptz) IS
    'Internal: starts the instance of one tick of a schedule in the name of its owner, or finds the one that already exists.';

-- sql/functions/schedule/_worker_schedule_changes.sql
CREATE FUNCTION df._worker_schedule_changes() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_hints   tid[];
    v_changed bigint[];
    v_locked  bigint[];
BEGIN
    PERFORM df._require_worker();
    SELECT array_agg(h.address), array_agg(DISTINCT h.schedule_no) INTO v_hints, v_changed
      FROM (SELECT c.ctid AS address, c.schedule_no FROM df.schedule_changes c FOR UPDATE SKIP LOCKED) h;
    INSERT INTO df.schedule_runs (schedule_no, revision, dealt_with)
    SELECT e.schedule_no, e.revision, e.changed_at FROM df.schedule_entries e WHERE e.schedule_no = ANY (v_changed) ORDER BY e.schedule_no
    ON CONFLICT DO NOTHING;
    -- A schedule that another worker has locked is left for later: its hint stays.
    v_locked := ARRAY(SELECT r.schedule_no FROM df.schedule_runs r WHERE r.schedule_no = ANY (v_changed) FOR UPDATE SKIP LOCKED);
    DELETE FROM df.schedule_changes c
     WHERE c.ctid = ANY (v_hints)
       AND (c.schedule_no = ANY (v_locked) OR NOT EXISTS (SELECT FROM df.schedule_runs r WHERE r.schedule_no = c.schedule_no));
    UPDATE df.schedule_runs r SET due_at = '-infinity', pass = r.pass + 1 WHERE r.schedule_no = ANY (v_locked);
    DELETE FROM df.schedule_runs r
     WHERE r.schedule_no = ANY (v_locked) AND NOT EXISTS (SELECT FROM df.schedule_entries e WHERE e.schedule_no = r.schedule_no);
END
$function$;
COMMENT ON FUNCTION df._worker_schedule_changes() IS
    'Internal: makes new and changed schedules due, and deletes the state of those that were removed.';

-- sql/functions/schedule/_worker_schedules.sql
-- The rows are not locked: whoever plans first wins, see df._worker_tick.
CREATE FUNCTION df._worker_schedules(p_role oid, p_limit integer)
RETURNS TABLE (schedule_no bigint, pass bigint, revision integer, name text, cron text, timezone text, catch_up text,
               dealt_with timestamptz, due_at timestamptz, now timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
    SET enable_bitmapscan = off
AS $function$
#variable_conflict use_column
BEGIN
    PERFORM df._require_worker();
    IF EXISTS (SELECT FROM df.schedule_changes) THEN
        PERFORM df._worker_schedule_changes();
    END IF;
    RETURN QUERY
    SELECT r.schedule_no, r.pass, e.revision, e.name, e.cron, e.timezone, e.catch_up,
           CASE WHEN r.revision = e.revision THEN r.dealt_with ELSE GREATEST(r.dealt_with, e.changed_at) END,
           GREATEST(r.due_at, now()), now()
      FROM df.schedule_runs r
     CROSS JOIN LATERAL (SELECT * FROM df.schedule_entries e WHERE e.schedule_no = r.schedule_no OFFSET 0) e
     WHERE r.due_at <= now() + interval '1 second' AND (p_role IS NULL OR e.owner = p_role)
     ORDER BY r.due_at, r.schedule_no
     LIMIT p_limit;
END
$function$;
COMMENT ON FUNCTION df._worker_schedules(oid, integer) IS
    'Internal: the schedules that are due, or will be within a second, with what a worker needs to plan their ticks; only those of p_role '
    'unless it is NULL.';

-- sql/functions/schedule/_worker_tick.sql
-- One transaction: the instances start and the schedule moves on, or neither. A worker that planned at the same time finds the row
-- locked, or a later pass.
--
-- It does not wait long for anybody: the owner may hold an open transaction that has used the tick's key, or has locked an instance that
-- is to be cancelled. Then nothing changes, and the same ticks are planned again a second later. With p_problem, nothing could be planned
-- and nothing is dealt with.
CREATE FUNCTION df._worker_tick(p_schedule bigint, p_pass bigint, p_revision integer, p_upto timestamptz, p_ticks timestamptz[],
                                p_next timestamptz, p_problem text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms'
AS $function$
DECLARE
    c_max_queued CONSTANT integer := 100;
    v_run        df.schedule_runs;
    v_entry      df.schedule_entries;
    v_ticks      timestamptz[];
    v_problem    text;
BEGIN
    PERFORM df._require_worker();
    SELECT * INTO v_run FROM df.schedule_runs r WHERE r.schedule_no = p_schedule AND r.pass = p_pass FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_entry FROM df.schedule_entries e WHERE e.schedule_no = p_schedule AND e.revision = p_revision;
    IF NOT FOUND THEN
        RETURN NULL; -- changed since it was planned; a hint says so
    ELSIF NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = v_entry.owner) THEN
        -- Nobody is left who could look at it.
        DELETE FROM df.schedule_entries e WHERE e.schedule_no = p_schedule;
        RETURN format('schedule %s was removed because its owner was dropped', v_entry.name);
    ELSIF v_entry.paused OR v_entry.restored THEN
        UPDATE df.schedule_runs r SET due_at = 'infinity', next_run = NULL, pass = r.pass + 1 WHERE r.schedule_no = p_schedule;
        RETURN NULL;
    END IF;

    v_run.revision := p_revision;
    v_run.dealt_with := p_upto;
    v_run.next_run := p_next;
    BEGIN
        v_problem := COALESCE(p_problem, df._start_problem(v_entry.owner), (
            SELECT format('workflow "%s"%s is not registered', v_entry.workflow, ' version ' || v_entry.version)
             WHERE NOT EXISTS (SELECT FROM df.registrations w
                                WHERE w.owner = v_entry.owner AND w.workflow = v_entry.workflow
                                  AND w.version = COALESCE(v_entry.version, w.version))), (
            SELECT format('the variables of role %s are larger than 1 MB', v_entry.owner)
              FROM df.vars v WHERE v.owner = v_entry.owner HAVING sum(octet_length(v.value)) > 1048576));
        v_run.running := ARRAY(
            SELECT i FROM unnest(v_run.running || v_run.last_instance) i
             WHERE EXISTS (SELECT FROM df.queue q WHERE q.instance_no = i) GROUP BY i ORDER BY i);
        v_ticks := v_run.queued || p_ticks;
        v_run.queued := '{}';
        IF v_entry.overlap = 'cancel_running' THEN
            v_ticks := v_ticks[cardinality(v_ticks):]; -- the others would be cancelled at once
        END IF;
        WHILE v_problem IS NULL AND cardinality(v_ticks) > 0 LOOP
            IF cardinality(v_run.running) > 0 AND v_entry.overlap = 'queue' THEN
                v_run.queued := v_ticks[GREATEST(1, cardinality(v_ticks) - c_max_queued + 1):];
                v_problem := CASE WHEN cardinality(v_ticks) > c_max_queued
                    THEN format('more than %s ticks are waiting; the oldest were dropped', c_max_queued) END;
                EXIT;
            ELSIF cardinality(v_run.running) > 0 AND v_entry.overlap = 'cancel_running' THEN
                FOR i IN 1 .. cardinality(v_run.running) LOOP
                    IF NOT df._worker_cancel(v_run.running[i], format('the next run of schedule %s begins', v_entry.name)) THEN
                        RAISE lock_not_available;
                    END IF;
                END LOOP;
                v_run.running := '{}';
            END IF;
            IF cardinality(v_run.running) = 0 OR v_entry.overlap <> 'skip' THEN
                v_run.last_instance := df._scheduled(v_entry, v_ticks[1]);
                v_run.last_run := v_ticks[1];
                v_run.running := (v_run.running || v_run.last_instance)[GREATEST(1, cardinality(v_run.running) - 998):];
            END IF;
            v_ticks := v_ticks[2:];
        END LOOP;
    EXCEPTION
        WHEN lock_not_available OR deadlock_detected OR SQLSTATE 'DF014' THEN
            UPDATE df.schedule_runs r SET due_at = clock_timestamp() + interval '1 second', pass = r.pass + 1
             WHERE r.schedule_no = p_schedule;
            RETURN NULL;
        WHEN OTHERS THEN
            -- One schedule must not keep the others from ticking.
            UPDATE df.schedule_runs r SET due_at = clock_timestamp() + interval '1 minute', problem = SQLERRM, pass = r.pass + 1
             WHERE r.schedule_no = p_schedule;
            RETURN SQLERRM;
    END;

    UPDATE df.schedule_runs r
       SET revision = v_run.revision, dealt_with = v_run.dealt_with, next_run = v_run.next_run, last_run = v_run.last_run,
           last_instance = v_run.last_instance, running = v_run.running, queued = v_run.queued, problem = v_problem, pass = r.pass + 1,
           due_at = CASE WHEN p_problem IS NOT NULL THEN clock_timestamp() + interval '1 minute'
                         WHEN v_run.queued <> '{}' THEN LEAST(v_run.next_run, clock_timestamp() + interval '1 second')
                         ELSE COALESCE(v_run.next_run, 'infinity') END
     WHERE r.schedule_no = p_schedule;
    RETURN v_problem;
END
$function$;
COMMENT ON FUNCTION df._worker_tick(bigint, bigint, integer, timestamptz, timestamptz[], timestamptz, text) IS
    'Internal: starts the ticks of a schedule up to a time, as its overlap policy says, and records the next one. Returns what stood in '
    'the way; NULL if nothing did, or if another worker was faster.';

-- sql/functions/schedule/pause_schedule.sql
CREATE FUNCTION df.pause_schedule(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.schedule_entries e SET paused = true
     WHERE e.owner = quote_ident(current_user)::regrole AND e.name = pause_schedule.name AND NOT e.paused;
    IF NOT FOUND AND NOT EXISTS (
        SELECT FROM df.schedule_entries e WHERE e.owner = quote_ident(current_user)::regrole AND e.name = pause_schedule.name)
    THEN
        RAISE EXCEPTION 'Schedule not found: %', name USING ERRCODE = 'DF017';
    END IF;
    RETURN FOUND;
END
$function$;
COMMENT ON FUNCTION df.pause_schedule(text) IS
    'Skips the ticks of a schedule until df.resume_schedule. Instances that it has started go on. False if it was already paused.';

-- sql/functions/schedule/resume_schedule.sql
CREATE FUNCTION df.resume_schedule(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.schedule_entries e SET paused = false
     WHERE e.owner = quote_ident(current_user)::regrole AND e.name = resume_schedule.name AND e.paused;
    IF NOT FOUND AND NOT EXISTS (
        SELECT FROM df.schedule_entries e WHERE e.owner = quote_ident(current_user)::regrole AND e.name = resume_schedule.name)
    THEN
        RAISE EXCEPTION 'Schedule not found: %', name USING ERRCODE = 'DF017';
    END IF;
    RETURN FOUND;
END
$function$;
COMMENT ON FUNCTION df.resume_schedule(text) IS
    'Lets a paused schedule tick again from now on; ticks during the pause are not caught up. False if it was not paused.';

-- sql/functions/schedule/schedule.sql
CREATE FUNCTION df.schedule(name text, cron text, workflow text, input jsonb DEFAULT NULL, timezone text DEFAULT NULL,
                            overlap text DEFAULT 'skip', catch_up text DEFAULT 'one', jitter_seconds integer DEFAULT 0,
                            version integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_role    regrole := quote_ident(current_user)::regrole;
    v_problem text := df._schedule_defect(schedule.name, schedule.cron, schedule.timezone, schedule.workflow, schedule.overlap,
                                          schedule.catch_up, schedule.jitter_seconds, schedule.input);
    v_new     boolean;
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_problem := df._start_problem(v_role);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem
            USING ERRCODE = 'DF011', HINT = 'A schedule starts instances as the role that created it. SET ROLE to an ordinary role.';
    END IF;
    PERFORM df._workflow(v_role, schedule.workflow, schedule.version);

    -- Migrations run again and again: an entry that is already there is not even locked.
    IF EXISTS (
        SELECT FROM df.schedule_entries e
         WHERE e.owner = v_role AND e.name = schedule.name
           AND (e.cron, e.workflow, e.input, e.timezone, e.overlap, e.catch_up, e.jitter_seconds, e.version) IS NOT DISTINCT FROM
               (schedule.cron, schedule.workflow, schedule.input, schedule.timezone, schedule.overlap, schedule.catch_up,
                schedule.jitter_seconds, schedule.version))
    THEN
        RETURN 'unchanged';
    END IF;
    INSERT INTO df.schedule_entries AS e (name, cron, workflow, input, timezone, overlap, catch_up, jitter_seconds, version)
    VALUES (schedule.name, schedule.cron, schedule.workflow, schedule.input, schedule.timezone, schedule.overlap, schedule.catch_up,
            schedule.jitter_seconds, schedule.version)
    ON CONFLICT (owner, name) DO UPDATE
       SET cron = excluded.cron, workflow = excluded.workflow, input = excluded.input, timezone = excluded.timezone,
           overlap = excluded.overlap, catch_up = excluded.catch_up, jitter_seconds = excluded.jitter_seconds, version = excluded.version
    RETURNING e.xmax = 0 INTO v_new;
    RETURN CASE WHEN v_new THEN 'created' ELSE 'changed' END;
END
$function$;
COMMENT ON FUNCTION df.schedule(text, text, text, jsonb, text, text, text, integer, integer) IS
    'Starts a registered workflow at the times of a cron expression, as the calling role. The name is unique per role: the same call '
    'again returns ''unchanged'' and leaves the next run as it is, any other call changes the schedule. overlap: what a tick does while '
    'an earlier instance is still running; catch_up: what happens to ticks that passed while no worker was running.';

-- sql/functions/schedule/unschedule.sql
CREATE FUNCTION df.unschedule(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.schedule_entries e SET removed = true WHERE e.owner = quote_ident(current_user)::regrole AND e.name = unschedule.name;
    RETURN FOUND;
END
$function$;
COMMENT ON FUNCTION df.unschedule(text) IS
    'Removes a schedule; false if there was none. Instances that it has started go on; ticks that it has queued do not.';

-- sql/functions/search/_found.sql
-- What many instances have is soon found among the newest. What few have is found by index, if there is one.
CREATE FUNCTION df._found(p_search df._search, p_limit bigint, p_created_at timestamptz, p_id text) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_newest     CONSTANT bigint := 1000;
    v_roles      regrole[];
    v_candidates record;
    v_found      bigint[];
BEGIN
    v_roles := df._search_roles();
    IF p_search.ids IS NULL AND p_limit <= c_newest THEN
        v_found := ARRAY(SELECT f FROM df._search_scan(p_search, v_roles, c_newest, p_limit, p_created_at, p_id) f);
        IF cardinality(v_found) = p_limit THEN
            RETURN v_found;
        END IF;
    END IF;
    SELECT * INTO v_candidates FROM df._search_candidates(p_search, v_roles);
    RETURN CASE WHEN v_candidates.candidates IS NULL
                THEN ARRAY(SELECT f FROM df._search_scan(p_search, v_roles, NULL, p_limit, p_created_at, p_id) f)
                ELSE ARRAY(SELECT f FROM df._search_among(v_candidates.rest, v_candidates.candidates, p_limit, p_created_at, p_id) f) END;
END
$function$;
COMMENT ON FUNCTION df._found(df._search, bigint, timestamptz, text) IS
    'Internal: the first instances that a search finds, newest first, after a place in that order.';

-- sql/functions/search/_search_among.sql
CREATE FUNCTION df._search_among(p_search df._search, p_candidates bigint[], p_limit bigint, p_created_at timestamptz, p_id text)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
BEGIN
    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT s.instance_no, s.created_at, s.id
          FROM unnest(p_candidates) c (instance_no)
          JOIN df.submissions s ON s.instance_no = c.instance_no
         WHERE s.created_at >= COALESCE(p_search.since, '-infinity')
           AND s.created_at <= LEAST(p_created_at, p_search.until, 'infinity')
           AND (p_created_at IS NULL OR s.created_at < p_created_at OR s.id > p_id)
           AND (p_search.ids IS NULL OR s.id = ANY (p_search.ids))
           AND (p_search.not_ids IS NULL OR s.id <> ALL (p_search.not_ids))
           AND (p_search.workflows IS NULL OR s.workflow = ANY (p_search.workflows))
           AND (p_search.not_workflows IS NULL OR s.workflow IS NULL OR s.workflow <> ALL (p_search.not_workflows))
           AND (p_search.labels IS NULL OR s.label = ANY (p_search.labels))
           AND (p_search.not_labels IS NULL OR s.label IS NULL OR s.label <> ALL (p_search.not_labels))
         ORDER BY s.created_at DESC, s.id
    )
    SELECT f.instance_no FROM found f
     WHERE CASE WHEN p_search.deep THEN df._search_matches(f.instance_no, p_search) ELSE true END
     LIMIT p_limit;
END
$function$;
COMMENT ON FUNCTION df._search_among(df._search, bigint[], bigint, timestamptz, text) IS
    'Internal: what a search finds among these instances, newest first.';

-- sql/functions/search/_search_candidates.sql
-- By what has an index. NULL: nothing in the search has one.
CREATE FUNCTION df._search_candidates(p_search df._search, p_roles regrole[], OUT candidates bigint[], OUT rest df._search)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
DECLARE
    v_key text;
BEGIN
    rest := p_search;
    IF p_search.ids IS NOT NULL THEN
        candidates := ARRAY(SELECT s.instance_no FROM df.submissions s WHERE s.id = ANY (p_search.ids));
        rest.ids := NULL;
    ELSIF p_search.tags IS NOT NULL THEN
        v_key := (SELECT min(k) FROM jsonb_object_keys(p_search.tags) k);
        candidates := ARRAY(SELECT t.instance_no FROM df.tags t
                             WHERE t.submitted_by = ANY (p_roles) AND t.key = v_key AND t.value = ANY (df._texts(p_search.tags -> v_key)));
        rest.tags := NULLIF(p_search.tags - v_key, '{}');
    ELSIF p_search.errors IS NOT NULL OR p_search.steps IS NOT NULL OR p_search.statuses <@ ARRAY['failed', 'cancelled'] THEN
        candidates := ARRAY(SELECT o.instance_no FROM df.outcomes o
                             WHERE o.status <> 'completed' AND (p_search.statuses IS NULL OR o.status = ANY (p_search.statuses)));
        rest.statuses := NULL;
    ELSIF p_search.statuses <@ ARRAY['pending', 'running'] THEN
        candidates := ARRAY(SELECT q.instance_no FROM df.queue q
                             WHERE CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END = ANY (p_search.statuses));
        rest.statuses := NULL;
    END IF;
    rest.deep := COALESCE(rest.statuses, rest.not_statuses, rest.errors, rest.not_errors, rest.steps, rest.not_steps) IS NOT NULL
        OR COALESCE(rest.tags, rest.not_tags) IS NOT NULL;
END
$function$;
COMMENT ON FUNCTION df._search_candidates(df._search, regrole[]) IS
    'Internal: the instances among which a search looks, if an index has them, and what remains to be compared.';

-- sql/functions/search/_search_error.sql
CREATE FUNCTION df._search_error(p_position integer, p_problem text, p_hint text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RAISE EXCEPTION 'df.search: at character %: %', p_position, p_problem USING ERRCODE = 'invalid_parameter_value', HINT = p_hint;
END
$function$;
COMMENT ON FUNCTION df._search_error(integer, text, text) IS 'Internal: refuses a query of df.search.';

-- sql/functions/search/_search_matches.sql
-- What is not in the row of the submission. Looked up one instance at a time: a page needs few of them.
CREATE FUNCTION df._search_matches(p_instance_no bigint, p_search df._search) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_status  text;
    v_error   json;
    v_details jsonb;
    v_tags    jsonb;
BEGIN
    IF COALESCE(p_search.statuses, p_search.not_statuses, p_search.errors, p_search.not_errors, p_search.steps, p_search.not_steps)
        IS NOT NULL
    THEN
        SELECT o.status, o.error INTO v_status, v_error FROM df.outcomes o WHERE o.instance_no = p_instance_no;
        IF NOT FOUND THEN
            SELECT CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END INTO v_status
              FROM df.queue q WHERE q.instance_no = p_instance_no;
        END IF;
        IF NOT COALESCE(v_status = ANY (p_search.statuses), true) OR NOT COALESCE(v_status <> ALL (p_search.not_statuses), true) THEN
            RETURN false;
        END IF;
        IF COALESCE(p_search.errors, p_search.not_errors, p_search.steps, p_search.not_steps) IS NOT NULL THEN
            v_details := CASE WHEN v_status = 'failed' THEN df._jsonb(v_error) END;
            IF NOT COALESCE(COALESCE(v_details ->> 'sqlstate', '') = ANY (p_search.errors), true)
                OR NOT COALESCE(COALESCE(v_details ->> 'sqlstate', '') <> ALL (p_search.not_errors), true)
                OR NOT COALESCE(COALESCE(v_details ->> 'step', '') = ANY (p_search.steps), true)
                OR NOT COALESCE(COALESCE(v_details ->> 'step', '') <> ALL (p_search.not_steps), true)
            THEN
                RETURN false;
            END IF;
        END IF;
    END IF;
    IF p_search.tags IS NOT NULL OR p_search.not_tags IS NOT NULL THEN
        SELECT COALESCE(jsonb_object_agg(t.key, t.value), '{}') INTO v_tags FROM df.tags t WHERE t.instance_no = p_instance_no;
        RETURN NOT EXISTS (SELECT FROM jsonb_each(p_search.tags) w WHERE NOT COALESCE(w.value ? (v_tags ->> w.key), false))
           AND NOT EXISTS (SELECT FROM jsonb_each(p_search.not_tags) w WHERE w.value ? (v_tags ->> w.key));
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._search_matches(bigint, df._search) IS
    'Internal: whether an instance has the status, error, step and tags of a search.';

-- sql/functions/search/_search_moment.sql
CREATE FUNCTION df._search_moment(p_place integer, p_word text, p_value text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ago text[] := regexp_match(p_value, '^(\d{1,6})(s|m|h|d|w)$');
BEGIN
    IF v_ago IS NOT NULL THEN
        RETURN statement_timestamp() - v_ago[1]::integer
            * CASE v_ago[2] WHEN 's' THEN interval '1 second' WHEN 'm' THEN interval '1 minute' WHEN 'h' THEN interval '1 hour'
                            WHEN 'd' THEN interval '1 day' ELSE interval '7 days' END;
    END IF;
    RETURN p_value::timestamptz;
EXCEPTION WHEN data_exception THEN
    PERFORM df._search_error(p_place, format('%s is no time for %s', quote_literal(df._one_line(p_value, 40)), p_word),
        'Write 90s, 30m, 12h, 7d or 4w for as long ago, or a time such as 2026-01-31 or "2026-01-31 12:00+01".');
END
$function$;
COMMENT ON FUNCTION df._search_moment(integer, text, text) IS 'Internal: the time that a term of df.search names.';

-- sql/functions/search/_search_query.sql
CREATE FUNCTION df._search_query(p_query text) RETURNS df._search
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_search df._search;
    v_term   record;
    v_terms  jsonb := '{}';   -- {"word": ["value", ...]}; excluded ones as "-word"
    v_key    text;
BEGIN
    FOR v_term IN SELECT * FROM df._search_terms(COALESCE(p_query, '')) LOOP
        IF v_term.word IN ('since', 'until') AND v_term.negated THEN
            PERFORM df._search_error(v_term.place, format('%s can''t be excluded', v_term.word), 'Use since and until without -.');
        ELSIF v_term.word = 'since' THEN
            v_search.since := GREATEST(v_search.since, df._search_moment(v_term.place, v_term.word, v_term.value));
            CONTINUE;
        ELSIF v_term.word = 'until' THEN
            v_search.until := LEAST(v_search.until, df._search_moment(v_term.place, v_term.word, v_term.value));
            CONTINUE;
        ELSIF v_term.word = 'status' AND v_term.value NOT IN ('pending', 'running', 'completed', 'failed', 'cancelled') THEN
            PERFORM df._search_error(v_term.place, format('there is no status %s', quote_literal(df._one_line(v_term.value, 40))),
                'The statuses are pending, running, completed, failed and cancelled.');
        ELSIF v_term.word = 'error' AND v_term.value !~ '^[0-9A-Z]{5}$' THEN
            PERFORM df._search_error(v_term.place, format('%s is no SQLSTATE', quote_literal(df._one_line(v_term.value, 40))),
                'A SQLSTATE has five digits or capital letters, such as 23505.');
        ELSIF v_term.word = 'id' AND v_term.value !~ '^[0-9a-f]{8}$' THEN
            PERFORM df._search_error(v_term.place, format('%s is no id', quote_literal(df._one_line(v_term.value, 40))),
                'An id has eight digits or letters from a to f.');
        END IF;
        IF v_term.word = ANY (df._search_words()) THEN
            v_key := CASE WHEN v_term.negated THEN '-' ELSE '' END || v_term.word;
            v_terms := v_terms || jsonb_build_object(v_key, COALESCE(v_terms -> v_key, '[]') || to_jsonb(v_term.value));
        ELSIF v_term.negated THEN
            v_search.not_tags := COALESCE(v_search.not_tags, '{}') || jsonb_build_object(
                v_term.word, COALESCE(v_search.not_tags -> v_term.word, '[]') || to_jsonb(v_term.value));
        ELSE
            v_search.tags := COALESCE(v_search.tags, '{}') || jsonb_build_object(
                v_term.word, COALESCE(v_search.tags -> v_term.word, '[]') || to_jsonb(v_term.value));
        END IF;
    END LOOP;
    v_search.ids := df._texts(v_terms -> 'id');
    v_search.not_ids := df._texts(v_terms -> '-id');
    v_search.workflows := df._texts(v_terms -> 'workflow');
    v_search.not_workflows := df._texts(v_terms -> '-workflow');
    v_search.labels := df._texts(v_terms -> 'label');
    v_search.not_labels := df._texts(v_terms -> '-label');
    v_search.statuses := df._texts(v_terms -> 'status');
    v_search.not_statuses := df._texts(v_terms -> '-status');
    v_search.errors := df._texts(v_terms -> 'error');
    v_search.not_errors := df._texts(v_terms -> '-error');
    v_search.steps := df._texts(v_terms -> 'step');
    v_search.not_steps := df._texts(v_terms -> '-step');
    v_search.deep := v_terms ?| ARRAY['status', '-status', 'error', '-error', 'step', '-step']
        OR v_search.tags IS NOT NULL OR v_search.not_tags IS NOT NULL;
    RETURN v_search;
END
$function$;
COMMENT ON FUNCTION df._search_query(text) IS 'Internal: what a query of df.search asks for.';

-- sql/functions/search/_search_roles.sql
-- An ordinary role sees one role, its own; a superuser sees all roles, which are few.
CREATE FUNCTION df._search_roles() RETURNS regrole[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    RETURN ARRAY(
        WITH RECURSIVE roles AS (
            (SELECT s.submitted_by AS role FROM df.submissions s ORDER BY s.submitted_by LIMIT 1)
            UNION ALL
            SELECT (SELECT s.submitted_by FROM df.submissions s WHERE s.submitted_by > r.role ORDER BY s.submitted_by LIMIT 1) FROM roles r
             WHERE r.role IS NOT NULL
        )
        SELECT r.role FROM roles r WHERE r.role IS NOT NULL);
END
$function$;
COMMENT ON FUNCTION df._search_roles() IS 'Internal: the roles whose instances the caller sees.';

-- sql/functions/search/_search_scan.sql
-- The newest first, among the newest p_rows of each role. p_rows NULL: among all.
CREATE FUNCTION df._search_scan(p_search df._search, p_roles regrole[], p_rows bigint, p_limit bigint, p_created_at timestamptz, p_id text)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    RETURN QUERY
    SELECT n.instance_no
      FROM unnest(p_roles) r (role)
     CROSS JOIN LATERAL (
        SELECT s.instance_no, s.created_at, s.id
          FROM (SELECT s.instance_no, s.created_at, s.id, s.workflow, s.label
                  FROM df.submissions s
                 WHERE s.submitted_by = r.role
                   AND s.created_at >= COALESCE(p_search.since, '-infinity')
                   AND s.created_at <= LEAST(p_created_at, p_search.until, 'infinity')
                   AND (p_created_at IS NULL OR s.created_at < p_created_at OR s.id > p_id)
                 ORDER BY s.created_at DESC, s.id LIMIT p_rows) s
         WHERE (p_search.ids IS NULL OR s.id = ANY (p_search.ids))
           AND (p_search.not_ids IS NULL OR s.id <> ALL (p_search.not_ids))
           AND (p_search.workflows IS NULL OR s.workflow = ANY (p_search.workflows))
           AND (p_search.not_workflows IS NULL OR s.workflow IS NULL OR s.workflow <> ALL (p_search.not_workflows))
           AND (p_search.labels IS NULL OR s.label = ANY (p_search.labels))
           AND (p_search.not_labels IS NULL OR s.label IS NULL OR s.label <> ALL (p_search.not_labels))
           AND CASE WHEN p_search.deep THEN df._search_matches(s.instance_no, p_search) ELSE true END
         ORDER BY s.created_at DESC, s.id LIMIT p_limit) n
     ORDER BY n.created_at DESC, n.id LIMIT p_limit;
END
$function$;
COMMENT ON FUNCTION df._search_scan(df._search, regrole[], bigint, bigint, timestamptz, text) IS
    'Internal: what a search finds among the newest instances of each role.';

-- sql/functions/search/_search_terms.sql
CREATE FUNCTION df._search_terms(p_query text) RETURNS TABLE (place integer, negated boolean, word text, value text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_part text[];
    v_hint text := 'Write word:value, with "quotes" around a value that has spaces and - in front of a term to exclude. The words are '
        || array_to_string(df._search_words(), ', ') || ', and the keys of tags.';
BEGIN
    IF length(p_query) > 10000 THEN
        PERFORM df._search_error(10001, 'the query is too long', 'At most 10000 characters are allowed.');
    END IF;
    place := 1;
    LOOP
        place := place + length(substring(substr(p_query, place) FROM '^\s*'));
        EXIT WHEN place > length(p_query);
        v_part := regexp_match(substr(p_query, place), '^((-?)([A-Za-z_][A-Za-z0-9_.-]*):("(?:[^"]|"")*"|[^\s"]+))(?=\s|$)');
        IF v_part IS NULL THEN
            PERFORM df._search_error(place,
                format('can''t read %s', quote_literal(df._one_line(substring(substr(p_query, place) FROM '^\S+'), 40))),
                CASE WHEN substr(p_query, place) ~ '^-?[A-Za-z_][A-Za-z0-9_.-]*:"' THEN 'The quotes must end, and a space follows them. '
                     WHEN substr(p_query, place) ~ '^-?[A-Za-z_][A-Za-z0-9_.-]*:' THEN 'The value is missing. ' ELSE '' END || v_hint);
        END IF;
        negated := v_part[2] = '-';
        word := CASE WHEN lower(v_part[3]) = ANY (df._search_words()) THEN lower(v_part[3]) ELSE v_part[3] END;
        value := CASE WHEN starts_with(v_part[4], '"') THEN replace(substr(v_part[4], 2, length(v_part[4]) - 2), '""', '"')
                      ELSE v_part[4] END;
        RETURN NEXT;
        place := place + length(v_part[1]);
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._search_terms(text) IS 'Internal: the terms of a query of df.search.';

-- sql/functions/search/_search_words.sql
CREATE FUNCTION df._search_words() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY['error', 'id', 'label', 'since', 'status', 'step', 'until', 'workflow']
$function$;
COMMENT ON FUNCTION df._search_words() IS 'Internal: the words of df.search. Any other word is the key of a tag, so no tag has these keys.';

-- sql/functions/search/_tagged.sql
-- The owner comes from the instance and not from the caller; row security then checks that the two are the same.
CREATE FUNCTION df._tagged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF (SELECT count(*) FROM df.tags t WHERE t.instance_no = NEW.instance_no AND t.key <> NEW.key) >= 32 THEN
        RAISE EXCEPTION 'an instance has at most 32 tags' USING ERRCODE = 'program_limit_exceeded',
            HINT = 'Remove one: df.tag(instance_id, key, NULL).';
    END IF;
    NEW.submitted_by := (SELECT s.submitted_by FROM df.submissions s WHERE s.instance_no = NEW.instance_no);
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._tagged() IS 'Internal: gives a tag its owner, and refuses too many.';
-- Rows that come from a dump have their owner already.
CREATE TRIGGER tagged BEFORE INSERT ON df.tags FOR EACH ROW WHEN (NEW.submitted_by IS NULL) EXECUTE FUNCTION df._tagged();

-- sql/functions/search/_texts.sql
CREATE FUNCTION df._texts(p_array jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT array_agg(t) FROM jsonb_array_elements_text(p_array) t
$function$;
COMMENT ON FUNCTION df._texts(jsonb) IS 'Internal: the elements of a JSON array.';

-- sql/functions/search/search.sql
CREATE FUNCTION df.search(query text, page_size integer DEFAULT 50, after text DEFAULT NULL)
RETURNS TABLE (id text, label text, workflow text, workflow_version integer, status text, created_at timestamptz, started_at timestamptz,
               ended_at timestamptz, error text, tags jsonb, submitted_by regrole, next_cursor text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
DECLARE
    v_search df._search := df._search_query(query);
    v_after  record;
    v_page   bigint[];
    v_next   text;
BEGIN
    IF page_size NOT BETWEEN 1 AND 1000 OR page_size IS NULL THEN
        RAISE EXCEPTION 'df.search: page_size must be between 1 and 1000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    BEGIN
        SELECT c.created_at, c.id INTO v_after FROM df._cursor_place(after) c;
    EXCEPTION WHEN invalid_parameter_value THEN
        RAISE EXCEPTION 'df.search: invalid cursor' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Pass next_cursor of the page before, as it is.';
    END;
    -- One more than requested shows whether there is another page.
    v_page := df._found(v_search, page_size + 1, v_after.created_at, v_after.id);
    IF cardinality(v_page) > page_size THEN
        v_page := v_page[:page_size];
        SELECT df._cursor(s.created_at, s.id) INTO v_next FROM df.submissions s WHERE s.instance_no = v_page[page_size];
    END IF;
    RETURN QUERY
    SELECT s.id::text, s.label, s.workflow, s.workflow_version,
           COALESCE(o.status, CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END),
           s.created_at, COALESCE(o.started_at, q.started_at), o.completed_at, df._message(o.error),
           COALESCE((SELECT jsonb_object_agg(t.key, t.value) FROM df.tags t WHERE t.instance_no = s.instance_no), '{}'),
           s.submitted_by, v_next
      FROM unnest(v_page) WITH ORDINALITY l (instance_no, place)
      JOIN df.submissions s ON s.instance_no = l.instance_no
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.queue q ON q.instance_no = s.instance_no
     ORDER BY l.place;
END
$function$;
COMMENT ON FUNCTION df.search(text, integer, text) IS
    'Your instances that match a query, newest first: workflow:name status:failed label:"two words" since:1h until:2026-01-31 '
    'error:23505 step:name id:a1b2c3d4, and key:value for a tag. All terms must match; of terms with the same word, any. - in front of a '
    'term excludes. For the next page, pass next_cursor as after; it is NULL on the last page.';

-- sql/functions/search/search_count.sql
CREATE FUNCTION df.search_count(query text, cap integer DEFAULT 10000, OUT count bigint, OUT capped boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF cap NOT BETWEEN 1 AND 1000000 OR cap IS NULL THEN
        RAISE EXCEPTION 'df.search_count: cap must be between 1 and 1000000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    count := cardinality(df._found(df._search_query(query), cap::bigint + 1, NULL, NULL));
    capped := count > cap;
    count := LEAST(count, cap);
END
$function$;
COMMENT ON FUNCTION df.search_count(text, integer) IS
    'How many instances df.search finds. Beyond the cap it stops counting, and capped is true.';

-- sql/functions/search/tag.sql
CREATE FUNCTION df.tag(instance_id text, key text, value text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
BEGIN
    IF tag.key !~ '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$' OR tag.key IS NULL THEN
        RAISE EXCEPTION 'invalid key of a tag: "%"', df._one_line(tag.key, 80) USING ERRCODE = 'invalid_parameter_value',
            HINT = 'A key begins with a letter or _, and has up to 64 letters, digits, _, . and -.';
    ELSIF lower(tag.key) = ANY (df._search_words()) THEN
        RAISE EXCEPTION 'no tag can have the key "%"', tag.key USING ERRCODE = 'invalid_parameter_value',
            HINT = 'It is a word of df.search, as are: ' || array_to_string(df._search_words(), ', ') || '.';
    ELSIF length(tag.value) > 256 THEN
        RAISE EXCEPTION 'the value of tag "%" has % characters, at most 256 are allowed', tag.key, length(tag.value)
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF tag.value IS NULL THEN
        UPDATE df.tags t SET removed = true WHERE t.instance_no = v_instance_no AND t.key = tag.key;
    ELSE
        INSERT INTO df.tags AS t (instance_no, key, value) VALUES (v_instance_no, tag.key, tag.value)
        ON CONFLICT (instance_no, key) DO UPDATE SET value = excluded.value;
    END IF;
    RETURN instance_id;
END
$function$;
COMMENT ON FUNCTION df.tag(text, text, text) IS
    'Gives an instance a tag, or changes it; a value of NULL removes it. Returns the instance''s id. df.search finds it: key:value.';

-- sql/functions/search/tag_all.sql
CREATE FUNCTION df.tag(instance_id text, tags jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF tags IS NOT NULL AND jsonb_typeof(tags) <> 'object' THEN
        RAISE EXCEPTION 'tags must be a JSON object, not %', jsonb_typeof(tags) USING ERRCODE = 'invalid_parameter_value',
            HINT = 'For example: {"customer": 42, "region": "eu"}.';
    END IF;
    -- Removals first: the others may need their place.
    PERFORM df.tag(instance_id, t.key, t.value) FROM jsonb_each_text(tags) t ORDER BY t.value IS NOT NULL;
    PERFORM df._instance_no(instance_id);
    RETURN instance_id;
END
$function$;
COMMENT ON FUNCTION df.tag(text, jsonb) IS
    'Gives an instance the tags that are the members of a JSON object; null removes one. Returns the instance''s id, so that a start can '
    'stand inside: df.tag(df.start_workflow(…), ''{"customer": 42}'').';

-- sql/functions/search/tags_of.sql
CREATE FUNCTION df.tags_of(instance_id text) RETURNS jsonb
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE((SELECT jsonb_object_agg(t.key, t.value) FROM df.tags t WHERE t.instance_no = s.instance_no), '{}')
      FROM df.submissions s WHERE s.id = instance_id
$function$;
COMMENT ON FUNCTION df.tags_of(text) IS 'The tags of an instance as a JSON object; NULL for an unknown id.';

-- sql/functions/start/_check_start.sql
-- Counting reads as many rows as the limit allows. So high limits are only checked at random, and may be exceeded by a few thousandths.
CREATE FUNCTION df._check_start(p_role regrole) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    c_cheap  CONSTANT integer := 1000;
    v_most   bigint := df._limit(p_role, 'instances');
    v_starts bigint := df._limit(p_role, 'starts_per_second');
BEGIN
    IF v_most < 9223372036854775807 AND (v_most < c_cheap OR random() * v_most < c_cheap)
       AND (v_most = 0 OR EXISTS (SELECT FROM df.queue q WHERE q.submitted_by = p_role ORDER BY q.submitted_by OFFSET v_most - 1))
    THEN
        RAISE EXCEPTION 'limit exceeded: role % already has % unfinished instances (instances)', p_role, v_most
            USING ERRCODE = 'DF020',
                  HINT = 'Wait until some of them end, or cancel some. '
                         'A superuser can raise the limit: df.set_limit(role, ''instances'', value).';
    END IF;
    -- The row of this start already exists.
    IF v_starts < 9223372036854775807 AND (v_starts < c_cheap OR random() * v_starts < c_cheap)
       AND EXISTS (SELECT FROM df.submissions s
                    WHERE s.submitted_by = p_role AND s.created_at > LEAST(now(), clock_timestamp()) - interval '1 second'
                    ORDER BY s.created_at DESC OFFSET v_starts)
    THEN
        RAISE EXCEPTION 'limit exceeded: role % starts more than % instances within a second (starts_per_second)', p_role, v_starts
            USING ERRCODE = 'DF020',
                  HINT = 'Start fewer instances, or start them more slowly. '
                         'A superuser can raise the limit: df.set_limit(role, ''starts_per_second'', value).';
    END IF;
END
$function$;
COMMENT ON FUNCTION df._check_start(regrole) IS 'Internal: refuses a start that exceeds a limit of the role.';

-- sql/functions/start/_running_versions.sql
-- One pass over the unfinished instances: every start would have to pay for an index.
CREATE FUNCTION df._running_versions() RETURNS TABLE (owner regrole, workflow text, version integer, running bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT s.submitted_by, s.workflow, s.workflow_version, count(*)
      FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
     WHERE s.workflow IS NOT NULL
     GROUP BY s.submitted_by, s.workflow, s.workflow_version
$function$;
COMMENT ON FUNCTION df._running_versions() IS 'Internal: the number of unfinished instances of each workflow version.';

-- sql/functions/start/_start_problem.sql
CREATE FUNCTION df._start_problem(p_role regrole) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE
        WHEN r.rolsuper AND NOT COALESCE(current_setting('pg_durable.enable_superuser_instances', true), 'off')::boolean
            THEN format('pg_durable: superuser instances are disabled. "%s" is a superuser, but '
                        'pg_durable.enable_superuser_instances is off.', r.rolname)
        WHEN NOT has_schema_privilege(r.oid, 'df', 'USAGE')
            OR NOT has_function_privilege(r.oid, 'df.start_workflow(text, jsonb, text, text, integer, timestamptz)', 'EXECUTE')
            THEN format('role %I may not start workflows: use df.grant_usage to allow it', r.rolname) END
      FROM pg_roles r
     WHERE r.oid = p_role
$function$;
COMMENT ON FUNCTION df._start_problem(regrole) IS 'Internal: why an existing role may not start instances, or NULL.';

-- sql/functions/start/_store_graph.sql
CREATE FUNCTION df._store_graph(p_graph text, p_sources text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem  text;
    v_graph_id bigint;
BEGIN
    PERFORM df._validate(p_graph);
    v_problem := df._sources_problem(p_graph, p_sources);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO df.graphs (graph, sources) VALUES (p_graph, p_sources) RETURNING graph_id INTO v_graph_id;
    RETURN v_graph_id;
END
$function$;
COMMENT ON FUNCTION df._store_graph(text, text[]) IS 'Internal: checks and stores a graph.';

-- sql/functions/start/_submit.sql
-- The graph is that of the registered workflow, or else p_graph. A single function, because it runs at every start, and each call of
-- another function with its own search_path costs about as much as a lookup.
CREATE FUNCTION df._submit(p_workflow text, p_version integer, p_graph text, p_label text, p_database text, p_input jsonb,
                           p_idempotency_key text,
                           p_start_at timestamptz, p_sources text[]) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role      regrole;
    v_superuser boolean;
    v_graph_id  bigint;
    v_version   integer;
    v_vars      json;
    v_id        text;
    v_moved     boolean;
BEGIN
    SELECT r.oid::regrole, r.rolsuper,
           (SELECT json_object_agg(v.name, v.value) FROM df.vars v WHERE v.owner = r.oid AND v.value IS NOT NULL)
      INTO v_role, v_superuser, v_vars
      FROM pg_roles r WHERE r.rolname = current_user;
    IF v_superuser AND NOT COALESCE(current_setting('pg_durable.enable_superuser_instances', true), 'off')::boolean THEN
        RAISE EXCEPTION 'pg_durable: superuser instances are disabled. current_user "%" is a superuser, but '
                        'pg_durable.enable_superuser_instances is off. Set pg_durable.enable_superuser_instances = on to allow this.',
                        current_user
            USING ERRCODE = 'DF011',
                  HINT = 'It is safer to SET ROLE to an ordinary role that was granted the rights with df.grant_usage().';
    ELSIF GREATEST(pg_column_size(p_input), pg_column_size(v_vars)) > 16777216 THEN
        RAISE EXCEPTION 'the input of the instance or the variables of role % exceed 16 MB', v_role
            USING ERRCODE = 'program_limit_exceeded', HINT = 'Keep the data in a table and pass its key.';
    ELSIF NOT isfinite(p_start_at) THEN
        RAISE EXCEPTION 'start_at must be a finite time, not %', p_start_at USING ERRCODE = 'invalid_parameter_value';
    END IF;

    IF p_workflow IS NOT NULL THEN
        SELECT w.graph_id, w.version INTO v_graph_id, v_version FROM df._workflow(v_role, p_workflow, p_version) w;
    ELSE
        -- A graph that this role has started before is already stored, and known to be valid.
        SELECT g.graph_id, g.sources IS DISTINCT FROM p_sources INTO v_graph_id, v_moved
          FROM df.graphs g
         WHERE g.owner = v_role AND g.hash = hashtextextended(p_graph, 0) AND g.graph = p_graph
             AND g.unused_at IS NULL
         LIMIT 1;
        IF NOT FOUND THEN
            v_graph_id := df._store_graph(p_graph, p_sources);
        ELSIF v_moved AND p_sources IS NOT NULL THEN
            PERFORM df._renew_sources(v_graph_id, p_sources);
        END IF;
    END IF;

    FOR i IN 1 .. 10 LOOP
        INSERT INTO df.submissions AS s (label, graph_id, input, idempotency_key, start_at, database, vars, workflow, workflow_version)
        VALUES (p_label, v_graph_id, p_input, p_idempotency_key, p_start_at,
                p_database, v_vars, p_workflow, v_version)
        ON CONFLICT DO NOTHING
        RETURNING s.id INTO v_id;
        IF FOUND THEN
            RETURN v_id;
        END IF;
        -- Somebody else was faster: with this key (then return that instance), or with this id (then try another id).
        SELECT s.id INTO v_id FROM df.submissions s WHERE s.submitted_by = v_role AND s.idempotency_key = p_idempotency_key;
        IF FOUND THEN
            RETURN v_id;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'Failed to create instance: exhausted 10 attempts to generate a collision-free ID';
END
$function$;
COMMENT ON FUNCTION df._submit(text, integer, text, text, text, jsonb, text, timestamptz, text[]) IS
    'Internal: writes the submission of an instance.';

-- sql/functions/start/_submitted.sql
-- Not for rows that come from a dump: it also contains their queue rows and outcomes.
CREATE TRIGGER submitted AFTER INSERT ON df.submissions FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._submitted();

-- sql/functions/start/_workflow.sql
CREATE FUNCTION df._workflow(p_owner regrole, p_workflow text, p_version integer) RETURNS df.registrations
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_workflow df.registrations;
BEGIN
    SELECT * INTO v_workflow
      FROM df.registrations w
     WHERE w.owner = p_owner AND w.workflow = p_workflow AND (p_version IS NULL OR w.version = p_version)
     ORDER BY w.version DESC
     LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workflow "%"% is not registered by role %', p_workflow, COALESCE(' version ' || p_version, ''), p_owner::text
            USING ERRCODE = 'DF014',
                  HINT = 'Register it with df.register_workflow(name, graph). Each role can start and call only its own workflows.';
    END IF;
    RETURN v_workflow;
END
$function$;
COMMENT ON FUNCTION df._workflow(regrole, text, integer) IS
    'Internal: a registered workflow, in its newest version unless p_version is given.';

-- sql/functions/start/clearvars.sql
CREATE FUNCTION df.clearvars() RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.clearvars() cannot be called inside a workflow - manage variables before starting the workflow'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    UPDATE df.vars v SET removed = true WHERE v.owner = quote_ident(current_user)::regrole;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.clearvars() IS 'Removes all variables of the current role.';

-- sql/functions/start/drop_workflow_version.sql
CREATE FUNCTION df.drop_workflow_version(name text, version integer) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role    regrole := quote_ident(current_user)::regrole;
    v_running bigint;
    v_used_by text;
BEGIN
    UPDATE df.registrations w SET removed = true WHERE w.owner = v_role AND w.workflow = name AND w.version = drop_workflow_version.version;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workflow "%" version % is not registered by role %', name, version, v_role USING ERRCODE = 'DF014';
    END IF;
    SELECT r.running INTO v_running
      FROM df._running_versions() r WHERE r.owner = v_role AND r.workflow = name AND r.version = drop_workflow_version.version;
    IF v_running > 0 THEN
        RAISE EXCEPTION 'workflow "%" version % has % running instance%',
                        name, version, v_running, CASE WHEN v_running > 1 THEN 's' ELSE '' END
            USING ERRCODE = 'object_in_use',
                  HINT = 'Wait until they end, or cancel them; df.instances lists them by workflow and workflow_version.';
    END IF;
    -- A schedule without a version uses the newest one.
    SELECT string_agg(quote_literal(e.name), ', ' ORDER BY e.name) INTO v_used_by
      FROM df.schedule_entries e
     WHERE e.owner = v_role AND e.workflow = drop_workflow_version.name
       AND CASE WHEN e.version IS NULL
                THEN NOT EXISTS (SELECT FROM df.registrations w WHERE w.owner = v_role AND w.workflow = drop_workflow_version.name)
                ELSE e.version = drop_workflow_version.version END;
    IF v_used_by IS NOT NULL THEN
        RAISE EXCEPTION 'workflow "%" version % is used by schedule %', name, version, v_used_by
            USING ERRCODE = 'object_in_use', HINT = 'Give the schedule another version with df.schedule, or remove it with df.unschedule.';
    END IF;
END
$function$;
COMMENT ON FUNCTION df.drop_workflow_version(text, integer) IS
    'Removes a version of a workflow, so that nothing can start it any more. Refused while it has unfinished instances or a schedule uses '
    'it.';

-- sql/functions/start/getvar.sql
CREATE FUNCTION df.getvar(name text) RETURNS text
LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT v.value FROM df.vars v WHERE v.owner = quote_ident(current_user)::regrole AND v.name = getvar.name
$function$;
COMMENT ON FUNCTION df.getvar(text) IS 'Value of a variable of the current role; NULL if it has no variable of that name.';

-- sql/functions/start/register_workflow.sql
CREATE FUNCTION df.register_workflow(name text, graph text, version integer DEFAULT NULL, description text DEFAULT NULL,
                                     sources text[] DEFAULT NULL, replace boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role     regrole := quote_ident(current_user)::regrole;
    v_graph    text;
    v_version  integer;
    v_graph_id bigint;
    v_other_id bigint;
    v_moved    boolean;
BEGIN
    IF COALESCE(name, '') = '' THEN
        RAISE EXCEPTION 'Workflow name cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    ELSIF version < 1 THEN
        RAISE EXCEPTION 'Workflow version must be at least 1' USING ERRCODE = 'invalid_parameter_value';
    ELSIF replace AND version IS NULL THEN
        RAISE EXCEPTION 'replace needs a version' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Without a version, a changed graph becomes the next one and replaces nothing.';
    END IF;
    v_graph := df._as_node(register_workflow.graph, p_strict => true);

    FOR i IN 1 .. 100 LOOP
        -- The same content is the same version, whichever that is: migrations run again and again.
        SELECT w.version, g.graph_id, g.sources IS DISTINCT FROM register_workflow.sources INTO v_version, v_graph_id, v_moved
          FROM df.registrations w JOIN df.graphs g ON g.graph_id = w.graph_id
         WHERE w.owner = v_role AND w.workflow = name AND g.graph = v_graph AND w.version = COALESCE(register_workflow.version, w.version)
         ORDER BY w.version DESC
         LIMIT 1;
        IF FOUND THEN
            IF v_moved AND sources IS NOT NULL THEN
                PERFORM df._renew_sources(v_graph_id, sources);
            END IF;
            RETURN v_version;
        END IF;
        -- If the graph here is the same, somebody else has registered it since the statement above: look again.
        SELECT w.graph_id INTO v_other_id
          FROM df.registrations w JOIN df.graphs g ON g.graph_id = w.graph_id
         WHERE w.owner = v_role AND w.workflow = name AND w.version = register_workflow.version AND g.graph <> v_graph;
        IF FOUND AND replace THEN
            -- A new row, so that its defaults tell who replaced it and when. Nobody may write these columns.
            UPDATE df.registrations w SET removed = true
             WHERE w.owner = v_role AND w.workflow = name AND w.version = register_workflow.version AND w.graph_id = v_other_id;
        ELSIF FOUND THEN
            RAISE EXCEPTION 'version % of workflow "%" is registered with another graph', version, name
                USING ERRCODE = 'duplicate_object',
                      DETAIL = (SELECT format('Registered at %s by %s with content hash %s; the new graph''s is %s.',
                                              date_trunc('second', v.registered_at), v.registered_by, left(v.content_hash, 12),
                                              left(encode(sha256(convert_to(v_graph, 'UTF8')), 'hex'), 12))
                                  FROM df.workflow_versions v
                                 WHERE v.owner = v_role AND v.workflow = name AND v.version = register_workflow.version),
                      HINT = 'Register the new graph without a version, or with the next one. While you develop a version, replace => true '
                             'replaces it.';
        END IF;
        -- The same graph must still be missing in the snapshot that gives the next number.
        INSERT INTO df.registrations AS n (workflow, version, graph_id, description)
        SELECT name, COALESCE(register_workflow.version, max(w.version) + 1, 1), df._store_graph(v_graph, sources),
               register_workflow.description
          FROM df.registrations w WHERE w.owner = v_role AND w.workflow = name
        HAVING NOT EXISTS (SELECT FROM df.registrations o JOIN df.graphs g ON g.graph_id = o.graph_id
                            WHERE o.owner = v_role AND o.workflow = name AND g.graph = v_graph
                                AND o.version = COALESCE(register_workflow.version, o.version))
        ON CONFLICT DO NOTHING
        RETURNING n.version INTO v_version;
        IF FOUND THEN
            RETURN v_version;
        END IF;
        -- Somebody else registered the same name at the same moment: look again.
    END LOOP;
    RAISE EXCEPTION 'workflow "%" is being registered by other sessions', name USING ERRCODE = 'serialization_failure', HINT = 'Try again.';
END
$function$;
COMMENT ON FUNCTION df.register_workflow(text, text, integer, text, text[], boolean) IS
    'Registers a graph under a name and returns its version. The same graph again is the same version; another graph becomes the next '
    'version, which is then the default. A version never changes, unless replace is true: then the graph given replaces that of the '
    'version given, and instances that have started keep theirs. sources says where each node was written, for error messages.';

-- sql/functions/start/run.sql
CREATE FUNCTION df.run(instance_id text DEFAULT NULL) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE('Triggered run for instance: ' || instance_id, 'Triggered run for all pending instances')
$function$;
COMMENT ON FUNCTION df.run(text) IS 'Does nothing: an instance runs as soon as the transaction that started it commits.';

-- sql/functions/start/setvar.sql
CREATE FUNCTION df.setvar(name text, value text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.setvar() cannot be called inside a workflow - set variables before starting the workflow'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO df.vars (name, value) VALUES (name, value) ON CONFLICT ON CONSTRAINT vars_pkey DO UPDATE SET value = EXCLUDED.value;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.setvar(text, text) IS 'Sets a variable of the current role. Instances started afterwards read it as {name}.';

-- sql/functions/start/start.sql
-- Exactly pg_durable's signature: other programs look for it, and for no second df.start. Our additions are in df.start_graph.
CREATE FUNCTION df.start(fut text, label text DEFAULT NULL, database text DEFAULT NULL, transaction_mode text DEFAULT 'caller') RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df.start_graph(fut, NULL, label, NULL, NULL, database, transaction_mode, NULL);
END
$function$;
COMMENT ON FUNCTION df.start(text, text, text, text) IS
    'Starts an instance of a graph, or of a single SQL statement, in the caller''s transaction and returns its id. Steps read the role''s '
    'variables as {name}. For an input, an idempotency key or a start time, use df.start_graph.';

-- sql/functions/start/start_graph.sql
CREATE FUNCTION df.start_graph(graph text, input jsonb DEFAULT NULL, label text DEFAULT NULL, idempotency_key text DEFAULT NULL,
                               start_at timestamptz DEFAULT NULL, database text DEFAULT NULL, transaction_mode text DEFAULT 'caller',
                               sources text[] DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph text;
    v_id    text;
BEGIN
    IF database IS NULL AND transaction_mode = 'caller' THEN
        v_id := df._start_known(graph, NULL, NULL, label, input, idempotency_key, start_at, sources);
        IF v_id IS NOT NULL THEN
            RETURN v_id;
        END IF;
    END IF;
    IF lower(transaction_mode) = 'new' THEN
        RETURN df._start_in_new_transaction(graph, label, database, input, idempotency_key, start_at, sources);
    ELSIF lower(transaction_mode) IS DISTINCT FROM 'caller' THEN
        RAISE EXCEPTION 'invalid transaction_mode "%" for df.start(): expected ''caller'' or ''new''', transaction_mode
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    BEGIN
        v_graph := df._as_node(graph, p_strict => true);
    EXCEPTION WHEN null_value_not_allowed OR invalid_parameter_value THEN
        RAISE EXCEPTION 'Invalid durable function: %', SQLERRM USING ERRCODE = 'DF003';
    END;

    IF database IS NOT NULL AND NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = database) THEN
        RAISE EXCEPTION 'database "%" does not exist', database USING ERRCODE = 'invalid_catalog_name';
    END IF;
    RETURN df._submit(NULL, NULL, v_graph, label, database, input, idempotency_key, start_at, sources);
END
$function$;
COMMENT ON FUNCTION df.start_graph(text, jsonb, text, text, timestamptz, text, text, text[]) IS
    'Like df.start, with more options. Steps read input as $input and $input.field. The same idempotency_key by the same role returns the '
    'first instance''s id. With start_at the instance starts no earlier than that. sources says where each node was written, for error '
    'messages.';

-- sql/functions/start/start_many.sql
CREATE FUNCTION df.start_many(workflow text, inputs jsonb[], labels text[] DEFAULT NULL, idempotency_keys text[] DEFAULT NULL,
                              version integer DEFAULT NULL, start_at timestamptz DEFAULT NULL) RETURNS text[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_version integer;
    v_ids     text[] := '{}';
    v_start   record;
BEGIN
    IF workflow IS NULL THEN
        RAISE EXCEPTION 'Workflow name cannot be NULL' USING ERRCODE = 'null_value_not_allowed';
    ELSIF inputs IS NULL THEN
        RAISE EXCEPTION 'inputs cannot be NULL' USING ERRCODE = 'null_value_not_allowed',
            HINT = 'An element may be NULL: that instance has no input.';
    ELSIF cardinality(labels) <> cardinality(inputs) OR cardinality(idempotency_keys) <> cardinality(inputs) THEN
        RAISE EXCEPTION 'inputs has % elements, but labels has % and idempotency_keys has %',
                cardinality(inputs), COALESCE(cardinality(labels), 0), COALESCE(cardinality(idempotency_keys), 0)
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give one element for each instance, or NULL for the whole array.';
    END IF;
    -- All in one version, whatever is registered meanwhile.
    v_version := (df._workflow(quote_ident(current_user)::regrole, workflow, version)).version;
    FOR v_start IN SELECT * FROM unnest(inputs, labels, idempotency_keys) u (input, label, key) LOOP
        v_ids := v_ids || COALESCE(
            df._start_known(NULL, workflow, v_version, v_start.label, v_start.input, v_start.key, start_at, NULL),
            df._submit(workflow, v_version, NULL, v_start.label, NULL, v_start.input, v_start.key, start_at, NULL));
    END LOOP;
    RETURN v_ids;
END
$function$;
COMMENT ON FUNCTION df.start_many(text, jsonb[], text[], text[], integer, timestamptz) IS
    'Starts an instance of a registered workflow for each input, all or none, and returns their ids in the same order. labels and '
    'idempotency_keys have an element for each input, or are NULL. Otherwise like df.start_workflow.';

-- sql/functions/start/start_workflow.sql
CREATE FUNCTION df.start_workflow(name text, input jsonb DEFAULT NULL, label text DEFAULT NULL, idempotency_key text DEFAULT NULL,
                                  version integer DEFAULT NULL, start_at timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF name IS NULL THEN
        RAISE EXCEPTION 'Workflow name cannot be NULL' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    RETURN COALESCE(df._start_known(NULL, name, version, label, input, idempotency_key, start_at, NULL),
                    df._submit(name, version, NULL, label, NULL, input, idempotency_key, start_at, NULL));
END
$function$;
COMMENT ON FUNCTION df.start_workflow(text, jsonb, text, text, integer, timestamptz) IS
    'Starts an instance of a workflow that the role has registered, in its newest version unless version is given. Runs in the caller''s '
    'transaction and returns the instance''s id, like df.start.';

-- sql/functions/start/target_database.sql
-- IMMUTABLE, because changing the setting needs a restart.
CREATE FUNCTION df.target_database() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(current_setting('pg_durable.database', true), current_database()::text)
$function$;
COMMENT ON FUNCTION df.target_database() IS 'The database that holds the extension and that its worker serves.';

-- sql/functions/start/unsetvar.sql
CREATE FUNCTION df.unsetvar(name text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF current_setting('df.in_workflow', true) = 'true' THEN
        RAISE EXCEPTION 'df.unsetvar() cannot be called inside a workflow - manage variables before starting the workflow'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    UPDATE df.vars v SET removed = true WHERE v.owner = quote_ident(current_user)::regrole AND v.name = unsetvar.name;
    RETURN 'OK';
END
$function$;
COMMENT ON FUNCTION df.unsetvar(text) IS 'Removes a variable of the current role, if there is one of that name.';

-- sql/functions/validate/_config_problem.sql
-- Composers check their arguments with it, and graphs written by hand are checked the same way.
CREATE FUNCTION df._config_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE p_type
        WHEN 'IF' THEN CASE
            WHEN p_config -> 'condition_type' IS DISTINCT FROM '"result_has_rows"'
                OR jsonb_typeof(p_config -> 'result_name') IS DISTINCT FROM 'string'
                THEN 'query in IF must be {"condition_type":"result_has_rows","result_name":"<name>"}' END
        WHEN 'LOOP' THEN CASE
            WHEN jsonb_typeof(p_config -> 'continue_on_failure') NOT IN ('boolean', 'null') THEN 'continue_on_failure must be true or false'
            WHEN p_config ->> 'min_interval_ms' IS NOT NULL
                THEN df._number_problem('min_interval_ms', p_config -> 'min_interval_ms', 0, df._graph_limit('max_interval_ms'), true) END
        WHEN 'BREAK' THEN CASE
            WHEN jsonb_typeof(p_config -> 'break_value') <> ALL (ARRAY['string', 'null']) THEN 'break_value must be a string'
            WHEN df._unusable_json(p_config ->> 'break_value') IS NOT NULL
                THEN 'df.break: no step can use this value: ' || df._unusable_json(p_config ->> 'break_value') END
        WHEN 'WAIT_SCHEDULE' THEN df._schedule_problem(p_config)
        WHEN 'SIGNAL' THEN CASE
            WHEN jsonb_typeof(p_config -> 'signal_name') IS DISTINCT FROM 'string' OR p_config ->> 'signal_name' = ''
                THEN 'Signal name cannot be empty'
            WHEN NOT df._is_reference(p_config ->> 'timeout_seconds') THEN CASE
                WHEN jsonb_typeof(p_config -> 'timeout_seconds') = 'number' AND (p_config ->> 'timeout_seconds')::numeric <= 0
                    THEN 'Timeout must be positive'
                ELSE df._number_problem('timeout_seconds', p_config -> 'timeout_seconds', 0.001, df._graph_limit('max_wait_seconds'), false)
                END END
        WHEN 'SLEEP' THEN CASE
            WHEN p_config ? 'until' THEN df._moment_problem(p_config -> 'until')
            WHEN COALESCE(NOT df._is_reference(p_config ->> 'seconds'), true)
                THEN 'seconds must be a reference' END
        WHEN 'HTTP' THEN df._http_problem(p_type, p_config)
        WHEN 'HTTP_MULTIPART' THEN df._http_problem(p_type, p_config)
        WHEN 'HTTP_JSON' THEN df._http_problem(p_type, p_config)
        WHEN 'RETRY' THEN df._retry_problem(p_config)
        WHEN 'TIMEOUT' THEN CASE
            WHEN p_config -> 'timeout_seconds' = '0'
                OR df._number_problem('', p_config -> 'timeout_seconds', 0, df._graph_limit('max_timeout_seconds'), false) IS NOT NULL
                THEN format('timeout_seconds must be more than 0 and at most %s', df._graph_limit('max_timeout_seconds')) END
        WHEN 'FAIL' THEN CASE
            WHEN jsonb_typeof(p_config -> 'message') IS DISTINCT FROM 'string' THEN 'df.fail: message must be a string'
            WHEN p_config ->> 'sqlstate' !~ '^[0-9A-Z]{5}$' OR jsonb_typeof(p_config -> 'sqlstate') NOT IN ('string', 'null')
                THEN format('df.fail: sqlstate ''%s'' must be a string of five characters from 0-9 and A-Z', p_config ->> 'sqlstate') END
        WHEN 'FOREACH' THEN df._foreach_problem(p_config)
        WHEN 'CALL' THEN CASE
            WHEN jsonb_typeof(p_config -> 'workflow') IS DISTINCT FROM 'string' OR p_config ->> 'workflow' = ''
                THEN 'df.call: workflow cannot be empty'
            WHEN p_config ->> 'version' IS NOT NULL
                THEN df._number_problem('version', p_config -> 'version', 1, df._graph_limit('max_version'), true) END
        WHEN 'ACTIVITY' THEN CASE
            WHEN COALESCE(jsonb_typeof(p_config -> 'activity') <> 'string', true)
                OR length(p_config ->> 'activity') NOT BETWEEN 1 AND df._graph_limit('max_activity_name')
                THEN format('df.activity: name must be a string of 1 to %s characters', df._graph_limit('max_activity_name'))
            WHEN p_config ->> 'queue' IS NOT NULL
                AND (jsonb_typeof(p_config -> 'queue') <> 'string'
                     OR length(p_config ->> 'queue') NOT BETWEEN 1 AND df._graph_limit('max_activity_name'))
                THEN format('df.activity: queue must be a string of 1 to %s characters', df._graph_limit('max_activity_name')) END
    END;
END
$function$;
COMMENT ON FUNCTION df._config_problem(text, jsonb) IS 'Internal: what is wrong with the config of a node of this type, or NULL.';

-- sql/functions/validate/_cron_defect.sql
-- Five fields: minute 0-59, hour 0-23, day of month 1-31, month 1-12 or JAN-DEC, day of week 0-7 (0 and 7 are Sunday) or SUN-SAT. A field
-- is a list of *, a, a-b, and with steps */n, a/n (to the field's end), a-b/n; ? is * in the two day fields. Names are of three letters or
-- whole, in any case. Alone in its field: L, L-n, LW, L-nW, nW as the day of month; aL, a#n as the day of week. Or one of @hourly, @daily,
-- @midnight, @weekly, @monthly, @yearly, @annually. tests/Cron/expressions.txt holds the compiler and the worker to the same syntax.
CREATE FUNCTION df._cron_defect(p_cron text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_names CONSTANT text[] := '{minute,hour,day of month,month,day of week}';
    c_low   CONSTANT integer[] := '{0,0,1,1,0}';
    c_high  CONSTANT integer[] := '{59,23,31,12,7}';
    v_text    text := btrim(p_cron, E' \t\r\n');
    v_fields  text[];
    v_item    text;
    v_parts   text[];
    v_from    integer;
    v_to      integer;
    v_special boolean;
BEGIN
    IF v_text LIKE '@%' THEN
        RETURN CASE WHEN v_text NOT IN ('@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually')
            THEN 'unknown macro. Use @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually' END;
    END IF;
    v_fields := regexp_split_to_array(v_text, '\s+');
    IF v_text = '' OR cardinality(v_fields) <> 5 THEN
        RETURN format('expected 5 fields (minute, hour, day of month, month, day of week), found %s',
                      CASE WHEN v_text = '' THEN 0 ELSE cardinality(v_fields) END);
    END IF;

    FOR i IN 1 .. 5 LOOP
        FOREACH v_item IN ARRAY string_to_array(v_fields[i], ',') LOOP
            v_special := false;
            IF i = 3 THEN
                v_parts := regexp_match(v_item, '^(?:L(?:-([0-9]{1,2}))?W?|([0-9]{1,2})W)$', 'i');
                v_special := v_parts IS NOT NULL;
                IF v_parts[1]::integer > 30 THEN
                    RETURN format('''%s'' is out of range: L- is followed by 0 to 30', v_item);
                END IF;
                v_from := v_parts[2]::integer;
            ELSIF i = 5 THEN
                v_parts := regexp_match(v_item, '^(\w+?)(?:L|#([0-9]{1,9}))$', 'i');
                v_from := df._cron_value(i, v_parts[1]);
                v_special := v_from IS NOT NULL;
            END IF;
            IF v_special THEN
                IF v_from NOT BETWEEN c_low[i] AND c_high[i] THEN
                    RETURN format('''%s'' is out of range: %s is %s to %s', v_item, c_names[i], c_low[i], c_high[i]);
                ELSIF i = 5 AND v_parts[2]::integer NOT BETWEEN 1 AND 5 THEN
                    RETURN format('''%s'' is out of range: # is followed by 1 to 5', v_item);
                ELSIF v_item <> v_fields[i] THEN
                    RETURN format('''%s'' must be alone in its field', v_item);
                END IF;
                CONTINUE;
            END IF;

            v_parts := regexp_match(v_item, '^(?:(\*|\?)|(\w+)(?:-(\w+))?)(?:/(\d{1,9}))?$');
            IF v_parts IS NULL OR v_parts[1] = '?' AND i NOT IN (3, 5) THEN
                RETURN format('''%s'' is not a %s: expected *, a value, a range a-b, or one of these with /step', v_item, c_names[i]);
            END IF;
            v_from := df._cron_value(i, v_parts[2]);
            v_to := df._cron_value(i, v_parts[3]);
            -- FRI-SUN: the Sunday that ends the week.
            IF i = 5 AND v_to = 0 AND v_from > 0 AND v_parts[3] !~ '\d' THEN
                v_to := 7;
            END IF;
            IF v_parts[2] IS NOT NULL AND v_from IS NULL OR v_parts[3] IS NOT NULL AND v_to IS NULL THEN
                RETURN format('''%s'' is not a %s', CASE WHEN v_from IS NULL THEN v_parts[2] ELSE v_parts[3] END, c_names[i]);
            ELSIF v_from NOT BETWEEN c_low[i] AND c_high[i] OR v_to NOT BETWEEN c_low[i] AND c_high[i] THEN
                RETURN format('''%s'' is out of range: %s is %s to %s', v_item, c_names[i], c_low[i], c_high[i]);
            ELSIF v_to < v_from THEN
                RETURN format('range ''%s'' ends before it begins', v_item);
            ELSIF v_parts[4]::integer NOT BETWEEN 1 AND c_high[i] THEN
                RETURN format('step %s is out of range: 1 to %s', v_parts[4], c_high[i]);
            END IF;
        END LOOP;
    END LOOP;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._cron_defect(text) IS 'Internal: what is wrong with a cron expression, or NULL.';

-- sql/functions/validate/_cron_value.sql
CREATE FUNCTION df._cron_value(p_field integer, p_text text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_text ~ '^\d{1,9}$' THEN p_text::integer
        WHEN p_field = 4 THEN (
            SELECT m.n
              FROM unnest('{january,february,march,april,may,june,july,august,september,october,november,december}'::text[])
                   WITH ORDINALITY m (name, n)
             WHERE lower(p_text) IN (m.name, left(m.name, 3)))
        WHEN p_field = 5 THEN (
            SELECT d.n - 1
              FROM unnest('{sunday,monday,tuesday,wednesday,thursday,friday,saturday}'::text[]) WITH ORDINALITY d (name, n)
             WHERE lower(p_text) IN (d.name, left(d.name, 3)))
    END;
END
$function$;
COMMENT ON FUNCTION df._cron_value(integer, text) IS
    'Internal: the number that a value in a field of a cron expression stands for, or NULL.';

-- sql/functions/validate/_flatten.sql
-- Numbers the nodes in pre-order (left, right, condition, extras), as the worker does. The walk keeps its own stack: recursion would be
-- slower, and 256 levels deep. A node that is malformed or too deep is listed, but not looked into. If there are too many nodes, the
-- first one beyond the limit is listed as number 10000, followed by those found before it.
CREATE FUNCTION df._flatten(p_graph text)
RETURNS TABLE (node integer, path text, depth integer, node_type text, query text, result_name text, children text[], defect text,
               parent integer, slot text, extras integer)
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_max_nodes CONSTANT integer := df._graph_limit('max_nodes');
    c_max_depth CONSTANT integer := df._graph_limit('max_depth');
    s_envelope  jsonb[]   := ARRAY[p_graph::jsonb];
    s_path      text[]    := ARRAY['root'];
    s_slot      text[]    := ARRAY[NULL::text];
    s_depth     integer[] := ARRAY[0];
    s_parent    integer[] := ARRAY[NULL::integer];
    v_top       integer := 1;
    v_visited   integer := 0;
    v_found     integer := 1;
    v_count     integer;
    v_self      jsonb;
    v_children  jsonb[];
    v_slots     text[];
BEGIN
    WHILE v_top > 0 LOOP
        v_self := s_envelope[v_top];
        path := s_path[v_top];
        slot := s_slot[v_top];
        depth := s_depth[v_top];
        parent := s_parent[v_top];
        v_top := v_top - 1;
        node := v_visited;
        v_visited := v_visited + 1;
        node_type := v_self ->> 'node_type';
        query := v_self ->> 'query';
        result_name := v_self ->> 'result_name';

        children := '{}';
        v_children := '{}';
        v_slots := '{}';
        extras := 0;
        defect := NULL;
        IF v_self ? 'left_node' AND jsonb_typeof(v_self -> 'left_node') <> 'null' THEN
            children := '{left_node}';
            v_children := ARRAY[v_self -> 'left_node'];
            v_slots := '{.left}';
        END IF;
        IF v_self ? 'right_node' AND jsonb_typeof(v_self -> 'right_node') <> 'null' THEN
            children := children || 'right_node'::text;
            v_children := v_children || (v_self -> 'right_node');
            v_slots := v_slots || '.right'::text;
        END IF;
        IF v_self ? 'condition_node' AND jsonb_typeof(v_self -> 'condition_node') <> 'null' THEN
            children := children || 'condition_node'::text;
            v_children := v_children || (v_self -> 'condition_node');
            v_slots := v_slots || '.condition_node'::text;
        END IF;
        IF v_self ? 'extra_nodes' AND jsonb_typeof(v_self -> 'extra_nodes') = 'array' AND v_self -> 'extra_nodes' <> '[]' THEN
            extras := jsonb_array_length(v_self -> 'extra_nodes');
            children := children || 'extra_nodes'::text;
            v_children := v_children || ARRAY(
                SELECT e.value FROM jsonb_array_elements(v_self -> 'extra_nodes') WITH ORDINALITY e (value, n) ORDER BY e.n);
            v_slots := v_slots || ARRAY(SELECT format('.extra_nodes[%s]', i - 1) FROM generate_series(1, extras) i);
        END IF;
        IF jsonb_typeof(v_self) <> 'object' OR v_self ? 'extra_nodes' OR jsonb_typeof(v_self -> 'node_type') IS DISTINCT FROM 'string'
            OR jsonb_typeof(v_self -> 'query') <> 'string' OR jsonb_typeof(v_self -> 'result_name') <> 'string'
            OR jsonb_typeof(v_children[1]) <> 'object' OR jsonb_typeof(v_children[2]) <> 'object' OR jsonb_typeof(v_children[3]) <> 'object'
        THEN
            defect := 'failed to deserialize Durofut child: ' || df._node_defect(v_self);
        END IF;
        RETURN NEXT;
        v_count := cardinality(v_children);
        CONTINUE WHEN v_count = 0 OR defect IS NOT NULL OR depth > c_max_depth OR v_found > c_max_nodes;

        FOR i IN REVERSE v_count .. 1 LOOP
            v_top := v_top + 1;
            s_envelope[v_top] := v_children[i];
            s_path[v_top] := path || v_slots[i];
            s_slot[v_top] := v_slots[i];
            s_depth[v_top] := depth + 1;
            s_parent[v_top] := node;
        END LOOP;
        IF v_found + v_count > c_max_nodes THEN
            path := path || v_slots[c_max_nodes - v_found + 1];
            parent := node;
            node := c_max_nodes;
            defect := format('Workflow exceeds maximum node count of %s. Simplify the workflow or break it into multiple instances.',
                             c_max_nodes);
            RETURN NEXT;
        END IF;
        v_found := v_found + v_count;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._flatten(text) IS
    'Internal: the nodes of a graph, numbered in pre-order; parent and slot say where each one is attached.';

-- sql/functions/validate/_foreach_problem.sql
CREATE FUNCTION df._foreach_problem(p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_identifier CONSTANT text := '^[a-zA-Z_][a-zA-Z0-9_]*$';
BEGIN
    RETURN CASE
        WHEN jsonb_typeof(p_config -> 'rows') IS DISTINCT FROM 'string' OR p_config ->> 'rows' !~ c_identifier
            THEN format('df.foreach: rows must be the name of a result, not ''%s''', p_config ->> 'rows')
        WHEN jsonb_typeof(p_config -> 'item_name') IS DISTINCT FROM 'string' OR p_config ->> 'item_name' !~ c_identifier
            THEN format('df.foreach: item name ''%s'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*',
                        p_config ->> 'item_name')
        WHEN p_config ->> 'item_name' = 'input' THEN 'df.foreach: item name ''input'' is taken: $input is the input given to df.start'
        WHEN p_config ->> 'max_parallel' IS NOT NULL
            THEN df._number_problem('max_parallel', p_config -> 'max_parallel', 1, df._graph_limit('max_parallel'), true)
    END;
END
$function$;
COMMENT ON FUNCTION df._foreach_problem(jsonb) IS 'Internal: what is wrong with the config of a FOREACH node, or NULL.';

-- sql/functions/validate/_graph_limit.sql
-- The limits of graphs. Limits.cs has the same numbers under the same names, and a test compares the two.
CREATE FUNCTION df._graph_limit(p_name text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE p_name
        WHEN 'max_nodes' THEN 10000
        WHEN 'max_depth' THEN 256
        WHEN 'max_sleep_seconds' THEN 31536000000
        WHEN 'max_delay_seconds' THEN 31536000
        WHEN 'max_timeout_seconds' THEN 31536000
        WHEN 'max_wait_seconds' THEN 2147483647
        WHEN 'max_attempts' THEN 1000
        WHEN 'max_backoff' THEN 100
        WHEN 'max_interval_ms' THEN 86400000
        WHEN 'max_parallel' THEN 1000
        WHEN 'max_version' THEN 2147483647
        WHEN 'max_activity_name' THEN 200
        WHEN 'max_body_bytes' THEN 9007199254740991
    END
$function$;
COMMENT ON FUNCTION df._graph_limit(text) IS 'Internal: a limit of graphs, by its name.';

-- sql/functions/validate/_graph_nodes.sql
-- A graph that was written without df.start may be anything. It must not break a listing of the instances of all roles.
CREATE FUNCTION df._graph_nodes(p_graph text)
RETURNS TABLE (node integer, node_type text, query text, result_name text, children integer[])
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH flat AS MATERIALIZED (
        SELECT * FROM df._flatten(p_graph) f
    ), families AS (
        SELECT f.parent, array_agg(f.node ORDER BY f.node) AS children FROM flat f WHERE f.parent IS NOT NULL GROUP BY f.parent
    )
    SELECT f.node, f.node_type, f.query, f.result_name, COALESCE(c.children, '{}')
      FROM flat f LEFT JOIN families c ON c.parent = f.node
     ORDER BY f.node;
EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN;
END
$function$;
COMMENT ON FUNCTION df._graph_nodes(text) IS
    'Internal: the nodes of a graph, each with the numbers of its children: left, right, condition, extras. No rows if the text is not a '
    'graph.';

-- sql/functions/validate/_is_reference.sql
CREATE FUNCTION df._is_reference(p_text text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN p_text ~ '^\$[A-Za-z_][A-Za-z0-9_]*(\.[^\s.$?*{}]+)?\??$';
END
$function$;
COMMENT ON FUNCTION df._is_reference(text) IS 'Internal: whether a text is one reference, such as $input.delay, and nothing else.';

-- sql/functions/validate/_moment_problem.sql
CREATE FUNCTION df._moment_problem(p_moment jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_text text := CASE jsonb_typeof(p_moment) WHEN 'string' THEN p_moment #>> '{}' ELSE '' END;
BEGIN
    IF df._is_reference(v_text) THEN
        RETURN NULL;
    END IF;
    IF v_text ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[-+]\d\d:\d\d)$' THEN
        PERFORM v_text::timestamptz;
        RETURN NULL;
    END IF;
    RETURN 'until must be a moment such as "2026-12-24T18:00:00+01:00", or a reference';
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format OR invalid_time_zone_displacement_value THEN
    RETURN 'until must be a moment such as "2026-12-24T18:00:00+01:00", or a reference';
END
$function$;
COMMENT ON FUNCTION df._moment_problem(jsonb) IS 'Internal: what is wrong with the moment that a SLEEP node waits for, or NULL.';

-- sql/functions/validate/_node_defect.sql
-- Checks the shape of one envelope, not of its children.
CREATE FUNCTION df._node_defect(p_node jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN jsonb_typeof(p_node) <> 'object' THEN 'a node must be a JSON object'
        WHEN jsonb_typeof(p_node -> 'node_type') IS DISTINCT FROM 'string' THEN 'missing field node_type'
        WHEN COALESCE(jsonb_typeof(p_node -> 'left_node'), 'null') NOT IN ('object', 'null')
            OR COALESCE(jsonb_typeof(p_node -> 'right_node'), 'null') NOT IN ('object', 'null') THEN 'Durofut children must be JSON objects'
        WHEN COALESCE(jsonb_typeof(p_node -> 'condition_node'), 'null') NOT IN ('object', 'null')
            THEN 'condition_node must be a Durofut JSON object'
        WHEN COALESCE(jsonb_typeof(p_node -> 'extra_nodes'), 'null') NOT IN ('array', 'null')
            OR (jsonb_typeof(p_node -> 'extra_nodes') = 'array'
                AND p_node -> 'extra_nodes' @? 'strict $[*] ? (@.type() != "object")')
            THEN 'extra_nodes entries must be Durofut JSON objects'
        WHEN COALESCE(jsonb_typeof(p_node -> 'query'), 'null') NOT IN ('string', 'null') THEN 'query must be a string'
        WHEN COALESCE(jsonb_typeof(p_node -> 'result_name'), 'null') NOT IN ('string', 'null') THEN 'result_name must be a string'
    END;
END
$function$;
COMMENT ON FUNCTION df._node_defect(jsonb) IS 'Internal: what is wrong with the shape of an envelope, or NULL.';

-- sql/functions/validate/_node_problem.sql
-- What is wrong with one node, apart from its children's own problems, and when the walk through the graph finds it: 0 on reaching the
-- node, 1 on finding it from its parent, 2 after finding its children, 3 after the walk.
CREATE FUNCTION df._node_problem(p_depth integer, p_type text, p_query text, p_name text, p_children text[], p_extras integer,
                                 p_defect text, OUT phase integer, OUT problem text)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_nested   text := CASE WHEN p_type IN ('IF', 'LOOP') THEN 'condition_node'
                            WHEN p_type IN ('JOIN', 'RACE', 'TRY') THEN 'extra_nodes' END;
    v_config   jsonb;
    v_no_json  text;
BEGIN
    IF p_query IS NOT NULL AND p_type <> 'SQL' AND NOT (p_type = 'SLEEP' AND p_query !~ '^\s*\{') THEN
        BEGIN
            v_config := p_query::jsonb;
        EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
            v_no_json := SQLERRM;
        END;
    END IF;

    phase := 1;
    problem := p_defect;
    IF problem IS NOT NULL THEN
        RETURN;
    END IF;

    phase := 0;
    problem := CASE
        WHEN p_depth > df._graph_limit('max_depth')
            THEN format('Graph exceeds maximum nesting depth of %s. Simplify the workflow or break it into multiple instances.',
                        df._graph_limit('max_depth'))
        WHEN p_type <> ALL (df._node_types())
            THEN format('Unknown node_type ''%s''. Valid types: %s', p_type, array_to_string(df._node_types(), ', '))
        WHEN 'condition_node' = ANY (p_children) AND v_nested IS DISTINCT FROM 'condition_node'
            THEN format('condition_node is not valid for %s nodes', p_type)
        WHEN 'extra_nodes' = ANY (p_children) AND v_nested IS DISTINCT FROM 'extra_nodes'
            THEN format('extra_nodes is not valid for %s nodes', p_type)
        WHEN jsonb_typeof(v_config) = 'object' AND v_config ? v_nested
            THEN format('%s in %s must be a first-class Durofut field, not embedded in query', v_nested, p_type)
    END;
    IF problem IS NOT NULL THEN
        RETURN;
    END IF;

    phase := 2;
    problem := CASE
        WHEN p_query IS NULL OR NOT p_children && ARRAY['condition_node', 'extra_nodes'] THEN NULL
        WHEN v_no_json IS NOT NULL THEN format('query in %s must be valid JSON config: %s', p_type, v_no_json)
        WHEN jsonb_typeof(v_config) <> 'object' THEN format('query in %s must be a JSON config object', p_type)
    END;
    IF problem IS NOT NULL THEN
        RETURN;
    END IF;

    phase := 3;
    problem := COALESCE(
        df._shape_problem(p_type, p_query, p_children, p_extras),
        CASE
            WHEN v_no_json IS NOT NULL THEN format('query in %s must be valid JSON config: %s', p_type, v_no_json)
            WHEN p_type = 'SLEEP' AND v_config IS NULL AND NOT CASE WHEN p_query ~ '^\d{1,11}(\.\d{1,3})?$'
                                               THEN p_query::numeric <= df._graph_limit('max_sleep_seconds')
                                               ELSE false END
                THEN format('query in SLEEP must be a number of seconds from 0 to %s', df._graph_limit('max_sleep_seconds'))
            WHEN jsonb_typeof(v_config) <> 'object' THEN format('query in %s must be a JSON config object', p_type)
            WHEN v_config IS NOT NULL THEN df._config_problem(p_type, v_config)
        END,
        CASE
            WHEN p_name !~ '^[A-Za-z_][A-Za-z0-9_]*$'
                THEN format('result name ''%s'' is not a valid identifier — must match [a-zA-Z_][a-zA-Z0-9_]*', p_name)
            WHEN p_name = 'input' THEN 'result name ''input'' is taken: $input is the input given to df.start'
        END);
END
$function$;
COMMENT ON FUNCTION df._node_problem(integer, text, text, text, text[], integer, text) IS
    'Internal: what keeps one node of a graph from running.';

-- sql/functions/validate/_node_types.sql
CREATE FUNCTION df._node_types() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY['SQL', 'THEN', 'IF', 'JOIN', 'LOOP', 'BREAK', 'RACE', 'SLEEP', 'WAIT_SCHEDULE', 'HTTP', 'HTTP_MULTIPART', 'SIGNAL',
                 'RETRY', 'TIMEOUT', 'TRY', 'FAIL', 'UNDO', 'FOREACH', 'CALL', 'HTTP_JSON', 'ACTIVITY']
$function$;
COMMENT ON FUNCTION df._node_types() IS 'Internal: the node types of the language, in the order in which messages list them.';

-- sql/functions/validate/_number_problem.sql
CREATE FUNCTION df._number_problem(p_name text, p_value jsonb, p_min numeric, p_max numeric, p_whole boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF jsonb_typeof(p_value) = 'number' AND p_value::numeric BETWEEN p_min AND p_max
        AND NOT (p_whole AND p_value::text ~ '\.')
    THEN
        RETURN NULL;
    END IF;
    RETURN format('%s must be a %s from %s to %s', p_name, CASE WHEN p_whole THEN 'whole number' ELSE 'number' END, p_min, p_max);
END
$function$;
COMMENT ON FUNCTION df._number_problem(text, jsonb, numeric, numeric, boolean) IS
    'Internal: what is wrong with a number in a config, or NULL.';

-- sql/functions/validate/_retry_problem.sql
CREATE FUNCTION df._retry_problem(p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_states jsonb := NULLIF(p_config -> 'retry_on', 'null');
    v_state  text;
BEGIN
    IF jsonb_typeof(v_states) = 'array' THEN
        SELECT s.value INTO v_state FROM jsonb_array_elements(v_states) s WHERE s.value::text !~ '^"([0-9A-Z]{2}|[0-9A-Z]{5})"$' LIMIT 1;
    END IF;
    RETURN CASE
        WHEN v_state IS NOT NULL
            THEN format('retry_on: %s is neither a SQLSTATE (five characters from 0-9 and A-Z) nor a class (its first two)', v_state)
        WHEN jsonb_typeof(v_states) <> 'array' OR v_states = '[]' THEN 'retry_on must be a list of SQLSTATEs'
        WHEN jsonb_typeof(p_config -> 'retry_after') NOT IN ('boolean', 'null') THEN 'retry_after must be true or false'
        ELSE COALESCE(df._number_problem('max_attempts', p_config -> 'max_attempts', 1, df._graph_limit('max_attempts'), true),
                      CASE WHEN NOT COALESCE(df._is_reference(p_config ->> 'delay_seconds'), false)
                           THEN df._number_problem('delay_seconds', p_config -> 'delay_seconds', 0,
                                                   df._graph_limit('max_delay_seconds'), false)
                      END,
                      df._number_problem('backoff', p_config -> 'backoff', 1, df._graph_limit('max_backoff'), false),
                      df._number_problem('max_delay_seconds', p_config -> 'max_delay_seconds', 0,
                                         df._graph_limit('max_delay_seconds'), false))
    END;
END
$function$;
COMMENT ON FUNCTION df._retry_problem(jsonb) IS 'Internal: what is wrong with the config of a RETRY node, or NULL.';

-- sql/functions/validate/_schedule_problem.sql
CREATE FUNCTION df._schedule_problem(p_config jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_cron   text := p_config ->> 'cron_expr';
    v_defect text;
BEGIN
    IF jsonb_typeof(p_config -> 'cron_expr') IS DISTINCT FROM 'string' THEN
        RETURN 'cron_expr must be a string';
    END IF;
    IF jsonb_typeof(p_config -> 'timezone') NOT IN ('string', 'null') THEN
        RETURN 'timezone must be a string';
    END IF;
    v_defect := df._cron_defect(v_cron);
    IF v_defect IS NOT NULL THEN
        RETURN format('Invalid cron expression ''%s'': %s', v_cron, v_defect);
    END IF;
    RETURN df._timezone_problem(p_config ->> 'timezone');
END
$function$;
COMMENT ON FUNCTION df._schedule_problem(jsonb) IS 'Internal: what is wrong with the config of a WAIT_SCHEDULE node, or NULL.';

-- sql/functions/validate/_shape_problem.sql
-- Which children a node needs and may have, and whether it needs a query.
CREATE FUNCTION df._shape_problem(p_type text, p_query text, p_children text[], p_extras integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_needs text[] := CASE
        WHEN p_type IN ('THEN', 'UNDO', 'IF', 'JOIN', 'RACE', 'TRY') THEN '{left_node,right_node}'
        WHEN p_type IN ('LOOP', 'RETRY', 'TIMEOUT', 'FOREACH') THEN '{left_node}'
        ELSE '{}'
    END;
BEGIN
    RETURN CASE
        WHEN cardinality(v_needs) = 0 AND cardinality(p_children) > 0 THEN format('%s nodes cannot have children', p_type)
        WHEN NOT p_children @> v_needs AND cardinality(v_needs) = 2 THEN format('%s nodes need a left_node and a right_node', p_type)
        WHEN NOT p_children @> v_needs THEN format('%s nodes need a left_node', p_type)
        WHEN cardinality(v_needs) = 1 AND 'right_node' = ANY (p_children) THEN format('%s nodes cannot have a right_node', p_type)
        WHEN p_type = 'TRY' AND p_extras > 1 THEN 'TRY nodes can have at most one extra node, which runs finally'
        WHEN p_query IS NOT NULL AND p_type IN ('THEN', 'UNDO', 'RACE', 'TRY') THEN format('%s nodes cannot have a query', p_type)
        WHEN p_type = 'IF' AND (p_query IS NULL) = ('condition_node' <> ALL (p_children))
            THEN 'IF nodes need either a condition_node or a query that names a result'
        WHEN p_query IS NULL AND p_type NOT IN ('THEN', 'UNDO', 'RACE', 'TRY', 'IF', 'JOIN', 'LOOP')
            THEN format('%s nodes need a query', p_type)
    END;
END
$function$;
COMMENT ON FUNCTION df._shape_problem(text, text, text[], integer) IS
    'Internal: whether a node has the children and the query that its type needs.';

-- sql/functions/validate/_sources_problem.sql
-- Sources appear in messages and in trees, so each must be short and on one line.
CREATE FUNCTION df._sources_problem(p_graph text, p_sources text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_max_length CONSTANT integer := 1000;
    v_nodes      integer;
BEGIN
    IF COALESCE(cardinality(p_sources), 0) = 0 THEN
        RETURN NULL;
    ELSIF array_ndims(p_sources) <> 1 OR array_lower(p_sources, 1) <> 1 THEN
        RETURN 'sources must be a one-dimensional array that begins at 1, with one element for each node, in pre-order';
    END IF;
    v_nodes := (SELECT count(*) FROM df._graph_nodes(p_graph));
    IF cardinality(p_sources) > v_nodes THEN
        RETURN format('sources has %s elements, but the graph has only %s nodes', cardinality(p_sources), v_nodes);
    END IF;
    RETURN (
        SELECT format('source %s must be one line of 1 to %s characters, not ''%s''', s.place, c_max_length,
                      left(s.source, 60) || CASE WHEN length(s.source) > 60 THEN '…' ELSE '' END)
          FROM unnest(p_sources) WITH ORDINALITY s (source, place)
         WHERE length(s.source) NOT BETWEEN 1 AND c_max_length OR s.source ~ '[[:cntrl:]]'
         ORDER BY s.place
         LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._sources_problem(text, text[]) IS 'Internal: what is wrong with the sources given for a graph, or NULL.';

-- sql/functions/validate/_timeout_problem.sql
CREATE FUNCTION df._timeout_problem(p_seconds jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN jsonb_typeof(p_seconds) = 'number' AND p_seconds::numeric <= 0 THEN 'Timeout must be positive'
        ELSE df._number_problem('timeout_seconds', p_seconds, 1, df._graph_limit('max_wait_seconds'), true)
    END;
END
$function$;
COMMENT ON FUNCTION df._timeout_problem(jsonb) IS 'Internal: what is wrong with the timeout of a request, or NULL.';

-- sql/functions/validate/_timezone_problem.sql
-- A name from pg_timezone_names, letter for letter: the worker's time zones are files too. That view reads hundreds of files, so most
-- names are checked with the setting TimeZone, which shows how a name is really spelt. It takes nothing but names if there is no digit;
-- the SET clause puts it back.
CREATE FUNCTION df._timezone_problem(p_timezone text) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $function$
DECLARE
    v_known boolean := false;
BEGIN
    IF p_timezone !~ '^[A-Za-z_/-]+$' THEN
        v_known := EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = p_timezone);
    ELSE
        BEGIN
            PERFORM set_config('TimeZone', p_timezone, true);
            v_known := current_setting('TimeZone') = p_timezone;
        EXCEPTION WHEN invalid_parameter_value THEN
            NULL;
        END;
    END IF;
    -- Names of files, but not of places.
    IF v_known AND p_timezone !~ '^(posix|right)/|^(localtime|posixrules|Factory)$' THEN
        RETURN NULL;
    END IF;
    RETURN format('Unknown time zone ''%s''. Use a name of pg_timezone_names, such as ''Europe/Paris''', p_timezone);
END
$function$;
COMMENT ON FUNCTION df._timezone_problem(text) IS 'Internal: what is wrong with the name of a time zone, or NULL.';

-- sql/functions/validate/_unbound_names.sql
-- df.if_rows and df.foreach name a result. A name that no node of a valid graph binds is misspelt.
CREATE FUNCTION df._unbound_names(p_graph text) RETURNS TABLE (node integer, path text, problem text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    WITH nodes AS MATERIALIZED (
        SELECT f.node, f.path, f.result_name,
               CASE WHEN f.node_type = 'FOREACH' OR f.node_type = 'IF' AND f.query IS NOT NULL THEN f.query::jsonb END AS config,
               CASE f.node_type WHEN 'FOREACH' THEN 'df.foreach' ELSE 'df.if_rows' END AS composer,
               f.node_type = 'TRY' AS binds_error
          FROM df._flatten(p_graph) f
    ),
    bound AS MATERIALIZED (
        SELECT 'input' AS name
        UNION SELECT 'error' FROM nodes n WHERE n.binds_error
        UNION SELECT n.result_name FROM nodes n WHERE n.result_name IS NOT NULL
        UNION SELECT n.config ->> 'item_name' FROM nodes n WHERE n.config ? 'item_name'
    )
    SELECT n.node, n.path,
           format('%s: result ''%s'' not found: no node of the graph has this name. Names: %s', n.composer, u.name,
                  (SELECT string_agg(b.name, ', ' ORDER BY b.name COLLATE "C") FROM bound b))
      FROM nodes n
     CROSS JOIN LATERAL (SELECT COALESCE(n.config ->> 'rows', n.config ->> 'result_name') AS name) u
     WHERE n.config IS NOT NULL AND u.name NOT IN (SELECT b.name FROM bound b)
$function$;
COMMENT ON FUNCTION df._unbound_names(text) IS 'Internal: nodes that test or iterate a result that no node of the graph binds.';

-- sql/functions/validate/_unbound_references.sql
-- A $name that is neither quoted nor in a comment is not SQL until it is replaced, so a name that no node of the graph binds is a
-- mistake. Checks only what these expressions can read with certainty: no backslash before a quote, no SQL that a variable inserts, no
-- block comment or dollar quote. For the rest, the server says what is wrong. BoundReferences of the SDK has the same expressions.
CREATE FUNCTION df._unbound_references(p_graph text) RETURNS TABLE (node integer, path text, problem text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    WITH nodes AS MATERIALIZED (
        SELECT f.node, f.path, f.node_type, f.query, f.result_name,
               CASE WHEN f.node_type = 'FOREACH' THEN f.query::jsonb ->> 'item_name' END AS item_name
          FROM df._flatten(p_graph) f
    ),
    bound AS MATERIALIZED (
        SELECT unnest(ARRAY['input', 'sys_instance_id', 'sys_label', 'sys_started_at']) AS name
        UNION SELECT 'error' FROM nodes n WHERE n.node_type = 'TRY'
        UNION SELECT n.result_name FROM nodes n WHERE n.result_name IS NOT NULL
        UNION SELECT n.item_name FROM nodes n WHERE n.item_name IS NOT NULL
    ),
    bare AS MATERIALIZED (
        SELECT n.node, n.path, regexp_replace(n.query, $re$'([^']|'')*'|"([^"]|"")*"|--[^\n\r]*$re$, ' ', 'g') AS query
          FROM nodes n
         WHERE n.node_type = 'SQL' AND strpos(n.query, '$') > 0 AND n.query !~ $re$\\'|\{[A-Za-z_]|/\*|\$([A-Za-z_][A-Za-z0-9_]*)?\$$re$
        UNION ALL
        -- A wait that takes its time from a result.
        SELECT n.node, n.path, t.reference
          FROM nodes n
         CROSS JOIN LATERAL (SELECT CASE n.node_type WHEN 'SIGNAL' THEN n.query::jsonb ->> 'timeout_seconds'
                                                     WHEN 'RETRY' THEN n.query::jsonb ->> 'delay_seconds'
                                                     WHEN 'SLEEP' THEN COALESCE(n.query::jsonb ->> 'seconds',
                                                                                n.query::jsonb ->> 'until') END
                             OFFSET 0) t (reference)
         WHERE n.node_type IN ('SLEEP', 'SIGNAL', 'RETRY') AND strpos(n.query, '$') > 0 AND df._is_reference(t.reference)
    ),
    unbound AS (
        SELECT DISTINCT ON (b.node) b.node, b.path, m.found[2] AS name
          FROM bare b
         CROSS JOIN LATERAL regexp_matches(
             b.query, $re$(^|[ \t\n\r!-#%-/:-@\[-^`{-~])\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t\n\r!-#%-/:-@\[-^`{-~]|\Z)$re$, 'g')
                 WITH ORDINALITY m (found, n)
         WHERE b.query !~ $re$['"]$re$ AND m.found[2] NOT IN (SELECT k.name FROM bound k)
         ORDER BY b.node, m.n
    )
    SELECT u.node, u.path,
           format('no result is named %s%s', u.name, COALESCE(
               (SELECT format('; did you mean $%s.%s?', n.result_name, u.name)
                  FROM nodes n
                 WHERE n.node_type = 'SQL' AND n.result_name IS NOT NULL
                     AND n.query ~ ('(^|[^A-Za-z0-9_])' || u.name || '([^A-Za-z0-9_]|\Z)') AND n.node <> u.node
                 ORDER BY n.node LIMIT 1),
               (SELECT format('; did you mean $%s?', b.name)
                  FROM bound b
                 WHERE starts_with(replace(lower(b.name), '_', ''), replace(lower(u.name), '_', ''))
                     OR starts_with(replace(lower(u.name), '_', ''), replace(lower(b.name), '_', ''))
                 ORDER BY length(b.name) DESC, b.name COLLATE "C" LIMIT 1),
               (SELECT '. Names: ' || string_agg(b.name, ', ' ORDER BY b.name COLLATE "C") FROM bound b)))
      FROM unbound u
$function$;
COMMENT ON FUNCTION df._unbound_references(text) IS 'Internal: steps whose SQL refers to a result that no node of the graph binds.';

-- sql/functions/validate/_unusable_json.sql
-- The type json accepts what no step can use: nothing can read \u0000 or half of a surrogate pair from it, and jsonb, which a reference
-- to it becomes, has limits of its own. A text that is not JSON at all is fine.
CREATE FUNCTION df._unusable_json(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_json   json;
    v_detail text;
BEGIN
    v_json := p_text::json;
    BEGIN
        PERFORM v_json::jsonb;
        RETURN NULL;
    EXCEPTION WHEN untranslatable_character OR invalid_text_representation OR numeric_value_out_of_range OR program_limit_exceeded THEN
        GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
        RETURN COALESCE(NULLIF(v_detail, ''), SQLERRM);
    END;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._unusable_json(text) IS 'Internal: why no step could use a text that is JSON, or NULL.';

-- sql/functions/validate/_validate.sql
-- Reports the first problem that a walk through the graph meets, and where it is.
CREATE FUNCTION df._validate(p_graph text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_path    text;
    v_problem text;
BEGIN
    -- The condition only saves plain SQL and THEN nodes, which most graphs consist of, a call that would find nothing.
    SELECT f.path, p.problem INTO v_path, v_problem
      FROM df._flatten(p_graph) f
     CROSS JOIN LATERAL df._node_problem(f.depth, f.node_type, f.query, f.result_name, f.children, f.extras, f.defect) p
     WHERE NOT (f.defect IS NULL AND f.depth <= 256
                AND (f.node_type = 'SQL' AND f.query IS NOT NULL AND f.children = '{}'
                     OR f.node_type = 'THEN' AND f.query IS NULL AND f.children = '{left_node,right_node}')
                AND (f.result_name IS NULL OR f.result_name ~ '^[A-Za-z_][A-Za-z0-9_]*$' AND f.result_name <> 'input'))
       AND p.problem IS NOT NULL
     ORDER BY p.phase = 3, CASE p.phase WHEN 1 THEN f.parent ELSE f.node END, p.phase, f.node
     LIMIT 1;
    IF NOT FOUND AND p_graph ~ 'result_has_rows|"FOREACH"' THEN
        SELECT u.path, u.problem INTO v_path, v_problem FROM df._unbound_names(p_graph) u ORDER BY u.node LIMIT 1;
    END IF;
    -- Most graphs bind every name that they use, which shows without looking at their nodes.
    IF v_problem IS NULL AND EXISTS (
        SELECT m.found[1] FROM regexp_matches(p_graph, '\$([A-Za-z_][A-Za-z0-9_]*)', 'g') m (found)
        EXCEPT SELECT m.found[1] FROM regexp_matches(p_graph, '(?:result_name|item_name)\\*"\s*:\s*\\*"(\w+)', 'g') m (found)
        EXCEPT VALUES ('input'), ('sys_label'), ('sys_instance_id'), ('sys_started_at'))
    THEN
        SELECT u.path, u.problem INTO v_path, v_problem FROM df._unbound_references(p_graph) u ORDER BY u.node LIMIT 1;
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'Invalid durable function graph: %: %', v_path, v_problem USING ERRCODE = 'DF003';
    END IF;
END
$function$;
COMMENT ON FUNCTION df._validate(text) IS 'Internal: raises an error for a graph that cannot run.';

-- sql/functions/why/_one_line.sql
-- What users named could otherwise look like a line of the answer.
CREATE FUNCTION df._one_line(p_text text, p_length integer DEFAULT 200) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN length(l.line) > p_length THEN left(l.line, p_length - 1) || '…' ELSE l.line END
      FROM (SELECT btrim(regexp_replace(p_text, '[[:space:][:cntrl:]]+', ' ', 'g'))) l (line)
$function$;
COMMENT ON FUNCTION df._one_line(text, integer) IS 'Internal: the beginning of a text in one line.';

-- sql/functions/why/_span.sql
CREATE FUNCTION df._span(p_time interval) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN s.s < 120 THEN s.s || ' s'
                WHEN s.s < 7200 THEN s.s / 60 || ' min'
                WHEN s.s < 172800 THEN s.s / 3600 || ' h'
                ELSE s.s / 86400 || ' days' END
      FROM (SELECT GREATEST(ceil(extract(epoch FROM p_time)), 0)::bigint) s (s)
$function$;
COMMENT ON FUNCTION df._span(interval) IS 'Internal: a length of time for people: 40 s, 12 min, 3 h, 5 days.';

-- sql/functions/why/_until.sql
CREATE FUNCTION df._until(p_time timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN NOT isfinite(p_time) THEN p_time::text
                ELSE format('%s (%s)', to_char(p_time, 'YYYY-MM-DD HH24:MI:SSOF'),
                            CASE WHEN p_time > clock_timestamp() THEN 'in ' || df._span(p_time - clock_timestamp())
                                 ELSE df._span(clock_timestamp() - p_time) || ' ago' END) END
$function$;
COMMENT ON FUNCTION df._until(timestamptz) IS 'Internal: a moment for people, with its distance from now.';

-- sql/functions/why/_why.sql
CREATE FUNCTION df._why(p_instance_no bigint, p_depth integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance record;
    v_workers  record;
    v_lines    text[] := '{}';
BEGIN
    SELECT s.id, s.created_at, s.start_at, o.status, o.completed_at, df._jsonb(o.error) AS error, q.worker_id, q.started_at, q.due_at,
           q.waits, q.undoing, q.instance_no IS NOT NULL AS unfinished, p.paused_at, p.paused_by
      INTO v_instance
      FROM df.submissions s
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.queue q ON q.instance_no = s.instance_no
      LEFT JOIN df.pauses p ON p.instance_no = s.instance_no
     WHERE s.instance_no = p_instance_no;
    IF NOT v_instance.unfinished THEN
        RETURN df._why_ended(p_instance_no, v_instance.status, v_instance.completed_at, v_instance.error);
    ELSIF v_instance.worker_id = 0 THEN
        RETURN 'It comes from a dump and is held: a superuser calls df.resume_restored() once the restore is complete.';
    END IF;

    IF v_instance.undoing THEN
        v_lines := v_lines || ('It was cancelled and undoes its steps first.' || COALESCE(
            (SELECT format(' Asked by %s %s: %s', c.requested_by, df._until(c.requested_at), df._one_line(c.reason))
               FROM df.cancellations c WHERE c.instance_no = p_instance_no AND NOT c.forced), ''));
    END IF;
    IF v_instance.paused_at IS NOT NULL THEN
        v_lines := v_lines || format('It is paused, by %s, since %s: df.resume(''%s'') lets it go on.',
            v_instance.paused_by, df._until(v_instance.paused_at), v_instance.id);
    END IF;
    SELECT * INTO v_workers FROM df._workers_seen();
    IF v_workers.workers = 0 THEN
        v_lines := v_lines || ('No worker is running' || COALESCE('; the last one was seen ' || df._until(v_workers.seen_at), '') || '.');
    END IF;
    IF v_instance.worker_id IS NOT NULL THEN
        v_lines := v_lines || df._why_running(p_instance_no);
    ELSE
        v_lines := v_lines || ARRAY(
            SELECT df._why_wait(p_instance_no, w.kind, w.name, w.until, w.node, w.path, p_depth)
              FROM df._waits(v_instance.waits, v_instance.due_at, v_instance.started_at, v_instance.paused_at) w
             WHERE w.kind <> 'PAUSED');
    END IF;
    RETURN array_to_string(v_lines, E'\n');
END
$function$;
COMMENT ON FUNCTION df._why(bigint, integer) IS 'Internal: df.why of an instance; the depth counts the parents that led to it.';

-- sql/functions/why/_why_blocked.sql
CREATE FUNCTION df._why_blocked(p_pids integer[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT string_agg(
        CASE WHEN p.pid = 0 THEN 'a prepared transaction'
             ELSE format('process %s', p.pid)
                 || COALESCE(format(' (role %s%s%s: %s)', a.usename, COALESCE(', ' || NULLIF(df._one_line(a.application_name, 60), ''), ''),
                                    COALESCE(', ' || a.state || ' since ' || df._span(clock_timestamp() - a.state_change), ''),
                                    df._one_line(a.query, 100)), '') END, ', ' ORDER BY p.pid)
      FROM (SELECT DISTINCT u FROM unnest(p_pids) u) p (pid) LEFT JOIN pg_stat_activity a ON a.pid = p.pid
$function$;
COMMENT ON FUNCTION df._why_blocked(integer[]) IS 'Internal: processes for people, as far as the caller may see.';

-- sql/functions/why/_why_call.sql
CREATE FUNCTION df._why_call(p_instance_no bigint, p_name text, p_node integer, p_path text, p_depth integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_deepest CONSTANT integer := 5;
    v_child   record;
BEGIN
    SELECT s.instance_no, s.id, s.workflow INTO v_child
      FROM df.submissions s WHERE s.parent_no = p_instance_no AND s.parent_node = p_node AND s.parent_path = COALESCE(p_path, '');
    IF NOT FOUND THEN
        RETURN format('It waits for workflow "%s", which is about to start.', p_name);
    END IF;
    RETURN format('It waits for instance %s of workflow "%s".', v_child.id, df._one_line(v_child.workflow, 60))
        || CASE WHEN p_depth < c_deepest
                THEN E'\n' || regexp_replace(format('%s: ', v_child.id) || df._why(v_child.instance_no, p_depth + 1), '^', '    ', 'gn')
                ELSE format(' See df.why(''%s'').', v_child.id) END;
END
$function$;
COMMENT ON FUNCTION df._why_call(bigint, text, integer, text, integer) IS
    'Internal: a wait for a child and what that waits for, for df.why.';

-- sql/functions/why/_why_due.sql
-- As far as the caller sees the queue. This and its siblings are in PL/pgSQL, which plans anew for another role: a function in SQL keeps
-- its plan, with the row security of the first role, while an expression of the transaction lives.
CREATE FUNCTION df._why_due(p_instance_no bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT CASE WHEN q.due_at > clock_timestamp() THEN format('It is put aside until %s.', df._until(q.due_at))
                    ELSE format('It is due%s and waits for a worker to take it; %s of your instances %s due before it.',
                                COALESCE(' since ' || df._until(
                                    CASE WHEN q.due_at > '-infinity' THEN q.due_at
                                         WHEN q.started_at IS NULL THEN GREATEST(s.created_at, s.start_at) END), ''),
                                CASE WHEN a.ahead > 1000 THEN 'more than 1000' ELSE a.ahead::text END,
                                CASE a.ahead WHEN 1 THEN 'is' ELSE 'are' END) END
          FROM df.queue q
          JOIN df.submissions s ON s.instance_no = q.instance_no
         CROSS JOIN LATERAL (
            SELECT count(*) AS ahead
              FROM (SELECT FROM df.queue o
                     WHERE o.worker_id IS NULL AND (o.due_at, o.instance_no) < (q.due_at, q.instance_no)
                     ORDER BY o.due_at, o.instance_no LIMIT 1001) o) a
         WHERE q.instance_no = p_instance_no);
END
$function$;
COMMENT ON FUNCTION df._why_due(bigint) IS 'Internal: what is before an instance in the queue, for df.why.';

-- sql/functions/why/_why_ended.sql
CREATE FUNCTION df._why_ended(p_instance_no bigint, p_status text, p_at timestamptz, p_error jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT CASE p_status
            WHEN 'completed' THEN format('It completed %s.', df._until(p_at))
            WHEN 'failed' THEN format('It failed %s%s: %s%s', df._until(p_at),
                COALESCE(format(' at step "%s"', df._one_line(p_error ->> 'step', 60)), ''),
                df._one_line(COALESCE(p_error ->> 'message', p_error #>> '{}'), 1000),
                COALESCE(' (' || df._one_line(p_error ->> 'sqlstate', 5) || ')', ''))
                || COALESCE(E'\nHint: ' || df._one_line(p_error ->> 'hint', 1000), '')
                || (SELECT format(E'\ndf.retry_instance(''%s'') resumes it at that step.', s.id) FROM df.submissions s
                     WHERE s.instance_no = p_instance_no)
            WHEN 'cancelled' THEN format('It was cancelled %s%s: %s', df._until(p_at),
                COALESCE((SELECT ', by ' || c.requested_by FROM df.cancellations c WHERE c.instance_no = p_instance_no
                               ORDER BY c.forced DESC LIMIT 1), ''),
                df._one_line(regexp_replace(COALESCE(p_error ->> 'message', p_error #>> '{}'), '^canceled: ', ''), 1000))
            ELSE 'Its end is being written.' END);
END
$function$;
COMMENT ON FUNCTION df._why_ended(bigint, text, timestamptz, jsonb) IS 'Internal: how an instance ended, for df.why.';

-- sql/functions/why/_why_retry.sql
-- The path ends with the attempt that failed; its error is the last one in it.
CREATE FUNCTION df._why_retry(p_instance_no bigint, p_max integer, p_path text, p_until text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT format('It begins attempt %s of %s at %s', substring(p_path FROM '\d+$')::integer + 1, p_max, p_until)
            || COALESCE((
                SELECT format(', because step "%s" failed: %s%s', df._one_line(COALESCE(df._plain(c.error) ->> 'step', '?'), 60),
                              df._one_line(df._message(c.error), 1000),
                              COALESCE(' (' || df._one_line(df._plain(c.error) ->> 'sqlstate', 5) || ')', ''))
                  FROM df.checkpoints c
                 WHERE c.instance_no = p_instance_no AND c.error IS NOT NULL
                   AND (c.path = p_path OR starts_with(c.path, p_path || '/'))
                 ORDER BY c.seq DESC LIMIT 1), '.'));
END
$function$;
COMMENT ON FUNCTION df._why_retry(bigint, integer, text, text) IS 'Internal: the pause before an attempt, for df.why.';

-- sql/functions/why/_why_running.sql
CREATE FUNCTION df._why_running(p_instance_no bigint) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_since    timestamptz := COALESCE(
        (SELECT max(c.finished_at) FROM df.checkpoints c WHERE c.instance_no = p_instance_no),
        (SELECT q.started_at FROM df.queue q WHERE q.instance_no = p_instance_no));
    v_database text := (SELECT s.database FROM df.submissions s WHERE s.instance_no = p_instance_no);
    v_lines    text[];
BEGIN
    v_lines := ARRAY(
        SELECT CASE n.node_type
                WHEN 'SQL' THEN format('It runs statement "%s" since %s%s.', df._one_line(df._step_name(n.result_name, n.query), 60),
                    df._until(COALESCE(n.started_at, v_since)), COALESCE(', ' || df._why_statement(n.query, v_database), ''))
                WHEN 'ACTIVITY' THEN df._why_task(p_instance_no, NULL, n.node, n.path)
                ELSE format('It is at %s since %s.', df._one_line(df._explain_node(n.node_type, n.query, n.result_name, '{}', 0), 100),
                    df._until(COALESCE(n.started_at, v_since))) END
          FROM df._node_states(p_instance_no) n
         WHERE n.inferred_status = 'running' AND n.children = '{}'
         ORDER BY n.node);
    RETURN CASE v_lines WHEN '{}' THEN ARRAY['A worker has it in hand, between two steps.'] ELSE v_lines END;
END
$function$;
COMMENT ON FUNCTION df._why_running(bigint) IS 'Internal: what an instance in the hands of a worker does, for df.why.';

-- sql/functions/why/_why_statement.sql
-- A session does not say which instance it serves. Its statement does, for those who may read that (superusers, pg_read_all_stats): it is
-- the step's text with values in place of references.
CREATE FUNCTION df._why_statement(p_sql text, p_database text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    WITH step AS (
        SELECT replace(replace(replace(replace(
                   regexp_replace(left(p_sql, 200), '\$[[:alpha:]_]\w*(\.(\w+|\*))*\??|\{\w+\}', chr(1), 'g'),
                   '\', '\\'), '%', '\%'), '_', '\_'), chr(1), '%') || '%' AS pattern
    ), session AS (
        SELECT a.pid, a.wait_event_type, a.wait_event, pg_blocking_pids(a.pid) AS blockers
          FROM step, pg_stat_activity a
         WHERE a.application_name LIKE 'pg\_durable:worker:%' AND a.state <> 'idle' AND a.pid <> pg_backend_pid()
           AND a.datname = COALESCE(p_database, current_database()) AND a.query LIKE step.pattern
    )
    SELECT CASE WHEN s.sessions > 1 THEN format('in one of %s sessions that run this text%s', s.sessions,
                                                CASE WHEN s.blocked > 0 THEN format('; %s of them are blocked', s.blocked) ELSE '' END)
                ELSE (SELECT format('in process %s', o.pid)
                             || CASE WHEN o.blockers <> '{}' THEN ', blocked by ' || df._why_blocked(o.blockers)
                                     WHEN o.wait_event_type IS NOT NULL AND o.wait_event_type NOT IN ('Client', 'Activity')
                                         THEN format(', which waits for %s: %s', o.wait_event_type, o.wait_event) ELSE '' END
                        FROM session o) END
      FROM (SELECT count(*) AS sessions, count(*) FILTER (WHERE blockers <> '{}') AS blocked FROM session) s
     WHERE s.sessions > 0
$function$;
COMMENT ON FUNCTION df._why_statement(text, text) IS
    'Internal: which session runs a step, and who blocks it, as far as the caller may see.';

-- sql/functions/why/_why_task.sql
CREATE FUNCTION df._why_task(p_instance_no bigint, p_name text, p_node integer, p_path text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT COALESCE((
            SELECT format('It waits for activity "%s"%s: task %s, attempt %s, ', df._one_line(t.name, 60),
                          CASE t.queue WHEN 'default' THEN '' ELSE format(' in queue "%s"', df._one_line(t.queue, 60)) END,
                          t.task_no, t.attempt)
                || CASE WHEN t.ended_at IS NOT NULL THEN 'ended ' || df._until(t.ended_at) || '; a worker takes the result next'
                        WHEN t.held THEN 'is held while the instance is paused'
                        WHEN t.token IS NULL THEN format('unclaimed since %s: no application takes it', df._until(t.created_at))
                        WHEN t.claimed_by IS NULL AND t.lease_until > clock_timestamp()
                            THEN 'can be claimed again at ' || df._until(t.lease_until)
                        WHEN t.lease_until > clock_timestamp()
                            THEN format('claimed by %s since %s, delivery %s', t.claimed_by, df._until(t.claimed_at), t.delivery)
                        ELSE format('unclaimed since its lease ran out, %s; delivery %s did not end it',
                                    df._until(t.lease_until), t.delivery) END
                || COALESCE('; progress: ' || df._one_line(t.progress::text, 100), '') || '.'
              FROM df.task_queue t WHERE t.instance_no = p_instance_no AND t.node = p_node AND t.path = COALESCE(p_path, '')),
            format('It waits for activity "%s", whose task is about to be made.', p_name)));
END
$function$;
COMMENT ON FUNCTION df._why_task(bigint, text, integer, text) IS 'Internal: a wait for a task, for df.why.';

-- sql/functions/why/_why_wait.sql
CREATE FUNCTION df._why_wait(p_instance_no bigint, p_kind text, p_name text, p_until timestamptz, p_node integer, p_path text,
                             p_depth integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_config jsonb;
    v_name   text := df._one_line(p_name, 60);
    v_until  text := df._until(p_until);
BEGIN
    IF p_kind IN ('WAIT_SCHEDULE', 'RETRY') THEN
        SELECT df._jsonb(n.query::json) INTO v_config
          FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id CROSS JOIN LATERAL df._graph_nodes(g.graph) n
         WHERE s.instance_no = p_instance_no AND n.node = p_node;
    END IF;
    RETURN CASE p_kind
        WHEN 'SLEEP' THEN format('It sleeps until %s.', v_until)
        WHEN 'WAIT_SCHEDULE' THEN format('It waits for the next tick of "%s"%s: %s.', df._one_line(v_config ->> 'cron_expr', 60),
            COALESCE(' in ' || df._one_line(v_config ->> 'timezone', 60), ''), v_until)
        WHEN 'SIGNAL' THEN format('It waits for signal "%s"%s.', v_name, COALESCE(', at most until ' || v_until, ''))
        WHEN 'TIMEOUT' THEN format('A df.timeout ends what it does at %s.', v_until)
        WHEN 'LOOP' THEN format('It begins its next iteration at %s.', v_until)
        WHEN 'START' THEN format('It starts at %s.', v_until)
        WHEN 'RETRY' THEN df._why_retry(p_instance_no, (v_config ->> 'max_attempts')::integer, p_path, v_until)
        WHEN 'CALL' THEN df._why_call(p_instance_no, v_name, p_node, p_path, p_depth)
        WHEN 'ACTIVITY' THEN df._why_task(p_instance_no, v_name, p_node, p_path)
        WHEN 'WORKER' THEN df._why_due(p_instance_no)
        ELSE format('It waits: %s.', df._one_line(p_kind, 60)) END;
END
$function$;
COMMENT ON FUNCTION df._why_wait(bigint, text, text, timestamptz, integer, text, integer) IS 'Internal: one wait, for df.why.';

-- sql/functions/why/why.sql
CREATE FUNCTION df.why(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE((SELECT df._why(s.instance_no, 0) FROM df.submissions s WHERE s.id = instance_id),
                    format('There is no instance "%s", or it is not yours.', df._one_line(instance_id, 20)))
$function$;
COMMENT ON FUNCTION df.why(text) IS
    'Why an instance does not go on, in words: what it waits for and until when, what it runs and who blocks that, who has paused it, how '
    'it ended. For people: the wording may change.';

-- sql/functions/worker/_carry.sql
-- The iteration of a loop is over: what it did is now in the loop's carried state.
CREATE FUNCTION df._carry(p_instance bigint, p_carry json) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.checkpoints c
     USING json_to_recordset(p_carry) AS y (first integer, last integer, path text)
     WHERE c.instance_no = p_instance AND c.node BETWEEN y.first AND y.last
       AND (c.path = y.path OR starts_with(c.path, y.path || '/'));
    DELETE FROM df.checkpoints c
     USING json_to_recordset(p_carry) AS y (loop integer, drop text)
     WHERE c.instance_no = p_instance AND c.node = y.loop AND c.path = y.drop;
    -- Its finished children belong to nobody any more, so that an endless loop does not accumulate them.
    UPDATE df.submissions s SET parent_node = NULL
      FROM json_to_recordset(p_carry) AS y (first integer, last integer, path text)
     WHERE s.parent_no = p_instance AND s.parent_node BETWEEN y.first AND y.last
       AND (s.parent_path = y.path OR starts_with(s.parent_path, y.path || '/'))
       AND NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = s.instance_no);
END
$function$;
COMMENT ON FUNCTION df._carry(bigint, json) IS 'Internal: removes what is left of loop iterations that are over.';

-- sql/functions/worker/_has_news.sql
CREATE FUNCTION df._has_news(p_instance bigint, p_waits json) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM json_to_recordset(CASE json_typeof(p_waits) WHEN 'array' THEN p_waits END)
                 AS w (kind text, name text, node integer, path text)
         WHERE CASE w.kind
               WHEN 'PAUSED' THEN n.paused IS NULL
               WHEN 'SIGNAL' THEN n.paused IS NULL
                    AND (SELECT 1 FROM df.signals s
                          WHERE s.instance_no = p_instance AND hashtext(s.name) = hashtext(w.name) AND s.name = w.name LIMIT 1) IS NOT NULL
               WHEN 'CALL' THEN n.paused IS NULL
                    AND (SELECT 1 FROM df.submissions s JOIN df.outcomes o ON o.instance_no = s.instance_no
                          WHERE s.parent_no = p_instance AND s.parent_node = w.node AND s.parent_path = w.path) IS NOT NULL
               WHEN 'ACTIVITY' THEN n.paused IS NULL
                    AND (SELECT t.ended_at FROM df.task_queue t
                          WHERE t.instance_no = p_instance AND t.node = w.node AND t.path = w.path) IS NOT NULL
               ELSE false END)
      -- A paused instance takes nothing.
      FROM (SELECT (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = p_instance) AS paused) n
$function$;
COMMENT ON FUNCTION df._has_news(bigint, json) IS 'Internal: whether something that an instance waits for has already happened.';

-- sql/functions/worker/_record.sql
-- Inserts everything before it deletes anything: if an instance appears twice, the second entry can carry over what the first one
-- recorded.
CREATE FUNCTION df._record(p_worker integer, p_records json, p_instances bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ended bigint[];
    v_tasks boolean := strpos(p_records::text, '_tasks":[') > 0;
BEGIN
    -- A null result is the JSON value null: there is always a result or an error. PostgreSQL can store JSON that contains \u0000, but
    -- can't take it apart; so a value may also come as the text of its JSON.
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns, error)
    SELECT r.instance, c.started_at, COALESCE(c.finished_at, clock_timestamp()), c.node, c.attempt, p_worker, c.seq, c.path,
           CASE WHEN c.error IS NULL AND c.error_text IS NULL THEN COALESCE(c.result, c.result_text::json, 'null') END,
           COALESCE(c.columns, c.columns_text::json), COALESCE(c.error, c.error_text::json)
      FROM json_to_recordset(p_records) AS r (instance bigint, checkpoints json)
     CROSS JOIN LATERAL json_to_recordset(r.checkpoints)
           AS c (node integer, path text, seq integer, attempt integer, started_at timestamptz, finished_at timestamptz, result json,
               columns json, error json,
                 result_text text, columns_text text, error_text text)
     WHERE r.instance = ANY (p_instances);

    PERFORM df._carry(r.instance, r.carry)
       FROM json_to_recordset(p_records) AS r (instance bigint, carry json)
      WHERE r.instance = ANY (p_instances) AND json_array_length(r.carry) > 0;

    DELETE FROM df.signals s
     USING json_to_recordset(p_records) AS r (instance bigint, take_signals json)
     CROSS JOIN LATERAL json_array_elements_text(r.take_signals) AS t (signal_no)
     WHERE r.instance = ANY (p_instances) AND s.instance_no = r.instance AND s.signal_no = t.signal_no::bigint;

    -- Most instances have no tasks, and parsing all records again costs more than looking for the word.
    IF v_tasks THEN
        PERFORM df._record_tasks(p_records, p_instances);
    END IF;
    WITH ends AS MATERIALIZED (
        SELECT r.instance, o.*
          FROM json_to_recordset(p_records) AS r (instance bigint, outcome json)
         CROSS JOIN LATERAL json_to_record(r.outcome)
            AS o (status text, result json, node integer, path text, error json, result_text text, error_text text)
         WHERE r.instance = ANY (p_instances) AND r.outcome IS NOT NULL
    ), ended AS (
        DELETE FROM df.queue q WHERE q.instance_no = ANY (ARRAY(SELECT e.instance FROM ends e)) RETURNING q.instance_no, q.started_at
    ), outcomes AS (
        INSERT INTO df.outcomes (instance_no, started_at, status, result_node, result_path, error, result)
        SELECT d.instance_no, d.started_at, e.status, e.node, e.path, COALESCE(e.error, e.error_text::json),
               CASE WHEN e.status = 'completed' AND e.node IS NULL THEN COALESCE(e.result, e.result_text::json, 'null') END
          FROM ended d JOIN ends e ON e.instance = d.instance_no
        RETURNING instance_no
    )
    SELECT array_agg(o.instance_no) INTO v_ended FROM outcomes o;
    IF v_ended IS NOT NULL THEN
        DELETE FROM df.retries y WHERE y.instance_no = ANY (v_ended);
        PERFORM df._ended(v_ended);
    END IF;
END
$function$;
COMMENT ON FUNCTION df._record(integer, json, bigint[]) IS
    'Internal: the part of df._worker_record for instances that are held and locked.';

-- sql/functions/worker/_retry_child.sql
-- When a failed instance is retried, its failed children resume where they failed, and so do those that were cancelled because of the
-- failure.
CREATE FUNCTION df._retry_child(p_child bigint, p_parent bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.outcomes o SET status = 'failed'
     WHERE o.instance_no = p_child AND o.status <> 'completed'
       AND o.completed_at < (SELECT y.requested_at FROM df.retries y WHERE y.instance_no = p_parent);
    IF FOUND THEN
        DELETE FROM df.retries y WHERE y.instance_no = p_child;
        INSERT INTO df.retries (instance_no, requested_by)
        SELECT p_child, y.requested_by FROM df.retries y WHERE y.instance_no = p_parent;
    END IF;
END
$function$;
COMMENT ON FUNCTION df._retry_child(bigint, bigint) IS 'Internal: retries a child that ended before its parent was retried.';

-- sql/functions/worker/_suspect_claims.sql
CREATE FUNCTION df._suspect_claims(p_worker integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    INSERT INTO df.deaths (instance_no, node, path, deaths)
    SELECT q.instance_no, -1, '', 0 FROM df.queue q WHERE q.worker_id = p_worker
    ON CONFLICT DO NOTHING;
    -- Instances that have ended since then need no record.
    DELETE FROM df.deaths d WHERE (SELECT q.instance_no FROM df.queue q WHERE q.instance_no = d.instance_no) IS NULL;
END
$function$;
COMMENT ON FUNCTION df._suspect_claims(integer) IS
    'Internal: records the instances that a dead worker held: one of them may have been the cause.';

-- sql/functions/worker/_worker_cancel.sql
CREATE FUNCTION df._worker_cancel(p_instance bigint, p_reason text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    PERFORM FROM df.queue q WHERE q.instance_no = p_instance FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = p_instance);
    END IF;
    IF df._cancel(p_instance, p_reason, false) THEN
        PERFORM df._ended(ARRAY[p_instance]);
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._worker_cancel(bigint, text) IS
    'Internal: cancels an instance without waiting for anybody, or lets it undo its steps; its children follow with the next claim. False '
    'if its row is locked.';

-- sql/functions/worker/_worker_cancel_child.sql
CREATE FUNCTION df._worker_cancel_child(p_instance bigint, p_node integer, p_path text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_child bigint;
BEGIN
    PERFORM df._require_worker();
    SELECT s.instance_no INTO v_child
      FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node = p_node AND s.parent_path = p_path;
    RETURN v_child IS NULL OR df._worker_cancel(v_child, 'its result is no longer needed');
END
$function$;
COMMENT ON FUNCTION df._worker_cancel_child(bigint, integer, text) IS
    'Internal: cancels the child of one execution of df.call. False if its row is locked; then try again.';

-- sql/functions/worker/_worker_checkpoints.sql
CREATE FUNCTION df._worker_checkpoints(p_instances bigint[])
RETURNS TABLE (instance_no bigint, node integer, path text, seq integer, attempt integer, started_at timestamptz, finished_at timestamptz,
               result text, columns text, error text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT c.instance_no, c.node, c.path, c.seq, c.attempt, c.started_at, c.finished_at, c.result::text, c.columns::text, c.error::text
      FROM df.checkpoints c
     WHERE c.instance_no = ANY (p_instances)
     ORDER BY c.instance_no, c.seq
$function$;
COMMENT ON FUNCTION df._worker_checkpoints(bigint[]) IS
    'Internal: the inputs that the engine has taken for these instances so far, in order.';

-- sql/functions/worker/_worker_children.sql
-- Omits the children whose end the parent has taken, and returns as many of the others as fit: the parent asks again once it has taken
-- these.
CREATE FUNCTION df._worker_children(p_instance bigint)
RETURNS TABLE (node integer, path text, id text, status text, result text, error text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT f.parent_node, f.parent_path, f.id, COALESCE(f.status, CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END),
           f.result::text, f.error::text
      FROM (SELECT s.*, o.status, o.error, r.result,
                   row_number() OVER (PARTITION BY o.status IS NULL ORDER BY s.instance_no) AS n,
                   sum(df._json_size(r.result)) OVER (ORDER BY s.instance_no) AS bytes
              FROM df.submissions s
              LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
              LEFT JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
             CROSS JOIN LATERAL (SELECT CASE WHEN o.status = 'completed' THEN COALESCE(o.result, c.result) END AS result) r
             WHERE s.parent_no = p_instance AND s.parent_node IS NOT NULL
               AND NOT EXISTS (SELECT FROM df.checkpoints t WHERE t.instance_no = p_instance AND t.node = s.parent_node
                   AND t.path = s.parent_path)) f
      LEFT JOIN df.queue q ON q.instance_no = f.instance_no
     WHERE f.n = 1 OR COALESCE(f.bytes, 0) <= 33554432
     ORDER BY f.instance_no
$function$;
COMMENT ON FUNCTION df._worker_children(bigint) IS
    'Internal: the children that the df.call steps of an instance started, and their status.';

-- sql/functions/worker/_worker_claim.sql
-- The tables are nearly empty at one moment and full at the next, and the plan that is kept may be made at either. So nothing is left to
-- estimates: the queue is read in the order of its index, updated by row address, and the rest is looked up by key (OFFSET 0 keeps the
-- lookups from becoming joins, and scalar subqueries, unlike EXISTS, are not answered from a hash table of everything). The cost depends
-- on the instances claimed, not on the backlog. No JIT: what the planner must not do counts as very expensive.
--
-- Oldest first is fair as long as everything due can be claimed. If not, the worker says how many to take from which lane
-- (df._worker_lanes).
--
-- While an old snapshot is open, the rows of all instances that were claimed since then stay in the index, and a claim would step over
-- them. p_after leaves out instances that were never claimed and have this number or a smaller one: the worker has looked at these before.
--
-- With p_wait, an idle worker waits here, in the server: from the commit of a start to the claim only one process has to wake up.
CREATE FUNCTION df._worker_claim(p_worker integer, p_limit integer, p_role oid, p_roles oid[] DEFAULT NULL, p_lanes smallint[] DEFAULT NULL,
                                 p_shares integer[] DEFAULT NULL, p_least timestamptz DEFAULT '-infinity', p_wait integer DEFAULT NULL,
                                 p_after bigint[] DEFAULT '{0}')
RETURNS TABLE (instance_no bigint, id text, graph_id bigint, role_oid oid, role_name text, superuser boolean, resumed boolean, input text,
               label text, vars text, database text, workflow text, started_at timestamptz, now timestamptz, paused boolean,
               retried boolean, resumed_at timestamptz, held boolean,
               lane smallint, bytes bigint, traceparent text, suspect boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_now     timestamptz := clock_timestamp();
    v_held    bigint[];
    v_due     tid[];
    v_resumed bigint[];
BEGIN
    PERFORM df._require_worker();
    IF p_wait IS NOT NULL THEN
        PERFORM df._await_work(p_wait);
        v_now := clock_timestamp();
    END IF;
    -- Another worker declared this one dead and freed what it held: it learns of that with its next heartbeat.
    IF NOT EXISTS (SELECT FROM df.workers w WHERE w.worker_id = p_worker) THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM df.wakeups) THEN
        v_held := df._worker_wake(p_worker, p_wait IS NOT NULL);
    END IF;
    IF p_roles IS NULL THEN
        SELECT array_agg(d.address), array_agg(d.instance_no) FILTER (WHERE d.started_at IS NOT NULL) INTO v_due, v_resumed
          FROM (SELECT q.ctid AS address, q.instance_no, q.started_at
                  FROM df.queue q
                 WHERE q.worker_id IS NULL AND q.due_at <= v_now AND (p_role IS NULL OR q.submitted_by = p_role)
                   AND (q.due_at, q.instance_no) > ('-infinity', p_after[1])
                 ORDER BY q.due_at, q.instance_no
                 LIMIT p_limit
                   FOR UPDATE SKIP LOCKED) d;
    ELSE
        SELECT array_agg(d.address), array_agg(d.instance_no) FILTER (WHERE d.started_at IS NOT NULL) INTO v_due, v_resumed
          FROM ROWS FROM (unnest(p_roles, p_lanes, p_shares, p_after)) AS l (role_oid, lane, share, after)
         CROSS JOIN LATERAL (
                SELECT q.ctid AS address, q.instance_no, q.started_at
                  FROM df.queue q
                 WHERE q.worker_id IS NULL AND q.submitted_by = l.role_oid AND q.lane = l.lane AND q.due_at <= v_now
                   AND (q.due_at, q.instance_no) > (p_least, COALESCE(l.after, 0))
                 ORDER BY q.due_at, q.instance_no
                 LIMIT l.share
                   FOR UPDATE SKIP LOCKED) d;
    END IF;
    RETURN QUERY
    WITH claimed AS (
        UPDATE df.queue q SET worker_id = p_worker, started_at = COALESCE(q.started_at, clock_timestamp()), waits = NULL
         WHERE q.ctid = ANY (v_due)
        RETURNING q.instance_no, q.started_at, q.lane
    ), taken AS (
        SELECT c.instance_no, c.started_at, COALESCE(c.instance_no = ANY (v_resumed), false) AS resumed, false AS held, c.lane
          FROM claimed c
        UNION ALL
        SELECT q.instance_no, q.started_at, true, true, q.lane FROM df.queue q
         WHERE q.instance_no = ANY (v_held) AND COALESCE(q.worker_id, 0) = p_worker
    )
    SELECT t.instance_no, s.id::text, g.graph_id, s.submitted_by::oid, r.rolname::text, r.rolsuper, t.resumed, s.input::text,
           s.label, s.vars::text, NULLIF(s.database, current_database()), s.workflow, t.started_at, clock_timestamp(),
           (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = t.instance_no) IS NOT NULL,
           y.taken IS NOT DISTINCT FROM false,
           -- A fork, too, gives its waits and timeouts their time again.
           COALESCE(y.requested_at, CASE WHEN s.forked_from IS NOT NULL THEN s.created_at END), t.held, t.lane,
           CASE WHEN t.resumed AND NOT t.held
                THEN COALESCE((SELECT sum(df._json_size(c.result)) FROM df.checkpoints c WHERE c.instance_no = t.instance_no), 0) ELSE 0 END
           + COALESCE(pg_column_size(s.input), 0),
           s.traceparent,
           t.resumed AND (SELECT d.instance_no FROM df.deaths d WHERE d.instance_no = t.instance_no LIMIT 1) IS NOT NULL
      FROM taken t
     CROSS JOIN LATERAL (SELECT * FROM df.submissions s WHERE s.instance_no = t.instance_no OFFSET 0) s
      -- A graph serves only its owner's instances.
      LEFT JOIN LATERAL (SELECT * FROM df.graphs g WHERE g.graph_id = s.graph_id AND g.owner = s.submitted_by OFFSET 0) g ON true
      LEFT JOIN LATERAL (SELECT * FROM pg_roles r WHERE r.oid = s.submitted_by OFFSET 0) r ON true
      LEFT JOIN LATERAL (SELECT * FROM df.retries y WHERE y.instance_no = t.instance_no OFFSET 0) y ON true;
END
$function$;
COMMENT ON FUNCTION df._worker_claim(integer, integer, oid, oid[], smallint[], integer[], timestamptz, integer, bigint[]) IS
    'Internal: claims up to p_limit due instances, oldest first; only those of p_role unless it is NULL. With p_roles and p_lanes, claims '
    'up to p_shares from each of these lanes instead, oldest first, starting at p_least. In addition to the limit, returns instances that '
    'the worker already holds and that have something new. With p_wait, first waits until there may be '
    'something to claim, but no more milliseconds than that.';

-- sql/functions/worker/_worker_clear.sql
CREATE FUNCTION df._worker_clear(p_instance bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    DELETE FROM df.deaths d WHERE d.instance_no = p_instance AND d.node = -1
$function$;
COMMENT ON FUNCTION df._worker_clear(bigint) IS 'Internal: records that an instance once held by a dead worker has made progress since.';

-- sql/functions/worker/_worker_created_at.sql
CREATE FUNCTION df._worker_created_at(p_instance bigint) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    SELECT s.created_at FROM df.submissions s WHERE s.instance_no = p_instance
$function$;
COMMENT ON FUNCTION df._worker_created_at(bigint) IS
    'Internal: when an instance was started. Unlike its claim, that was on disk before any worker saw it.';

-- sql/functions/worker/_worker_deaths.sql
CREATE FUNCTION df._worker_deaths(p_instances bigint[]) RETURNS TABLE (instance_no bigint, node integer, path text, deaths integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT d.instance_no, d.node, d.path, d.deaths FROM df.deaths d WHERE d.instance_no = ANY (p_instances)
$function$;
COMMENT ON FUNCTION df._worker_deaths(bigint[]) IS
    'Internal: what is recorded about steps, and instances (node -1), that may have brought a server or a worker down.';

-- sql/functions/worker/_worker_epoch_seen.sql
-- If several workers report at once, one is enough: nobody waits for the row.
CREATE FUNCTION df._worker_epoch_seen() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    DELETE FROM df._worker_epoch e
     WHERE e.epoch_id IN (SELECT d.epoch_id FROM df._worker_epoch d WHERE d.last_seen_at < clock_timestamp() - interval '30 seconds'
         FOR UPDATE SKIP LOCKED);
    UPDATE df._worker_epoch e SET last_seen_at = clock_timestamp()
     WHERE e.epoch_id IN (SELECT d.epoch_id FROM df._worker_epoch d FOR UPDATE SKIP LOCKED);
    IF NOT FOUND AND NOT EXISTS (SELECT FROM df._worker_epoch) THEN
        INSERT INTO df._worker_epoch (started_at, last_seen_at) VALUES (clock_timestamp(), clock_timestamp());
    END IF;
END
$function$;
COMMENT ON FUNCTION df._worker_epoch_seen() IS 'Internal: keeps the row of df._worker_epoch fresh.';

-- sql/functions/worker/_worker_graph.sql
CREATE FUNCTION df._worker_graph(p_graph bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    SELECT g.graph FROM df.graphs g WHERE g.graph_id = p_graph
$function$;
COMMENT ON FUNCTION df._worker_graph(bigint) IS 'Internal: the text of a graph.';

-- sql/functions/worker/_worker_heartbeat.sql
CREATE FUNCTION df._worker_heartbeat(p_worker integer) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    UPDATE df.workers w SET last_seen_at = clock_timestamp() WHERE w.worker_id = p_worker;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM df._worker_epoch_seen();
    RETURN ARRAY(SELECT q.instance_no FROM df.queue q WHERE q.worker_id = p_worker);
END
$function$;
COMMENT ON FUNCTION df._worker_heartbeat(integer) IS
    'Internal: a worker''s heartbeat. Returns the instances that the worker holds, or NULL if it was declared dead.';

-- sql/functions/worker/_worker_lanes.sql
-- Goes from lane to lane by the index, however much waits in them. A lane with nothing due costs as much as any other, so at most p_limit
-- lanes are looked at, and the next call continues after them.
CREATE FUNCTION df._worker_lanes(p_role oid, p_after_role oid, p_after_lane smallint, p_limit integer)
RETURNS TABLE (role_oid oid, lane smallint, due boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_role oid := p_after_role;
    v_lane smallint := p_after_lane;
BEGIN
    PERFORM df._require_worker();
    FOR i IN 1 .. p_limit LOOP
        SELECT q.submitted_by::oid, q.lane, q.due_at <= now()
          INTO role_oid, lane, due
          FROM df.queue q
         WHERE q.worker_id IS NULL AND (q.submitted_by, q.lane) > (v_role::regrole, v_lane)
         ORDER BY q.submitted_by, q.lane, q.due_at
         LIMIT 1;
        EXIT WHEN NOT FOUND;
        v_role := role_oid;
        v_lane := lane;
        CONTINUE WHEN role_oid <> p_role;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._worker_lanes(oid, oid, smallint, integer) IS
    'Internal: up to p_limit lanes of the queue after a given one, only those of p_role unless it is NULL, and whether something in them '
    'is due.';

-- sql/functions/worker/_worker_limits.sql
CREATE FUNCTION df._worker_limits(p_limit text) RETURNS TABLE (role_oid oid, value bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    SELECT NULL::oid, df._limit(0::oid::regrole, p_limit)
    UNION ALL
    SELECT l.role::oid, l.value FROM df.limits l WHERE l.name = p_limit
$function$;
COMMENT ON FUNCTION df._worker_limits(text) IS 'Internal: a limit for all roles, and for each role that has its own.';

-- sql/functions/worker/_worker_lock_class.sql
CREATE FUNCTION df._worker_lock_class() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT 1346847831 -- "PGDW"
$function$;
COMMENT ON FUNCTION df._worker_lock_class() IS 'Internal: first key of the advisory locks that live workers hold.';

-- sql/functions/worker/_worker_news.sql
-- For a worker that has no room for a claim: what is new must reach it all the same.
CREATE FUNCTION df._worker_news(p_worker integer) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    IF EXISTS (SELECT FROM df.wakeups) AND EXISTS (SELECT FROM df.workers w WHERE w.worker_id = p_worker) THEN
        RETURN df._worker_wake(p_worker);
    END IF;
    RETURN '{}';
END
$function$;
COMMENT ON FUNCTION df._worker_news(integer) IS
    'Internal: takes the hints in df.wakeups as df._worker_claim does, but claims nothing. Returns the instances that the worker holds '
    'and that have something new.';

-- sql/functions/worker/_worker_park.sql
-- Looks for what would wake the instance in the tables, not in the hints: a claim may have taken the hint while the worker held the
-- instance, and a hint about something that the instance does not wait for must not keep it there. So this statement uses up the hints
-- that it sees. What commits after it began leaves a hint that the next claim or heartbeat finds.
--
-- Sleepers have nothing to look for: see df._has_news. But an instance with a hint may have been paused, or may be the child of a parent
-- that has ended: then it stays with the worker. The hint about an ended parent stays too, for the next claim to handle.
--
-- Rows of the queue are looked up by key, whatever the planner believes: the index on worker_id is full of dead entries when much is
-- parked and claimed. COALESCE keeps the planner from using it.
CREATE FUNCTION df._worker_park(p_worker integer, p_instances bigint[], p_due timestamptz[], p_waits json) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT a.*,
               (SELECT w.instance_no FROM df.wakeups w WHERE w.instance_no = a.instance_no LIMIT 1) IS NOT NULL AS hinted
          FROM ROWS FROM (unnest(p_instances, p_due), json_array_elements(p_waits)) AS a (instance_no, due_at, waits)
    ), looked AS MATERIALIZED (
        SELECT a.*,
               CASE WHEN a.waits::text ~ 'SIGNAL|CALL|ACTIVITY|PAUSED' THEN df._has_news(a.instance_no, a.waits) ELSE false END
               OR a.hinted AND a.waits::text !~ '"PAUSED"'
                  AND (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = a.instance_no) IS NOT NULL AS news,
               a.hinted AND (SELECT q.parent_no IS NOT NULL
                                    AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no = q.parent_no) IS NULL
                               FROM df.queue q WHERE q.instance_no = a.instance_no) AS orphan
          FROM asked a
    ), locked AS MATERIALIZED (
        SELECT q.instance_no FROM df.queue q WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker
           FOR UPDATE SKIP LOCKED
    ), understood AS (
        DELETE FROM df.wakeups w
         WHERE w.ctid = ANY (ARRAY(
            SELECT h.ctid FROM df.wakeups h
             WHERE h.instance_no = ANY (ARRAY(SELECT k.instance_no FROM looked k WHERE k.hinted AND NOT k.orphan))
               AND h.instance_no = ANY (ARRAY(SELECT l.instance_no FROM locked l))
               FOR UPDATE SKIP LOCKED))
    ), parked AS (
        UPDATE df.queue q SET worker_id = NULL, due_at = k.due_at, waits = k.waits
          FROM looked k
         WHERE q.instance_no = k.instance_no AND NOT k.news AND NOT k.orphan
           AND k.instance_no = ANY (ARRAY(SELECT l.instance_no FROM locked l))
        RETURNING q.instance_no
    )
    SELECT q.instance_no
      FROM df.queue q
     WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker
       AND q.instance_no NOT IN (SELECT p.instance_no FROM parked p);
    -- A worker that waits knows only of what was due next when it began.
    PERFORM df._tell_workers('wake');
END
$function$;
COMMENT ON FUNCTION df._worker_park(integer, bigint[], timestamptz[], json) IS
    'Internal: gives instances back until they are due or something wakes them; p_waits has one array for each. Returns those that stay '
    'with the worker, because something has already woken them or their row is locked.';

-- sql/functions/worker/_worker_paused.sql
CREATE FUNCTION df._worker_paused(p_instances bigint[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN ARRAY(SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = ANY (p_instances));
END
$function$;
COMMENT ON FUNCTION df._worker_paused(bigint[]) IS 'Internal: those of these instances that are paused.';

-- sql/functions/worker/_worker_record.sql
-- One pass over all instances. If one of them turns out to be recorded already, each is recorded by itself, so that it costs the others
-- nothing. Rows of the queue are looked up by key: see df._worker_park.
CREATE FUNCTION df._worker_record(p_worker integer, p_records json) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_asked    bigint[] := ARRAY(SELECT DISTINCT r.instance FROM json_to_recordset(p_records) AS r (instance bigint));
    v_held     bigint[];
    v_busy     bigint[];
    v_instance bigint;
BEGIN
    PERFORM df._require_worker();
    v_held := ARRAY(SELECT q.instance_no FROM df.queue q WHERE q.instance_no = ANY (v_asked) AND COALESCE(q.worker_id, 0) = p_worker
        FOR UPDATE SKIP LOCKED);
    RETURN QUERY SELECT a FROM unnest(v_asked) a WHERE a <> ALL (v_held);
    IF strpos(p_records::text, '"expire_tasks":[') > 0 THEN
        v_busy := df._busy_tasks(p_records, v_held);
        RETURN QUERY SELECT b FROM unnest(v_busy) b;
        v_held := ARRAY(SELECT h FROM unnest(v_held) h WHERE h <> ALL (v_busy));
    END IF;
    BEGIN
        PERFORM df._record(p_worker, p_records, v_held);
    EXCEPTION WHEN unique_violation THEN
        FOREACH v_instance IN ARRAY v_held LOOP
            BEGIN
                PERFORM df._record(p_worker, p_records, ARRAY[v_instance]);
            EXCEPTION WHEN unique_violation THEN
                RETURN NEXT v_instance;
            END;
        END LOOP;
    END;
END
$function$;
COMMENT ON FUNCTION df._worker_record(integer, json) IS
    'Internal: records what happened to instances outside of SQL steps: checkpoints, carried loop iterations, taken signals, tasks, ends; '
    'all or nothing for each instance. Returns those for which nothing was written, because the worker no longer holds them, their row is '
    'locked, or a task whose time is up has ended or is about to.';

-- sql/functions/worker/_worker_register.sql
-- A worker is alive as long as the session that registered it holds this advisory lock. A killed process loses its session, and with it
-- the lock, at once: nobody has to wait for a lease to run out.
CREATE FUNCTION df._worker_register(p_host text, p_pid integer, p_version text,
                                    p_silence_limit interval DEFAULT '15 seconds') RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_worker integer;
BEGIN
    PERFORM df._require_worker();
    IF pg_is_in_recovery() THEN
        RETURN NULL;
    END IF;
    LOOP
        INSERT INTO df.workers (host, pid, version, silence_limit) VALUES (p_host, p_pid, p_version, p_silence_limit)
            RETURNING worker_id INTO v_worker;
        EXIT WHEN pg_try_advisory_lock(df._worker_lock_class(), v_worker);
        -- Anybody may take any advisory lock. That costs a worker number, but must not keep a worker waiting.
        DELETE FROM df.workers w WHERE w.worker_id = v_worker;
    END LOOP;
    RETURN v_worker;
END
$function$;
COMMENT ON FUNCTION df._worker_register(text, integer, text, interval) IS
    'Internal: registers a worker and returns its number; NULL on a standby.';

-- sql/functions/worker/_worker_release.sql
CREATE FUNCTION df._worker_release(p_worker integer, p_instances bigint[], p_delay interval) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
    SELECT df._require_worker();
    UPDATE df.queue SET worker_id = NULL, due_at = CASE WHEN p_delay > interval '0' THEN clock_timestamp() + p_delay ELSE due_at END
     -- A row that an open transaction has locked to cancel the instance is tried again with the next heartbeat.
     WHERE ctid = ANY (ARRAY(SELECT q.ctid FROM df.queue q WHERE q.worker_id = p_worker AND q.instance_no = ANY (p_instances)
         FOR UPDATE SKIP LOCKED));
    SELECT df._tell_workers('wake')
$function$;
COMMENT ON FUNCTION df._worker_release(integer, bigint[], interval) IS 'Internal: gives instances back, to be claimed again after a delay.';

-- sql/functions/worker/_worker_rescue.sql
-- Every worker calls this once a second. As in df._worker_claim, nothing is left to estimates: the cost depends on what workers hold, not
-- on the backlog.
CREATE FUNCTION df._worker_rescue(p_worker integer) RETURNS integer[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_dead  integer[] := '{}';
    v_other record;
BEGIN
    PERFORM df._require_worker();
    -- In the order of their ids, skipping those that another rescuer has locked: two rescuers can't wait for each other.
    FOR v_other IN
        SELECT w.worker_id, w.last_seen_at < clock_timestamp() - w.silence_limit AS silent
          FROM df.workers w
         WHERE w.worker_id <> p_worker
         ORDER BY w.worker_id
           FOR UPDATE SKIP LOCKED
    LOOP
        -- The lock is free if the process is gone. A process that is only frozen keeps it, and is recognised by its silence.
        IF v_other.silent OR pg_try_advisory_xact_lock(df._worker_lock_class(), v_other.worker_id) THEN
            PERFORM df._suspect_claims(v_other.worker_id);
            PERFORM df._worker_unregister(v_other.worker_id);
            v_dead := v_dead || v_other.worker_id;
        END IF;
    END LOOP;
    -- Claims of workers that are no longer registered, skipped before because they were locked. (Worker 0 holds what a dump brought, see
    -- df._restored.) A scalar subquery: if a row turns out to have been claimed by a live worker in the meantime, PostgreSQL evaluates it
    -- again, while the anti-join of a NOT EXISTS would keep its first answer.
    UPDATE df.queue q SET worker_id = NULL
     WHERE q.ctid = ANY (ARRAY(SELECT c.ctid FROM df.queue c
                                WHERE c.worker_id > 0 AND (SELECT w.worker_id FROM df.workers w WHERE w.worker_id = c.worker_id) IS NULL
                                  FOR UPDATE SKIP LOCKED));
    IF FOUND THEN
        PERFORM df._tell_workers('wake');
    END IF;
    RETURN v_dead;
END
$function$;
COMMENT ON FUNCTION df._worker_rescue(integer) IS 'Internal: frees what dead workers held and returns their numbers.';

-- sql/functions/worker/_worker_retry.sql
CREATE FUNCTION df._worker_retry(p_worker integer, p_instance bigint, p_nodes integer[], p_paths text[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    PERFORM FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Whatever the list says: what a step has done can't be forgotten. The second form is that of a timeout.
    DELETE FROM df.checkpoints c
     USING unnest(p_nodes, p_paths) AS f (node, path)
     WHERE c.instance_no = p_instance AND c.node = f.node AND c.path = f.path
       AND (c.error IS NOT NULL OR c.result::text = '{"timed_out":true}');
    UPDATE df.retries y SET taken = true WHERE y.instance_no = p_instance;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._worker_retry(integer, bigint, integer[], text[]) IS
    'Internal: removes the failed checkpoints of a retried instance. False if the worker does not hold it or its row is locked.';

-- sql/functions/worker/_worker_set_idle.sql
CREATE FUNCTION df._worker_set_idle(p_worker integer, p_idle boolean) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    UPDATE df.workers SET idle = p_idle WHERE worker_id = p_worker AND idle <> p_idle
$function$;
COMMENT ON FUNCTION df._worker_set_idle(integer, boolean) IS 'Internal: records whether the worker wants to be notified of starts.';

-- sql/functions/worker/_worker_setting.sql
-- Only superusers may see some settings, and the worker's sessions are not superusers. Without the extension the function's owner isn't one
-- either: on a server that has loaded the module for another database, such a setting counts as not defined.
CREATE FUNCTION df._worker_setting(p_name text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    BEGIN
        RETURN NULLIF(current_setting('pg_durable.' || p_name, true), '');
    EXCEPTION WHEN insufficient_privilege THEN
        RETURN NULL;
    END;
END
$function$;
COMMENT ON FUNCTION df._worker_setting(text) IS
    'Internal: a setting pg_durable.…, named without the prefix; NULL if it is empty, not defined, or hidden from the function''s owner.';

-- sql/functions/worker/_worker_signals.sql
-- The oldest ones, as many as fit: what a role sends must not fill the worker's memory. The instance asks again once it has taken these.
-- The first one always comes.
CREATE FUNCTION df._worker_signals(p_instances bigint[], p_names text[] DEFAULT NULL, p_limit integer DEFAULT 100,
                                   p_bytes bigint DEFAULT 1048576)
RETURNS TABLE (instance_no bigint, signal_no bigint, name text, data text, sent_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT f.instance_no, f.signal_no, f.name, f.data::text, f.sent_at
      FROM (SELECT s.*, sum(pg_column_size(s.data)) OVER (PARTITION BY s.instance_no ORDER BY s.signal_no) AS bytes,
                   row_number() OVER (PARTITION BY s.instance_no ORDER BY s.signal_no) AS n
              FROM unnest(p_instances) i (instance_no)
             CROSS JOIN LATERAL (
                    SELECT o.*
                      FROM (SELECT DISTINCT a.name FROM unnest(p_names) a (name)) w
                     CROSS JOIN LATERAL (
                            SELECT s.* FROM df.signals s
                             WHERE s.instance_no = i.instance_no AND hashtext(s.name) = hashtext(w.name) AND s.name = w.name
                             ORDER BY s.signal_no
                             LIMIT p_limit) o
                    UNION ALL
                    SELECT o.*
                      FROM (SELECT s.* FROM df.signals s WHERE p_names IS NULL AND s.instance_no = i.instance_no ORDER BY s.signal_no
                             LIMIT p_limit) o
                     ORDER BY signal_no
                     LIMIT p_limit) s) f
     WHERE f.n = 1 OR f.bytes <= p_bytes
     ORDER BY f.signal_no
$function$;
COMMENT ON FUNCTION df._worker_signals(bigint[], text[], integer, bigint) IS
    'Internal: signals that no wait has taken yet, oldest first, as many of each instance as fit; only those with the given names unless '
    'p_names is NULL.';

-- sql/functions/worker/_worker_start_child.sql
CREATE FUNCTION df._worker_start_child(p_worker integer, p_instance bigint, p_node integer, p_path text, p_workflow text,
                                       p_version integer, p_input json)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_parent   df.submissions;
    v_workflow df.registrations;
    v_child    bigint;
    v_id       text;
    v_depth    integer;
    v_limit    bigint;
    v_problem  text;
BEGIN
    PERFORM df._require_worker();
    -- The lock keeps out a cancellation, which would overlook a child that does not exist yet.
    PERFORM FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    SELECT s.instance_no, s.id INTO v_child, v_id
      FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node = p_node AND s.parent_path = p_path;
    IF FOUND THEN
        PERFORM df._retry_child(v_child, p_instance);
        RETURN v_id;
    END IF;

    SELECT * INTO v_parent FROM df.submissions s WHERE s.instance_no = p_instance;
    -- As for any other start: the right may have been revoked since the parent was started.
    v_problem := df._start_problem(v_parent.submitted_by);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'DF011';
    END IF;
    -- Each level costs a row, so an endless chain of calls ends here.
    v_limit := df._limit(v_parent.submitted_by, 'call_depth');
    WITH RECURSIVE above AS (
        SELECT v_parent.parent_no AS instance_no, 1 AS depth WHERE v_parent.parent_no IS NOT NULL
        UNION ALL
        SELECT (SELECT s.parent_no FROM df.submissions s WHERE s.instance_no = a.instance_no), a.depth + 1
          FROM above a WHERE a.instance_no IS NOT NULL AND a.depth <= v_limit
    )
    SELECT count(*) INTO v_depth FROM above a WHERE a.instance_no IS NOT NULL;
    IF v_depth >= v_limit THEN
        RAISE EXCEPTION 'limit exceeded: workflows call each other more than % levels deep (call_depth of role %)',
                        v_limit, v_parent.submitted_by
            USING ERRCODE = 'DF020',
                  HINT = 'Check whether workflow "' || p_workflow || '" calls itself endlessly. '
                         'A superuser can raise the limit: df.set_limit(role, ''call_depth'', value).';
    END IF;
    v_workflow := df._workflow(v_parent.submitted_by, p_workflow, p_version);
    LOOP
        INSERT INTO df.submissions AS s (id, graph_id, submitted_by, input, workflow, workflow_version, vars, database, parent_no,
                                          parent_node, parent_path, traceparent)
        VALUES (right(gen_random_uuid()::text, 8), v_workflow.graph_id, v_parent.submitted_by, p_input, v_workflow.workflow,
                v_workflow.version,
                v_parent.vars, v_parent.database, p_instance, p_node, p_path, v_parent.traceparent)
        ON CONFLICT DO NOTHING
        RETURNING s.id INTO v_id;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION df._worker_start_child(integer, bigint, integer, text, text, integer, json) IS
    'Internal: starts the child of one execution of df.call in the name of the parent''s role, or finds the one that already exists, and '
    'returns its id. NULL if the worker does not hold the parent or its row is locked.';

-- sql/functions/worker/_worker_suspect.sql
CREATE FUNCTION df._worker_suspect(p_worker integer, p_instances bigint[], p_node integer, p_path text)
RETURNS TABLE (instance_no bigint, deaths integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
BEGIN
    PERFORM df._require_worker();
    RETURN QUERY
    INSERT INTO df.deaths AS d (instance_no, node, path, deaths)
    SELECT q.instance_no, p_node, p_path, 1 FROM df.queue q
     WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker
     ORDER BY q.instance_no
    ON CONFLICT (instance_no, node, path) DO UPDATE SET deaths = d.deaths + 1
    RETURNING d.instance_no, d.deaths;
END
$function$;
COMMENT ON FUNCTION df._worker_suspect(integer, bigint[], integer, text) IS
    'Internal: records that something is about to run again that was running when a session, a server or a worker died, and returns how '
    'often that has happened. No row for an instance that the worker does not hold.';

-- sql/functions/worker/_worker_tasks.sql
-- As many results as fit: what a role completes must not fill the worker's memory. The first one always comes; an instance asks again
-- once it has taken it.
CREATE FUNCTION df._worker_tasks(p_instances bigint[])
RETURNS TABLE (instance_no bigint, node integer, path text, attempt integer, result text, error text, is_left boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN QUERY
    SELECT f.instance_no, f.node, f.path, f.attempt, CASE WHEN NOT f.is_left THEN f.result::text END,
           CASE WHEN f.message IS NOT NULL
                THEN json_build_object('message', f.message, 'sqlstate', COALESCE(f.sqlstate, 'DF022'), 'retryable', f.retryable)::text END,
           f.is_left
      FROM (SELECT t.*, row_number() OVER w > 1 AND COALESCE(sum(pg_column_size(t.result)) OVER w, 0) > 33554432 AS is_left
              FROM df.task_queue t
             WHERE t.instance_no = ANY (p_instances) AND t.ended_at IS NOT NULL
            WINDOW w AS (ORDER BY t.task_no)) f
     ORDER BY f.task_no;
END
$function$;
COMMENT ON FUNCTION df._worker_tasks(bigint[]) IS
    'Internal: the tasks of these instances that have ended; is_left if the result did not fit.';

-- sql/functions/worker/_worker_unregister.sql
CREATE FUNCTION df._worker_unregister(p_worker integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    PERFORM df._require_worker();
    DELETE FROM df.workers WHERE worker_id = p_worker;
    -- A row that an open transaction has locked to cancel the instance is left to the next search for claims of unknown workers.
    UPDATE df.queue q SET worker_id = NULL
     WHERE q.ctid = ANY (ARRAY(SELECT c.ctid FROM df.queue c WHERE c.worker_id = p_worker FOR UPDATE SKIP LOCKED));
    PERFORM df._tell_workers('wake');
END
$function$;
COMMENT ON FUNCTION df._worker_unregister(integer) IS
    'Internal: removes a worker that stops in good order or is declared dead, and frees what it held.';

-- sql/functions/worker/_worker_wake.sql
-- A hint is deleted once it has been handled: a free instance becomes due now; one that has not begun finds what is new when its time
-- comes; one that this worker holds is returned; one that has ended has its remaining tasks
-- removed; a child whose parent has ended is cancelled, whoever
-- holds it. Hints about instances that other workers hold or that are locked stay for a later call; they are skipped, however many there
-- are.
--
-- A claim that waits runs beside other statements of its worker. If it deleted the hint of an instance that the worker holds, one that is
-- being parked at this moment would miss it. So with p_keep such hints stay for the worker's next claim, which comes after the parking.
--
-- Called by df._worker_claim and df._worker_news, whose planner settings apply here too. Scalar subqueries instead of EXISTS, which may
-- be answered from a hash table of the whole queue.
CREATE FUNCTION df._worker_wake(p_worker integer, p_keep boolean DEFAULT false) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_batch  CONSTANT integer := 1000;
    c_passes CONSTANT integer := 20;
    v_last      bigint := -1;
    v_hints     tid[];
    v_instances bigint[];
    v_orphans   bigint[];
    v_orphan    bigint;
    v_ended     bigint[];
    v_locked    bigint[];
    v_woken     bigint[];
    v_left      bigint;
    v_held      bigint[] := '{}';
BEGIN
    PERFORM df._require_worker();
    FOR v_pass IN 1 .. c_passes LOOP
        SELECT array_agg(h.address), array_agg(h.instance_no), array_agg(h.instance_no) FILTER (WHERE h.orphan),
               array_agg(DISTINCT h.instance_no) FILTER (WHERE h.ended), max(h.instance_no)
          INTO v_hints, v_instances, v_orphans, v_ended, v_last
          FROM (SELECT w.ctid AS address, w.instance_no, q.orphan, q.instance_no IS NULL AS ended
                  FROM df.wakeups w
                  LEFT JOIN LATERAL (
                    SELECT q.instance_no, q.worker_id,
                           q.parent_no IS NOT NULL AND NOT q.undoing
                               AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no = q.parent_no) IS NULL AS orphan
                      FROM df.queue q WHERE q.instance_no = w.instance_no OFFSET 0) q ON true
                 WHERE w.instance_no > v_last AND (q.orphan OR COALESCE(q.worker_id, p_worker) = p_worker)
                 ORDER BY w.instance_no
                 LIMIT c_batch
                   FOR UPDATE OF w SKIP LOCKED) h;
        EXIT WHEN v_hints IS NULL;

        IF v_orphans IS NOT NULL THEN
            -- The claim itself need not be on disk before others see it, but the end of an instance must be.
            PERFORM set_config('synchronous_commit', 'on', true);
        END IF;
        FOREACH v_orphan IN ARRAY COALESCE(v_orphans, '{}') LOOP
            PERFORM df._worker_cancel(v_orphan, 'the workflow that called it has ended');
        END LOOP;

        -- Their tasks were locked when they ended.
        v_locked := CASE WHEN v_ended IS NOT NULL THEN df._drop_tasks(v_ended) END;
        UPDATE df.queue q SET due_at = '-infinity'
         WHERE q.ctid = ANY (ARRAY(
                SELECT f.ctid FROM df.queue f
                 WHERE f.instance_no = ANY (v_instances) AND COALESCE(f.worker_id, 0) = 0 AND f.due_at > '-infinity'
                   AND f.started_at IS NOT NULL
                   FOR UPDATE SKIP LOCKED));

        WITH understood AS (
            DELETE FROM df.wakeups w
             WHERE w.ctid = ANY (v_hints)
               AND (SELECT COALESCE(q.worker_id, p_worker) = p_worker
                           AND (q.worker_id IS NOT NULL AND NOT p_keep OR q.worker_id IS NULL
                                AND (q.due_at = '-infinity' OR q.started_at IS NULL))
                      FROM df.queue q WHERE q.instance_no = w.instance_no) IS NOT FALSE
               AND (v_locked IS NULL OR w.instance_no <> ALL (v_locked))
            RETURNING w.instance_no
        )
        SELECT array_agg(DISTINCT u.instance_no)
                   FILTER (WHERE (SELECT q.worker_id FROM df.queue q WHERE q.instance_no = u.instance_no) = p_worker),
               cardinality(v_hints) - count(*)
          INTO v_woken, v_left
          FROM understood u;
        IF p_keep THEN
            v_woken := ARRAY(SELECT q.instance_no FROM df.queue q
                              WHERE q.instance_no = ANY (v_instances) AND COALESCE(q.worker_id, 0) = p_worker);
        END IF;
        v_held := v_held || COALESCE(v_woken, '{}');
        -- A full batch of handled hints is enough for one claim. A batch with other hints in it must not hide those behind it.
        EXIT WHEN cardinality(v_hints) < c_batch OR v_left = 0;
    END LOOP;
    RETURN v_held;
END
$function$;
COMMENT ON FUNCTION df._worker_wake(integer, boolean) IS
    'Internal: makes instances due that have something new; returns those that the worker itself holds.';

-- sql/50_instances.sql
-- An instance is either in df.queue or has an outcome, and the few outcomes that are not 'completed' have an index of their own. So a count
-- by status reads no other outcome. df.outcomes is read again for the columns that need it; a query that asks for none of them doesn't.
CREATE VIEW df.instances WITH (security_invoker = true) AS
SELECT s.id,
       s.label,
       '00000000'::varchar(8) AS root_node,
       COALESCE(f.status, CASE WHEN q.instance_no IS NULL THEN 'completed' WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END)
           AS status,
       s.submitted_by,
       s.database,
       s.created_at,
       GREATEST(s.created_at, q.started_at, o.completed_at) AS updated_at,
       CASE WHEN o.status OPERATOR(pg_catalog.=) 'completed' THEN o.completed_at END AS completed_at,
       COALESCE(o.started_at, q.started_at) AS started_at,
       o.completed_at AS ended_at,
       s.workflow,
       s.workflow_version,
       df._execution_count(s.instance_no) AS execution_count,
       s.forked_from
  FROM df.submissions s
  LEFT JOIN df.queue q ON q.instance_no OPERATOR(pg_catalog.=) s.instance_no
  LEFT JOIN df.outcomes f ON f.instance_no OPERATOR(pg_catalog.=) s.instance_no AND f.status OPERATOR(pg_catalog.<>) 'completed'
  LEFT JOIN df.outcomes o ON o.instance_no OPERATOR(pg_catalog.=) s.instance_no;
COMMENT ON VIEW df.instances IS 'Your instances and their status.';
COMMENT ON COLUMN df.instances.id IS 'The id that df.start returned.';
COMMENT ON COLUMN df.instances.label IS 'The label given to df.start.';
COMMENT ON COLUMN df.instances.root_node IS 'Id of the graph''s root node (df.nodes).';
COMMENT ON COLUMN df.instances.status IS 'pending, running, completed, failed or cancelled.';
COMMENT ON COLUMN df.instances.submitted_by IS 'The role that the steps run as.';
COMMENT ON COLUMN df.instances.database IS 'The database that the steps run in; NULL means this one.';
COMMENT ON COLUMN df.instances.created_at IS 'Time of the transaction that called df.start.';
COMMENT ON COLUMN df.instances.updated_at IS 'When the status last changed.';
COMMENT ON COLUMN df.instances.completed_at IS 'When the instance completed; NULL if it did not.';
COMMENT ON COLUMN df.instances.started_at IS 'When a worker first claimed it; NULL while it is pending.';
COMMENT ON COLUMN df.instances.ended_at IS 'When it completed, failed or was cancelled.';
COMMENT ON COLUMN df.instances.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.instances.workflow_version IS 'Version of that workflow.';
COMMENT ON COLUMN df.instances.execution_count IS 'The current iteration of a graph that is a loop; 1 for all other graphs.';
COMMENT ON COLUMN df.instances.forked_from IS 'The instance that df.fork started it from; NULL for all others.';
CREATE TRIGGER written INSTEAD OF INSERT OR UPDATE OR DELETE ON df.instances FOR EACH ROW EXECUTE FUNCTION df._view_written();

-- sql/51_nodes.sql
-- Here and not in the table's definition, because the function comes later.
ALTER TABLE df.graphs ADD COLUMN steps df._step[] GENERATED ALWAYS AS (df._sequence(graph)) STORED;
COMMENT ON COLUMN df.graphs.steps IS 'Its nodes, if it consists of steps and sequences of them; NULL for any other graph.';

-- Most instances have completed, and are sequences of steps: what their nodes show is in their checkpoints. Their status is a constant, so
-- a query for another status doesn't look at their nodes. All others are folded. As in df.instances, an instance has completed if it is
-- neither in df.queue nor among the outcomes of another kind.
--
-- A join by instance_id must read only the instances that it finds. So the two kinds are within the LATERAL, and not around it. And there
-- are only four relations here: more than eight in one query (join_collapse_limit), and the planner would join these by themselves first.
CREATE VIEW df.nodes WITH (security_invoker = true) AS
SELECT df._node_id(n.node)::varchar(8) AS id,
       s.id AS instance_id,
       n.node_type,
       df._node_query(n.node_type, n.query, n.children) AS query,
       n.result_name,
       df._node_id(n.children[1])::varchar(8) AS left_node,
       (CASE WHEN n.node_type OPERATOR(pg_catalog.<>) 'LOOP' THEN df._node_id(n.children[2]) END)::varchar(8) AS right_node,
       n.status,
       -- A failed node shows its message as its result, where users of pg_durable look for it.
       COALESCE(df._jsonb(n.result), pg_catalog.to_jsonb(df._message(n.error))) AS result,
       df._message(n.error) AS error,
       s.submitted_by,
       s.database,
       s.created_at,
       COALESCE(n.finished_at, n.started_at, s.created_at) AS updated_at,
       CASE WHEN n.path OPERATOR(pg_catalog.<>) ''
            THEN COALESCE(n.failures, '{}') OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('path', n.path, 'number', n.number)
            ELSE n.failures END AS status_details,
       n.inferred_status,
       df._node_id(n.inferred_from) AS inferred_status_from_ancestor_id,
       n.started_at,
       n.finished_at,
       df._jsonb(n.error) AS error_details
  FROM df.submissions s
  JOIN df.graphs g ON g.graph_id OPERATOR(pg_catalog.=) s.graph_id
  LEFT JOIN (SELECT q.instance_no, 'live' AS status FROM df.queue q
             UNION ALL SELECT o.instance_no, o.status FROM df.outcomes o) u
    ON u.instance_no OPERATOR(pg_catalog.=) s.instance_no AND u.status OPERATOR(pg_catalog.<>) 'completed'
 CROSS JOIN LATERAL (
    -- Subqueries, so that a query that asks for none of these columns reads no checkpoints.
    SELECT t.node, t.node_type, t.query, t.result_name, t.children, 'completed' AS status,
           (SELECT c.result FROM df.checkpoints c
             WHERE c.instance_no OPERATOR(pg_catalog.=) s.instance_no AND c.node OPERATOR(pg_catalog.=) t.last
               AND c.path OPERATOR(pg_catalog.=) '') AS result,
           NULL::json AS error, 'completed' AS inferred_status, NULL::integer AS inferred_from, '' AS path, NULL::integer AS number,
           (SELECT pg_catalog.min(c.started_at) FROM df.checkpoints c
             WHERE c.instance_no OPERATOR(pg_catalog.=) s.instance_no
               AND c.node OPERATOR(pg_catalog.>=) t.first AND c.node OPERATOR(pg_catalog.<=) t.last) AS started_at,
           (SELECT pg_catalog.max(c.finished_at) FROM df.checkpoints c
             WHERE c.instance_no OPERATOR(pg_catalog.=) s.instance_no
               AND c.node OPERATOR(pg_catalog.>=) t.first AND c.node OPERATOR(pg_catalog.<=) t.last) AS finished_at,
           NULL::jsonb AS failures
      FROM pg_catalog.unnest(g.steps) t
     WHERE u.instance_no IS NULL
     UNION ALL
    SELECT n.node, n.node_type, n.query, n.result_name, n.children, n.status, n.result, n.error, n.inferred_status, n.inferred_from, n.path,
           n.number, n.started_at, n.finished_at, n.failures
      FROM df._node_states(s.instance_no) n
     WHERE g.steps IS NULL OR u.instance_no IS NOT NULL) n;
COMMENT ON VIEW df.nodes IS 'The nodes of your instances and what became of them. Filter by instance: WHERE instance_id = …';
COMMENT ON COLUMN df.nodes.id IS 'The node''s number in its graph, in pre-order, as 8 hexadecimal digits; unique within the instance.';
COMMENT ON COLUMN df.nodes.instance_id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.nodes.node_type IS 'SQL, THEN, IF, JOIN, LOOP, …';
COMMENT ON COLUMN df.nodes.query IS
    'The SQL of a step; for any other node its configuration, with the ids of a condition and of further branches.';
COMMENT ON COLUMN df.nodes.result_name IS 'The name that the result is bound to.';
COMMENT ON COLUMN df.nodes.left_node IS 'Id of the first child.';
COMMENT ON COLUMN df.nodes.right_node IS 'Id of the second child.';
COMMENT ON COLUMN df.nodes.status IS
    'pending, running, completed or failed. A stopped node is failed; a skipped node, or one that lost a race, is pending.';
COMMENT ON COLUMN df.nodes.result IS 'The result, or the error message. For a node in a loop, that of the last iteration.';
COMMENT ON COLUMN df.nodes.error IS 'The error message, if it failed.';
COMMENT ON COLUMN df.nodes.submitted_by IS 'The role that the steps run as.';
COMMENT ON COLUMN df.nodes.database IS 'The database that the steps run in; NULL means this one.';
COMMENT ON COLUMN df.nodes.created_at IS 'Time of the transaction that called df.start.';
COMMENT ON COLUMN df.nodes.updated_at IS 'When the node ended, or else began, or else was submitted.';
COMMENT ON COLUMN df.nodes.status_details IS
    'Inside loops, retries and foreach: the path, and the number of the iteration, attempt or item. For a loop that continues on failure: '
    'failed_iterations, and last_error with message, sqlstate and node.';
COMMENT ON COLUMN df.nodes.inferred_status IS
    'status, but skipped for a node that was skipped or lost a race, and cancelled for a node that was stopped.';
COMMENT ON COLUMN df.nodes.inferred_status_from_ancestor_id IS
    'The node above whose end or choice caused this one to be skipped or stopped.';
COMMENT ON COLUMN df.nodes.started_at IS 'When it began.';
COMMENT ON COLUMN df.nodes.finished_at IS 'When it ended.';
COMMENT ON COLUMN df.nodes.error_details IS 'Why it failed: message, sqlstate, detail, hint, node, step, attempt and the SQL as it ran.';
CREATE TRIGGER written INSTEAD OF INSERT OR UPDATE OR DELETE ON df.nodes FOR EACH ROW EXECUTE FUNCTION df._view_written();

-- sql/52_running.sql
CREATE VIEW df.running WITH (security_invoker = true) AS
SELECT s.id::varchar AS id,
       s.label,
       s.workflow,
       (SELECT pg_catalog.string_agg(df._step_name(n.result_name, COALESCE(n.query, n.node_type)), ', ' ORDER BY n.node)
          FROM df._node_states(q.instance_no) n
         WHERE n.inferred_status OPERATOR(pg_catalog.=) 'running' AND n.children OPERATOR(pg_catalog.=) '{}') AS step,
       q.started_at,
       pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) q.started_at AS running_for,
       q.worker_id AS worker,
       s.submitted_by
  FROM df.queue q
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) q.instance_no
 -- No worker has the number 0: it holds what comes from a dump (df.waiting).
 WHERE q.worker_id OPERATOR(pg_catalog.<>) 0;
COMMENT ON VIEW df.running IS 'Your instances that a worker holds, and the steps they are at.';
COMMENT ON COLUMN df.running.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.running.label IS 'Its label.';
COMMENT ON COLUMN df.running.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.running.step IS 'The steps that are running: names of results, or the beginning of the SQL.';
COMMENT ON COLUMN df.running.started_at IS 'When a worker first claimed it.';
COMMENT ON COLUMN df.running.running_for IS 'The time since then.';
COMMENT ON COLUMN df.running.worker IS 'Number of the worker.';
COMMENT ON COLUMN df.running.submitted_by IS 'The role that the steps run as.';

-- sql/53_waiting.sql
CREATE VIEW df.waiting WITH (security_invoker = true) AS
SELECT s.id::varchar AS id,
       s.label,
       s.workflow,
       w.kind,
       w.name,
       w.until,
       df._node_id(w.node) AS node,
       w.path,
       p.paused_at IS NOT NULL AS paused,
       s.submitted_by
  FROM df.queue q
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) q.instance_no
  LEFT JOIN df.pauses p ON p.instance_no OPERATOR(pg_catalog.=) q.instance_no
 -- Until it is released, what comes from a dump waits for nothing else.
 CROSS JOIN LATERAL df._waits(
       CASE WHEN q.worker_id OPERATOR(pg_catalog.=) 0 THEN '[{"kind": "RESTORED"}]'::json ELSE q.waits END,
       q.due_at, q.started_at, p.paused_at) w
 WHERE q.worker_id IS NULL OR q.worker_id OPERATOR(pg_catalog.=) 0
 UNION ALL
-- A worker keeps an instance that waits for a task at hand for a moment.
SELECT s.id::varchar, s.label, s.workflow, 'ACTIVITY', t.name, NULL, df._node_id(t.node), t.path, false, s.submitted_by
  FROM df.task_queue t
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) t.instance_no
  JOIN df.queue q ON q.instance_no OPERATOR(pg_catalog.=) t.instance_no
 WHERE q.worker_id OPERATOR(pg_catalog.>) 0 AND t.ended_at IS NULL;
COMMENT ON VIEW df.waiting IS 'What your instances wait for, one row per wait. Branches that wait at the same time have a row each.';
COMMENT ON COLUMN df.waiting.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.waiting.label IS 'Its label.';
COMMENT ON COLUMN df.waiting.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.waiting.kind IS
    'SLEEP, WAIT_SCHEDULE, SIGNAL, TIMEOUT, RETRY (the pause between attempts), LOOP (between iterations), CALL (a child), ACTIVITY (a '
    'task: df.tasks), START (its start time), WORKER (a free worker), PAUSED (df.resume) or RESTORED (it comes from a dump: '
    'df.resume_restored).';
COMMENT ON COLUMN df.waiting.name IS 'Name of the signal, of the child''s workflow, or of the activity.';
COMMENT ON COLUMN df.waiting.until IS 'When the wait ends by itself; NULL if it does not.';
COMMENT ON COLUMN df.waiting.node IS 'The node that waits (df.nodes).';
COMMENT ON COLUMN df.waiting.path IS 'The iterations, attempts and items that the node is in.';
COMMENT ON COLUMN df.waiting.paused IS 'Whether the instance is paused: nothing in it starts before df.resume.';
COMMENT ON COLUMN df.waiting.submitted_by IS 'The role that the steps run as.';

-- sql/54_failed.sql
CREATE VIEW df.failed WITH (security_invoker = true) AS
SELECT s.id::varchar AS id,
       s.label,
       s.workflow,
       o.completed_at AS failed_at,
       COALESCE(e.error OPERATOR(pg_catalog.->>) 'message', o.error::text) AS message,
       e.error OPERATOR(pg_catalog.->>) 'sqlstate' AS sqlstate,
       e.error OPERATOR(pg_catalog.->>) 'step' AS step,
       e.error OPERATOR(pg_catalog.->>) 'node' AS node,
       (e.error OPERATOR(pg_catalog.->) 'attempt')::integer AS attempt,
       e.error OPERATOR(pg_catalog.->>) 'sql' AS sql,
       e.error OPERATOR(pg_catalog.->>) 'detail' AS detail,
       e.error OPERATOR(pg_catalog.->>) 'hint' AS hint,
       s.submitted_by,
       df._source(o.error, g.sources) AS source
  FROM df.outcomes o
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) o.instance_no
  LEFT JOIN df.graphs g ON g.graph_id OPERATOR(pg_catalog.=) s.graph_id
 -- OFFSET 0: the error is parsed once per row, and not at all when the rows are only counted.
 CROSS JOIN LATERAL (SELECT df._jsonb(o.error) AS error OFFSET 0) e
 WHERE o.status OPERATOR(pg_catalog.=) 'failed';
COMMENT ON VIEW df.failed IS 'Your instances that failed, and why.';
COMMENT ON COLUMN df.failed.id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.failed.label IS 'Its label.';
COMMENT ON COLUMN df.failed.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.failed.failed_at IS 'When it failed.';
COMMENT ON COLUMN df.failed.message IS 'What went wrong.';
COMMENT ON COLUMN df.failed.sqlstate IS 'The SQLSTATE: PostgreSQL''s, or DF0xx.';
COMMENT ON COLUMN df.failed.step IS 'The step: the name of its result, or the beginning of its SQL.';
COMMENT ON COLUMN df.failed.node IS 'The step''s node (df.nodes); NULL if no step was to blame.';
COMMENT ON COLUMN df.failed.attempt IS 'Number of the step''s attempt.';
COMMENT ON COLUMN df.failed.sql IS 'The SQL as it ran, with the values inserted.';
COMMENT ON COLUMN df.failed.detail IS 'PostgreSQL''s detail.';
COMMENT ON COLUMN df.failed.hint IS 'What to do about it.';
COMMENT ON COLUMN df.failed.submitted_by IS 'The role that the steps ran as.';
COMMENT ON COLUMN df.failed.source IS 'The source line of the step, such as Path/File.cs:21; NULL if unknown.';

-- sql/55_workflow_versions.sql
CREATE VIEW df.workflow_versions WITH (security_invoker = true) AS
SELECT n.workflow,
       n.version,
       n.owner,
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(g.graph, 'UTF8')), 'hex') AS content_hash,
       n.description,
       n.registered_at,
       n.registered_by,
       g.sources[1] AS source,
       COALESCE(r.running, 0) AS running
  FROM df.registrations n
  JOIN df.graphs g ON g.graph_id OPERATOR(pg_catalog.=) n.graph_id
  LEFT JOIN df._running_versions() r ON r.owner OPERATOR(pg_catalog.=) n.owner AND r.workflow OPERATOR(pg_catalog.=) n.workflow
        AND r.version OPERATOR(pg_catalog.=) n.version;
COMMENT ON VIEW df.workflow_versions IS 'The versions of your registered workflows.';
COMMENT ON COLUMN df.workflow_versions.workflow IS 'The workflow''s name.';
COMMENT ON COLUMN df.workflow_versions.version IS 'Counted from 1; the highest is started unless another one is requested.';
COMMENT ON COLUMN df.workflow_versions.owner IS 'The role that the version was registered as, and that may start it.';
COMMENT ON COLUMN df.workflow_versions.content_hash IS
    'SHA-256 of the graph''s JSON, in hexadecimal: the ContentHash of the definition in C#.';
COMMENT ON COLUMN df.workflow_versions.description IS 'Free text for people.';
COMMENT ON COLUMN df.workflow_versions.registered_at IS 'When the version was registered, or last replaced.';
COMMENT ON COLUMN df.workflow_versions.registered_by IS 'The role that was logged in at that time.';
COMMENT ON COLUMN df.workflow_versions.source IS 'The source line of the workflow, such as Path/File.cs:21; NULL if unknown.';
COMMENT ON COLUMN df.workflow_versions.running IS 'Number of instances of this version that have not ended.';

-- sql/56_workflows.sql
CREATE VIEW df.workflows WITH (security_invoker = true) AS
SELECT v.workflow,
       v.owner,
       v.version AS latest_version,
       t.versions,
       v.description,
       v.registered_at,
       t.running
  FROM (SELECT n.owner, n.workflow, pg_catalog.max(n.version) AS latest, pg_catalog.count(*)::integer AS versions,
               COALESCE(pg_catalog.sum(r.running), 0)::bigint AS running
          FROM df.registrations n
          LEFT JOIN df._running_versions() r ON r.owner OPERATOR(pg_catalog.=) n.owner AND r.workflow OPERATOR(pg_catalog.=) n.workflow
                AND r.version OPERATOR(pg_catalog.=) n.version
         GROUP BY n.owner, n.workflow) t
  JOIN df.registrations v ON v.owner OPERATOR(pg_catalog.=) t.owner AND v.workflow OPERATOR(pg_catalog.=) t.workflow
        AND v.version OPERATOR(pg_catalog.=) t.latest;
COMMENT ON VIEW df.workflows IS 'Your registered workflows.';
COMMENT ON COLUMN df.workflows.workflow IS 'The workflow''s name.';
COMMENT ON COLUMN df.workflows.owner IS 'The role that it was registered as, and that may start it.';
COMMENT ON COLUMN df.workflows.latest_version IS 'The version that is started unless another one is requested.';
COMMENT ON COLUMN df.workflows.versions IS 'Number of versions: see df.workflow_versions.';
COMMENT ON COLUMN df.workflows.description IS 'Description of the latest version.';
COMMENT ON COLUMN df.workflows.registered_at IS 'When the latest version was registered.';
COMMENT ON COLUMN df.workflows.running IS 'Number of instances of the registered versions that have not ended.';

-- sql/57_schedules.sql
CREATE VIEW df.schedules WITH (security_invoker = true) AS
SELECT e.name,
       e.cron,
       e.workflow,
       e.version,
       e.timezone,
       e.overlap,
       e.catch_up,
       e.jitter_seconds,
       e.paused,
       r.last_run,
       s.id::varchar AS last_instance,
       CASE WHEN NOT e.paused AND NOT e.restored AND r.revision OPERATOR(pg_catalog.=) e.revision THEN r.next_run END AS next_run,
       e.owner,
       e.input,
       COALESCE(pg_catalog.cardinality(r.queued), 0) AS queued,
       CASE WHEN e.restored THEN 'restored from a dump and held: call df.resume_restored()' ELSE r.problem END AS problem
  FROM df.schedule_entries e
  LEFT JOIN df.schedule_runs r ON r.schedule_no OPERATOR(pg_catalog.=) e.schedule_no
  LEFT JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) r.last_instance;
COMMENT ON VIEW df.schedules IS 'Your schedules, what they start and when.';
COMMENT ON COLUMN df.schedules.name IS 'The schedule''s name.';
COMMENT ON COLUMN df.schedules.cron IS 'The cron expression.';
COMMENT ON COLUMN df.schedules.workflow IS 'The workflow to start.';
COMMENT ON COLUMN df.schedules.version IS 'Version of the workflow; NULL means the newest at each tick.';
COMMENT ON COLUMN df.schedules.timezone IS 'The time zone of the cron expression; NULL means UTC.';
COMMENT ON COLUMN df.schedules.overlap IS
    'What a tick does while an earlier instance is still running: skip, queue, allow or cancel_running.';
COMMENT ON COLUMN df.schedules.catch_up IS 'What happens to ticks that passed while no worker was running: skip, one or all.';
COMMENT ON COLUMN df.schedules.jitter_seconds IS 'Each start is delayed by a random time up to this many seconds.';
COMMENT ON COLUMN df.schedules.paused IS 'Whether its ticks are skipped; df.resume_schedule ends that.';
COMMENT ON COLUMN df.schedules.last_run IS 'The last tick for which an instance was started.';
COMMENT ON COLUMN df.schedules.last_instance IS 'That instance (df.instances); NULL once retention has removed it.';
COMMENT ON COLUMN df.schedules.next_run IS
    'The next tick; NULL while the schedule is paused, and until a worker has seen a new or changed schedule.';
COMMENT ON COLUMN df.schedules.owner IS 'The role that created the schedule. Its instances start as this role.';
COMMENT ON COLUMN df.schedules.input IS 'The input of each instance.';
COMMENT ON COLUMN df.schedules.queued IS 'Number of ticks that wait for an earlier instance to end.';
COMMENT ON COLUMN df.schedules.problem IS 'Why the last tick was not started as requested; NULL if it was.';

-- sql/58_tasks.sql
CREATE VIEW df.tasks WITH (security_invoker = true) AS
SELECT t.task_no AS task,
       -- Of the table that has an index for it.
       s.id::text AS instance_id,
       s.label,
       s.workflow,
       df._node_id(t.node) AS node,
       t.path,
       t.name,
       t.queue,
       CASE WHEN t.ended_at IS NOT NULL THEN 'ended'
            WHEN t.held THEN 'held'
            WHEN t.token IS NULL THEN 'waiting'
            WHEN t.claimed_by IS NULL AND t.lease_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp() THEN 'delayed'
            WHEN t.lease_until OPERATOR(pg_catalog.>) pg_catalog.statement_timestamp() THEN 'running'
            ELSE 'waiting' END AS status,
       t.attempt,
       t.delivery,
       t.created_at,
       -- A lease that ran out is due since then.
       CASE WHEN t.ended_at IS NULL AND NOT t.held THEN
           CASE WHEN t.token IS NULL THEN t.created_at
                WHEN t.lease_until OPERATOR(pg_catalog.<=) pg_catalog.statement_timestamp() THEN t.lease_until END END AS waiting_since,
       t.claimed_by,
       t.claimed_at,
       t.lease_until,
       t.deadline,
       t.progress,
       t.submitted_by
  FROM df.task_queue t
  JOIN df.submissions s ON s.instance_no OPERATOR(pg_catalog.=) t.instance_no;
COMMENT ON VIEW df.tasks IS 'The tasks of your instances'' activities, until the worker has taken their ends.';
COMMENT ON COLUMN df.tasks.task IS 'The task (df.claim_tasks).';
COMMENT ON COLUMN df.tasks.instance_id IS 'The instance (df.instances).';
COMMENT ON COLUMN df.tasks.label IS 'Its label.';
COMMENT ON COLUMN df.tasks.workflow IS 'Its registered workflow; NULL for an ad-hoc graph.';
COMMENT ON COLUMN df.tasks.node IS 'The node that waits for the task (df.nodes).';
COMMENT ON COLUMN df.tasks.path IS 'The iterations, attempts and items that the node is in.';
COMMENT ON COLUMN df.tasks.name IS 'The activity''s name.';
COMMENT ON COLUMN df.tasks.queue IS 'The queue that it is claimed from.';
COMMENT ON COLUMN df.tasks.status IS
    'waiting (for somebody to claim it), delayed (released for later), running (claimed), held (its instance is paused, or comes from a '
    'dump) or ended (the worker has not taken it yet).';
COMMENT ON COLUMN df.tasks.attempt IS 'The attempt of the df.retry around the node, from 1.';
COMMENT ON COLUMN df.tasks.delivery IS 'How often this attempt was claimed and not released.';
COMMENT ON COLUMN df.tasks.created_at IS 'When the node was reached.';
COMMENT ON COLUMN df.tasks.waiting_since IS 'Since when it could be claimed; NULL if it can''t be.';
COMMENT ON COLUMN df.tasks.claimed_by IS 'The role that claimed it last.';
COMMENT ON COLUMN df.tasks.claimed_at IS 'When it was claimed last.';
COMMENT ON COLUMN df.tasks.lease_until IS 'When it is due again, if it is claimed or delayed.';
COMMENT ON COLUMN df.tasks.deadline IS 'When the first of the df.timeout around the node ends it; NULL without one.';
COMMENT ON COLUMN df.tasks.progress IS 'How far the claimer has come, in its own words.';
COMMENT ON COLUMN df.tasks.submitted_by IS 'The role that the instance belongs to.';

-- sql/59_failures.sql
CREATE VIEW df.failures WITH (security_invoker = true) AS
SELECT f.workflow,
       f.step,
       f.sqlstate,
       pg_catalog.count(*) AS failures,
       pg_catalog.min(f.failed_at) AS first_at,
       pg_catalog.max(f.failed_at) AS last_at,
       (pg_catalog.array_agg(f.id ORDER BY f.failed_at DESC))[1] AS example_id,
       (pg_catalog.array_agg(f.message ORDER BY f.failed_at DESC))[1] AS example_message,
       f.submitted_by
  FROM df.failed f
 GROUP BY f.submitted_by, f.workflow, f.step, f.sqlstate;
COMMENT ON VIEW df.failures IS 'Your instances that failed, grouped by what went wrong where: see df.failed for each of them.';
COMMENT ON COLUMN df.failures.workflow IS 'The registered workflow; NULL for ad-hoc graphs.';
COMMENT ON COLUMN df.failures.step IS 'The step: the name of its result, or the beginning of its SQL; NULL if no step was to blame.';
COMMENT ON COLUMN df.failures.sqlstate IS 'The SQLSTATE: PostgreSQL''s, or DF0xx.';
COMMENT ON COLUMN df.failures.failures IS 'How many instances failed like this, among those that retention keeps.';
COMMENT ON COLUMN df.failures.first_at IS 'When the first of them failed.';
COMMENT ON COLUMN df.failures.last_at IS 'When the last of them failed.';
COMMENT ON COLUMN df.failures.example_id IS 'The last of them.';
COMMENT ON COLUMN df.failures.example_message IS 'Its message.';
COMMENT ON COLUMN df.failures.submitted_by IS 'The role that the steps ran as.';

-- sql/80_operators.sql
-- Unqualified: with the extension they land in pg_catalog, so that any search_path finds them; where the SDK installs the schema they
-- land in df. PostgreSQL gives all of them the same precedence and groups from left to right.
CREATE OPERATOR ~> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.seq);
COMMENT ON OPERATOR ~> (text, text) IS 'Runs the left step, then the right one.';
CREATE OPERATOR |=> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.as_op);
COMMENT ON OPERATOR |=> (text, text) IS 'Names the result of a step.';
CREATE OPERATOR & (LEFTARG = text, RIGHTARG = text, FUNCTION = df.join);
COMMENT ON OPERATOR & (text, text) IS 'Runs both at the same time and waits for both.';
CREATE OPERATOR | (LEFTARG = text, RIGHTARG = text, FUNCTION = df.race);
COMMENT ON OPERATOR | (text, text) IS 'Runs both at the same time; the first to end decides.';
CREATE OPERATOR ?> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.if_then_op);
COMMENT ON OPERATOR ?> (text, text) IS 'First half of a conditional: (condition ?> then) !> otherwise.';
CREATE OPERATOR !> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.if_else_op);
COMMENT ON OPERATOR !> (text, text) IS 'Second half of a conditional: (condition ?> then) !> otherwise.';
CREATE OPERATOR @> (RIGHTARG = text, FUNCTION = df.loop_prefix_op);
COMMENT ON OPERATOR @> (NONE, text) IS 'Repeats a step until df.break.';
CREATE OPERATOR <-> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.with_undo);
COMMENT ON OPERATOR <-> (text, text) IS 'Runs the left step. If a later step fails, the right one undoes it.';

-- sql/85_wrapper.sql
-- Its servers and user mappings say where endpoints are and which credentials they are called with. Only a superuser may create a
-- wrapper: where anybody else installs the schema, there are no endpoints.
DO $do$
BEGIN
    IF (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.fdwname OPERATOR(pg_catalog.=) 'pg_durable_fdw')
    THEN
        CREATE FOREIGN DATA WRAPPER pg_durable_fdw NO HANDLER VALIDATOR df.endpoint_option_validator;
        COMMENT ON FOREIGN DATA WRAPPER pg_durable_fdw IS 'Endpoints of HTTP steps, and secrets: see df.endpoint and df.secret.';
        REVOKE ALL ON FOREIGN DATA WRAPPER pg_durable_fdw FROM PUBLIC;
    END IF;
END
$do$;

-- sql/90_grants.sql
REVOKE ALL ON SCHEMA df FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA df FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA df FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA df FROM PUBLIC;
-- A column of such a type, in anybody's table, would block every change to the type.
REVOKE ALL ON TYPE df._execution FROM PUBLIC;
REVOKE ALL ON TYPE df._ending FROM PUBLIC;
REVOKE ALL ON TYPE df._step FROM PUBLIC;
REVOKE ALL ON TYPE df._search FROM PUBLIC;
REVOKE ALL ON TYPE df.http_endpoint FROM PUBLIC;

-- sql/native/after/granted.sql
-- Guides for pg_durable tell an administrator to grant rights one by one: USAGE on the schema, and INSERT on some columns of
-- df.instances. There that is enough. Here a role needs more, because nothing is granted to PUBLIC; this trigger grants the rest.
CREATE FUNCTION df._granted() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role name;
BEGIN
    FOR v_role IN
        SELECT r.rolname
          FROM (SELECT g.grantee FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) g
                 WHERE a.attrelid = 'df.instances'::regclass AND a.attname = 'root_node' AND g.privilege_type = 'INSERT'
                INTERSECT
                SELECT g.grantee FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) g
                 WHERE n.nspname = 'df' AND g.privilege_type = 'USAGE'
                EXCEPT
                -- More than one function, so that a role from which df.start was revoked does not get it back.
                SELECT g.grantee FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) g
                 WHERE p.oid IN ('df.start(text, text, text, text)'::regprocedure, 'df.status(text)'::regprocedure,
                                 'df.sql(text)'::regprocedure)) c
          JOIN pg_roles r ON r.oid = c.grantee
    LOOP
        -- First, because each GRANT fires this trigger again.
        EXECUTE format('GRANT EXECUTE ON FUNCTION df.start(text, text, text, text) TO %I', v_role);
        PERFORM df.grant_usage(v_role);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION df._granted() FROM PUBLIC;
COMMENT ON FUNCTION df._granted() IS 'Internal: gives a role that may insert into df.instances everything else that df.grant_usage gives.';
CREATE EVENT TRIGGER pg_durable_granted ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION df._granted();

-- sql/native/after/readiness.sql
-- Where programs written for pg_durable look for a ready worker. None of its engine's other tables are here.
CREATE SCHEMA _duroxide;
COMMENT ON SCHEMA _duroxide IS 'What programs written for pg_durable look for: see df.duroxide_schema.';
CREATE VIEW _duroxide._worker_ready AS
SELECT 2 AS schema_version, e.epoch_id, e.last_seen_at
  FROM df._worker_epoch e
 WHERE e.last_seen_at OPERATOR(pg_catalog.>) (pg_catalog.now() OPERATOR(pg_catalog.-) '00:01:00'::interval);
COMMENT ON VIEW _duroxide._worker_ready IS 'One row while a worker is ready.';
COMMENT ON COLUMN _duroxide._worker_ready.schema_version IS 'Always 2.';
COMMENT ON COLUMN _duroxide._worker_ready.epoch_id IS 'As in df._worker_epoch.';
COMMENT ON COLUMN _duroxide._worker_ready.last_seen_at IS 'The worker''s last heartbeat.';
REVOKE ALL ON SCHEMA _duroxide FROM PUBLIC;
REVOKE ALL ON _duroxide._worker_ready FROM PUBLIC;

CREATE FUNCTION df.duroxide_schema() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT '_duroxide'::text
$function$;
REVOKE ALL ON FUNCTION df.duroxide_schema() FROM PUBLIC;
COMMENT ON FUNCTION df.duroxide_schema() IS 'The schema in which _worker_ready says whether a worker is ready.';

-- sql/native/after/worker_role.sql
-- What the worker's sessions may do: enter a role, which takes a token, and call the worker's own functions, which check the caller.
GRANT USAGE ON SCHEMA df TO pgdurable_worker;
GRANT EXECUTE ON FUNCTION df._enter(oid, bytea) TO pgdurable_worker;
DO $do$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p
         WHERE p.pronamespace OPERATOR(pg_catalog.=) 'df'::regnamespace AND pg_catalog.starts_with(p.proname, '_worker_')
    LOOP
        EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO pgdurable_worker', v_function);
    END LOOP;
END
$do$;

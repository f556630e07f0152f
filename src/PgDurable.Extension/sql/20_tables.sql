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
    sources     text[]
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
-- Not unique: with a unique index, the first start of a graph would wait for every other open transaction that starts the same graph.
CREATE INDEX graphs_content_idx ON df.graphs (owner, pg_catalog.hashtextextended(graph, 0));

CREATE TABLE df.submissions (
    instance_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    graph_id         bigint NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    submitted_by     regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    -- Drawn here, not chosen by the caller: a collision would reveal that somebody uses that id.
    id               varchar(8) NOT NULL DEFAULT pg_catalog.right(pg_catalog.gen_random_uuid()::text, 8) CHECK (id::text OPERATOR(pg_catalog.~) '^[0-9a-f]{8}$'),
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
    vars             json
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
    lane          smallint NOT NULL DEFAULT 0
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

CREATE TABLE df.cancellations (
    instance_no   bigint PRIMARY KEY,
    requested_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    requested_by  regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    reason        text NOT NULL
);
COMMENT ON TABLE df.cancellations IS 'Requests to cancel. df.cancel writes them with the caller''s rights.';
COMMENT ON COLUMN df.cancellations.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.cancellations.requested_at IS 'Time of the transaction that called df.cancel.';
COMMENT ON COLUMN df.cancellations.requested_by IS 'The role that called df.cancel.';
COMMENT ON COLUMN df.cancellations.reason IS 'The reason given.';

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

-- The right to DELETE from a table includes the right to lock it against everybody. So each table whose rows users may remove has a
-- column for it, which the row's owner may set; the trigger df._removed then deletes the row.
CREATE TABLE df.pauses (
    instance_no  bigint PRIMARY KEY,
    paused_at    timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    paused_by    regrole NOT NULL DEFAULT pg_catalog.quote_ident(current_user)::regrole,
    removed      boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE df.pauses IS 'Paused instances. df.pause writes the rows and df.resume removes them, both with the caller''s rights.';
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
    PRIMARY KEY (owner, workflow, version)
);
COMMENT ON COLUMN df.registrations.removed IS 'Setting it removes the row.';
COMMENT ON TABLE df.registrations IS 'Registered workflows. A version never changes; an instance keeps the version it was started with.';
COMMENT ON COLUMN df.registrations.owner IS 'The role that the version was registered as, and that may start it.';
COMMENT ON COLUMN df.registrations.version IS 'Counted from 1; the highest is the default.';
COMMENT ON COLUMN df.registrations.graph_id IS 'The graph that it runs (df.graphs).';
COMMENT ON COLUMN df.registrations.registered_by IS 'The role that was logged in when the version was registered.';
COMMENT ON COLUMN df.registrations.registered_at IS 'When the version was registered.';
COMMENT ON COLUMN df.registrations.workflow IS 'The workflow''s name.';
COMMENT ON COLUMN df.registrations.description IS 'Free text for people.';

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

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

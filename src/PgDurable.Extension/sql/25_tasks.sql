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

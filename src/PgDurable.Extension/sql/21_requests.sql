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

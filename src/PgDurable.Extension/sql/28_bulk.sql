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

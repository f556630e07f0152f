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

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

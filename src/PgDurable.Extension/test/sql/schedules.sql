-- Schedules as users see them. When they tick is the worker's business: what it would do is done here by hand.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
CREATE FUNCTION pg_temp.look() RETURNS TABLE (name text, revision integer, catch_up text, new boolean)
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT s.name, s.revision, s.catch_up, s.due_at = s.now FROM df._worker_schedules(NULL, 100) s ORDER BY s.name;
END;
CREATE FUNCTION pg_temp.tick(p_name text, VARIADIC p_ticks timestamptz[]) RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT df._worker_tick(s.schedule_no, s.pass, s.revision, s.now, p_ticks, '2100-01-01 00:00Z', NULL)
      FROM df._worker_schedules(NULL, 100) s WHERE s.name = p_name;
END;
SET ROLE regress_user;
SELECT df.register_workflow('report', 'SELECT 1'), df.register_workflow('report', 'SELECT 2'), df.register_workflow('other', 'SELECT 3');

-- made, made again, changed
SELECT df.schedule('nightly', '0 3 * * *', 'report');
SELECT df.schedule('nightly', '0 3 * * *', 'report'),
       df.schedule(name => 'nightly', cron => '0 3 * * *', workflow => 'report', overlap => 'skip');
SELECT df.schedule('nightly', '0 4 * * *', 'report', '{"n": 1}', 'Europe/Paris', 'queue', 'all', 30, 1);
SELECT df.schedule('nightly', '0 4 * * *', 'report', '{"n": 1}', 'Europe/Paris', 'queue', 'all', 30, 1);
SELECT * FROM df.schedules;
-- what is refused
SELECT df.schedule('', '@daily', 'report');
SELECT df.schedule(NULL, '@daily', 'report');
SELECT df.schedule(repeat('x', 201), '@daily', 'report');
SELECT df.schedule('x', 'often', 'report');
SELECT df.schedule('x', NULL, 'report');
SELECT df.schedule('x', '@daily', NULL);
SELECT df.schedule('x', '@daily', 'report', timezone => 'Mars/Olympus');
SELECT df.schedule('x', '@daily', 'report', overlap => 'never');
SELECT df.schedule('x', '@daily', 'report', overlap => NULL);
SELECT df.schedule('x', '@daily', 'report', catch_up => 'two');
SELECT df.schedule('x', '@daily', 'report', jitter_seconds => -1);
SELECT df.schedule('x', '@daily', 'report', jitter_seconds => 86401);
SELECT df.schedule('x', '@daily', 'unknown');
SELECT df.schedule('x', '@daily', 'report', version => 9);
INSERT INTO df.schedule_entries (owner, name, cron, workflow, overlap, catch_up, jitter_seconds)
VALUES ('regress_http', 'x', '@daily', 'report', 'skip', 'one', 0);
UPDATE df.schedule_entries SET revision = 7;
SELECT count(*) FROM df.schedules;

-- seen by a worker; a change is seen too, and what does not change the ticks leaves the next run as it is
RESET ROLE;
SELECT * FROM pg_temp.look();
SELECT pg_temp.tick('nightly', VARIADIC '{}');
SELECT * FROM pg_temp.look();
SET ROLE regress_user;
SELECT next_run AT TIME ZONE 'UTC', last_run, problem FROM df.schedules;
SELECT df.schedule('nightly', '0 4 * * *', 'report', '{"n": 1}', 'Europe/Paris', 'queue', 'all', 30, 1), next_run IS NOT NULL
  FROM df.schedules;
SELECT df.schedule('nightly', '0 4 * * *', 'report', '{"n": 2}', 'Europe/Paris', 'allow', 'one', 0, NULL);
SELECT next_run IS NOT NULL, input, overlap FROM df.schedules;
SELECT df.schedule('nightly', '0 5 * * *', 'report', '{"n": 2}', 'Europe/Paris', 'allow', 'one', 0, NULL);
SELECT next_run IS NOT NULL, problem FROM df.schedules;
RESET ROLE;
SELECT * FROM pg_temp.look();
-- a tick is an instance of its owner, once
SELECT pg_temp.tick('nightly', '2026-01-01 03:00Z');
UPDATE df.schedule_runs SET due_at = '-infinity';
SELECT pg_temp.tick('nightly', '2026-01-01 03:00Z');
SELECT s.submitted_by, s.label, s.workflow, s.workflow_version, s.input, s.idempotency_key, s.start_at
  FROM df.submissions s WHERE s.label = 'nightly';
SET ROLE regress_user;
SELECT last_run AT TIME ZONE 'UTC', df.status(last_instance), next_run IS NOT NULL FROM df.schedules;

-- paused, and resumed: begins anew
SELECT df.pause_schedule('nightly'), df.pause_schedule('nightly');
SELECT paused, next_run FROM df.schedules;
RESET ROLE;
SELECT pg_temp.tick('nightly', '2026-01-02 03:00Z');
SELECT * FROM pg_temp.look();
SET ROLE regress_user;
SELECT count(*) FROM df.instances WHERE label = 'nightly';
SELECT df.schedule('nightly', '0 5 * * *', 'report', '{"n": 2}', 'Europe/Paris', 'allow', 'one', 0, NULL), paused FROM df.schedules;
SELECT df.resume_schedule('nightly'), df.resume_schedule('nightly');
SELECT paused FROM df.schedules;
RESET ROLE;
SELECT revision, new FROM pg_temp.look();
SET ROLE regress_user;
SELECT df.pause_schedule('unknown');
SELECT df.resume_schedule('unknown');
SELECT df.pause_schedule(NULL), df.unschedule(NULL), df.unschedule('unknown');

-- a version that a schedule needs is not dropped
SELECT count(df.cancel(id)) FROM df.instances WHERE label = 'nightly';
SELECT df.schedule('pinned', '@daily', 'report', version => 1), df.schedule('also pinned', '@daily', 'report', version => 1);
SELECT df.drop_workflow_version('report', 1);
SELECT df.unschedule('pinned'), df.unschedule('also pinned');
SELECT df.drop_workflow_version('report', 2);
SELECT df.drop_workflow_version('report', 1);
SELECT df.unschedule('nightly'), df.unschedule('nightly');
SELECT df.drop_workflow_version('report', 1);
SELECT count(*) FROM df.schedules;
RESET ROLE;
SELECT * FROM pg_temp.look();
SELECT count(*) FROM df.schedule_runs;

-- each role its own
SET ROLE regress_user;
SELECT df.schedule('shared name', '@daily', 'other');
SET ROLE regress_http;
SELECT count(*) FROM df.schedules;
SELECT df.schedule('shared name', '@daily', 'other');
SELECT df.pause_schedule('shared name');
SELECT df.unschedule('shared name');
SELECT df.register_workflow('other', 'SELECT 3'), df.schedule('shared name', '@hourly', 'other');
RESET ROLE;
SELECT owner, cron FROM df.schedules ORDER BY owner::text;
SET ROLE regress_nobody;
SELECT df.schedule('x', '@daily', 'other');
RESET ROLE;
-- nothing to begin with
SET ROLE regress_user;
SELECT df.schedule('gone', '@daily', 'other', version => 1);
UPDATE df.registrations SET removed = true;
RESET ROLE;
SELECT pg_temp.tick('gone', '2026-01-02 03:00Z');
SET ROLE regress_user;
SELECT name, problem, last_run, next_run IS NOT NULL FROM df.schedules WHERE name = 'gone';
RESET ROLE;
DELETE FROM df.schedule_entries;
DELETE FROM df.registrations;

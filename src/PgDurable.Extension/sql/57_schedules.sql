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

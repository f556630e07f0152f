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

-- Numbers of a server, and nobody's rows: that is why it may bypass row security. Counting all checkpoints would read all of them; the
-- statistics have the number at hand.
CREATE FUNCTION df.metrics()
RETURNS TABLE (total_instances bigint, running_instances bigint, completed_instances bigint, failed_instances bigint,
               total_executions bigint, total_events bigint)
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT q.live + o.completed + o.failed, q.running, o.completed, o.failed, q.live + o.completed + o.failed + q.carried,
           pg_stat_get_live_tuples('df.checkpoints'::regclass)
      FROM (SELECT count(*) AS live, count(q.started_at) AS running,
                   COALESCE(sum(df._execution_count(q.instance_no) - 1) FILTER (WHERE q.started_at IS NOT NULL), 0)::bigint AS carried
              FROM df.queue q) q,
           (SELECT count(*) FILTER (WHERE o.status = 'completed') AS completed, count(*) FILTER (WHERE o.status <> 'completed') AS failed
              FROM df.outcomes o) o
$function$;
COMMENT ON FUNCTION df.metrics() IS
    'Counts over the instances of all roles. failed_instances includes the cancelled ones, total_executions the past iterations of loops '
    'that are running; total_events is the number of stored checkpoints (an estimate).';

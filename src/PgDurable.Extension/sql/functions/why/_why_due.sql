-- As far as the caller sees the queue. This and its siblings are in PL/pgSQL, which plans anew for another role: a function in SQL keeps
-- its plan, with the row security of the first role, while an expression of the transaction lives.
CREATE FUNCTION df._why_due(p_instance_no bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT CASE WHEN q.due_at > clock_timestamp() THEN format('It is put aside until %s.', df._until(q.due_at))
                    ELSE format('It is due%s and waits for a worker to take it; %s of your instances %s due before it.',
                                COALESCE(' since ' || df._until(
                                    CASE WHEN q.due_at > '-infinity' THEN q.due_at
                                         WHEN q.started_at IS NULL THEN GREATEST(s.created_at, s.start_at) END), ''),
                                CASE WHEN a.ahead > 1000 THEN 'more than 1000' ELSE a.ahead::text END,
                                CASE a.ahead WHEN 1 THEN 'is' ELSE 'are' END) END
          FROM df.queue q
          JOIN df.submissions s ON s.instance_no = q.instance_no
         CROSS JOIN LATERAL (
            SELECT count(*) AS ahead
              FROM (SELECT FROM df.queue o
                     WHERE o.worker_id IS NULL AND (o.due_at, o.instance_no) < (q.due_at, q.instance_no)
                     ORDER BY o.due_at, o.instance_no LIMIT 1001) o) a
         WHERE q.instance_no = p_instance_no);
END
$function$;
COMMENT ON FUNCTION df._why_due(bigint) IS 'Internal: what is before an instance in the queue, for df.why.';

-- As many results as fit: what a role completes must not fill the worker's memory. The first one always comes; an instance asks again
-- once it has taken it.
CREATE FUNCTION df._worker_tasks(p_instances bigint[])
RETURNS TABLE (instance_no bigint, node integer, path text, attempt integer, result text, error text, is_left boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN QUERY
    SELECT f.instance_no, f.node, f.path, f.attempt, CASE WHEN NOT f.is_left THEN f.result::text END,
           CASE WHEN f.message IS NOT NULL
                THEN json_build_object('message', f.message, 'sqlstate', COALESCE(f.sqlstate, 'DF022'), 'retryable', f.retryable)::text END,
           f.is_left
      FROM (SELECT t.*, row_number() OVER w > 1 AND COALESCE(sum(pg_column_size(t.result)) OVER w, 0) > 33554432 AS is_left
              FROM df.task_queue t
             WHERE t.instance_no = ANY (p_instances) AND t.ended_at IS NOT NULL
            WINDOW w AS (ORDER BY t.task_no)) f
     ORDER BY f.task_no;
END
$function$;
COMMENT ON FUNCTION df._worker_tasks(bigint[]) IS
    'Internal: the tasks of these instances that have ended; is_left if the result did not fit.';

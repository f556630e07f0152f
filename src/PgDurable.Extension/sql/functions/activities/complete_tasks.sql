CREATE FUNCTION df.complete_tasks(tasks bigint[], tokens uuid[], results json[]) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    RETURN QUERY
    WITH ended AS (
        UPDATE df.task_queue t
           SET ended_at = clock_timestamp(), claimed_by = quote_ident(current_user)::regrole, result = COALESCE(c.result, 'null')
          FROM ROWS FROM (unnest(tasks, tokens, results)) AS c (task_no, token, result)
         WHERE t.task_no = c.task_no AND t.token = c.token AND t.ended_at IS NULL
        RETURNING t.task_no
    )
    SELECT c.task_no FROM unnest(tasks) c (task_no) WHERE c.task_no NOT IN (SELECT e.task_no FROM ended e);
END
$function$;
COMMENT ON FUNCTION df.complete_tasks(bigint[], uuid[], json[]) IS
    'Completes several tasks like df.complete_task. Returns those that are no longer yours; an error in one result completes none.';

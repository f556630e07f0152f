-- From lane to lane by the index, as in df._worker_lanes. The lane NULL stands for leases that have run out. Random order is fair, without
-- anybody having to remember whose turn it is.
CREATE FUNCTION df._task_lanes(p_names text[], p_queue text)
RETURNS TABLE (role regrole, name text, lane smallint, lanes_left bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_me regrole := quote_ident(current_user)::regrole;
BEGIN
    RETURN QUERY
    WITH RECURSIVE wanted AS MATERIALIZED (
        SELECT DISTINCT v_me AS role, n.name FROM unnest(p_names) n (name)
        UNION
        SELECT g.owner, g.name FROM df.task_grants g WHERE g.grantee = v_me AND g.name = ANY (p_names)
    ), lanes AS (
        SELECT w.role, w.name,
               (SELECT t.lane FROM df.task_queue t
                 WHERE t.submitted_by = w.role AND t.name = w.name AND t.queue = p_queue AND t.token IS NULL AND t.ended_at IS NULL
                   AND NOT t.held
                 ORDER BY t.lane LIMIT 1) AS lane
          FROM wanted w
        UNION ALL
        SELECT l.role, l.name,
               (SELECT t.lane FROM df.task_queue t
                 WHERE t.submitted_by = l.role AND t.name = l.name AND t.queue = p_queue AND t.token IS NULL AND t.ended_at IS NULL
                   AND NOT t.held AND t.lane > l.lane
                 ORDER BY t.lane LIMIT 1)
          FROM lanes l WHERE l.lane IS NOT NULL
    ), expired AS (
        SELECT w.role, w.name
          FROM wanted w
         WHERE (SELECT t.task_no FROM df.task_queue t
                 WHERE t.submitted_by = w.role AND t.name = w.name AND t.queue = p_queue AND t.token IS NOT NULL AND t.ended_at IS NULL
                   AND NOT t.held AND t.lease_until <= statement_timestamp()
                 ORDER BY t.lease_until LIMIT 1) IS NOT NULL
    )
    SELECT e.role, e.name, NULL::smallint, 1::bigint FROM expired e
    UNION ALL
    SELECT l.role, l.name, l.lane, count(*) OVER () - row_number() OVER () + 1
      FROM (SELECT * FROM lanes l WHERE l.lane IS NOT NULL ORDER BY random()) l;
END
$function$;
COMMENT ON FUNCTION df._task_lanes(text[], text) IS
    'Internal: where the caller can claim tasks of these activities now, in the order in which to look, and how many such places are left.';

CREATE FUNCTION df._worker_claim(p_worker integer, p_limit integer, p_role oid)
RETURNS TABLE (instance_no bigint, id text, graph_id bigint, role_oid oid, role_name text, superuser boolean, resumed boolean, input text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
-- The table is nearly empty at one moment and full at the next, and its statistics are of neither: the index is right at both.
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    -- The CTE is a fence: ordered and limited before anything is locked or updated.
    WITH due AS MATERIALIZED (
        SELECT q.instance_no, q.started_at
          FROM df.queue q
         WHERE q.worker_id IS NULL AND q.due_at <= now() AND (p_role IS NULL OR q.submitted_by = p_role)
         ORDER BY q.due_at, q.instance_no
         LIMIT p_limit
           FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE df.queue q SET worker_id = p_worker, started_at = COALESCE(due.started_at, clock_timestamp())
          FROM due
         WHERE q.instance_no = due.instance_no
        RETURNING q.instance_no, due.started_at IS NOT NULL AS resumed
    )
    SELECT c.instance_no, s.id, g.graph_id, s.submitted_by::oid, r.rolname::text, r.rolsuper, c.resumed, s.input::text
      FROM claimed c
      JOIN df.submissions s ON s.instance_no = c.instance_no
      -- A graph serves its owner's instances only.
      LEFT JOIN df.graphs g ON g.graph_id = s.graph_id AND g.owner = s.submitted_by
      LEFT JOIN pg_roles r ON r.oid = s.submitted_by
     ORDER BY c.instance_no;
END
$function$;
COMMENT ON FUNCTION df._worker_claim(integer, integer, oid) IS
    'Internal: takes up to p_limit due instances, oldest first; of one role only unless p_role is NULL.';

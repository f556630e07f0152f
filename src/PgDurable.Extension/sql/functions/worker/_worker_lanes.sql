-- Goes from lane to lane by the index, however much waits in them. A lane with nothing due costs as much as any other, so at most p_limit
-- lanes are looked at, and the next call continues after them.
CREATE FUNCTION df._worker_lanes(p_role oid, p_after_role oid, p_after_lane smallint, p_limit integer)
RETURNS TABLE (role_oid oid, lane smallint, due boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_role oid := p_after_role;
    v_lane smallint := p_after_lane;
BEGIN
    PERFORM df._require_worker();
    FOR i IN 1 .. p_limit LOOP
        SELECT q.submitted_by::oid, q.lane, q.due_at <= now()
          INTO role_oid, lane, due
          FROM df.queue q
         WHERE q.worker_id IS NULL AND (q.submitted_by, q.lane) > (v_role::regrole, v_lane)
         ORDER BY q.submitted_by, q.lane, q.due_at
         LIMIT 1;
        EXIT WHEN NOT FOUND;
        v_role := role_oid;
        v_lane := lane;
        CONTINUE WHEN role_oid <> p_role;
        RETURN NEXT;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._worker_lanes(oid, oid, smallint, integer) IS
    'Internal: up to p_limit lanes of the queue after a given one, only those of p_role unless it is NULL, and whether something in them '
    'is due.';

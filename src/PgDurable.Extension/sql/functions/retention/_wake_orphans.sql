-- An instance that waits for a signal would never notice that its role is gone. Once due, it is claimed, and ends with that reason.
CREATE FUNCTION df._wake_orphans(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_role  regrole := 0::oid::regrole;
    v_count bigint := 0;
    v_more  bigint;
BEGIN
    LOOP
        SELECT q.submitted_by INTO v_role
          FROM df.queue q WHERE q.worker_id IS NULL AND q.submitted_by > v_role ORDER BY q.submitted_by LIMIT 1;
        EXIT WHEN NOT FOUND OR v_count >= p_limit;
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles r WHERE r.oid = v_role);
        UPDATE df.queue q SET due_at = '-infinity'
         WHERE q.ctid = ANY (ARRAY(
            SELECT f.ctid FROM df.queue f
             WHERE f.worker_id IS NULL AND f.submitted_by = v_role AND f.due_at > now()
             LIMIT p_limit - v_count
               FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS v_more = ROW_COUNT;
        v_count := v_count + v_more;
    END LOOP;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df._wake_orphans(integer) IS
    'Internal: makes a batch of waiting instances due whose role no longer exists, and returns their number.';

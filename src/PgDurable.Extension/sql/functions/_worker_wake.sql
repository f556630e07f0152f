-- A hint is deleted when it has been understood: a free instance is due now, one that this worker holds is returned, one that has ended needs nothing.
-- Hints for what other workers hold, or somebody has locked, stay for a later call. Called by df._worker_claim, whose planner settings hold here too.
CREATE FUNCTION df._worker_wake(p_worker integer) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_orphan bigint;
    v_held   bigint[];
BEGIN
    -- Children whose parent has ended, whoever holds them.
    FOR v_orphan IN
        SELECT q.instance_no
          FROM df.wakeups w
         CROSS JOIN LATERAL (SELECT * FROM df.queue q WHERE q.instance_no = w.instance_no AND q.parent_no IS NOT NULL OFFSET 0) q
         WHERE NOT EXISTS (SELECT FROM df.queue p WHERE p.instance_no = q.parent_no)
         LIMIT 1000
    LOOP
        PERFORM df._worker_cancel(v_orphan, 'the workflow that called it has ended');
    END LOOP;

    WITH hints AS MATERIALIZED (
        SELECT w.ctid AS address, w.instance_no
          FROM df.wakeups w
         WHERE NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = w.instance_no AND q.worker_id <> p_worker)
         LIMIT 1000
           FOR UPDATE SKIP LOCKED
    ), free AS MATERIALIZED (
        SELECT q.ctid AS address
          FROM df.queue q
         WHERE q.instance_no = ANY (ARRAY(SELECT h.instance_no FROM hints h)) AND q.worker_id IS NULL
           FOR UPDATE SKIP LOCKED
    ), woken AS (
        UPDATE df.queue q SET due_at = '-infinity' WHERE q.ctid = ANY (ARRAY(SELECT f.address FROM free f)) RETURNING q.instance_no
    ), understood AS (
        DELETE FROM df.wakeups w
         WHERE w.ctid = ANY (ARRAY(
            SELECT h.address FROM hints h
             WHERE h.instance_no IN (SELECT k.instance_no FROM woken k)
                OR NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = h.instance_no AND q.worker_id IS NULL)))
        RETURNING w.instance_no
    )
    SELECT array_agg(DISTINCT u.instance_no) INTO v_held
      FROM understood u
     WHERE EXISTS (SELECT FROM df.queue q WHERE q.instance_no = u.instance_no AND q.worker_id = p_worker);
    RETURN v_held;
END
$function$;
COMMENT ON FUNCTION df._worker_wake(integer) IS 'Internal: makes instances due that have something new; returns those that the worker itself holds.';

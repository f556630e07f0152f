-- Every worker calls this once a second. As in df._worker_claim, nothing is left to estimates: the cost depends on what workers hold, not
-- on the backlog.
CREATE FUNCTION df._worker_rescue(p_worker integer) RETURNS integer[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_dead  integer[] := '{}';
    v_other record;
BEGIN
    PERFORM df._require_worker();
    -- In the order of their ids, skipping those that another rescuer has locked: two rescuers can't wait for each other.
    FOR v_other IN
        SELECT w.worker_id, w.last_seen_at < clock_timestamp() - w.silence_limit AS silent
          FROM df.workers w
         WHERE w.worker_id <> p_worker
         ORDER BY w.worker_id
           FOR UPDATE SKIP LOCKED
    LOOP
        -- The lock is free if the process is gone. A process that is only frozen keeps it, and is recognised by its silence.
        IF v_other.silent OR pg_try_advisory_xact_lock(df._worker_lock_class(), v_other.worker_id) THEN
            PERFORM df._suspect_claims(v_other.worker_id);
            PERFORM df._worker_unregister(v_other.worker_id);
            v_dead := v_dead || v_other.worker_id;
        END IF;
    END LOOP;
    -- Claims of workers that are no longer registered, skipped before because they were locked. (Worker 0 holds what a dump brought, see
    -- df._restored.) A scalar subquery: if a row turns out to have been claimed by a live worker in the meantime, PostgreSQL evaluates it
    -- again, while the anti-join of a NOT EXISTS would keep its first answer.
    UPDATE df.queue q SET worker_id = NULL
     WHERE q.ctid = ANY (ARRAY(SELECT c.ctid FROM df.queue c
                                WHERE c.worker_id > 0 AND (SELECT w.worker_id FROM df.workers w WHERE w.worker_id = c.worker_id) IS NULL
                                  FOR UPDATE SKIP LOCKED));
    IF FOUND THEN
        PERFORM df._tell_workers('wake');
    END IF;
    RETURN v_dead;
END
$function$;
COMMENT ON FUNCTION df._worker_rescue(integer) IS 'Internal: frees what dead workers held and returns their numbers.';

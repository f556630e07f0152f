-- A hint is deleted once it has been handled: a free instance becomes due now; one that has not begun finds what is new when its time
-- comes; one that this worker holds is returned; one that has ended has its remaining tasks
-- removed; a child whose parent has ended is cancelled, whoever
-- holds it. Hints about instances that other workers hold or that are locked stay for a later call; they are skipped, however many there
-- are.
--
-- A claim that waits runs beside other statements of its worker. If it deleted the hint of an instance that the worker holds, one that is
-- being parked at this moment would miss it. So with p_keep such hints stay for the worker's next claim, which comes after the parking.
--
-- Called by df._worker_claim and df._worker_news, whose planner settings apply here too. Scalar subqueries instead of EXISTS, which may
-- be answered from a hash table of the whole queue.
CREATE FUNCTION df._worker_wake(p_worker integer, p_keep boolean DEFAULT false) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_batch  CONSTANT integer := 1000;
    c_passes CONSTANT integer := 20;
    v_last      bigint := -1;
    v_hints     tid[];
    v_instances bigint[];
    v_orphans   bigint[];
    v_orphan    bigint;
    v_ended     bigint[];
    v_locked    bigint[];
    v_woken     bigint[];
    v_left      bigint;
    v_held      bigint[] := '{}';
BEGIN
    PERFORM df._require_worker();
    FOR v_pass IN 1 .. c_passes LOOP
        SELECT array_agg(h.address), array_agg(h.instance_no), array_agg(h.instance_no) FILTER (WHERE h.orphan),
               array_agg(DISTINCT h.instance_no) FILTER (WHERE h.ended), max(h.instance_no)
          INTO v_hints, v_instances, v_orphans, v_ended, v_last
          FROM (SELECT w.ctid AS address, w.instance_no, q.orphan, q.instance_no IS NULL AS ended
                  FROM df.wakeups w
                  LEFT JOIN LATERAL (
                    SELECT q.instance_no, q.worker_id,
                           q.parent_no IS NOT NULL AND NOT q.undoing
                               AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no = q.parent_no) IS NULL AS orphan
                      FROM df.queue q WHERE q.instance_no = w.instance_no OFFSET 0) q ON true
                 WHERE w.instance_no > v_last AND (q.orphan OR COALESCE(q.worker_id, p_worker) = p_worker)
                 ORDER BY w.instance_no
                 LIMIT c_batch
                   FOR UPDATE OF w SKIP LOCKED) h;
        EXIT WHEN v_hints IS NULL;

        IF v_orphans IS NOT NULL THEN
            -- The claim itself need not be on disk before others see it, but the end of an instance must be.
            PERFORM set_config('synchronous_commit', 'on', true);
        END IF;
        FOREACH v_orphan IN ARRAY COALESCE(v_orphans, '{}') LOOP
            PERFORM df._worker_cancel(v_orphan, 'the workflow that called it has ended');
        END LOOP;

        -- Their tasks were locked when they ended.
        v_locked := CASE WHEN v_ended IS NOT NULL THEN df._drop_tasks(v_ended) END;
        UPDATE df.queue q SET due_at = '-infinity'
         WHERE q.ctid = ANY (ARRAY(
                SELECT f.ctid FROM df.queue f
                 WHERE f.instance_no = ANY (v_instances) AND COALESCE(f.worker_id, 0) = 0 AND f.due_at > '-infinity'
                   AND f.started_at IS NOT NULL
                   FOR UPDATE SKIP LOCKED));

        WITH understood AS (
            DELETE FROM df.wakeups w
             WHERE w.ctid = ANY (v_hints)
               AND (SELECT COALESCE(q.worker_id, p_worker) = p_worker
                           AND (q.worker_id IS NOT NULL AND NOT p_keep OR q.worker_id IS NULL
                                AND (q.due_at = '-infinity' OR q.started_at IS NULL))
                      FROM df.queue q WHERE q.instance_no = w.instance_no) IS NOT FALSE
               AND (v_locked IS NULL OR w.instance_no <> ALL (v_locked))
            RETURNING w.instance_no
        )
        SELECT array_agg(DISTINCT u.instance_no)
                   FILTER (WHERE (SELECT q.worker_id FROM df.queue q WHERE q.instance_no = u.instance_no) = p_worker),
               cardinality(v_hints) - count(*)
          INTO v_woken, v_left
          FROM understood u;
        IF p_keep THEN
            v_woken := ARRAY(SELECT q.instance_no FROM df.queue q
                              WHERE q.instance_no = ANY (v_instances) AND COALESCE(q.worker_id, 0) = p_worker);
        END IF;
        v_held := v_held || COALESCE(v_woken, '{}');
        -- A full batch of handled hints is enough for one claim. A batch with other hints in it must not hide those behind it.
        EXIT WHEN cardinality(v_hints) < c_batch OR v_left = 0;
    END LOOP;
    RETURN v_held;
END
$function$;
COMMENT ON FUNCTION df._worker_wake(integer, boolean) IS
    'Internal: makes instances due that have something new; returns those that the worker itself holds.';

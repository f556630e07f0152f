-- Looks for what would wake the instance in the tables, not in the hints: a claim may have taken the hint while the worker held the
-- instance, and a hint about something that the instance does not wait for must not keep it there. So this statement uses up the hints
-- that it sees. What commits after it began leaves a hint that the next claim or heartbeat finds.
--
-- Sleepers have nothing to look for: see df._has_news. But an instance with a hint may have been paused, or may be the child of a parent
-- that has ended: then it stays with the worker. The hint about an ended parent stays too, for the next claim to handle.
--
-- Rows of the queue are looked up by key, whatever the planner believes: the index on worker_id is full of dead entries when much is
-- parked and claimed. COALESCE keeps the planner from using it.
CREATE FUNCTION df._worker_park(p_worker integer, p_instances bigint[], p_due timestamptz[], p_waits json) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT a.*,
               (SELECT w.instance_no FROM df.wakeups w WHERE w.instance_no = a.instance_no LIMIT 1) IS NOT NULL AS hinted
          FROM ROWS FROM (unnest(p_instances, p_due), json_array_elements(p_waits)) AS a (instance_no, due_at, waits)
    ), looked AS MATERIALIZED (
        SELECT a.*,
               CASE WHEN a.waits::text ~ 'SIGNAL|CALL|ACTIVITY|PAUSED' THEN df._has_news(a.instance_no, a.waits) ELSE false END
               OR a.hinted AND a.waits::text !~ '"PAUSED"'
                  AND (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = a.instance_no) IS NOT NULL AS news,
               a.hinted AND (SELECT q.parent_no IS NOT NULL
                                    AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no = q.parent_no) IS NULL
                               FROM df.queue q WHERE q.instance_no = a.instance_no) AS orphan
          FROM asked a
    ), locked AS MATERIALIZED (
        SELECT q.instance_no FROM df.queue q WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker
           FOR UPDATE SKIP LOCKED
    ), understood AS (
        DELETE FROM df.wakeups w
         WHERE w.ctid = ANY (ARRAY(
            SELECT h.ctid FROM df.wakeups h
             WHERE h.instance_no = ANY (ARRAY(SELECT k.instance_no FROM looked k WHERE k.hinted AND NOT k.orphan))
               AND h.instance_no = ANY (ARRAY(SELECT l.instance_no FROM locked l))
               FOR UPDATE SKIP LOCKED))
    ), parked AS (
        UPDATE df.queue q SET worker_id = NULL, due_at = k.due_at, waits = k.waits
          FROM looked k
         WHERE q.instance_no = k.instance_no AND NOT k.news AND NOT k.orphan
           AND k.instance_no = ANY (ARRAY(SELECT l.instance_no FROM locked l))
        RETURNING q.instance_no
    )
    SELECT q.instance_no
      FROM df.queue q
     WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker
       AND q.instance_no NOT IN (SELECT p.instance_no FROM parked p);
    -- A worker that waits knows only of what was due next when it began.
    PERFORM df._tell_workers('wake');
END
$function$;
COMMENT ON FUNCTION df._worker_park(integer, bigint[], timestamptz[], json) IS
    'Internal: gives instances back until they are due or something wakes them; p_waits has one array for each. Returns those that stay '
    'with the worker, because something has already woken them or their row is locked.';

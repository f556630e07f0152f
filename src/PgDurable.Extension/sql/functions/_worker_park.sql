-- What would wake the instance is looked for, and not only hints of it: a claim may have taken the hint while the instance was in hand. What commits after
-- this statement began leaves its hint in df.wakeups, where the next claim finds it. Sleepers have nothing to look for: see df._has_news.
--
-- Rows of the queue are looked up by key, whatever the planner believes: the index on worker_id is full of dead entries when much is parked and claimed.
-- COALESCE keeps it out of the way.
CREATE FUNCTION df._worker_park(p_worker integer, p_instances bigint[], p_due timestamptz[], p_waits json) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT * FROM ROWS FROM (unnest(p_instances, p_due), json_array_elements(p_waits)) AS a (instance_no, due_at, waits)
    ), ready AS MATERIALIZED (
        SELECT a.*
          FROM asked a
         WHERE NOT EXISTS (SELECT FROM df.wakeups w WHERE w.instance_no = a.instance_no)
           AND CASE WHEN a.waits::text ~ 'SIGNAL|CALL|PAUSED' THEN NOT df._has_news(a.instance_no, a.waits) ELSE true END
    ), locked AS MATERIALIZED (
        SELECT q.instance_no FROM df.queue q WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker FOR UPDATE SKIP LOCKED
    ), parked AS (
        UPDATE df.queue q SET worker_id = NULL, due_at = r.due_at, waits = r.waits
          FROM ready r
         WHERE q.instance_no = r.instance_no AND r.instance_no = ANY (ARRAY(SELECT l.instance_no FROM locked l))
        RETURNING q.instance_no
    )
    SELECT q.instance_no
      FROM df.queue q
     WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker AND q.instance_no NOT IN (SELECT p.instance_no FROM parked p);
END
$function$;
COMMENT ON FUNCTION df._worker_park(integer, bigint[], timestamptz[], json) IS
    'Internal: gives instances back until they are due or something wakes them; p_waits has one array for each. Returns those that stay with the worker: '
    'something woke them already, or somebody has their row locked.';

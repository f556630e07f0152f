-- What would wake the instance is looked for after its row was locked: what commits later leaves its hint in df.wakeups, where the next claim finds it. The
-- hints alone would not do here: a claim may have taken one for this very instance while it was in hand.
CREATE FUNCTION df._worker_park(p_worker integer, p_instances bigint[], p_due timestamptz[], p_waits json) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT a.instance_no, a.due_at, w.value AS waits
          FROM unnest(p_instances, p_due) WITH ORDINALITY AS a (instance_no, due_at, n)
          JOIN json_array_elements(p_waits) WITH ORDINALITY AS w (value, n) USING (n)
    ), locked AS MATERIALIZED (
        SELECT q.instance_no FROM df.queue q WHERE q.instance_no = ANY (p_instances) AND q.worker_id = p_worker FOR UPDATE SKIP LOCKED
    ), parked AS (
        UPDATE df.queue q SET worker_id = NULL, due_at = a.due_at, waits = a.waits
          FROM asked a
         WHERE q.instance_no = a.instance_no AND q.worker_id = p_worker
           AND a.instance_no IN (SELECT l.instance_no FROM locked l)
           AND NOT EXISTS (SELECT FROM df.wakeups w WHERE w.instance_no = a.instance_no)
           AND NOT df._has_news(a.instance_no, a.waits)
        RETURNING q.instance_no
    )
    SELECT q.instance_no
      FROM df.queue q
     WHERE q.instance_no = ANY (p_instances) AND q.worker_id = p_worker AND q.instance_no NOT IN (SELECT p.instance_no FROM parked p);
END
$function$;
COMMENT ON FUNCTION df._worker_park(integer, bigint[], timestamptz[], json) IS
    'Internal: gives instances back until they are due or something wakes them; p_waits has one array for each. Returns those that stay with the worker: '
    'something woke them already, or somebody has their row locked.';

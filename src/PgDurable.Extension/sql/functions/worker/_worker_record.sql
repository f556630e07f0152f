-- One pass over all instances. If one of them turns out to be recorded already, each is recorded by itself, so that it costs the others
-- nothing. Rows of the queue are looked up by key: see df._worker_park.
CREATE FUNCTION df._worker_record(p_worker integer, p_records json) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_asked    bigint[] := ARRAY(SELECT DISTINCT r.instance FROM json_to_recordset(p_records) AS r (instance bigint));
    v_held     bigint[];
    v_busy     bigint[];
    v_instance bigint;
BEGIN
    PERFORM df._require_worker();
    v_held := ARRAY(SELECT q.instance_no FROM df.queue q WHERE q.instance_no = ANY (v_asked) AND COALESCE(q.worker_id, 0) = p_worker
        FOR UPDATE SKIP LOCKED);
    RETURN QUERY SELECT a FROM unnest(v_asked) a WHERE a <> ALL (v_held);
    IF strpos(p_records::text, '"expire_tasks":[') > 0 THEN
        v_busy := df._busy_tasks(p_records, v_held);
        RETURN QUERY SELECT b FROM unnest(v_busy) b;
        v_held := ARRAY(SELECT h FROM unnest(v_held) h WHERE h <> ALL (v_busy));
    END IF;
    BEGIN
        PERFORM df._record(p_worker, p_records, v_held);
    EXCEPTION WHEN unique_violation THEN
        FOREACH v_instance IN ARRAY v_held LOOP
            BEGIN
                PERFORM df._record(p_worker, p_records, ARRAY[v_instance]);
            EXCEPTION WHEN unique_violation THEN
                RETURN NEXT v_instance;
            END;
        END LOOP;
    END;
END
$function$;
COMMENT ON FUNCTION df._worker_record(integer, json) IS
    'Internal: records what happened to instances outside of SQL steps: checkpoints, carried loop iterations, taken signals, tasks, ends; '
    'all or nothing for each instance. Returns those for which nothing was written, because the worker no longer holds them, their row is '
    'locked, or a task whose time is up has ended or is about to.';

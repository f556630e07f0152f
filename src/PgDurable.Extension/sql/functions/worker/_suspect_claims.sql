CREATE FUNCTION df._suspect_claims(p_worker integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    INSERT INTO df.deaths (instance_no, node, path, deaths)
    SELECT q.instance_no, -1, '', 0 FROM df.queue q WHERE q.worker_id = p_worker
    ON CONFLICT DO NOTHING;
    -- Instances that have ended since then need no record.
    DELETE FROM df.deaths d WHERE (SELECT q.instance_no FROM df.queue q WHERE q.instance_no = d.instance_no) IS NULL;
END
$function$;
COMMENT ON FUNCTION df._suspect_claims(integer) IS
    'Internal: records the instances that a dead worker held: one of them may have been the cause.';

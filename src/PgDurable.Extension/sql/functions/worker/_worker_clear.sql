CREATE FUNCTION df._worker_clear(p_instance bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    DELETE FROM df.deaths d WHERE d.instance_no = p_instance AND d.node = -1
$function$;
COMMENT ON FUNCTION df._worker_clear(bigint) IS 'Internal: records that an instance once held by a dead worker has made progress since.';

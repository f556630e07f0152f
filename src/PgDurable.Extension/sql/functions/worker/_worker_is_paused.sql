CREATE FUNCTION df._worker_is_paused(p_instance bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = p_instance)
$function$;
COMMENT ON FUNCTION df._worker_is_paused(bigint) IS 'Internal: whether an instance is paused.';

CREATE FUNCTION df._worker_paused(p_instances bigint[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN ARRAY(SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = ANY (p_instances));
END
$function$;
COMMENT ON FUNCTION df._worker_paused(bigint[]) IS 'Internal: those of these instances that are paused.';

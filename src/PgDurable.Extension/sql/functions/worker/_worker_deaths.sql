CREATE FUNCTION df._worker_deaths(p_instances bigint[]) RETURNS TABLE (instance_no bigint, node integer, path text, deaths integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT d.instance_no, d.node, d.path, d.deaths FROM df.deaths d WHERE d.instance_no = ANY (p_instances)
$function$;
COMMENT ON FUNCTION df._worker_deaths(bigint[]) IS
    'Internal: what is recorded about steps, and instances (node -1), that may have brought a server or a worker down.';

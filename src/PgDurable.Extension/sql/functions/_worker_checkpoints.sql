CREATE FUNCTION df._worker_checkpoints(p_instance bigint)
RETURNS TABLE (node integer, path text, attempt integer, result text, columns text, error text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT c.node, c.path, c.attempt, c.result::text, c.columns::text, c.error::text FROM df.checkpoints c WHERE c.instance_no = p_instance
$function$;
COMMENT ON FUNCTION df._worker_checkpoints(bigint) IS 'Internal: what an instance has done so far.';

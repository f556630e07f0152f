CREATE FUNCTION df._worker_suspect(p_worker integer, p_instances bigint[], p_node integer, p_path text)
RETURNS TABLE (instance_no bigint, deaths integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
#variable_conflict use_column
BEGIN
    PERFORM df._require_worker();
    RETURN QUERY
    INSERT INTO df.deaths AS d (instance_no, node, path, deaths)
    SELECT q.instance_no, p_node, p_path, 1 FROM df.queue q
     WHERE q.instance_no = ANY (p_instances) AND COALESCE(q.worker_id, 0) = p_worker
     ORDER BY q.instance_no
    ON CONFLICT (instance_no, node, path) DO UPDATE SET deaths = d.deaths + 1
    RETURNING d.instance_no, d.deaths;
END
$function$;
COMMENT ON FUNCTION df._worker_suspect(integer, bigint[], integer, text) IS
    'Internal: records that something is about to run again that was running when a session, a server or a worker died, and returns how '
    'often that has happened. No row for an instance that the worker does not hold.';

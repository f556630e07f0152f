CREATE FUNCTION df._worker_release(p_worker integer, p_instances bigint[], p_delay interval) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    UPDATE df.queue SET worker_id = NULL, due_at = CASE WHEN p_delay > interval '0' THEN clock_timestamp() + p_delay ELSE due_at END
     WHERE worker_id = p_worker AND instance_no = ANY (p_instances)
$function$;
COMMENT ON FUNCTION df._worker_release(integer, bigint[], interval) IS 'Internal: gives instances back, to be claimed after a delay.';

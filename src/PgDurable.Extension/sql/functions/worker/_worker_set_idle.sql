CREATE FUNCTION df._worker_set_idle(p_worker integer, p_idle boolean) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._require_worker();
    UPDATE df.workers SET idle = p_idle WHERE worker_id = p_worker AND idle <> p_idle
$function$;
COMMENT ON FUNCTION df._worker_set_idle(integer, boolean) IS 'Internal: records whether the worker wants to be notified of starts.';

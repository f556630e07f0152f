CREATE FUNCTION df._worker_unregister(p_worker integer) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.workers WHERE worker_id = p_worker;
    UPDATE df.queue SET worker_id = NULL WHERE worker_id = p_worker;
END
$function$;
COMMENT ON FUNCTION df._worker_unregister(integer) IS 'Internal: a worker stops in good order, or is declared dead.';

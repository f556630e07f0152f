-- Some settings are shown to superusers only, which the worker's sessions are not.
CREATE FUNCTION df._worker_setting(p_name text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN NULLIF(current_setting('pg_durable.' || p_name, true), '');
END
$function$;
COMMENT ON FUNCTION df._worker_setting(text) IS 'Internal: a setting pg_durable.…, without the prefix; NULL where it is not defined, or empty.';

-- Only superusers may see some settings, and the worker's sessions are not superusers.
CREATE FUNCTION df._worker_setting(p_name text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    RETURN NULLIF(current_setting('pg_durable.' || p_name, true), '');
END
$function$;
COMMENT ON FUNCTION df._worker_setting(text) IS
    'Internal: a setting pg_durable.…, named without the prefix; NULL if it is not defined or empty.';

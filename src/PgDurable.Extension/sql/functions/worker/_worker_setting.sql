-- Only superusers may see some settings, and the worker's sessions are not superusers. Without the extension the function's owner isn't one
-- either: on a server that has loaded the module for another database, such a setting counts as not defined.
CREATE FUNCTION df._worker_setting(p_name text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    BEGIN
        RETURN NULLIF(current_setting('pg_durable.' || p_name, true), '');
    EXCEPTION WHEN insufficient_privilege THEN
        RETURN NULL;
    END;
END
$function$;
COMMENT ON FUNCTION df._worker_setting(text) IS
    'Internal: a setting pg_durable.…, named without the prefix; NULL if it is empty, not defined, or hidden from the function''s owner.';

-- Only superusers may see the setting, but everybody may find out that HTTP is off. Without the extension the function's owner isn't a
-- superuser: then the setting is another database's.
CREATE FUNCTION df._http_disabled() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN COALESCE(current_setting('pg_durable.http_security', true) = 'disabled', false);
EXCEPTION WHEN insufficient_privilege THEN
    RETURN false;
END
$function$;
COMMENT ON FUNCTION df._http_disabled() IS 'Internal: whether pg_durable.http_security forbids every request.';

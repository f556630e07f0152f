CREATE FUNCTION df.status(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT i.status FROM df.instances i WHERE i.id = instance_id
$function$;
COMMENT ON FUNCTION df.status(text) IS 'pending, running, completed, failed or cancelled; NULL for an unknown id.';

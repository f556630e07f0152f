CREATE FUNCTION df.error(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT o.error::text FROM df.submissions s JOIN df.outcomes o ON o.instance_no = s.instance_no WHERE s.id = instance_id
$function$;
COMMENT ON FUNCTION df.error(text) IS
    'Why an instance failed or was cancelled, as JSON text: message, sqlstate, detail, hint, node, step, attempt and the SQL as it ran. NULL for any other.';

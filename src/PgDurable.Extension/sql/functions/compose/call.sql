CREATE FUNCTION df.call(workflow text, input jsonb DEFAULT NULL, version integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('CALL', format('{"workflow":%s,"input":%s,"version":%s}', COALESCE(to_json(workflow)::text, 'null'),
        COALESCE(df._compact(input::text), 'null'), COALESCE(version::text, 'null')));
END
$function$;
COMMENT ON FUNCTION df.call(text, jsonb, integer) IS
    'Runs a registered workflow as a step, in an instance of its own; its result becomes the step''s. References in input are replaced as '
    'in df.http_json.';

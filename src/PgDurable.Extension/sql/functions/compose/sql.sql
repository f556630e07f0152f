CREATE FUNCTION df.sql(query text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"SQL","query":' || to_json(query)::text || '}';
END
$function$;
COMMENT ON FUNCTION df.sql(text) IS 'A step that runs one SQL statement. The text is taken literally.';

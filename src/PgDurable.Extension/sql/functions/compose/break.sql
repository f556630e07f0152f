CREATE FUNCTION df.break(value text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN '{"node_type":"BREAK","query":' || to_json('{"break_value":' || COALESCE(to_json(value)::text, 'null') || '}')::text || '}';
END
$function$;
COMMENT ON FUNCTION df.break(text) IS
    'Ends the innermost enclosing loop, with a value as the loop''s result. The value is data: JSON, or else a string.';

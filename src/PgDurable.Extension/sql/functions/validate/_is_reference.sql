CREATE FUNCTION df._is_reference(p_text text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN p_text ~ '^\$[A-Za-z_][A-Za-z0-9_]*(\.[^\s.$?*{}]+)?\??$';
END
$function$;
COMMENT ON FUNCTION df._is_reference(text) IS 'Internal: whether a text is one reference, such as $input.delay, and nothing else.';

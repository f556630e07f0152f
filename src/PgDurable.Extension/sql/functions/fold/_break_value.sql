-- Only the worker knows what a substitution would make of it.
CREATE FUNCTION df._break_value(p_query text) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_text text := p_query::json ->> 'break_value';
BEGIN
    IF v_text ~ '[${]' AND v_text !~ '^\s*[{\[]' OR v_text ~ '\$' THEN
        RETURN NULL;
    END IF;
    RETURN COALESCE(v_text, 'null')::json;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN to_json(v_text);
END
$function$;
COMMENT ON FUNCTION df._break_value(text) IS 'Internal: the value of a df.break without references; NULL if it has references.';

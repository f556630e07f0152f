CREATE FUNCTION df._jsonb(p_value json) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN p_value::jsonb;
EXCEPTION WHEN untranslatable_character OR invalid_text_representation OR program_limit_exceeded OR numeric_value_out_of_range
    OR statement_too_complex THEN
    RETURN to_jsonb(p_value::text); -- valid as json, but jsonb cannot hold it: \u0000, for example
END
$function$;
COMMENT ON FUNCTION df._jsonb(json) IS 'Internal: a value as jsonb, or as a JSON string of its text if jsonb cannot hold it.';

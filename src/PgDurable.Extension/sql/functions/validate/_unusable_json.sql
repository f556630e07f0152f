-- The type json accepts what no step can use: nothing can read \u0000 or half of a surrogate pair from it, and jsonb, which a reference
-- to it becomes, has limits of its own. A text that is not JSON at all is fine.
CREATE FUNCTION df._unusable_json(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_json   json;
    v_detail text;
BEGIN
    v_json := p_text::json;
    BEGIN
        PERFORM v_json::jsonb;
        RETURN NULL;
    EXCEPTION WHEN untranslatable_character OR invalid_text_representation OR numeric_value_out_of_range OR program_limit_exceeded THEN
        GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
        RETURN COALESCE(NULLIF(v_detail, ''), SQLERRM);
    END;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._unusable_json(text) IS 'Internal: why no step could use a text that is JSON, or NULL.';

-- Removes the blanks that jsonb prints. A string that isn't closed ends with the text, so that truncated JSON can be shown too.
CREATE FUNCTION df._compact(p_json text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN regexp_replace(p_json, '("(?:[^"\\]|\\.)*(?:"|$))|[ \t\r\n]+', '\1', 'g');
END
$function$;
COMMENT ON FUNCTION df._compact(text) IS 'Internal: JSON text without blanks between its tokens.';

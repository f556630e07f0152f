-- Works on the text: a value that contains \u0000 cannot be taken apart and put together again.
CREATE FUNCTION df._with_source(p_error json, p_sources text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(left(rtrim(p_error::text, E' \t\r\n'), -1) || ',"source":' || to_json(df._source(p_error, p_sources))::text || '}',
                    p_error::text)
$function$;
COMMENT ON FUNCTION df._with_source(json, text[]) IS
    'Internal: an error as users see it, with the key source if it is known where its node was written.';

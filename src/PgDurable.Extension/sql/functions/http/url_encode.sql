CREATE FUNCTION df.url_encode(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE(string_agg(CASE WHEN c.c ~ '^[A-Za-z0-9._~-]$' THEN c.c
                                    ELSE regexp_replace(upper(encode(convert_to(c.c, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END,
                               '' ORDER BY c.n), '')
      FROM regexp_split_to_table(value, '') WITH ORDINALITY c (c, n)
$function$;
COMMENT ON FUNCTION df.url_encode(text) IS
    'A text as one part of a URL: all characters but letters, digits and -._~ are percent-encoded as UTF-8.';

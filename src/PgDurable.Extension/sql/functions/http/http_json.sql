CREATE FUNCTION df.http_json(url text, method text DEFAULT 'POST', body jsonb DEFAULT NULL,
                             headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_JSON', url, method, '"body":' || COALESCE(df._compact(body::text), 'null'), headers, timeout_seconds);
END
$function$;
COMMENT ON FUNCTION df.http_json(text, text, jsonb, jsonb, integer) IS
    'An HTTP request with a JSON body. A string in the body that is exactly one reference, such as "$total", becomes the typed value; in '
    'other strings, references are replaced as text.';

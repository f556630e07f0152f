CREATE FUNCTION df.http_json(url df.http_endpoint, method text DEFAULT 'POST', body jsonb DEFAULT NULL,
                             headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_JSON', (url).path, method, '"body":' || COALESCE(df._compact(body::text), 'null'), headers, timeout_seconds,
                         COALESCE((url).server, ''));
END
$function$;
COMMENT ON FUNCTION df.http_json(df.http_endpoint, text, jsonb, jsonb, integer) IS
    'An HTTP request with a JSON body to a server of pg_durable_fdw: see df.endpoint and df.http_json.';

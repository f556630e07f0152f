CREATE FUNCTION df.http_multipart(url df.http_endpoint, method text DEFAULT 'POST', parts jsonb DEFAULT NULL, headers jsonb DEFAULT NULL,
                                  timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_MULTIPART', (url).path, method, '"parts":' || COALESCE(df._compact(parts::text), 'null'), headers,
                         timeout_seconds,
                         COALESCE((url).server, ''));
END
$function$;
COMMENT ON FUNCTION df.http_multipart(df.http_endpoint, text, jsonb, jsonb, integer) IS
    'An HTTP request with a multipart/form-data body to a server of pg_durable_fdw: see df.endpoint and df.http_multipart.';

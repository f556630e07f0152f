CREATE FUNCTION df.http(url df.http_endpoint, method text DEFAULT 'POST', body text DEFAULT NULL,
                        headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP', (url).path, method, '"body":' || COALESCE(to_json(body)::text, 'null'), headers, timeout_seconds,
        COALESCE((url).server, ''));
END
$function$;
COMMENT ON FUNCTION df.http(df.http_endpoint, text, text, jsonb, integer) IS
    'An HTTP request to a server of pg_durable_fdw: see df.endpoint. The worker adds the credential from the submitting role''s user '
    'mapping.';

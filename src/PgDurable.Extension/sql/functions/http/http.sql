CREATE FUNCTION df.http(url text, method text DEFAULT 'POST', body text DEFAULT NULL,
                        headers jsonb DEFAULT NULL, timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP', url, method, '"body":' || COALESCE(to_json(body)::text, 'null'), headers, timeout_seconds);
END
$function$;
COMMENT ON FUNCTION df.http(text, text, text, jsonb, integer) IS
    'An HTTP request. URL, body and header values may refer to results and variables. The result has status, body, headers and ok.';

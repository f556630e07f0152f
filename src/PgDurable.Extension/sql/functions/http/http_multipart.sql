CREATE FUNCTION df.http_multipart(url text, method text DEFAULT 'POST', parts jsonb DEFAULT NULL, headers jsonb DEFAULT NULL,
                                  timeout_seconds integer DEFAULT 30) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._http_node('HTTP_MULTIPART', url, method, '"parts":' || COALESCE(df._compact(parts::text), 'null'), headers, timeout_seconds);
END
$function$;
COMMENT ON FUNCTION df.http_multipart(text, text, jsonb, jsonb, integer) IS
    'An HTTP request with a multipart/form-data body. Each part is {"name", "data_b64", "filename", "content_type"}; the last two are '
    'optional.';

-- Not part of the ordinary grant, because a request leaves the database. The worker checks the right again before it sends one.
CREATE FUNCTION df._http_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df.http(df.http_endpoint, text, text, jsonb, integer)',
        'df.http(text, text, text, jsonb, integer)',
        'df.http_json(df.http_endpoint, text, jsonb, jsonb, integer)',
        'df.http_json(text, text, jsonb, jsonb, integer)',
        'df.http_multipart(df.http_endpoint, text, jsonb, jsonb, integer)',
        'df.http_multipart(text, text, jsonb, jsonb, integer)'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._http_functions() IS 'Internal: the functions that df.grant_usage also grants if include_http is true.';

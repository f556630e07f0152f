-- The path is checked again once its references are replaced.
CREATE FUNCTION df._endpoint_problem(p_server text, p_path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_server = '' OR p_server ~ '[[:cntrl:]]' THEN 'Endpoint server name must be nonempty and contain no control characters'
        WHEN p_path !~ '^/([^/]|$)' OR p_path ~ '[\\#[:space:][:cntrl:]]'
            THEN 'Endpoint path must start with one slash and contain no backslash, fragment or whitespace'
        WHEN split_part(p_path, '?', 1) ~* '%2f|%5c|/(\.|%2e){1,2}(/|$)'
            THEN 'Endpoint path cannot contain traversal segments or encoded separators'
    END;
END
$function$;
COMMENT ON FUNCTION df._endpoint_problem(text, text) IS 'Internal: what is wrong with an endpoint, or NULL.';

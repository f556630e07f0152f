CREATE FUNCTION df._scheme_problem(p_url text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_scheme text := lower(split_part(p_url, '://', 1));
BEGIN
    -- With a variable in it, or a reference at its beginning, the URL isn't known yet.
    IF p_url LIKE '%{%' OR p_url ~ '^\$[A-Za-z_]' OR v_scheme IN ('http', 'https') THEN
        RETURN NULL;
    END IF;
    RETURN 'Blocked: unsupported URL scheme. Only http and https is allowed.';
END
$function$;
COMMENT ON FUNCTION df._scheme_problem(text) IS 'Internal: what is wrong with the scheme of a URL, or NULL.';

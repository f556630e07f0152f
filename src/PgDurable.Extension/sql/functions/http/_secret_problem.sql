CREATE FUNCTION df._secret_problem(p_server text, p_key text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_server = '' OR p_server ~ '[[:cntrl:]]' THEN 'Secret references require a nonempty server name without control characters'
        WHEN p_key = '' OR p_key ~ '[=[:cntrl:]]' THEN 'Secret keys must be nonempty without control characters or ''='''
    END;
END
$function$;
COMMENT ON FUNCTION df._secret_problem(text, text) IS 'Internal: what is wrong with a reference to a secret, or NULL.';

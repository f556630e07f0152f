CREATE FUNCTION df.secret(server text, key text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text := df._secret_problem(server, key);
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN jsonb_build_object('server', server, 'key', key);
END
$function$;
COMMENT ON FUNCTION df.secret(text, text) IS
    'A reference to the option "secret.<key>" of the submitting role''s user mapping for a server of pg_durable_fdw; for secret_bindings '
    'of df.with_http_options.';

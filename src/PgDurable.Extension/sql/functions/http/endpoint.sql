CREATE FUNCTION df.endpoint(server text, path text) RETURNS df.http_endpoint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text := df._endpoint_problem(server, path);
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ROW(server, path)::df.http_endpoint;
END
$function$;
COMMENT ON FUNCTION df.endpoint(text, text) IS
    'A path below the base_url of a server of pg_durable_fdw, for df.http, df.http_json and df.http_multipart. The worker looks up the '
    'server and its credential when it sends the request.';

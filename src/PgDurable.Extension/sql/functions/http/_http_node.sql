-- p_payload: the member between method and headers. p_endpoint: the server that p_url, a path, belongs to.
CREATE FUNCTION df._http_node(p_type text, p_url text, p_method text, p_payload text, p_headers jsonb, p_timeout integer,
                              p_endpoint text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_method  text := COALESCE(CASE WHEN upper(p_method) IN ('GET', 'POST', 'PUT', 'DELETE', 'PATCH') THEN upper(p_method)
                                    ELSE p_method END, 'POST');
    v_problem text := CASE
        WHEN df._http_disabled() THEN format(
            'df.%s() is disabled: pg_durable.http_security does not permit outbound HTTP requests.', lower(p_type))
        WHEN p_endpoint IS NULL THEN df._scheme_problem(p_url)
    END;
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df._config_node(p_type, format('{"url":%s%s,"method":%s,%s,"headers":%s,"timeout_seconds":%s}',
        COALESCE(to_json(p_url)::text, 'null'), COALESCE(',"endpoint":' || to_json(p_endpoint)::text, ''),
        COALESCE(to_json(v_method)::text, 'null'), p_payload,
        COALESCE(df._compact(p_headers::text), 'null'), COALESCE(p_timeout::text, 'null')));
END
$function$;
COMMENT ON FUNCTION df._http_node(text, text, text, text, jsonb, integer, text) IS 'Internal: the envelope of an HTTP node.';

-- Does not check the scheme: what a reference in the URL stands for is only known when the request is made, and then the worker checks
-- it. See df._scheme_problem.
CREATE FUNCTION df._http_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_method  text := COALESCE(p_config ->> 'method', 'POST');
    v_problem text;
BEGIN
    v_problem := CASE
        WHEN jsonb_typeof(p_config -> 'url') IS DISTINCT FROM 'string' OR p_config ->> 'url' = '' THEN 'url is required and cannot be empty'
        WHEN p_type = 'HTTP_MULTIPART' AND v_method NOT IN ('POST', 'PUT', 'PATCH')
            THEN format('Invalid HTTP method for multipart: %s. Must be POST, PUT, or PATCH', v_method)
        WHEN v_method NOT IN ('GET', 'POST', 'PUT', 'DELETE', 'PATCH')
            THEN format('Invalid HTTP method: %s. Must be GET, POST, PUT, DELETE, or PATCH', v_method)
        WHEN p_config ? 'timeout_seconds' THEN df._timeout_problem(p_config -> 'timeout_seconds')
    END;
    IF v_problem IS NULL AND p_type = 'HTTP_MULTIPART' THEN
        v_problem := df._parts_problem(p_config -> 'parts');
    END IF;
    v_problem := COALESCE(v_problem, CASE
        WHEN p_type = 'HTTP' AND jsonb_typeof(p_config -> 'body') <> ALL (ARRAY['string', 'null']) THEN 'body must be a string'
        WHEN jsonb_typeof(p_config -> 'headers') <> ALL (ARRAY['object', 'null']) THEN 'headers must be a JSON object of strings'
    END);
    IF v_problem IS NULL AND jsonb_typeof(p_config -> 'headers') = 'object' THEN
        v_problem := (SELECT format('header ''%s'' must be a string, not %s', h.key, jsonb_typeof(h.value))
                        FROM jsonb_each(p_config -> 'headers') h WHERE jsonb_typeof(h.value) <> 'string' LIMIT 1);
    END IF;
    v_problem := COALESCE(v_problem, CASE
        WHEN jsonb_typeof(p_config -> 'endpoint') NOT IN ('string', 'null') THEN 'endpoint must be the name of a server'
        WHEN p_config ->> 'endpoint' IS NOT NULL THEN df._endpoint_problem(p_config ->> 'endpoint', p_config ->> 'url')
    END);
    IF v_problem IS NULL
        AND p_config ?| '{max_request_bytes,max_response_bytes,response,response_headers,into,secret_bindings,form_fields}'
    THEN
        v_problem := df._http_options_problem(p_type, p_config);
    END IF;
    RETURN v_problem;
END
$function$;
COMMENT ON FUNCTION df._http_problem(text, jsonb) IS 'Internal: what is wrong with the config of an HTTP node, or NULL.';

CREATE FUNCTION df.with_http_options(fut text, options jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_node    jsonb;
    v_config  jsonb;
    v_query   text;
    v_problem text;
BEGIN
    BEGIN
        v_node := fut::jsonb;
        v_query := v_node ->> 'query';
        v_config := v_query::jsonb;
    EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
        NULL; -- not such a node
    END;
    v_problem := CASE
        WHEN COALESCE(v_node ->> 'node_type' NOT IN ('HTTP', 'HTTP_MULTIPART', 'HTTP_JSON'), true)
            OR jsonb_typeof(v_node -> 'query') IS DISTINCT FROM 'string'
            OR jsonb_typeof(v_config) IS DISTINCT FROM 'object' OR v_node - 'node_type' - 'query' - 'result_name' <> '{}'
            THEN 'expected a single HTTP or HTTP_MULTIPART node'
        WHEN jsonb_typeof(options) <> 'object' THEN 'options must be a JSON object'
        ELSE (SELECT format('unrecognised option ''%s''', k) FROM jsonb_object_keys(options) k
               WHERE k <> ALL ('{max_request_bytes,max_response_bytes,response,response_headers,into,secret_bindings,form_fields}') LIMIT 1)
    END;
    IF v_problem IS NULL AND COALESCE(options, '{}') = '{}' THEN
        RETURN fut;
    END IF;
    v_problem := COALESCE(v_problem, df._config_problem(v_node ->> 'node_type', v_config || options));
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'df.with_http_options(): %', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- Existing members stay as they are written, except those replaced.
    v_query := (SELECT '{' || string_agg(e.text, ',' ORDER BY e.place, e.n) || '}'
                  FROM (SELECT 1 AS place, c.n, to_json(c.key)::text || ':' || df._compact(c.value::text) AS text
                          FROM json_each(v_query::json) WITH ORDINALITY c (key, value, n) WHERE NOT options ? c.key
                        UNION ALL
                        SELECT 2, o.n, to_json(o.key)::text || ':' || df._compact(o.value::text)
                          FROM jsonb_each(options) WITH ORDINALITY o (key, value, n)) e);
    RETURN '{"node_type":' || to_json(v_node ->> 'node_type')::text || ',"query":' || to_json(v_query)::text
        || COALESCE(',"result_name":' || to_json(v_node ->> 'result_name')::text, '') || '}';
END
$function$;
COMMENT ON FUNCTION df.with_http_options(text, jsonb) IS
    'Adds options to an HTTP request: max_request_bytes, max_response_bytes; response, what is kept of the body: inline, metadata, '
    'discard or sink (with into, the table that gets it); response_headers, those that are kept; secret_bindings and form_fields.';

CREATE FUNCTION df._http_options_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_response text := CASE WHEN p_config -> 'response' = '{"sink": null}' THEN 'sink' ELSE p_config ->> 'response' END;
    v_headers  jsonb := NULLIF(p_config -> 'response_headers', 'null');
    v_limit    text;
    v_problem  text;
    v_least    bigint;
BEGIN
    FOREACH v_limit IN ARRAY '{max_request_bytes,max_response_bytes}'::text[] LOOP
        IF p_config ->> v_limit IS NOT NULL
            AND df._number_problem('', p_config -> v_limit, 0, df._graph_limit('max_body_bytes'), true) IS NOT NULL
        THEN
            RETURN format('invalid body options: %s must be a whole number of bytes', v_limit);
        END IF;
    END LOOP;
    v_problem := CASE
        WHEN v_response NOT IN ('inline', 'metadata', 'discard', 'sink')
            THEN 'invalid body options: response must be inline, metadata, discard or sink'
        WHEN jsonb_typeof(v_headers) <> 'array' OR v_headers @? 'strict $[*] ? (@.type() != "string")'
            THEN 'invalid body options: response_headers must be a list of names'
        WHEN EXISTS (SELECT FROM jsonb_array_elements_text(v_headers) h WHERE h !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]+$')
            THEN 'invalid body options: response_headers must be valid HTTP header names'
        WHEN (COALESCE(v_response, '') = 'sink') <> (p_config ->> 'into' IS NOT NULL)
            OR jsonb_typeof(p_config -> 'into') NOT IN ('string', 'null')
            THEN 'invalid body options: into is required with response sink and not allowed with any other response'
    END;
    IF v_problem IS NULL AND p_config ->> 'into' IS NOT NULL THEN
        BEGIN
            IF cardinality(parse_ident(p_config ->> 'into')) <> 2 THEN
                v_problem := 'two parts';
            END IF;
        EXCEPTION WHEN invalid_parameter_value THEN
            v_problem := 'no name';
        END;
        IF v_problem IS NOT NULL THEN
            v_problem := 'invalid body options: into must be the name of a table with its schema, such as public.bodies';
        END IF;
    END IF;
    v_problem := COALESCE(v_problem, df._secrets_problem(p_type, p_config));
    IF v_problem IS NOT NULL OR p_config ->> 'max_request_bytes' IS NULL THEN
        RETURN v_problem;
    END IF;

    -- The size of what has no reference is already known. A form also has bytes between its parts.
    v_least := CASE
        WHEN p_type = 'HTTP' AND p_config ->> 'body' !~ '[${]' THEN octet_length(convert_to(p_config ->> 'body', 'UTF8'))
        WHEN p_type = 'HTTP_MULTIPART'
            THEN (SELECT 1 + sum(length(regexp_replace(d.value ->> 'data_b64', '[[:space:]=]', '', 'g')) * 3 / 4)
                    FROM jsonb_array_elements(p_config -> 'parts') d WHERE d.value ->> 'data_b64' !~ '[${]')
    END;
    IF v_least > (p_config ->> 'max_request_bytes')::numeric THEN
        RETURN format('the request''s body is larger than max_request_bytes (%s)', p_config ->> 'max_request_bytes');
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._http_options_problem(text, jsonb) IS 'Internal: what is wrong with the options of an HTTP node, or NULL.';

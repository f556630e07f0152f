-- All in one function: whoever creates a server need not have the right to call our other functions. No message contains a value.
CREATE FUNCTION df.endpoint_option_validator(options text[], catalog oid) RETURNS void
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_given   jsonb;
    v_scheme  text;
    v_url     text;
    v_problem text;
BEGIN
    SELECT jsonb_object_agg(split_part(o.text, '=', 1), substr(o.text, strpos(o.text, '=') + 1)) INTO v_given FROM unnest(options) o (text);
    v_given := COALESCE(v_given, '{}');
    IF (SELECT count(*) FROM jsonb_object_keys(v_given)) <> cardinality(options) THEN
        v_problem := 'Duplicate endpoint option';
    ELSIF catalog = 'pg_foreign_server'::regclass THEN
        v_scheme := v_given ->> 'auth_scheme';
        v_url := v_given ->> 'base_url';
        v_problem := CASE
            WHEN v_given - '{base_url,auth_scheme,header_name}'::text[] <> '{}'
                THEN 'Unsupported endpoint server option; allowed: base_url, auth_scheme, header_name'
            WHEN COALESCE(v_scheme, '') = '' THEN 'Endpoint option ''auth_scheme'' is required and must not be empty'
            WHEN v_scheme = 'managed-identity' THEN 'Managed identity is not supported in this version'
            WHEN v_scheme NOT IN ('none', 'bearer', 'header', 'query')
                THEN 'Unsupported endpoint auth_scheme; allowed: none, bearer, header, query'
            WHEN v_url IS NULL AND v_scheme <> 'none' THEN 'Endpoint base_url is required unless auth_scheme is ''none'''
            WHEN v_url ~ '[[:space:][:cntrl:]{}\\]' THEN 'Endpoint base_url must be a literal HTTPS URL'
            WHEN v_url !~ '^[A-Za-z][A-Za-z0-9+.-]*:' THEN 'Invalid endpoint base_url'
            WHEN v_url !~* '^https://[^/?#@]+(/[^?#]*)?$' THEN 'Endpoint base_url must be HTTPS without userinfo, query or fragment'
            WHEN v_url !~* '^https://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(/|$)'
                OR substring(v_url FROM '^[^/]*//[^/]*:([0-9]+)(/|$)')::integer > 65535
                THEN 'Invalid endpoint base_url'
            WHEN v_scheme <> 'header' AND v_given ? 'header_name' THEN 'Endpoint header_name requires auth_scheme ''header'''
            WHEN v_scheme = 'header' AND COALESCE(v_given ->> 'header_name', '') = ''
                THEN 'Endpoint option ''header_name'' is required and must not be empty'
            WHEN v_given ->> 'header_name' !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]+$' THEN 'Invalid endpoint header_name'
            WHEN lower(v_given ->> 'header_name') = ANY ('{host,content-type,content-length,transfer-encoding,connection,'
                'te,trailer,upgrade,keep-alive,proxy-authorization,proxy-authenticate}')
                THEN 'Endpoint header_name cannot control HTTP routing or framing'
        END;
    ELSIF catalog = 'pg_user_mapping'::regclass THEN
        v_problem := CASE
            WHEN EXISTS (SELECT FROM jsonb_object_keys(v_given) k WHERE k NOT IN ('token', 'header_value', 'query_string')
                AND k NOT LIKE 'secret.%')
                THEN 'Unsupported endpoint user mapping option; allowed: token, header_value, query_string, secret.<key>'
            WHEN EXISTS (SELECT FROM jsonb_object_keys(v_given) k WHERE k LIKE 'secret.%' AND (k = 'secret.' OR k ~ '[[:cntrl:]=]'))
                THEN 'Secret keys must be nonempty without control characters or ''='''
            WHEN '' IN (v_given ->> 'token', v_given ->> 'header_value', v_given ->> 'query_string')
                THEN 'Endpoint credential options must not be empty'
            WHEN v_given ->> 'token' ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]' OR v_given ->> 'header_value' ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]'
                THEN 'Invalid endpoint credential header value'
            WHEN v_given ->> 'token' !~ '^[!-~]+$' THEN 'Endpoint bearer token must be ASCII without whitespace'
            WHEN ltrim(v_given ->> 'query_string', '?') = '' OR v_given ->> 'query_string' ~ '[[:space:]#{}]'
                THEN 'Endpoint query_string must be a nonempty encoded query without a fragment'
            WHEN v_given ->> 'query_string' !~ '^[!-~]+$' OR v_given ->> 'query_string' ~ '%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)'
                OR v_given ->> 'query_string' ~ '["<>\\^`|]'
                THEN 'Endpoint query_string must already be URL-encoded'
        END;
    ELSIF catalog = 'pg_foreign_data_wrapper'::regclass THEN
        v_problem := CASE WHEN v_given <> '{}' THEN 'pg_durable_fdw does not accept wrapper options' END;
    ELSE
        v_problem := 'pg_durable_fdw does not support foreign tables or column options';
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$function$;
COMMENT ON FUNCTION df.endpoint_option_validator(text[], oid) IS
    'Internal: checks the options of servers and user mappings of pg_durable_fdw. PostgreSQL calls it.';

-- Servers and user mappings of pg_durable_fdw, and requests that go to them.
\set SHOW_CONTEXT never
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SELECT w.fdwhandler, w.fdwvalidator::regprocedure, w.fdwacl = ARRAY[makeaclitem(w.fdwowner, w.fdwowner, 'USAGE', false)] AS owner_only,
       d.deptype
  FROM pg_foreign_data_wrapper w
  LEFT JOIN pg_depend d ON d.classid = 'pg_foreign_data_wrapper'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_extension'::regclass
 WHERE w.fdwname = 'pg_durable_fdw';

-- servers
CREATE FUNCTION pg_temp.server(options text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'CREATE SERVER regress_try FOREIGN DATA WRAPPER pg_durable_fdw ' || options;
    DROP SERVER regress_try;
    RETURN 'fine';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END $$;
SELECT o, pg_temp.server(o) FROM unnest(ARRAY[
    '', 'OPTIONS (auth_scheme '''')', 'OPTIONS (auth_scheme ''none'')', 'OPTIONS (auth_scheme ''none'', port ''1'')',
    'OPTIONS (auth_scheme ''basic'')', 'OPTIONS (auth_scheme ''managed-identity'')', 'OPTIONS (auth_scheme ''bearer'')',
    'OPTIONS (auth_scheme ''header'', base_url ''https://a'')', 'OPTIONS (auth_scheme ''bearer'', base_url ''https://a'')',
    'OPTIONS (auth_scheme ''bearer'', base_url ''HTTPS://A.example:8443/v1/'')',
    'OPTIONS (auth_scheme ''bearer'', base_url ''https://[::1]:443/'')', 'OPTIONS (auth_scheme ''bearer'', base_url ''http://a'')',
    'OPTIONS (auth_scheme ''bearer'', base_url ''https://u:p@a'')', 'OPTIONS (auth_scheme ''bearer'', base_url ''https://a/?b'')',
    'OPTIONS (auth_scheme ''bearer'', base_url ''https://a/#b'')', 'OPTIONS (auth_scheme ''bearer'', base_url ''https:///b'')',
    'OPTIONS (auth_scheme ''bearer'', base_url ''https://a b'')', 'OPTIONS (auth_scheme ''bearer'', base_url ''https://{a}'')',
    'OPTIONS (auth_scheme ''bearer'', base_url ''https://a:99999'')', 'OPTIONS (auth_scheme ''bearer'', base_url ''a'')',
    'OPTIONS (auth_scheme ''header'', base_url ''https://a'', header_name ''X-Key'')',
    'OPTIONS (auth_scheme ''header'', base_url ''https://a'', header_name ''X Key'')',
    'OPTIONS (auth_scheme ''header'', base_url ''https://a'', header_name ''Content-LENGTH'')',
    'OPTIONS (auth_scheme ''query'', base_url ''https://a'', header_name ''X-Key'')']) o;
CREATE SERVER regress_api FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (base_url 'https://api.example.com', auth_scheme 'bearer');
-- judged together with what is there
ALTER SERVER regress_api OPTIONS (ADD header_name 'X-Key');
ALTER SERVER regress_api OPTIONS (SET auth_scheme 'header', ADD header_name 'X-Key');
ALTER SERVER regress_api OPTIONS (DROP header_name);
ALTER FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (ADD x 'y');
CREATE FOREIGN TABLE regress_table (a integer) SERVER regress_api;

-- user mappings; no message has the value
CREATE FUNCTION pg_temp.mapping(options text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'CREATE USER MAPPING FOR regress_http SERVER regress_api OPTIONS (' || options || ')';
    DROP USER MAPPING FOR regress_http SERVER regress_api;
    RETURN 'fine';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM || CASE WHEN SQLERRM ~ 'canary' THEN ' !!' ELSE '' END;
END $$;
SELECT o, pg_temp.mapping(o) FROM unnest(ARRAY[
    'token ''canary''', 'password ''canary''', 'token ''''', E'token E''canary\\n''', 'token ''canary x''', 'token ''canaryä''',
    'header_value ''canary x''', E'header_value E''canary\\r''', 'query_string ''?sig=canary&x=%20''', 'query_string ''?''',
    'query_string ''canary#''', 'query_string ''canary{}''', 'query_string ''canary%2''', 'query_string ''canaryä''', '"secret.k" ''''',
    E'"secret.k" E''canary\\n''', '"secret." ''canary''', '"secret.a=b" ''canary''']) o;

-- endpoints: nothing is looked up
SET ROLE regress_http;
SELECT df.endpoint('nobody', '/v1/{id}?x=$y');
SELECT p, df._endpoint_problem('s', p)
  FROM unnest(ARRAY['/', '/a/..b/.c', '/a?b=../c', '', 'a', '//a', '/a//b', '/a\b', '/a#b', '/a b', '/..', '/a/../b', '/a/.', '/%2e%2E/a',
                    '/a%2fb', '/a%5Cb', '/.%2e']) p;
SELECT df.endpoint('', '/a');
SELECT df.endpoint(E'a\tb', '/a');
SELECT df.endpoint('s', 'https://a/');
SELECT df.http(df.endpoint('srv', '/v1/$x'), 'GET');
SELECT df.http(NULL::df.http_endpoint);
SELECT df.http_multipart(df.endpoint('srv', '/v1'), parts => '[{"name": "a", "data_b64": ""}]');
SELECT df.explain(df.http(df.endpoint('srv', '/v1/$x'), 'GET'));
SELECT df._http_problem('HTTP', '{"url": "/../a", "endpoint": "srv"}'), df._http_problem('HTTP', '{"url": "/a", "endpoint": 5}');
-- an untyped literal is a URL
SELECT df.http('https://a') = df.http('https://a'::text);
RESET ROLE;
SET ROLE regress_user;
SELECT df.http(df.endpoint('srv', '/v1'), 'GET');
CREATE SERVER regress_other FOREIGN DATA WRAPPER pg_durable_fdw OPTIONS (auth_scheme 'none');
RESET ROLE;

-- what the worker reads, as the role
CREATE USER MAPPING FOR regress_http SERVER regress_api OPTIONS (token 't', "secret.k" 'a=b');
CREATE USER MAPPING FOR PUBLIC SERVER regress_api OPTIONS (token 'ofall');
SET ROLE regress_http;
SELECT df._endpoints('{regress_api,nobody}');
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER regress_api TO regress_http, regress_user;
SET ROLE regress_http;
SELECT df._endpoints('{regress_api}');
RESET ROLE;
SET ROLE regress_user;
SELECT df._endpoints('{regress_api}');
RESET ROLE;
DROP SERVER regress_api CASCADE;

-- df.with_http_options: what it adds, what it leaves as it is, what it refuses; and the same keys in envelopes that are written by hand.
\set SHOW_CONTEXT never
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_http;
\set request 'df.http(''https://a'', ''POST'', ''hello'')'

SELECT df.with_http_options(
    :request, '{"max_request_bytes": 5, "max_response_bytes": null, "response": "metadata", "response_headers": ["Content-Type"]}');
-- nothing given: byte for byte
SELECT df.with_http_options(t, o) = t
  FROM unnest(ARRAY[NULL, '{}']::jsonb[]) o,
       unnest(ARRAY[E' {"query" : "{\\"url\\": \\"https://a\\"}",  "node_type":"HTTP"} ', :request]) t;
-- named before or after is the same; what is given again takes the place of what was
SELECT df.with_http_options(df.as(:request, 'x'), '{"response": "discard"}') 
     = df.as(df.with_http_options(:request, '{"response": "discard"}'), 'x');
SELECT df.with_http_options(df.with_http_options(:request, '{"response": "discard", "max_response_bytes": 7}'), '{"response": "inline"}');
SELECT df.with_http_options(df.http_multipart('https://a', parts => '[{"name": "a", "data_b64": "aGk="}]'),
                            '{"response": "sink", "into": "\"Sink.Schema\".\"Body.Table\""}');
SELECT df.with_http_options(df.http_json('https://a'), '{"response": "sink", "into": "s.t"}') IS NOT NULL;

-- one node that sends a request, and nothing else, even when there is nothing to add
SELECT df.with_http_options('SELECT 1', '{}');
SELECT df.with_http_options('{', '{}');
SELECT df.with_http_options('null', '{}');
SELECT df.with_http_options('{}', '{}');
SELECT df.with_http_options(NULL, '{}');
SELECT df.with_http_options('5', NULL);
SELECT df.with_http_options(df.sleep(1), '{}');
SELECT df.with_http_options(:request OPERATOR(pg_catalog.~>) :request, '{}');
SELECT df.with_http_options('{"node_type":"HTTP"}', '{}');
SELECT df.with_http_options('{"node_type":"HTTP","query":"x"}', '{}');
SELECT df.with_http_options('{"node_type":"HTTP","query":"[]"}', '{}');
SELECT df.with_http_options('{"node_type":"HTTP","query":"{}","left_node":{"node_type":"SQL","query":"SELECT 1"}}', '{}');

SELECT df.with_http_options(:request, '[]');
SELECT df.with_http_options(:request, 'null');
SELECT df.with_http_options(:request, 'true');
SELECT df.with_http_options(:request, '1');
SELECT df.with_http_options(:request, '"x"');
SELECT df.with_http_options(:request, '{"retries": 3}');
SELECT df.with_http_options(:request, '{"max_response_bytes": -1}');
SELECT df.with_http_options(:request, '{"max_response_bytes": 1.5}');
SELECT df.with_http_options(:request, '{"max_request_bytes": "1"}');
SELECT df.with_http_options(:request, '{"max_request_bytes": 4}');
SELECT df.with_http_options(:request, '{"response": "all"}');
SELECT df.with_http_options(:request, '{"response": {"sink": 1}}');
SELECT df.with_http_options(:request, '{"response_headers": "a"}');
SELECT df.with_http_options(:request, '{"response_headers": [1]}');
SELECT df.with_http_options(:request, '{"response_headers": ["a b"]}');
SELECT df.with_http_options(:request, '{"response": "sink"}');
SELECT df.with_http_options(:request, '{"into": "a.b"}');
SELECT df.with_http_options(:request, '{"response": "inline", "into": "a.b"}');
SELECT df.with_http_options(:request, '{"response": "sink", "into": 5}');
SELECT i, df.with_http_options(:request, '{"response": "sink", "into": "a.b"}') IS NOT NULL FROM (VALUES ('a.b')) v (i);
SELECT df.with_http_options(:request, jsonb_build_object('response', 'sink', 'into', 'a'));
SELECT df.with_http_options(:request, jsonb_build_object('response', 'sink', 'into', 'a.b.c'));
SELECT df.with_http_options(:request, jsonb_build_object('response', 'sink', 'into', 'a.'));
SELECT df.with_http_options(:request, jsonb_build_object('response', 'sink', 'into', '"".b'));
SELECT df.with_http_options(:request, jsonb_build_object('response', 'sink', 'into', 'a.b; DROP TABLE c'));

-- by hand: checked by df.start, of which this is the check
SELECT q, df._http_problem('HTTP', '{"url": "https://a"}'::jsonb || q) FROM unnest(ARRAY[
    '{"response": {"sink": null}, "into": "a.b"}', '{"response": "sink", "into": "a"}', '{"max_request_bytes": 2, "body": "abc"}',
    '{"max_request_bytes": 2, "body": "$abc"}', '{"max_request_bytes": 0, "body": null}', '{"database": "x", "submitted_by": 1}',
    '{"response": null, "response_headers": null, "into": null}']::jsonb[]) q;
SELECT df._http_problem('HTTP_MULTIPART', '{"url": "https://a", "max_request_bytes": 3, "parts": [{"name": "a", "data_b64": "YWJj"}]}');

-- secrets and forms
SELECT df.secret('srv', 'key');
SELECT df.secret('', 'key');
SELECT df.secret(E's\n', 'key');
SELECT df.secret('srv', 'a=b');
SELECT df.secret(NULL, 'a');
SELECT df.with_http_options(df.http('https://a'), jsonb_build_object('secret_bindings', jsonb_build_object(
    'headers', jsonb_build_object('Authorization', df.secret('srv', 'key') || '{"prefix":"Bearer "}'),
    'query', jsonb_build_object('k', df.secret('srv', 'q')),
    'form', jsonb_build_object('f', df.secret('other', 'f'))), 'form_fields', '{"g": "$missing {missing}"}'::jsonb));
SELECT o, df._http_problem('HTTP', '{"url": "https://a"}'::jsonb || o) FROM unnest(ARRAY[
    '{"secret_bindings": 5}', '{"secret_bindings": {"cookies": {}}}', '{"secret_bindings": {"headers": []}}',
    '{"secret_bindings": {"headers": {"A": "x"}}}', '{"secret_bindings": {"headers": {"A": {"server": "s"}}}}',
    '{"secret_bindings": {"headers": {"A": {"server": "s", "key": ["k"]}}}}',
    '{"secret_bindings": {"headers": {"A": {"server": "s", "key": "k", "x": "y"}}}}',
    '{"secret_bindings": {"headers": {"A": {"server": "", "key": "k"}}}}',
    '{"secret_bindings": {"headers": {"A": {"server": "s", "key": "="}}}}',
    '{"secret_bindings": {"headers": {"A B": {"server": "s", "key": "k"}}}}',
    '{"secret_bindings": {"headers": {"HOST": {"server": "s", "key": "k"}}}}',
    '{"secret_bindings": {"headers": {"A": {"server": "s", "key": "k"}, "a": {"server": "s", "key": "k"}}}}',
    '{"secret_bindings": {"headers": {"A": {"server": "s", "key": "k", "prefix": "a\nb"}}}}',
    '{"secret_bindings": {"query": {"": {"server": "s", "key": "k"}}}}',
    '{"secret_bindings": {"query": {"a": {"server": "s", "key": "k", "prefix": "x"}}}}',
    '{"secret_bindings": {"form": {"a": {"server": "s", "key": "k", "prefix": "x"}}}}', '{"form_fields": []}', '{"form_fields": {"a": 5}}',
    '{"form_fields": {"": "x"}}', '{"form_fields": {}}', '{"form_fields": {"a": "x"}, "body": "y"}',
    '{"form_fields": {"a": "x"}, "method": "GET"}', '{"form_fields": {"a": "x"}, "method": "DELETE"}',
    '{"form_fields": {"a": "x"}, "method": "PATCH"}',
    '{"form_fields": {"a": "x"}, "secret_bindings": {"form": {"a": {"server": "s", "key": "k"}}}}',
    '{"form_fields": {"a": "x"}, "headers": {"content-length": "1"}}',
    '{"form_fields": {"a": "x"}, "headers": {"Content-Type": "text/plain"}}',
    '{"form_fields": {"a": "x"}, "headers": {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}}',
    '{"form_fields": {"a": "x"}, "headers": {"Content-Type": "$type"}}', '{"secret_bindings": {"form": {}}, "body": "x"}']::jsonb[]) o;
SELECT df._http_problem('HTTP_MULTIPART', '{"url": "https://a", "form_fields": {}, "parts": [{"name": "a", "data_b64": ""}]}');

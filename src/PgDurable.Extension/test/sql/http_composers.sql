-- HTTP composers: envelopes, checks in their order, and who may call them.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
SELECT df.http('https://example.com');
SELECT df.http_json('https://example.com');
SELECT df.http_multipart('https://example.com');
RESET ROLE;
SET ROLE regress_http;

SELECT df.http('https://example.com');
SELECT df.http('HTTP://example.com/$x?y={z}', 'get', 'body "$x"', '{"B": "$x", "Authorization":  "Bearer {t}"}', 5);
SELECT df.http(url => 'http://a', method => 'Delete');
SELECT m, df.http('http://a', m) IS NOT NULL FROM unnest('{GET,POST,PUT,DELETE,PATCH}'::text[]) m;
SELECT df.http('{base}/x');
SELECT df.http('ftp://example.com');
SELECT df.http('file:///etc/passwd');
SELECT df.http('example.com');
SELECT df.http('$base/x');
SELECT df.http('');
SELECT df.http(NULL);
SELECT df.http('http://a', 'HEAD');
SELECT df.http('http://a', 'options');
SELECT df.http('http://a', NULL);
SELECT df.http('http://a', timeout_seconds => 0);
SELECT df.http('http://a', timeout_seconds => -1);
SELECT df.http('http://a', timeout_seconds => NULL);
SELECT df.http('http://a', headers => '{"Authorization": 5}');
SELECT df.http('http://a', headers => '{"a": "b", "c": null}');
SELECT df.http('http://a', headers => '["a"]');
SELECT df.http('http://a', headers => 'null'), df.http('http://a', headers => '{}');
-- the order of the checks
SELECT df.http('ftp://a', 'HEAD', timeout_seconds => 0, headers => '[]');
SELECT df.http('http://a', 'HEAD', timeout_seconds => 0, headers => '[]');
SELECT df.http('http://a', 'GET', timeout_seconds => 0, headers => '[]');

SELECT df.http_json(
    'https://a', body => '{"total": "$total", "text": "a  b: {c}, \"d\"", "n": [1, 2.50, true, null]}', headers => '{"x": "y"}');
SELECT df.http_json('https://a', 'patch', '5', timeout_seconds => 1);
SELECT df.http_json('https://a', body => 'null');
SELECT df.http_json('ftp://a');
SELECT df.http_json('https://a', 'HEAD');
SELECT df.http_json('https://a', headers => '{"a": 1}');

SELECT df.http_multipart('https://a', 'put',
                         '[{"name": "f", "data_b64": "aGk=", "filename": "a b.txt", "content_type": "text/plain"}, '
                         '{"name": "g", "data_b64": "$x.data"}]');
SELECT df.http_multipart('https://a', 'GET', '[]');
SELECT df.http_multipart('https://a', 'DELETE', '[]');
SELECT df.http_multipart('ftp://a', 'GET');
SELECT df.http_multipart('https://a');
SELECT df.http_multipart('https://a', parts => 'null');
SELECT df.http_multipart('https://a', parts => '{}');
SELECT df.http_multipart('https://a', parts => '[]');
SELECT df.http_multipart('https://a', parts => '[]', timeout_seconds => 0);
SELECT df.http_multipart('https://a', parts => '["x"]');
SELECT df.http_multipart('https://a', parts => '[{"name": "a", "data_b64": ""}, {"name": "a"}]');
SELECT df.http_multipart('https://a', parts => '[{"data_b64": ""}]');
SELECT df.http_multipart('https://a', parts => '[{"name": "a", "data_b64": "", "filename": 5}]');
SELECT length(
    df.http_multipart('https://a', parts => jsonb_build_array(jsonb_build_object('name', 'a', 'data_b64', repeat('abcd', 100000)))));
-- Parts of URLs
SELECT df.url_encode('a/b?c&d=e f+g'), df.url_encode('-._~09azAZ'), df.url_encode('ü漢🐘'), df.url_encode('') = '', df.url_encode(NULL) IS NULL;

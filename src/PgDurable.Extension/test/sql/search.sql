-- df.search and tags. What a worker would record is written here by hand, and everything is rolled back.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
-- the language
CREATE FUNCTION pg_temp.refused(p_query text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_hint text;
BEGIN
    PERFORM df._search_query(p_query);
    RETURN 'accepted';
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT;
    RETURN SQLERRM || ' - ' || v_hint;
END
$$;
SELECT * FROM df._search_terms('workflow:order-approval -status:failed  label:"two ""quoted"" words" Customer:42 STATUS:x path:a:b/c');
SELECT q, pg_temp.refused(q) FROM unnest(ARRAY['', '   ', 'failed', 'status:', 'status:"failed', 'status:"failed"x', 'status: failed', '--id:1', ':x', 'a"b',
    'workflow:a status:broken', 'error:duplicate', 'error:23505', 'id:1234', 'id:12345678', 'since:yesterday', 'since:1h', 'since:soon',
    'until:99999999999d', 'since:1y', '-since:1h', 'until:"2026-01-31 12:00+01"', E'workflow:a\nx', 'status:"''; DROP TABLE x; --"',
    'step:"$(x)"', 'änder:x']) q;
SELECT pg_temp.refused('workflow:' || repeat('x', 10000));
SELECT ids, workflows, not_statuses, labels, tags, not_tags, deep FROM df._search_query('workflow:a workflow:b -status:failed label:c k:1 k:2 -l:3');

BEGIN;
SET ROLE regress_user;
-- tags
SELECT df.register_workflow('search-me', 'SELECT 1', 1);
SELECT count(df.start_workflow('search-me', label => 'number ' || n)) FROM generate_series(1, 5) n;
SELECT array_agg(id ORDER BY instance_no) AS ids FROM df.submissions WHERE workflow = 'search-me' \gset
SELECT df.tag((:'ids'::text[])[1], 'customer', '42') = (:'ids'::text[])[1];
SELECT df.tag((:'ids'::text[])[1], '{"customer": 43, "region": "eu", "vip": true, "none": null}') = (:'ids'::text[])[1];
SELECT df.tags_of((:'ids'::text[])[1]), df.tags_of((:'ids'::text[])[2]), df.tags_of('00000000'), df.tags_of(NULL);
SELECT df.tag((:'ids'::text[])[1], 'vip', NULL) IS NOT NULL;
SELECT df.tags_of((:'ids'::text[])[1]);
SELECT df.tag(df.start_workflow('search-me', label => 'number 6'), '{"customer": 42, "region": "eu"}') AS tagged \gset
SELECT df.tags_of(:'tagged');
SELECT df.tag((:'ids'::text[])[2], 'region', 'us') IS NOT NULL;
SAVEPOINT a;
SELECT df.tag('00000000', 'k', 'v');
ROLLBACK TO a;
SELECT df.tag('00000000', '{}');
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[1], 'Status', 'v');
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[1], 'two words', 'v');
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[1], repeat('k', 65), 'v');
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[1], NULL, 'v');
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[1], 'k', repeat('v', 257));
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[1], '["k"]');
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[3], (SELECT jsonb_object_agg('k' || n, n) FROM generate_series(1, 33) n));
ROLLBACK TO a;
SELECT df.tag((:'ids'::text[])[3], (SELECT jsonb_object_agg('k' || n, n) FROM generate_series(1, 32) n)) IS NOT NULL;
SELECT df.tag((:'ids'::text[])[3], '{"k1": null, "a": 1}') IS NOT NULL;
-- others' instances can't be tagged, whatever is written
RESET ROLE;
SET ROLE regress_http;
SELECT count(*) FROM df.tags;
SAVEPOINT b;
\set VERBOSITY sqlstate
SELECT df.tag((:'ids'::text[])[1], 'k', 'v');
ROLLBACK TO b;
\set VERBOSITY default
INSERT INTO df.tags (instance_no, key, value) VALUES (1, 'k', 'v');
ROLLBACK TO b;
INSERT INTO df.tags (instance_no, key, value) VALUES (-1, 'k', 'v');
ROLLBACK TO b;
INSERT INTO df.tags (instance_no, submitted_by, key, value) VALUES (1, 'regress_http', 'k', 'v');
ROLLBACK TO b;
DELETE FROM df.tags;
ROLLBACK TO b;
SELECT count(*) FROM df.search('workflow:search-me');
RESET ROLE;
-- states
UPDATE df.submissions SET created_at = '2026-01-01 00:00:00+00'::timestamptz + make_interval(secs => instance_no) WHERE workflow = 'search-me';
DELETE FROM df.queue q USING df.submissions s WHERE s.id = ANY ((:'ids'::text[])[1:3]) AND q.instance_no = s.instance_no;
INSERT INTO df.outcomes (instance_no, status, error)
SELECT s.instance_no, 'failed', '{"message": "it broke", "sqlstate": "23505", "step": "charge"}'::json
  FROM df.submissions s WHERE s.id = (:'ids'::text[])[1]
 UNION ALL
SELECT s.instance_no, 'cancelled', '{"message": "canceled: x"}' FROM df.submissions s WHERE s.id = (:'ids'::text[])[2]
 UNION ALL
SELECT s.instance_no, 'completed', NULL FROM df.submissions s WHERE s.id = (:'ids'::text[])[3];
UPDATE df.queue q SET started_at = now() FROM df.submissions s WHERE s.id = (:'ids'::text[])[4] AND q.instance_no = s.instance_no;
SET ROLE regress_user;
SELECT replace(q, (:'ids'::text[])[2], '<id>'), (SELECT string_agg(right(f.label, 1), ' ') FROM df.search('workflow:search-me ' || q) f), c.*
  FROM unnest(ARRAY['', 'status:failed', '-status:failed', 'status:failed status:cancelled', 'status:pending', 'status:running', 'status:completed',
    'error:23505', '-error:23505', 'step:charge', 'step:Charge', 'label:"number 3"', '-label:"number 3"', 'customer:42', 'customer:42 customer:43',
    'region:eu', '-region:eu', 'region:eu customer:43', 'region:eu -customer:43', 'region:eu status:failed', 'id:' || (:'ids'::text[])[2],
    '-id:' || (:'ids'::text[])[2], 'since:1h', 'until:1h', 'since:2025-12-31 until:2026-01-02', 'since:2027-01-01', 'workflow:other', '-workflow:search-me',
    'region:"eu'' OR true"']) WITH ORDINALITY u (q, n)
 CROSS JOIN LATERAL df.search_count('workflow:search-me ' || q) c ORDER BY n;
-- pages: however they are found, each instance is on one of them
CREATE FUNCTION pg_temp.pages(p_query text, p_size integer) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_after text;
    v_pages text := '';
    v_page  record;
BEGIN
    FOR i IN 1 .. 10 LOOP
        SELECT string_agg(right(label, 1), ' ') AS labels, min(next_cursor) AS next INTO v_page FROM df.search(p_query, p_size, v_after);
        v_pages := concat_ws(' | ', NULLIF(v_pages, ''), v_page.labels);
        v_after := v_page.next;
        EXIT WHEN v_after IS NULL;
    END LOOP;
    RETURN v_pages;
END
$$;
SELECT pg_temp.pages('workflow:search-me', 2), pg_temp.pages('workflow:search-me', 3), pg_temp.pages('region:eu', 1),
       pg_temp.pages('workflow:search-me status:failed status:cancelled', 1);
SELECT status, error, tags, started_at IS NULL, ended_at IS NULL, workflow_version, submitted_by FROM df.search('status:failed customer:43');
SELECT * FROM df.search_count('workflow:search-me', 3);
SAVEPOINT c;
SELECT * FROM df.search_count('', 0);
ROLLBACK TO c;
SELECT * FROM df.search('', 0);
ROLLBACK TO c;
SELECT * FROM df.search('', 1001);
ROLLBACK TO c;
SELECT * FROM df.search('', 10, 'zz');
ROLLBACK TO c;
SELECT count(*) = (SELECT count(*) FROM df.submissions) FROM df.search(NULL, 1000);
ROLLBACK;

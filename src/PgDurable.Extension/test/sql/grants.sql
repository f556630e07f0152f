-- Who may call what. Composing asks for the functions that composers call, too.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SELECT p.oid::regprocedure FROM pg_proc p
 WHERE p.pronamespace = 'df'::regnamespace AND has_function_privilege('regress_http', p.oid, 'EXECUTE')
   AND NOT has_function_privilege('regress_user', p.oid, 'EXECUTE')
 ORDER BY 1;
SELECT p.oid::regprocedure FROM pg_proc p
 WHERE p.pronamespace = 'df'::regnamespace AND has_function_privilege('regress_nobody', p.oid, 'EXECUTE');
-- the list is sorted, so that two people who add to it do not meet
SELECT a.f FROM unnest((SELECT array_agg(m[1]) FROM pg_proc p, regexp_matches(p.prosrc, '''(df\.[^'']+)''', 'g') m
                         WHERE p.oid = 'df._user_functions()'::regprocedure))
       WITH ORDINALITY a (f, n), unnest((SELECT array_agg(m[1]) FROM pg_proc p, regexp_matches(p.prosrc, '''(df\.[^'']+)''', 'g') m
                                          WHERE p.oid = 'df._user_functions()'::regprocedure)) WITH ORDINALITY b (f, n)
 WHERE b.n = a.n + 1 AND a.f COLLATE "C" >= b.f COLLATE "C";
-- passing it on
SET client_min_messages = warning;
CREATE ROLE regress_admin;
CREATE ROLE regress_guest;
SELECT df.grant_usage('regress_admin', include_http => false, with_grant => true);
SET ROLE regress_admin;
SELECT df.grant_usage('regress_guest');
SELECT df.grant_usage('regress_guest', include_http => true);
RESET ROLE;
SELECT df.grant_usage('regress_admin', include_http => true, with_grant => true);
SET ROLE regress_admin;
SELECT df.grant_usage('regress_guest', include_http => true);
RESET ROLE;
SET ROLE regress_guest;
SELECT df.http('https://example.com') ~ 'HTTP';
RESET ROLE;
SELECT df.revoke_usage('regress_admin');
SELECT has_function_privilege('regress_admin', 'df.http(text,text,text,jsonb,integer)', 'EXECUTE'),
       has_function_privilege('regress_guest', 'df.http(text,text,text,jsonb,integer)', 'EXECUTE');
DROP ROLE regress_admin, regress_guest;

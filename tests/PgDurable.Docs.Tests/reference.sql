-- Writes docs/reference-sql.md; text_of protects what Markdown would read as its own.
-- The role reader has df.grant_usage, the role caller has it with include_http.
WITH functions AS (
    SELECT p.proname AS name,
           format(E'`df.%s(%s)` → `%s`\n\n%s%s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
                  CASE WHEN has_function_privilege('reader', p.oid, 'EXECUTE') THEN ''
                       WHEN has_function_privilege('caller', p.oid, 'EXECUTE') THEN '*Roles with the HTTP grant.* '
                       ELSE '*Superusers, and whom they grant it to.* ' END,
                  text_of(obj_description(p.oid, 'pg_proc'))) AS entry
    FROM pg_proc p
    WHERE p.pronamespace = 'df'::regnamespace AND p.proname NOT LIKE '\_%' AND p.prorettype <> 'trigger'::regtype
      AND obj_description(p.oid, 'pg_proc') NOT LIKE 'Internal:%'),
operators AS (
    SELECT format(E'| `%s` | `%s` | `%s` | %s |', replace(o.oprname, '|', '\|'), o.oprleft::regtype, o.oprright::regtype,
                  text_of(obj_description(o.oid, 'pg_operator'))) AS entry, o.oprname AS name
    FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode WHERE p.pronamespace = 'df'::regnamespace),
relations AS (
    SELECT c.relkind, c.relname AS name,
           format(E'### df.%s\n\n%s\n\n| column | type | |\n|---|---|---|\n%s', c.relname, text_of(obj_description(c.oid, 'pg_class')),
                  (SELECT string_agg(format('| `%s` | `%s` | %s |', a.attname, format_type(a.atttypid, a.atttypmod),
                                            coalesce(text_of(col_description(c.oid, a.attnum)), '')), E'\n' ORDER BY a.attnum)
                   FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                     AND has_column_privilege('reader', c.oid, a.attnum, 'SELECT'))) AS entry
    FROM pg_class c
    WHERE c.relnamespace = 'df'::regnamespace AND c.relkind IN ('v', 'r', 'p') AND c.relname NOT LIKE '\_%'
      AND has_any_column_privilege('reader', c.oid, 'SELECT'))
SELECT concat_ws(E'\n',
    E'# SQL reference\n',
    E'`PGDURABLE_ACCEPT=1 ./test.sh Docs` writes this page from the comments in the database, which `\\df+ df.*` shows too. Roles with',
    E'`df.grant_usage` may call the functions, unless an entry says who may. [The language](language.md) has examples.\n',
    E'## Functions\n',
    (SELECT string_agg(E'### df.' || name || E'\n\n' || entries, E'\n\n' ORDER BY name)
     FROM (SELECT name, string_agg(entry, E'\n\n' ORDER BY entry COLLATE "C") AS entries FROM functions GROUP BY name) f),
    E'\n## Operators\n',
    E'| operator | left | right | |\n|---|---|---|---|',
    (SELECT string_agg(entry, E'\n' ORDER BY name, entry COLLATE "C") FROM operators),
    E'\n## Views\n',
    (SELECT string_agg(entry, E'\n\n' ORDER BY name) FROM relations WHERE relkind = 'v'),
    E'\n## Tables\n',
    E'Row security shows a role its own rows. Prefer the views: they stay as they are when tables change.\n',
    (SELECT string_agg(entry, E'\n\n' ORDER BY name) FROM relations WHERE relkind <> 'v')) || E'\n'

-- Looks for bloated tables and indexes each week, asks somebody, and then vacuums and reindexes what was found, one after the other,
-- without blocking anybody: VACUUM (ANALYZE), and REINDEX INDEX CONCURRENTLY.
--
-- Run it as the role that owns the tables. A superuser prepares:
--     CREATE EXTENSION pgstattuple; GRANT pg_stat_scan_tables TO the_role;
--
--     psql -f bloat.sql
--     psql -v cron='0 3 * * SUN' -v min_mb=100 -v dead_percent=20 -v leaf_percent=50 -v patience_hours=48 -f bloat.sql
--
-- cron            when it looks, in UTC
-- min_mb          smaller tables and indexes are left alone
-- dead_percent    a table is bloated if at least this much of it is dead rows
-- leaf_percent    a B-tree is bloated if its leaf pages are filled less than this
-- patience_hours  how long it waits for an answer
--
-- What it wants to do:  SELECT id, df.state(id) FROM df.search('workflow:bloat status:running');
-- Yes:                  SELECT df.signal('<id>', 'approval', '{"approved": true}');
-- Not now:              SELECT df.signal('<id>', 'approval', '{"approved": false}');
-- Look now:             SELECT df.start_workflow('bloat');
-- Stop it for good:     SELECT df.unschedule('bloat');
-- Stop what it does:    SELECT df.cancel(id) FROM df.search('label:"bloat: act" status:running');   -- df.pause: after this statement
\ir setup.sql
\if :{?cron} \else \set cron '0 3 * * SUN' \endif
\if :{?min_mb} \else \set min_mb 100 \endif
\if :{?dead_percent} \else \set dead_percent 20 \endif
\if :{?leaf_percent} \else \set leaf_percent 50 \endif
\if :{?patience_hours} \else \set patience_hours 48 \endif

-- A REINDEX that was interrupted leaves an invalid index behind; this removes those that nobody is building any more.
CREATE OR REPLACE FUNCTION runbooks.drop_leftovers() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    leftover regclass;
BEGIN
    FOR leftover IN
        SELECT c.oid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND pg_has_role(c.relowner, 'USAGE')
           AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid)
    LOOP
        RETURN NEXT leftover::text;
        EXECUTE format('DROP INDEX %s', leftover);
    END LOOP;
END
$function$;

SELECT df.register_workflow('bloat',
    format($$
        SELECT c.oid::regclass::text AS name, pg_size_pretty(pg_relation_size(c.oid)) AS size,
               round(t.dead_tuple_percent) || ' %% dead' AS why, format('VACUUM (ANALYZE) %%s', c.oid::regclass) AS statement
          FROM pg_class c CROSS JOIN LATERAL pgstattuple_approx(c.oid) t
         WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND pg_has_role(c.relowner, 'USAGE')
           AND pg_relation_size(c.oid) >= %1$s * 1048576.0 AND t.dead_tuple_percent >= %2$s
        UNION ALL
        SELECT c.oid::regclass::text, pg_size_pretty(pg_relation_size(c.oid)),
               'leaves filled ' || round(t.avg_leaf_density) || ' %%', format('REINDEX INDEX CONCURRENTLY %%s', c.oid::regclass)
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
         CROSS JOIN LATERAL pgstatindex(c.oid) t
         WHERE c.relkind = 'i' AND c.relpersistence <> 't' AND i.indisvalid AND pg_has_role(c.relowner, 'USAGE')
           AND pg_relation_size(c.oid) >= %1$s * 1048576.0 AND t.avg_leaf_density < %3$s
         ORDER BY statement DESC
         LIMIT 50$$, :min_mb, :dead_percent, :leaf_percent) |=> 'found'
    ~> df.if_rows('found',
        'SELECT df.publish($sys_instance_id, jsonb_agg(to_jsonb(found))) FROM $found.*'
        ~> (df.wait_for_signal('approval', :patience_hours * 3600) |=> 'approval')
        ~> df.if($$SELECT NOT $approval.timed_out AND ($approval.data ->> 'approved')::boolean$$,
            $$SELECT runbooks.start_all(array_agg(statement) || 'SELECT runbooks.drop_leftovers()'::text, $sys_instance_id, 'bloat: act')
                FROM $found.*$$
            ~> (df.wait_for_signal('acted', 7 * 86400) |=> 'acted')
            ~> df.if($$SELECT ($acted.data ->> 'ok')::boolean$$,
                $$SELECT 'done' AS outcome, count(*) AS statements FROM $found.*$$,
                df.fail('not everything was done: $acted.data')),
            $$SELECT 'not approved' AS outcome, 0 AS statements$$),
        $$SELECT 'nothing found' AS outcome, 0 AS statements$$)) AS version \gset
SELECT df.schedule('bloat', :'cron', 'bloat') AS outcome \gset
\echo bloat, version :version, is scheduled at :cron (:outcome)

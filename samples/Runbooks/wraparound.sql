-- Watches how close the tables are to transaction ID wraparound, every hour, and freezes the oldest before PostgreSQL has to do it at the
-- worst moment. It fails, so that df.failures and your alerts show it, if freezing can't help because something holds back old rows.
--
-- Run it as the role that owns the tables; with GRANT pg_monitor, it also sees which session holds back old rows.
--
--     psql -f wraparound.sql
--     psql -v cron='@hourly' -v max_age=300000000 -v alarm_age=1000000000 -v at_once=5 -f wraparound.sql
--
-- cron       when it looks, in UTC
-- max_age    older tables are frozen, counted in transactions; below autovacuum_freeze_max_age, it is there before autovacuum
-- alarm_age  if a table is older than this after freezing, the instance fails
-- at_once    how many tables it freezes at most each time, the oldest first
--
-- How old the tables are:  SELECT id, df.state(id) FROM df.search('workflow:wraparound') LIMIT 1;
-- Look now:                SELECT df.start_workflow('wraparound');
-- Stop it for good:        SELECT df.unschedule('wraparound');
-- Stop what it does:       SELECT df.cancel(id) FROM df.search('label:"wraparound: act" status:running');
\ir setup.sql
\if :{?cron} \else \set cron '@hourly' \endif
\if :{?max_age} \else \set max_age 300000000 \endif
\if :{?alarm_age} \else \set alarm_age 1000000000 \endif
\if :{?at_once} \else \set at_once 5 \endif

-- The tables of this role, the oldest first. A table's TOAST table is frozen with it.
CREATE OR REPLACE VIEW runbooks.table_ages AS
SELECT c.oid::regclass::text AS name, greatest(age(c.relfrozenxid), age(t.relfrozenxid)) AS age,
       greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid)) AS multixact_age
  FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid AND t.relfrozenxid <> '0'
 WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND pg_has_role(c.relowner, 'USAGE')
 ORDER BY 2 DESC;

-- What keeps VACUUM from freezing, the oldest first.
CREATE OR REPLACE VIEW runbooks.horizon AS
SELECT 'session ' || pid || coalesce(' of ' || usename, '') || ', ' || coalesce(state, '?') AS holder, age(backend_xmin) AS age
  FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
UNION ALL
SELECT 'prepared transaction ' || gid, age(transaction) FROM pg_prepared_xacts
UNION ALL
SELECT 'replication slot ' || slot_name, greatest(age(xmin), age(catalog_xmin))
  FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL
 ORDER BY 2 DESC;

SELECT df.register_workflow('wraparound',
    format('SELECT * FROM runbooks.table_ages WHERE greatest(age, multixact_age) > %s LIMIT %s', :max_age, :at_once) |=> 'found'
    ~> df.if_rows('found',
        $$SELECT runbooks.start_all(array_agg('VACUUM (FREEZE) ' || name), $sys_instance_id, 'wraparound: act') FROM $found.*$$
        ~> (df.wait_for_signal('acted', 86400) |=> 'acted')
        ~> df.if($$SELECT ($acted.data ->> 'ok')::boolean$$, 'SELECT true', df.fail('freezing failed: $acted.data')),
        'SELECT true')
    ~> $$SELECT df.publish($sys_instance_id, jsonb_build_object(
            'oldest', (SELECT jsonb_agg(to_jsonb(a)) FROM (SELECT * FROM runbooks.table_ages LIMIT 5) a),
            'held_back_by', (SELECT jsonb_agg(to_jsonb(h)) FROM (SELECT * FROM runbooks.horizon LIMIT 5) h)))$$
    ~> (format('SELECT name, age FROM runbooks.table_ages WHERE greatest(age, multixact_age) > %s LIMIT 1', :alarm_age) |=> 'too_old')
    ~> df.if_rows('too_old',
        ($$SELECT coalesce((SELECT holder || ', ' || age || ' transactions old' FROM runbooks.horizon LIMIT 1),
                           'nothing that this role can see') AS holder$$ |=> 'held')
        ~> df.fail('$too_old.name is $too_old.age transactions old; held back by $held.holder'),
        'SELECT count(*) AS frozen FROM $found.*')) AS version \gset
SELECT df.schedule('wraparound', :'cron', 'wraparound') AS outcome \gset
\echo wraparound, version :version, is scheduled at :cron (:outcome)

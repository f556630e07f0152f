-- Keeps a table that is partitioned by month: each night, creates the partitions of the next months, and detaches those that are too old,
-- or drops them. It waits two seconds for its locks and then tries again later, so that nobody queues up behind it.
--
-- Run it as the role that owns the table. The table is PARTITION BY RANGE on one column: date, timestamp or timestamptz (months in UTC).
--
--     psql -v table=events -f partitions.sql
--     psql -v table=events -v cron='30 0 * * *' -v ahead=3 -v keep=12 -v drop=no -v retry_seconds=30 -f partitions.sql
--
-- table          the partitioned table; its partitions are called events_2026_12
-- cron           when it looks, in UTC
-- ahead          how many months after this one get partitions
-- keep           how many months before this one stay
-- drop           yes: older partitions are dropped; no: they are only detached, and stay as tables
-- retry_seconds  how long it waits before it asks for its locks again
--
-- What it did:       SELECT id, df.result(id) FROM df.search('workflow:"partitions events"') LIMIT 5;
-- Look now:          SELECT df.start_workflow('partitions events');
-- Stop it for good:  SELECT df.unschedule('partitions events');
\ir setup.sql
\if :{?cron} \else \set cron '30 0 * * *' \endif
\if :{?ahead} \else \set ahead 3 \endif
\if :{?keep} \else \set keep 12 \endif
\if :{?drop} \else \set drop no \endif
\if :{?retry_seconds} \else \set retry_seconds 30 \endif

CREATE OR REPLACE FUNCTION runbooks.create_partitions(parent regclass, ahead integer) RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC'
AS $function$
DECLARE
    month  timestamptz;
    schema text;
    name   text;
BEGIN
    SELECT n.nspname, c.relname INTO schema, name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = parent;
    FOR month IN SELECT date_trunc('month', now()) + make_interval(months => i) FROM generate_series(0, ahead) i LOOP
        IF to_regclass(format('%I.%I', schema, name || to_char(month, '_YYYY_MM'))) IS NULL THEN
            EXECUTE format('CREATE TABLE %I.%I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                           schema, name || to_char(month, '_YYYY_MM'), parent, month, month + interval '1 month');
            RETURN NEXT name || to_char(month, '_YYYY_MM');
        END IF;
    END LOOP;
END
$function$;

CREATE OR REPLACE FUNCTION runbooks.remove_partitions(parent regclass, keep integer, drop_them boolean) RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC'
AS $function$
DECLARE
    partition regclass;
BEGIN
    -- The end of a partition's range, as PostgreSQL shows it. A default partition has none, and stays.
    FOR partition IN
        SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = parent
           AND substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz
               <= date_trunc('month', now()) - make_interval(months => keep)
         ORDER BY c.relname
    LOOP
        RETURN NEXT partition::text;
        EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, partition);
        IF drop_them THEN
            EXECUTE format('DROP TABLE %s', partition);
        END IF;
    END LOOP;
END
$function$;

SELECT df.register_workflow('partitions ' || :'table',
    df.retry(format('SELECT array_agg(name) AS names FROM runbooks.create_partitions(%L, %s) AS name', :'table'::regclass, :ahead),
             max_attempts => 100, delay_seconds => :retry_seconds, backoff => 1, retry_on => ARRAY['55P03']) |=> 'created'
    ~> (df.retry(format('SELECT array_agg(name) AS names FROM runbooks.remove_partitions(%L, %s, %L) AS name',
                        :'table'::regclass, :keep, :'drop'),
                 max_attempts => 100, delay_seconds => :retry_seconds, backoff => 1, retry_on => ARRAY['55P03']) |=> 'removed')
    ~> 'SELECT $created.names? AS created, $removed.names? AS removed') AS version \gset
SELECT df.schedule('partitions ' || :'table', :'cron', 'partitions ' || :'table') AS outcome \gset
\echo partitions :table, version :version, is scheduled at :cron (:outcome)

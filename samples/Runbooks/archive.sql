-- Moves old rows from a table into an archive each night, some at a time. A batch is in one of the two, never in both and never in none:
-- each is one transaction with the step's checkpoint.
--
-- Run it as the role that owns both tables. The archive has the same columns: CREATE TABLE orders_archive (LIKE orders INCLUDING ALL);
--
--     psql -v table=orders -v archive=orders_archive -v key=id -v old="ordered_at < now() - interval '1 year'" -f archive.sql
--     psql … -v cron='0 1 * * *' -v batch=5000 -v pause_ms=500 -f archive.sql
--
-- table, archive  from where, to where
-- key             the primary key; it decides in which order rows are moved
-- old             which rows; an index should find them
-- cron            when it begins, in UTC
-- batch           rows of a transaction
-- pause_ms        the time from the beginning of a batch to that of the next, at least
--
-- How far it is:         SELECT id, df.state(id) FROM df.search('workflow:"archive orders" status:running');
-- Begin now:             SELECT df.start_workflow('archive orders');
-- Hold it, and go on:    SELECT df.pause('<id>'); SELECT df.resume('<id>');
-- Stop this time:        SELECT df.cancel('<id>');
-- Stop it for good:      SELECT df.unschedule('archive orders');
\ir setup.sql
\if :{?cron} \else \set cron '0 1 * * *' \endif
\if :{?batch} \else \set batch 5000 \endif
\if :{?pause_ms} \else \set pause_ms 500 \endif

SELECT df.register_workflow('archive ' || :'table',
    'SELECT 0::bigint AS batch, 0::bigint AS total' |=> 'moved'
    ~> df.pace(df.loop(
        (format($$
            WITH old AS (SELECT %3$I FROM %1$s WHERE %4$s ORDER BY %3$I LIMIT %5$s FOR UPDATE SKIP LOCKED),
                 gone AS (DELETE FROM %1$s t USING old WHERE t.%3$I = old.%3$I RETURNING t.*),
                 kept AS (INSERT INTO %2$s SELECT * FROM gone RETURNING 1)
            SELECT count(*) AS batch, $moved.total + count(*) AS total FROM kept$$,
            :'table'::regclass, :'archive'::regclass, :'key', :'old', :batch) |=> 'moved')
        ~> $$SELECT df.publish($sys_instance_id, jsonb_build_object('moved', $moved.total))$$,
        'SELECT $moved.batch > 0'), :pause_ms)
    ~> 'SELECT $moved.total AS moved') AS version \gset
SELECT df.schedule('archive ' || :'table', :'cron', 'archive ' || :'table') AS outcome \gset
\echo archive :table, version :version, is scheduled at :cron (:outcome)

-- Fills a column of a large table in chunks, in the order of the key, with a pause between them, so that replicas, autovacuum and users
-- keep up. Each chunk is one transaction with the step's checkpoint, so none is done twice, whatever crashes.
--
-- Run it as a role that may update the table.
--
--     psql -v table=orders -v key=id -v set="total = quantity * price" -v where="total IS NULL" -f backfill.sql
--     psql … -v batch=5000 -v pause_ms=200 -f backfill.sql
--
-- table, key  a table, and its primary key, a whole number
-- set         what UPDATE sets
-- where       which rows need it
-- batch       how many rows of the table a chunk looks at
-- pause_ms    the time from the beginning of a chunk to that of the next, at least
--
-- How far it is:       SELECT id, df.state(id) FROM df.search('label:"backfill orders"');
-- Hold it, and go on:  SELECT df.pause('<id>'); SELECT df.resume('<id>');
-- Stop it:             SELECT df.cancel('<id>');      -- what is done stays; another run of this file does the rest
\ir setup.sql
\if :{?batch} \else \set batch 5000 \endif
\if :{?pause_ms} \else \set pause_ms 200 \endif

SELECT df.start(
    format('SELECT coalesce(min(%I) - 1, 0)::bigint AS last, 0::bigint AS done FROM %s', :'key', :'table'::regclass) |=> 'at'
    ~> df.pace(df.loop(
        (format($$
            WITH chunk AS (SELECT %2$I FROM %1$s WHERE %2$I > $at.last ORDER BY %2$I LIMIT %5$s),
                 changed AS (UPDATE %1$s t SET %3$s FROM chunk WHERE t.%2$I = chunk.%2$I AND (%4$s) RETURNING 1)
            SELECT (SELECT max(%2$I)::bigint FROM chunk) AS last, $at.done + (SELECT count(*) FROM changed) AS done$$,
            :'table'::regclass, :'key', :'set', :'where', :batch) |=> 'at')
        ~> $$SELECT df.publish($sys_instance_id, jsonb_build_object('up_to', $at.last?, 'changed', $at.done))$$,
        'SELECT $at.last? IS NOT NULL'), :pause_ms)
    ~> 'SELECT $at.done AS changed',
    'backfill ' || :'table') AS id \gset
\echo :id

-- Writes down every quarter of an hour which statements took most of the server's time since the last look, in runbooks.slow_queries.
--
-- Run it as an ordinary role. A superuser prepares:
--     shared_preload_libraries = 'pg_durable,pg_stat_statements'     (and a restart)
--     CREATE EXTENSION pg_stat_statements; GRANT pg_read_all_stats TO the_role;
--
--     psql -f slow-queries.sql
--     psql -v cron='*/15 * * * *' -v top=20 -v min_mean_ms=50 -v keep_days=30 -f slow-queries.sql
--
-- cron         when it looks, in UTC
-- top          how many statements it writes down each time
-- min_mean_ms  only statements that took at least this long on average since the last look
-- keep_days    how long they are kept
--
-- What was slow:     SELECT * FROM runbooks.slow_queries ORDER BY taken_at DESC, total_ms DESC LIMIT 20;
-- Look now:          SELECT df.start_workflow('slow-queries');
-- Stop it for good:  SELECT df.unschedule('slow-queries');
\ir setup.sql
\if :{?cron} \else \set cron '*/15 * * * *' \endif
\if :{?top} \else \set top 20 \endif
\if :{?min_mean_ms} \else \set min_mean_ms 50 \endif
\if :{?keep_days} \else \set keep_days 30 \endif

CREATE TABLE IF NOT EXISTS runbooks.statement_totals (
    taken_at timestamptz NOT NULL DEFAULT now(),
    userid oid, dbid oid, queryid bigint, query text, calls bigint, total_ms float8, rows bigint);
CREATE TABLE IF NOT EXISTS runbooks.slow_queries (
    taken_at timestamptz NOT NULL, role text, database text, queryid bigint, query text, calls bigint, mean_ms numeric, total_ms numeric,
    rows bigint);

-- What each statement has added between the last two looks. After a reset of the statistics, what it has now.
CREATE OR REPLACE VIEW runbooks.statement_changes AS
SELECT new.taken_at, pg_get_userbyid(new.userid)::text AS role, (SELECT datname::text FROM pg_database WHERE oid = new.dbid) AS database,
       new.queryid, new.query, new.calls - d.calls AS calls, new.total_ms - d.total_ms AS total_ms, new.rows - d.rows AS rows
  FROM (SELECT max(taken_at) AS last, max(taken_at) FILTER (WHERE taken_at < newest) AS before
          FROM (SELECT DISTINCT taken_at, max(taken_at) OVER () AS newest FROM runbooks.statement_totals) t) looks
  JOIN runbooks.statement_totals new ON new.taken_at = looks.last
  LEFT JOIN runbooks.statement_totals old
    ON old.taken_at = looks.before AND (old.userid, old.dbid, old.queryid) = (new.userid, new.dbid, new.queryid) AND old.calls <= new.calls
 CROSS JOIN LATERAL (SELECT coalesce(old.calls, 0) AS calls, coalesce(old.total_ms, 0) AS total_ms, coalesce(old.rows, 0) AS rows) d
 WHERE new.calls > d.calls AND looks.before IS NOT NULL;

SELECT df.register_workflow('slow-queries',
    $$INSERT INTO runbooks.statement_totals (userid, dbid, queryid, query, calls, total_ms, rows)
      SELECT userid, dbid, queryid, min(query), sum(calls), sum(total_exec_time), sum(rows)
        FROM pg_stat_statements WHERE queryid IS NOT NULL GROUP BY userid, dbid, queryid$$
    ~> (format($$
        WITH written AS (
            INSERT INTO runbooks.slow_queries
            SELECT taken_at, role, database, queryid, query, calls, round((total_ms / calls)::numeric, 3), round(total_ms::numeric, 3), rows
              FROM runbooks.statement_changes WHERE total_ms / calls >= %s ORDER BY total_ms DESC LIMIT %s
            RETURNING 1)
        SELECT count(*) AS slow FROM written$$, :min_mean_ms, :top) |=> 'written')
    ~> $$DELETE FROM runbooks.statement_totals
          WHERE taken_at < (SELECT max(taken_at) FROM runbooks.statement_totals WHERE taken_at < now() - interval '1 day')$$
    ~> format('DELETE FROM runbooks.slow_queries WHERE taken_at < now() - interval ''%s days''', :keep_days)
    ~> 'SELECT $written.slow AS slow') AS version \gset
SELECT df.schedule('slow-queries', :'cron', 'slow-queries') AS outcome \gset
\echo slow-queries, version :version, is scheduled at :cron (:outcome)

CREATE TABLE events (at timestamptz);
CREATE TABLE problems (message text);
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM events;

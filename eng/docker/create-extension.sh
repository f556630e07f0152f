#!/bin/sh
# The image's entry point runs this when it has made a cluster: workflows live in the image's database, and the worker connects as its user.
set -eu
run() { psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v database="$POSTGRES_DB" -v role="$POSTGRES_USER"; }

run <<'SQL'
ALTER SYSTEM SET pg_durable.database = :'database';
ALTER SYSTEM SET pg_durable.worker_role = :'role';
SQL
pg_ctl -D "$PGDATA" -m fast -w -s restart
run <<'SQL'
CREATE EXTENSION pg_durable;
SQL

#!/usr/bin/env bash
# Prints a script that registers the schema's bundle with pg_tle, as an extension that ordinary roles can create.
#
#   eng/managed/tle.sh VERSION pgdurable.sql
#
# The extension needs two changes of the bundle. CREATE EXTENSION is a transaction of its own, and pg_dump has to be told that the tables hold data.
#
# What was tested, and what not: pg_tle is in no registry that the tests reach, so no test ran pg_tle itself. eng/test-deb.sh runs this script against
# a function that takes what pgtle.install_extension takes, writes the text that it got into an extension's script, creates that extension as
# an ordinary role (pg_tle goes through the same code of PostgreSQL), and dumps it.
set -euo pipefail
version=$1 bundle=$2
dump=$(dirname "$0")/../../src/PgDurable.Extension/sql/native/dump.sql
quote='$pgdurable_script$'
! grep -qF "$quote" "$bundle" "$dump" || { echo "tle.sh: the bundle contains $quote" >&2; exit 1; }

cat <<SQL
-- The schema of pg_durable $version as an extension of pg_tle. As a member of pgtle_admin:
--
--   psql -f pgdurable-tle.sql
--   CREATE EXTENSION pgdurable;      -- as the role that will own the schema; it needs CREATE on the database
--
-- Not tested with pg_tle itself: see eng/managed/tle.sh.
\\set ON_ERROR_STOP on
SELECT pgtle.install_extension('pgdurable', '$version', 'durable workflows that live in the database', $quote
SQL
grep -vE '^(\\set ON_ERROR_STOP on|BEGIN;|COMMIT;)$' "$bundle"
cat "$dump"
printf '%s);\n' "$quote"

# shellcheck shell=bash source-path=SCRIPTDIR disable=SC1091,SC2154
# The schema without the extension: pgdurable.sql by an ordinary role, and what pg_tle would be told, as far as that can be seen without pg_tle.
. /test-deb/common.sh
quietly pg_ctlcluster "$major" main start
sql <<'SQL'
CREATE DATABASE plain OWNER app;
CREATE DATABASE tle OWNER app;
SQL

sql_as app plain </packages/pgdurable.sql >"$log" 2>&1 || fail "$(tail "$log")"
if sql_as app plain </packages/pgdurable.sql >"$log" 2>&1; then fail 'installed twice'; fi
grep -q 'schema "df" already exists' "$log" || fail "$(tail "$log")"

# pgtle.install_extension keeps the text; CREATE EXTENSION runs it with the rights of who creates it.
sql tle <<'SQL'
CREATE SCHEMA pgtle;
CREATE TABLE pgtle.installed (name text, version text, description text, ext text);
CREATE FUNCTION pgtle.install_extension(name text, version text, description text, ext text, requires text[] DEFAULT NULL, schema text DEFAULT NULL)
RETURNS boolean LANGUAGE sql AS 'INSERT INTO pgtle.installed VALUES (name, version, description, ext) RETURNING true';
SQL
[ "$(sql tle </packages/pgdurable-tle.sql)" = t ]
version=$(sql tle <<<'SELECT version FROM pgtle.installed;')
extensions=/usr/share/postgresql/$major/extension
sql tle <<<'SELECT ext FROM pgtle.installed;' >"$extensions/pgdurable--$version.sql"
printf "default_version = '%s'\nsuperuser = false\nrelocatable = false\n" "$version" >"$extensions/pgdurable.control"
sql_as app tle <<<'CREATE EXTENSION pgdurable;'
sql_as app tle <<<"SELECT df.start('SELECT 1');" >/dev/null

catalog="SELECT count(*), sum(hashtext(p.oid::regprocedure::text || pg_get_functiondef(p.oid))::numeric) FROM pg_proc p
    WHERE p.pronamespace = 'df'::regnamespace AND p.prokind = 'f' AND p.proname <> 'version';"
[ "$(sql plain <<<"$catalog")" = "$(sql tle <<<"$catalog")" ] || fail 'the two schemas differ'
su postgres -c "pg_dump --cluster $major/main tle" >/tmp/tle.sql
grep -q "^CREATE EXTENSION .*pgdurable" /tmp/tle.sql && grep -q '^COPY df.submissions' /tmp/tle.sql && ! grep -q '^CREATE TABLE df\.' /tmp/tle.sql ||
    fail 'the dump has not the extension and its rows'
sql <<'SQL'
DROP DATABASE plain;
DROP DATABASE tle;
SQL
rm "$extensions"/pgdurable*
nothing_left
echo 'managed: pgdurable.sql installed by an ordinary role; as an extension, it is created by one and dumped with its rows'

#!/usr/bin/env bash
# Packs every package and uses each as its users do: the projects of eng/package, copied to a folder outside the repository, against a private
# PostgreSQL. The Sdk in a console application, Testing in a test project, EntityFrameworkCore in a migration, Worker in a host, Dashboard
# in a web application, the tool in a shell.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" src/PgDurable.Extension/pg_durable.control)-test
export PgDurableVersion=$version
dir=$(mktemp -d /tmp/pgdurable-package-XXXXXX)
chmod 755 "$dir"
trap 'eng/cluster.sh destroy "$dir/cluster" 2>/dev/null || true; rm -rf "$dir"' EXIT

fail() { echo "test-package.sh: $*" >&2; exit 1; }
expect() { # expect WHAT EXPECTED ACTUAL
    echo "$1: $3"
    [ "$2" = "$3" ] || fail "$1: expected: $2"
}

PGDURABLE_SUFFIX=-test eng/package.sh --only nuget "$dir/feed"
for package in Sdk Worker Testing EntityFrameworkCore Dashboard; do
    # A stranger's IDE finds the sources by these, and our packages use each other's internals.
    nuspec=$(cat "$(find "artifacts/obj/PgDurable.$package" -name "PgDurable.$package.$version.nuspec")")
    for element in '<readme>README.md<' '<icon>icon.png<' '<license type="expression">PostgreSQL<'; do
        grep -q "$element" <<<"$nuspec" || fail "PgDurable.$package has no $element"
    done
    grep -q '<repository type="git" url="https://.*" commit="[0-9a-f]*"' <<<"$nuspec" || fail "PgDurable.$package names no repository and commit"
    ! grep '<dependency id="PgDurable' <<<"$nuspec" | grep -v "version=\"\[$version\]\"" || fail "PgDurable.$package accepts other versions of our packages"
done

eval "$(eng/cluster.sh up "$dir/cluster")"
server="Host=$PGHOST;Port=$PGPORT;Username=app"
orders="
    CREATE TABLE orders (order_id bigint PRIMARY KEY, total numeric NOT NULL, note text);
    INSERT INTO orders VALUES (1, 99.5, NULL);
    ALTER TABLE orders OWNER TO app;"
psql -Xq -v ON_ERROR_STOP=1 <<SQL
SET client_min_messages = warning;
CREATE EXTENSION pg_durable;
CREATE ROLE app LOGIN;
SELECT df.grant_usage('app') \g /dev/null
GRANT CREATE ON SCHEMA public TO app;
$orders
CREATE DATABASE hosted OWNER app;
\connect hosted
$orders
CREATE DATABASE managed OWNER app;
\connect managed
$orders
SQL
# For one of the databases without the extension a DBA has installed the schema.
eng/package.sh --only sql "$dir/sql"
PGUSER=app psql -Xq -d managed -f "$dir/sql/pgdurable.sql"

cp -r eng/package "$dir/shop"
cd "$dir/shop"
# The folder's own package cache: the test packages never meet older ones of the same version.
export NUGET_PACKAGES="$dir/packages"
for project in Shop.Console Shop.Host Shop.Migrations Shop.Tests Shop.Web; do dotnet build "$project" -v quiet --nologo -clp:NoSummary; done
program() { dotnet "$1/bin/Debug/net10.0/$1.dll" "$2"; }

expect 'PgDurable.Sdk' 'order 1: closed at 99.5 by jane; 1 workflow' "$(program Shop.Console "$server;Database=$PGDATABASE")"
expect 'PgDurable.Dashboard' '403 200 1 completed' "$(program Shop.Web "$server;Database=$PGDATABASE")"
expect 'PgDurable.EntityFrameworkCore' '1_CloseOrders' "$(program Shop.Migrations "$server;Database=$PGDATABASE")"
expect 'PgDurable.Worker' 'order 1: closed at 99.5 by joe' "$(program Shop.Host "$server;Database=hosted")"
expect 'PgDurable.Worker, pgdurable.sql' 'order 1: closed at 99.5 by joe' "$(program Shop.Host "$server;Database=managed")"
dotnet test Shop.Tests --no-build -v quiet --nologo || fail 'PgDurable.Testing: the test failed'
dotnet tool install PgDurable.Cli --tool-path "$dir/tools" --version $version --add-source "$dir/feed" >"$dir/install.log" || fail "$(cat "$dir/install.log")"
listed=$(PGDURABLE_CONNECTION="$server;Database=$PGDATABASE" "$dir/tools/pgdurable" list --status completed)
grep -q close-order <<<"$listed" || fail "pgdurable list: $listed"
echo 'PgDurable.Cli: lists close-order'

# A lock file beside the project is compared with the workflow, and the message has the line that it lacks.
echo '{"workflows": {}}' >Shop/workflows.lock.json
locked=$(dotnet build Shop --no-restore -v quiet --nologo || true)
entry=$(grep -m 1 -o '"close-order": { "1": "[0-9a-f]*" }' <<<"$locked") || fail "$locked"
echo "{\"workflows\": {$entry}}" >Shop/workflows.lock.json
dotnet build Shop --no-restore -v quiet --nologo

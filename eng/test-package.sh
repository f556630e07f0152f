#!/usr/bin/env bash
# Packs every package and uses each as its users do: the projects of eng/package, copied to a folder outside the repository, against a private
# PostgreSQL. The Sdk in a console application, Testing in a test project, EntityFrameworkCore in a migration that dotnet ef makes, Worker in a
# host (also trimmed, and compiled ahead of time), Dashboard in a web application, the tool in a shell.
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
expect 'PgDurable.Worker' 'order 1: closed at 99.5 by joe' "$(program Shop.Host "$server;Database=hosted")"
expect 'PgDurable.Worker, pgdurable.sql' 'order 1: closed at 99.5 by joe' "$(program Shop.Host "$server;Database=managed")"

# The same program, trimmed, and compiled ahead of time; warnings of either are errors.
case $(uname -m) in aarch64|arm64) rid=linux-arm64;; *) rid=linux-x64;; esac
publish() { dotnet publish Shop.Host -r $rid -v quiet --nologo -clp:NoSummary -o "$dir/$1" "${@:2}"; }
publish trimmed
expect "trimmed, $(du -sm "$dir/trimmed" | cut -f 1) MB" 'order 1: closed at 99.5 by joe' "$("$dir/trimmed/Shop.Host" "$server;Database=hosted")"
publish native -p:PublishAot=true
expect "NativeAOT, $(du -m "$dir/native/Shop.Host" | cut -f 1) MB" 'order 1: closed at 99.5 by joe' "$("$dir/native/Shop.Host" "$server;Database=hosted")"

# dotnet ef makes a migration, and a line in it registers the workflow. Applied, reverted, and applied as a script.
cd Shop.Migrations
export SHOP_CONNECTION="$server;Database=$PGDATABASE"
ef() { dotnet ef "$@" >"$dir/ef.log" 2>&1 || fail "dotnet ef $*: $(cat "$dir/ef.log")"; }
registered() { psql -XAtc "SELECT count(*) FROM df.workflow_versions WHERE workflow = 'close-order'"; }
# Not a local tool: the SDK remembers where it has put these, and would look in the folder of an earlier run.
dotnet tool install dotnet-ef --tool-path "$dir/tools" --version 10.0.15 >"$dir/install.log" || fail "$(cat "$dir/install.log")"
PATH=$dir/tools:$PATH
ef migrations add CloseOrders --no-build
sed -i -e '/void Up(/{n;s/$/migrationBuilder.RegisterWorkflows(Shop.CloseOrder.Definition);/}' \
    -e '/void Down(/{n;s/$/migrationBuilder.DropWorkflows(Shop.CloseOrder.Definition);/}' Migrations/*_CloseOrders.cs
ef database update
expect 'dotnet ef database update: registered' 1 "$(registered)"
ef migrations script --no-build --idempotent --output "$dir/migrations.sql"
ef database update 0 --no-build
expect 'dotnet ef database update 0: registered' 0 "$(registered)"
PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -U app -f "$dir/migrations.sql"
expect 'dotnet ef migrations script: registered' 1 "$(registered)"
cd ..
applied=$(program Shop.Migrations '')
expect 'PgDurable.EntityFrameworkCore' CloseOrders "${applied#*_}"

dotnet test Shop.Tests --no-build -v quiet --nologo || fail 'PgDurable.Testing: the test failed'
dotnet tool install PgDurable.Cli --tool-path "$dir/tools" --version $version --add-source "$dir/feed" >"$dir/install.log" || fail "$(cat "$dir/install.log")"
listed=$(PGDURABLE_CONNECTION="$server;Database=$PGDATABASE" "$dir/tools/pgdurable" list --status completed)
grep -q close-order <<<"$listed" || fail "pgdurable list: $listed"
echo 'PgDurable.Cli: lists close-order'

# A new project, with a name that is no namespace.
new() { dotnet new "$@" --debug:custom-hive "$dir/hive" >"$dir/new.log" 2>&1 || fail "dotnet new $*: $(cat "$dir/new.log")"; }
new install "$dir/feed/PgDurable.Templates.$version.nupkg"
new pgdurable -n my-shop
export RestoreAdditionalProjectSources="$dir/feed"
dotnet test my-shop -v quiet --nologo -p:TreatWarningsAsErrors=true || fail 'PgDurable.Templates: the tests of a new project failed'

# A lock file beside the project is compared with the workflow, and the message has the line that it lacks.
echo '{"workflows": {}}' >Shop/workflows.lock.json
locked=$(dotnet build Shop --no-restore -v quiet --nologo || true)
entry=$(grep -m 1 -o '"close-order": { "1": "[0-9a-f]*" }' <<<"$locked") || fail "$locked"
echo "{\"workflows\": {$entry}}" >Shop/workflows.lock.json
dotnet build Shop --no-restore -v quiet --nologo

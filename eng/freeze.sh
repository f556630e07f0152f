#!/usr/bin/env bash
# Freezes the version that pg_durable.control names, when it is released: its install script goes into src/PgDurable.Extension/updates, and what
# the upgrade tests run of it (the C module for PostgreSQL 15, the control file, the worker) into tests/upgrade. Set the next version in
# pg_durable.control afterwards: see src/PgDurable.Extension/updates/README.md.
#
# Needs a clean tree, whose commit is what is frozen, and the server files of PostgreSQL 15 (PG_CONFIG).
set -euo pipefail
cd "$(dirname "$0")/.."

die() { echo "freeze.sh: $*" >&2; exit 1; }

extension=src/PgDurable.Extension
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" $extension/pg_durable.control)
script=$extension/updates/pg_durable--$version.sql
package=tests/upgrade/pg_durable-$version-pg15-amd64.tar.xz

[ ! -e "$script" ] || die "$version is frozen: $script exists"
[ -z "$(git status --porcelain -- src)" ] || die 'commit src first: what is frozen is a commit'
"${PG_CONFIG:-pg_config}" --version | grep -q '^PostgreSQL 15' || die 'PG_CONFIG must name PostgreSQL 15'
[ "$(uname -m)" = x86_64 ] || die 'the module is frozen for amd64'

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

make -s -C $extension clean
make -s -C $extension WORKER=no
cp $extension/pg_durable--"$version".sql "$script"
cp $extension/pg_durable.so $extension/pg_durable.control "$dir"
strip --strip-debug "$dir/pg_durable.so"
# Not self-contained: the runtime is the one that runs the tests, and 70 MB larger.
dotnet publish src/PgDurable.Worker -c Release -o "$dir/worker" --nologo -v quiet -p:DebugType=none -p:UseAppHost=false
rm -rf "$dir"/worker/*.xml "$dir/worker/runtimes"

mkdir -p tests/upgrade
tar --sort=name --owner=0 --group=0 --numeric-owner --mode=a+rX,u+w,go-w --mtime=@"$SOURCE_DATE_EPOCH" -C "$dir" -c . | xz -9e >"$package"
printf '%s from commit %s\n' "$package" "$(git rev-parse HEAD)"

#!/usr/bin/env bash
# Builds everything that is published, of the version in src/PgDurable.Extension/pg_durable.control, and publishes nothing.
#
#   eng/package.sh [--only KIND]… [--pg MAJOR]… [OUT]     OUT: default artifacts/packages
#
#   nuget     the packages of src; their symbols are inside of the assemblies, so that stack traces have lines without a symbol server
#   deb       pg-durable-postgresql-MAJOR_VERSION-1_ARCH.deb, for PostgreSQL 15, 17 and 18, or those of --pg
#   tarball   for other systems: the sources of the extension, the worker's executable, install.sh
#   sql       pgdurable.sql, the schema for servers that take no extension, and pgdurable-tle.sql, the same for pg_tle
#   docker    a folder that `docker build` takes: Dockerfile, compose.yaml, the .deb for PostgreSQL 17, or the one of --pg
#
# The same commit gives the same bytes: all times are the commit's (SOURCE_DATE_EPOCH). A .deb is built on this machine if it has the headers of
# that PostgreSQL (postgresql-server-dev-MAJOR), and otherwise in a root of the Debian suite whose own PostgreSQL it is, which needs root.
# PGDURABLE_REVISION is Debian's revision (default 1); PGDURABLE_SUFFIX, such as -test, makes the NuGet packages of a version before this one.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C.UTF-8 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf 'package: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

kinds=() majors=() out=artifacts/packages
while [ $# -gt 0 ]; do
    case $1 in
        --only) kinds+=("$2"); shift 2;;
        --pg) majors+=("$2"); shift 2;;
        -*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2;;
        *) out=$1; shift;;
    esac
done
[ ${#kinds[@]} -gt 0 ] || kinds=(nuget deb tarball sql docker)
docker_major=${majors[0]:-17}
out=$(realpath -m -- "$out")
mkdir -p "$out"

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" src/PgDurable.Extension/pg_durable.control)
revision=${PGDURABLE_REVISION:-1}
case $(uname -m) in
    aarch64|arm64) arch=arm64 rid=linux-arm64;;
    *) arch=amd64 rid=linux-x64;;
esac
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
# MSBuild reads it from the environment: paths of this machine stay out of what is compiled.
export ContinuousIntegrationBuild=true
name=pg-durable-$version
work=$(mktemp -d /tmp/pgdurable-pack-XXXXXX)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

nuget() {
    local project
    for project in Sdk Worker Testing EntityFrameworkCore Dashboard Cli Templates; do
        [ -d "src/PgDurable.$project" ] || continue
        say "PgDurable.$project"
        dotnet pack "src/PgDurable.$project" -c Release -v quiet --nologo -o "$out" -p:Version="$version${PGDURABLE_SUFFIX:-}"
    done
}

# What both the tarball and the .deb are made of: $work/$name.
stage() {
    local runtime
    [ ! -d "$work/$name" ] || return 0
    say 'worker'
    make -s -C src/PgDurable.Extension worker
    runtime=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
    runtime=$runtime/microsoft.netcore.app.runtime.$rid/$(dotnet msbuild src/PgDurable.Worker -getProperty:BundledNETCoreAppPackageVersion)
    mkdir "$work/$name" "$work/$name/worker"
    git ls-files -z -- LICENSE CHANGELOG.md docs/install.md docs/settings.md docs/security.md docs/upgrading.md \
        src/PgDurable.Extension ':!src/PgDurable.Extension/test' | tar -cf - --null -T - | tar -C "$work/$name" -xf -
    install -m 755 eng/tarball/install.sh "$work/$name/install.sh"
    install -m 755 "artifacts/extension/$rid/PgDurable.Worker" "$work/$name/worker/pg_durable_worker"
    install -m 644 "$runtime/THIRD-PARTY-NOTICES.TXT" "$work/$name/worker/"
    # dpkg-deb takes the commit's time for files that are newer, but leaves older ones as they are.
    find "$work/$name" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
}

# The same names, owners, modes and times everywhere.
pack_folder() { # pack_folder DIR FILE
    tar -C "$(dirname "$1")" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$SOURCE_DATE_EPOCH" \
        -cf - "$(basename "$1")" | gzip -n >"$2"
}

tarball() {
    stage
    say tarball
    pack_folder "$work/$name" "$out/$name-$rid.tar.gz"
}

# In a Debian system that has debhelper and the server's headers.
build_deb() { # build_deb DIR, with debian/ in it
    (cd "$1" && DEB_BUILD_OPTIONS="parallel=$(nproc) noautodbgsym" dpkg-buildpackage -b -us -uc)
}

deb() {
    local major dir file root
    stage
    [ ${#majors[@]} -gt 0 ] || majors=(15 17 18)
    for major in "${majors[@]}"; do
        say "deb for PostgreSQL $major"
        dir=$work/deb-$major/$name
        mkdir "$work/deb-$major"
        cp -a "$work/$name" "$dir"
        cp -r eng/deb "$dir/debian"
        sed -i -e "s/@MAJOR@/$major/g; s/@VERSION@/$version-$revision/g; s/@DATE@/$(date -u -R -d "@$SOURCE_DATE_EPOCH")/" \
            "$dir"/debian/*
        chmod 755 "$dir/debian/rules"
        if [ -x "/usr/lib/postgresql/$major/bin/pg_config" ] && [ -f "$("/usr/lib/postgresql/$major/bin/pg_config" --pgxs)" ]; then
            command -v dh >/dev/null || die 'debhelper is missing: eng/install-deps.sh --packaging'
            build_deb "$dir" >"$work/deb-$major.log" 2>&1 || { tail -n 30 "$work/deb-$major.log" >&2; die "building the .deb failed"; }
        else
            root=$work/root-$major
            eng/debian-root.sh make "$major" "$root" build-essential debhelper libpq-dev "postgresql-server-dev-$major"
            mkdir -p "$root/build"
            mv "$work/deb-$major/$name" "$root/build/"
            eng/debian-root.sh run "$root" bash -euc "$(declare -f build_deb); build_deb '/build/$name'" >"$work/deb-$major.log" 2>&1 ||
                { tail -n 30 "$work/deb-$major.log" >&2; die "building the .deb failed"; }
            mv "$root"/build/*.deb "$work/deb-$major/"
            rm -rf "$root"
        fi
        file=pg-durable-postgresql-${major}_$version-${revision}_$arch.deb
        mv "$work/deb-$major/$file" "$out/$file"
        rm -rf "$work/deb-$major"
    done
}

sql() {
    say 'SQL for managed servers'
    make -s -C src/PgDurable.Extension WORKER=no BUNDLE="$work/pgdurable.sql" "$work/pgdurable.sql"
    cp "$work/pgdurable.sql" "$out/"
    eng/managed/tle.sh "$version" "$work/pgdurable.sql" >"$out/pgdurable-tle.sql"
}

docker() {
    local major=$docker_major file
    file=pg-durable-postgresql-${major}_$version-${revision}_$arch.deb
    if [ ! -f "$out/$file" ]; then (majors=("$major") && deb); fi
    say 'docker'
    mkdir -p "$work/$name-docker"
    cp eng/docker/* "$out/$file" "$work/$name-docker/"
    pack_folder "$work/$name-docker" "$out/$name-docker.tar.gz"
}

for kind in "${kinds[@]}"; do
    case $kind in nuget|deb|tarball|sql|docker) "$kind";; *) die "unknown kind: $kind";; esac
done

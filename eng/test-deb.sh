#!/usr/bin/env bash
# Tests what is made for servers, in a bare Debian system: from `apt install` to a workflow, an upgrade while instances run, remove, purge, and nothing
# left behind; the steps of the Dockerfile; the schema for managed servers; the tarball.
#
#   eng/test-deb.sh [MAJOR…]     PostgreSQL 15 (Debian 12), 17 (13), 18 (forky); default: 15
#
# Needs root. Exit status 75: this machine can't make such a system.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022

[ $# -gt 0 ] || set -- 15
[ "$(id -u)" = 0 ] || { echo 'test-deb.sh: root is needed' >&2; exit 75; }
eng/install-deps.sh --packaging
work=$(mktemp -d /tmp/pgdurable-deb-XXXXXX)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

fail() { echo "test-deb.sh: $*" >&2; exit 1; }

with_revision() { # with_revision DEB REVISION: the same package again
    dpkg-deb -R "$1" "$work/revised"
    sed -i -E "s/^(Version: .*-)[0-9]+\$/\1$2/" "$work/revised/DEBIAN/control"
    dpkg-deb -Zgzip -z1 -b "$work/revised" "${1%-*}-$2_${1##*_}" >/dev/null
    rm -rf "$work/revised"
}

for major; do
    root=$work/root packages=$work/root/packages
    echo "PostgreSQL $major"
    eng/debian-root.sh make "$major" "$root"
    kinds=(--only deb --only docker --only sql)
    pg_config=/usr/lib/postgresql/$major/bin/pg_config
    if [ -x "$pg_config" ]; then kinds+=(--only tarball); fi
    eng/package.sh "${kinds[@]}" --pg "$major" "$packages"
    deb=$(echo "$packages"/*.deb)
    lintian --allow-root --fail-on error,warning "$deb"
    with_revision "$deb" 2
    cp -r eng/test-deb "$root/test-deb"

    eng/debian-root.sh run "$root" bash -euo pipefail /test-deb/package.sh "$major"
    eng/debian-root.sh run "$root" bash -euo pipefail /test-deb/managed.sh "$major"
    eng/debian-root.sh run "$root" bash -euo pipefail /test-deb/docker.sh "$major"
    if [ -x "$pg_config" ]; then
        mkdir "$work/tarball"
        tar -C "$work/tarball" --strip-components=1 -xzf "$packages"/*-linux-*.tar.gz
        DESTDIR=$root PG_CONFIG=$pg_config "$work/tarball/install.sh" >"$work/install.log" || fail "$(cat "$work/install.log")"
        eng/debian-root.sh run "$root" bash -euo pipefail /test-deb/tarball.sh "$major"
        DESTDIR=$root PG_CONFIG=$pg_config "$work/tarball/install.sh" --uninstall
        rm -rf "$work/tarball"
        eng/debian-root.sh run "$root" bash -euo pipefail -c '. /test-deb/common.sh; nothing_left'
        echo 'tarball: installed, ran a workflow, uninstalled, nothing left'
    fi
    rm -rf "$root"
done

#!/usr/bin/env bash
# Installs what building PgDurable needs on Debian 12 or newer, and nothing that is there already.
#
#   eng/install-deps.sh [--tests] [MAJOR]     MAJOR: PostgreSQL 15 to 18; default: what is installed, else Debian's own
#                                             --tests: also what only the tests need
#   eng/install-deps.sh --packaging           also what eng/package.sh and eng/test-deb.sh need
#
# Needs root or sudo when something is missing. The .NET SDK is only checked for.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'install-deps: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "run this as root, or install sudo: $*"; fi
}

apt() { # apt-get, silent unless it fails
    local log; log=$(mktemp)
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >"$log" 2>&1; then
        tail -n 20 "$log" >&2; rm -f "$log"; die "apt-get $* failed"
    fi
    rm -f "$log"
}

more=()
case ${1:-} in
    --tests) more=(chromium); shift;;
    --packaging) more=(debhelper debootstrap lintian); shift;;
esac

command -v dpkg-query >/dev/null || die "this script knows Debian's packages only; install PostgreSQL with its server headers, gcc and make yourself"

major=${1:-$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' 2>/dev/null | sort -n | tail -n 1 || true)}
fresh=
if [ -z "$major" ]; then
    apt update; fresh=1
    major=$(apt-cache show postgresql | sed -nE 's/^Version: *([0-9]+).*/\1/p' | head -n 1)
fi
[[ $major =~ ^1[5-8]$ ]] || die "PostgreSQL 15 to 18 is supported, not '$major'"

missing=()
for package in "postgresql-$major" "postgresql-server-dev-$major" libpq-dev gcc libc6-dev make "${more[@]}"; do
    installed "$package" || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${missing[*]}"
    [ -n "$fresh" ] || apt update
    # Debian's package would create and start a cluster on port 5432 as soon as it is unpacked.
    if ! installed postgresql-common; then
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/pgdurable.conf >/dev/null
    fi
    apt install --no-install-recommends postgresql-common
    apt install --no-install-recommends "${missing[@]}"
fi

wanted=$(sed -nE 's/.*"version": *"([0-9]+)\..*/\1/p' global.json)
dotnet --list-sdks 2>/dev/null | grep -q "^$wanted\." ||
    die "the .NET $wanted SDK is missing: see https://dotnet.microsoft.com/download/dotnet/$wanted.0"

#!/usr/bin/env bash
# Builds pgvector for the server of PG_CONFIG (default: pg_config) and installs it there. Debian 12 has no package of it, so the source is
# that of Debian 13: fetched by apt, which checks its signature, and compiled with PGXS. Takes half a minute; nothing if it is there already.
#
#   samples/Embeddings/install-pgvector.sh          as root, or as whoever may write to the server's folders
#
# Exit status 75: apt has no such source here.
set -euo pipefail
umask 022
pg_config=${PG_CONFIG:-pg_config}
suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

say() { printf 'install-pgvector: %s\n' "$*" >&2; }
unreachable() { say "pgvector can't be had here: $*"; exit 75; }

# With a state of its own, so that the machine's sources and packages stay as they are. A mirror that is a frozen copy serves an index past
# its Valid-Until; signatures are checked all the same.
apt_private() {
    timeout -k 10 180 apt-get -qq -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$dir/lists" \
        -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false \
        -o Acquire::Check-Date=false -o Acquire::Retries=3 -o APT::Update::Error-Mode=any -o APT::Sandbox::User=root "$@" >"$dir/log" 2>&1 </dev/null
}

if [ -f "$("$pg_config" --sharedir)/extension/vector.control" ]; then exit 0; fi
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    sed -nE 's/^URIs: *//p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' | grep -m1 '/debian/*$' || true)
[ -n "$mirror" ] && [ -r "$keyring" ] && command -v apt-get >/dev/null || unreachable 'apt is not configured for Debian'
[ -f "$("$pg_config" --pgxs)" ] || { say "PGXS is not installed: $("$pg_config" --pgxs)"; exit 1; }

say "fetching the source"
mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/source"
echo "deb-src [signed-by=$keyring] $mirror $suite main" >"$dir/sources.list"
: >"$dir/status"
apt_private update || { cat "$dir/log" >&2; unreachable "apt has no $suite"; }
(cd "$dir" && apt_private source --download-only pgvector) || { cat "$dir/log" >&2; unreachable "$suite has no pgvector"; }
tar -xzf "$dir"/pgvector_*.orig.tar.gz -C "$dir/source" --strip-components=1

say "building $(basename "$dir"/pgvector_*.orig.tar.gz .orig.tar.gz) for $("$pg_config" --version)"
# For any processor of this kind, not for this machine's only.
make -s -C "$dir/source" PG_CONFIG="$pg_config" OPTFLAGS= with_llvm=no >"$dir/log" 2>&1 &&
    make -s -C "$dir/source" PG_CONFIG="$pg_config" OPTFLAGS= with_llvm=no install >>"$dir/log" 2>&1 || { tail -n 20 "$dir/log" >&2; exit 1; }

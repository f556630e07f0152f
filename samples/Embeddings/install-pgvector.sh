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
. "$(dirname "$0")/../../eng/debian.sh"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

say() { printf 'install-pgvector: %s\n' "$*" >&2; }
unreachable() { say "pgvector can't be had here: $*"; exit 75; }

if [ -f "$("$pg_config" --sharedir)/extension/vector.control" ]; then exit 0; fi
mirror=$(debian_mirror)
[ -n "$mirror" ] || unreachable 'apt is not configured for Debian'
[ -f "$("$pg_config" --pgxs)" ] || { say "PGXS is not installed: $("$pg_config" --pgxs)"; exit 1; }

say "fetching the source"
mkdir "$dir/source"
apt_state "$dir" deb-src "$mirror" "$suite"
apt_private "$dir" update || unreachable "apt has no $suite"
(cd "$dir" && apt_private "$dir" source --download-only pgvector) || unreachable "$suite has no pgvector"
tar -xzf "$dir"/pgvector_*.orig.tar.gz -C "$dir/source" --strip-components=1

say "building $(basename "$dir"/pgvector_*.orig.tar.gz .orig.tar.gz) for $("$pg_config" --version)"
# For any processor of this kind, not for this machine's only.
make -s -C "$dir/source" PG_CONFIG="$pg_config" OPTFLAGS= with_llvm=no >"$dir/log" 2>&1 &&
    make -s -C "$dir/source" PG_CONFIG="$pg_config" OPTFLAGS= with_llvm=no install >>"$dir/log" 2>&1 || { tail -n 20 "$dir/log" >&2; exit 1; }

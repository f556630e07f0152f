#!/usr/bin/env bash
# Packs the committed state twice, here and in a fresh clone in another folder, and compares the bytes. What is packed: the arguments, as for
# eng/package.sh (default: everything).
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d /tmp/pgdurable-reproduce-XXXXXX)
trap 'rm -rf "$dir"' EXIT

git diff --quiet HEAD || { echo 'reproduce.sh: there are changes that are not committed' >&2; exit 1; }
eng/package.sh "$@" "$dir/one"
git clone -q . "$dir/elsewhere"
"$dir/elsewhere/eng/package.sh" "$@" "$dir/two"
(cd "$dir/one" && sha256sum -- *) | (cd "$dir/two" && sha256sum -c -)
[ "$(ls "$dir/one")" = "$(ls "$dir/two")" ]

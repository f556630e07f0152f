#!/usr/bin/env bash
# Fetches PgBouncer for the tests, without installing it, and prints the path of a command that runs it. It is kept below
# PGDURABLE_POOLER_DIR (default: /var/tmp/pgdurable-pgbouncer-UID), where the account of the server must be able to read it.
set -euo pipefail
umask 022

dir=${PGDURABLE_POOLER_DIR:-/var/tmp/pgdurable-pgbouncer-$(id -u)}
run=$dir/run
[ ! -x "$run" ] || { echo "$run"; exit 0; }

exec 9>"$dir.lock"
flock 9
if [ ! -x "$run" ]; then
    rm -rf "$dir" "$dir.new"
    mkdir -p "$dir.new/debs"
    fetch() { (cd "$dir.new/debs" && apt-get -q -o APT::Sandbox::User=root -o Acquire::Retries=3 download pgbouncer libc-ares2 libevent-2.1-7 >&2); }
    # A fresh machine has no lists of packages yet; to fetch them needs root.
    fetch || { apt-get -q update >&2 && fetch; }
    for package in "$dir.new"/debs/*.deb; do dpkg-deb -x "$package" "$dir.new/files"; done
    rm -rf "$dir.new/debs"
    libraries=$(basename "$(find "$dir.new/files/usr/lib" -mindepth 1 -maxdepth 1 -type d -name '*-linux-gnu' | head -n 1)")
    printf '#!/bin/sh\nexec env LD_LIBRARY_PATH="%s" "%s" "$@"\n' "$dir/files/usr/lib/$libraries" "$dir/files/usr/sbin/pgbouncer" >"$dir.new/run"
    chmod 755 "$dir.new/run"
    mv "$dir.new" "$dir"
fi
echo "$run"

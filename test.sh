#!/usr/bin/env bash
# Runs everything that must hold, on a machine with the .NET SDK and nothing else: installs what is missing, builds, checks the format, and runs all
# tests against a real PostgreSQL.
#
#   ./test.sh             everything
#   ./test.sh Engine …    only the test projects whose names contain one of the words
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf '\n== %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

say 'Dependencies'
eng/install-deps.sh

say 'Build: C module, install script, worker'
make -s -C src/PgDurable.Extension
as_root make -s -C src/PgDurable.Extension install

say 'Build: solution'
dotnet build -c Release -v quiet

if [ $# -eq 0 ]; then
    say 'Format'
    dotnet format --no-restore --verify-no-changes
fi

passed=0 failed=0
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    if [ $# -gt 0 ]; then
        wanted=
        for word in "$@"; do case $name in *"$word"*) wanted=1;; esac; done
        [ -n "$wanted" ] || continue
    fi
    say "$name"
    results=$(mktemp)
    dotnet test "$project" -c Release --no-build --logger 'console;verbosity=minimal' 2>&1 | tee "$results" || true
    # A run that broke off has no closing line, and counts as a failure.
    read -r f p <<<"$(sed -nE 's/.*Failed: +([0-9]+), Passed: +([0-9]+).*/\1 \2/p' "$results" | tail -n 1 | grep . || echo '1 0')"
    rm -f "$results"
    passed=$((passed + p)) failed=$((failed + f))
done

if [ $# -eq 0 ]; then
    say 'SQL surface'
    if make -s -C src/PgDurable.Extension installcheck; then passed=$((passed + 1)); else failed=$((failed + 1)); fi

    say 'The package, as its users meet it'
    if eng/test-package.sh; then passed=$((passed + 1)); else failed=$((failed + 1)); fi

    say './run.sh'
    output=$(PGDURABLE_RUN_DIR=$(mktemp -d /tmp/pgdurable-test-XXXXXX)/cluster; export PGDURABLE_RUN_DIR
        chmod 755 "$(dirname "$PGDURABLE_RUN_DIR")"; ./run.sh && ./run.sh --stop) || true
    printf '%s\n' "$output"
    if grep -q '^killed worker' <<<"$output" && grep -q ' different words; the most frequent is ' <<<"$output"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
fi

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

#!/usr/bin/env bash
# Runs everything that must hold, on a machine with the .NET SDK and nothing else: installs what is missing, builds, checks the format, and runs all
# tests against a real PostgreSQL; then what depends on the server's version against PostgreSQL 17 and 18 too, where these can be fetched.
#
#   ./test.sh                     everything
#   ./test.sh Engine …            only the test projects, or pg_regress, whose names contain one of the words
#   ./test.sh --pg 17 [Engine …]  the same against PostgreSQL 17 (or 18) and no other; fetched by eng/pg-matrix.sh
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf '\n== %s (after %s s)\n' "$*" "$SECONDS"; }

pg=
if [ "${1:-}" = --pg ]; then
    [[ ${2:-} =~ ^1[78]$ ]] || { echo 'test.sh: --pg takes 17 or 18' >&2; exit 2; }
    pg=$2; shift 2
fi
words=("$@")
passed=0 failed=0
failures=$(mktemp)
PGDURABLE_FIGURES=$(mktemp)
export PGDURABLE_FIGURES

# Counts a check that is one command. Its status is 75 where this machine lacks what it needs.
check() {
    local status=0
    "$@" || status=$?
    case $status in
        0) passed=$((passed + 1));;
        75) echo "SKIPPED: $*";;
        *) failed=$((failed + 1)); echo "$*" >>"$failures";;
    esac
}

is_wanted() { # is_wanted PROJECT
    local word
    [ ${#words[@]} -gt 0 ] || return 0
    for word in "${words[@]}"; do case $1 in *"$word"*) return 0;; esac; done
    return 1
}

# run_tests PROJECT [FILTER]
run_tests() {
    local results f p filter=${2:-}
    # The fetched servers come without client programs.
    if [ ! -x "$("${PG_CONFIG:-pg_config}" --bindir)/pg_dump" ]; then filter="(Needs!=pg_dump)&(Needs!=pg_basebackup)${filter:+&($filter)}"; fi
    results=$(mktemp)
    dotnet test "tests/$1" -c Release --no-build --logger 'console;verbosity=minimal' ${filter:+--filter "$filter"} 2>&1 | tee "$results" || true
    # A run that broke off has no closing line, and counts as a failure.
    read -r f p <<<"$(sed -nE 's/.*Failed: +([0-9]+), Passed: +([0-9]+).*/\1 \2/p' "$results" | tail -n 1 | grep . || echo '1 0')"
    passed=$((passed + p)) failed=$((failed + f))
    if [ "$f" -gt 0 ]; then
        echo "$1, PostgreSQL $("${PG_CONFIG:-pg_config}" --version | grep -o '[0-9]*' | head -n 1)" >>"$failures"
        grep -E '^  Failed ' "$results" >>"$failures" || true
    fi
    rm -f "$results"
}

demonstration() {
    local output
    output=$(PGDURABLE_RUN_DIR=$(mktemp -d /tmp/pgdurable-test-XXXXXX)/cluster; export PGDURABLE_RUN_DIR
        chmod 755 "$(dirname "$PGDURABLE_RUN_DIR")"; ./run.sh && ./run.sh --stop) || true
    printf '%s\n' "$output"
    grep -q '^killed worker' <<<"$output" && grep -q ' different words; the most frequent is ' <<<"$output"
}

# The first one in a bare system, where one can be made.
quick_starts() {
    local packages status=0
    packages=$(mktemp -d /tmp/pgdurable-packages-XXXXXX)
    eng/package.sh --only nuget --only sql "$packages" && eng/test-quickstart.sh "$packages" docs/quickstart-sql.md docs/quickstart-managed.md || status=1
    if [ $status = 0 ]; then
        eng/test-quickstart.sh --root "$packages" docs/quickstart.md || status=$?
        if [ $status = 75 ]; then status=0; eng/test-quickstart.sh "$packages" docs/quickstart.md || status=1; fi
    fi
    rm -rf "$packages"
    return $status
}

# What depends on the server's version: the SQL surface and the C module, and on the newest also workflows from end to end.
test_against() { # test_against MAJOR
    local status=0
    say "PostgreSQL $1"
    PG_CONFIG=$(eng/pg-matrix.sh "$1") || status=$?
    if [ $status = 75 ]; then echo "SKIPPED: nothing was tested against PostgreSQL $1"; unset PG_CONFIG; return; fi
    [ $status = 0 ] || { failed=$((failed + 1)); echo "eng/pg-matrix.sh $1" >>"$failures"; unset PG_CONFIG; return; }
    export PG_CONFIG
    eng/install-extension.sh
    check make -s -C src/PgDurable.Extension installcheck
    local tests in_c=
    for tests in .Launching. .NewTransaction. .Sandbox. .Store.CommitStep .Store.Start .Store.Submitted; do
        in_c+=${in_c:+|}FullyQualifiedName~$tests
    done
    run_tests PgDurable.Extension.Tests "($in_c)"
    [ "$1" != 18 ] || run_tests PgDurable.Worker.Tests FullyQualifiedName~.EndToEnd.
    unset PG_CONFIG
}

say 'Dependencies'
eng/install-deps.sh --tests
if [ -n "$pg" ]; then
    PG_CONFIG=$(eng/pg-matrix.sh "$pg")
    export PG_CONFIG
fi

say 'Build: C module, install script, worker'
eng/install-extension.sh

# For samples/Embeddings. Where it can't be had, its test does without.
if [ -z "$pg" ] && is_wanted PgDurable.Samples.Tests; then samples/Embeddings/install-pgvector.sh || [ $? = 75 ]; fi

say 'Build: solution'
dotnet build -c Release -v quiet

if [ ${#words[@]} -eq 0 ]; then
    say 'Format'
    dotnet format --no-restore --verify-no-changes
    check eng/check-sizes.sh
    say 'Documentation site'
    check eng/docs.sh --no-build
fi

if is_wanted pg_regress; then
    say 'pg_regress'
    check make -s -C src/PgDurable.Extension installcheck
fi

for project in tests/*.Tests; do
    name=$(basename "$project")
    is_wanted "$name" || continue
    say "$name"
    run_tests "$name"
done

if [ ${#words[@]} -eq 0 ]; then
    say 'The package, as its users meet it'
    check eng/test-package.sh
    say 'The quick starts, word for word'
    check quick_starts
    say 'Packages for servers'
    check eng/lint.sh
    check eng/test-deb.sh
    say './run.sh'
    check demonstration
    if [ -z "$pg" ]; then for major in 17 18; do test_against "$major"; done; fi
fi

if [ -s "$PGDURABLE_FIGURES" ]; then
    say 'Figures of the promises'
    eng/trust.sh --show "$PGDURABLE_FIGURES"
fi
rm -f "$PGDURABLE_FIGURES"

if [ -s "$failures" ]; then
    say 'What failed'
    cat "$failures"
fi
rm -f "$failures"

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

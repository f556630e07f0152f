#!/usr/bin/env bash
# What PgDurable promises, in figures: attacks tried and held, faults injected and instances lost or doubled, how long a victim waits beside each noisy neighbour, how much
# memory the worker takes meanwhile. Each figure comes from a test that fails when its promise is broken.
#
#   eng/trust.sh            some minutes: the tests as CI runs them; needs what test.sh has built
#   eng/trust.sh --long     an hour more: chaos and poison for half an hour each
#   eng/trust.sh --show F   only shows the figures in a file that PGDURABLE_FIGURES named while tests ran, as test.sh does
set -euo pipefail
cd "$(dirname "$0")/.."

# Counts of the same name add up; of waits and sizes the largest is shown.
show() {
    awk -F '\t' '$3 == "" { sum[$1] += $2; next } !($1 in top) || $2 > top[$1] { top[$1] = $2; unit[$1] = $3 }
        END { for (n in sum) printf "%-80s %12d\n", n, sum[n]; for (n in top) printf "%-80s %12.2f %s\n", n, top[n], unit[n] }' "$1" | sort
}

case ${1:-} in
    '') ;;
    --long) export PGDURABLE_CHAOS_SECONDS=1800 PGDURABLE_POISON_SECONDS=1800;;
    --show) show "$2"; exit;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2;;
esac

PGDURABLE_FIGURES=$(mktemp)
export PGDURABLE_FIGURES
log=$(mktemp)
trap 'rm -f "$PGDURABLE_FIGURES" "$log"' EXIT

status=0
run() { # run PROJECT FOLDER…
    local project=$1 filter='' folder; shift
    for folder in "$@"; do filter+="${filter:+|}FullyQualifiedName~.$folder."; done
    if ! dotnet test "tests/$project" -c Release --no-build --filter "$filter" >"$log" 2>&1; then
        status=1
        grep -E '^ +Failed |Failed!' "$log" >&2 || tail -n 20 "$log" >&2
    fi
}

run PgDurable.Extension.Tests Sandbox
run PgDurable.Worker.Tests Identity Poison Fairness Operations Chaos
show "$PGDURABLE_FIGURES"
exit "$status"

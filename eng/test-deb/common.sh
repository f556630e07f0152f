# shellcheck shell=bash disable=SC2034
# What the other files here share. They run in the bare system, as root, by eng/test-deb.sh; their argument is the major version.
major=${1:-}
package=pg-durable-postgresql-$major
log=/tmp/test.log

# What runs here is killed when the script ends, and must not look as if it still ran.
stop() { [ ! -f "/var/lib/postgresql/$major/main/postmaster.pid" ] || pg_ctlcluster "$major" main stop --mode fast; }
trap stop EXIT

fail() { echo "$0: $*" >&2; exit 1; }

# What a command prints is shown when it fails.
quietly() { "$@" >"$log" 2>&1 </dev/null || { tail -n 30 "$log" >&2; fail "$*"; }; }

# What all processes of this system have used so far, those that have ended too: the first process has these.
cpu_seconds() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); all += $12 + $13 + $14 + $15 } END { print int(all / hz) }' /proc/[0-9]*/stat; }

# psql as an account of the system, which is the role that it connects as; the statements come from the standard input.
sql_as() { # sql_as ACCOUNT [DATABASE]
    su "$1" -s /bin/sh -c "psql -XAtq --cluster $major/main -v ON_ERROR_STOP=1 -d ${2:-postgres}"
}
sql() { sql_as postgres "$@"; }

restart() { quietly pg_ctlcluster "$major" main restart; }

setting() { # setting set|remove
    if [ "$1" = set ]; then quietly pg_conftool "$major" main set shared_preload_libraries pg_durable
    else quietly pg_conftool "$major" main remove shared_preload_libraries; fi
}

workflow_completes() { # workflow_completes [DATABASE]: an ordinary role's, on the server of sql
    local id
    sql "$@" >/dev/null 2>&1 <<'SQL'
SELECT 'CREATE ROLE tester' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tester') \gexec
SELECT df.grant_usage('tester');
SQL
    id=$(sql "$@" <<<"SET ROLE tester; SELECT df.start('SELECT 6 * 7 AS answer');")
    [ "$(sql "$@" <<<"SET ROLE tester; SELECT df.await_instance('$id', 60);")" = completed ] ||
        fail "$(sql "$@" <<<"SELECT df.explain('$id'), df.why('$id');")"
}

nothing_left() {
    local left
    left=$(find / -xdev \( -name '*pg_durable*' -o -name '*pg-durable*' -o -name 'pgdurable*' -o -name '.net' -o -name 'dotnet-*' \) \
        -not -path '/packages/*' -not -path '/proc/*' -not -path '/etc/apt/*' -not -path '/docker-entrypoint-initdb.d/*')
    [ -z "$left" ] || fail "left behind: $left"
}

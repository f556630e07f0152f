#!/usr/bin/env bash
# Throw-away PostgreSQL clusters with pg_durable loaded, for tests and for trying things out.
#
#   cluster.sh up DIR [--port N] [--conf 'name=value']…   create and start; prints `export PG…` lines
#   cluster.sh up DIR --standby-of DIR                    the same, as a standby of another one that runs
#   cluster.sh start | down | kill DIR                    start; stop (fast); stop at once, as in a crash
#   cluster.sh psql DIR [arguments]                       psql, connected to it
#   cluster.sh destroy DIR                                stop and remove everything
#
# The server's programs are those of PG_CONFIG (default: pg_config). Run as root, the server runs as the account
# `postgres` (PGDURABLE_OSUSER), which must be able to reach DIR. Messages go to stderr; the server's log is DIR/server.log.
set -euo pipefail

say() { printf 'cluster: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

[ $# -ge 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command=$1 dir=$(realpath -m -- "$2"); shift 2
data=$dir/data log=$dir/server.log
bin=$("${PG_CONFIG:-pg_config}" --bindir)
osuser=${PGDURABLE_OSUSER:-postgres}

as_server() { # a program of the server's, as an account that is not root
    if [ "$(id -u)" = 0 ]; then (cd / && exec runuser -u "$osuser" -- env LC_ALL=C.UTF-8 "$@")
    else (cd / && exec env LC_ALL=C.UTF-8 "$@"); fi
}

port() { sed -n 's/^port = //p' "$data/pgdurable.conf"; }

free_port() { # below the ports that the kernel gives to clients; the lock in up covers the time until the server has it
    local p
    for ((p = 20000 + RANDOM % 10000; ; p++)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }
    done
}

postmaster() { # its process id, if it lives: a killed one that nobody has reaped yet is a zombie, and pg_ctl would believe in it
    local pid; pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || return 1
    [ -n "$pid" ] && grep -qsE '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$pid/status" || return 1
    echo "$pid"
}

start() {
    if postmaster >/dev/null; then return; fi
    rm -f "$data/postmaster.pid"
    as_server "$bin/pg_ctl" -D "$data" -w -t 60 -s -l "$log" start </dev/null >&2 ||
        { tail -n 20 "$log" >&2; die "the server did not start (log: $log)"; }
}

stop() { # stop fast|immediate
    postmaster >/dev/null || return 0
    as_server "$bin/pg_ctl" -D "$data" -w -t 60 -s -m "$1" stop >&2 || die "the server did not stop (log: $log)"
}

show_env() {
    printf 'export PGHOST=%s\nexport PGPORT=%s\nexport PGUSER=postgres\nexport PGDATABASE=postgres\n' "$dir" "$(port)"
}

up() {
    local port='' standby_of='' settings=()
    while [ $# -gt 0 ]; do
        case $1 in
            --port) port=$2; shift 2;;
            --standby-of) standby_of=$(realpath -m -- "$2"); shift 2;;
            --conf) settings+=("$2"); shift 2;;
            *) die "unknown option $1";;
        esac
    done

    exec 9>"${TMPDIR:-/tmp}/pgdurable-cluster-$(id -u).lock"
    flock 9
    if [ ! -f "$data/pgdurable.conf" ]; then
        [ ! -e "$data" ] || die "$data exists and is not ours"
        # Its socket must fit into 107 characters.
        [ ${#dir} -le 85 ] || die "$dir is too long a path for a socket"
        mkdir -p "$dir"
        [ "$(id -u)" != 0 ] || chown "$osuser:" "$dir"
        as_server test -w "$dir" || die "the account $osuser cannot write to $dir: open the folders above it, or choose another"
        if [ -n "$standby_of" ]; then copy_of "$standby_of" "${port:-$(free_port)}"; else new "${port:-$(free_port)}" "${settings[@]}"; fi
    fi
    start 9>&-
    flock -u 9
    show_env
}

copy_of() { # copy_of DIR PORT
    local source=$1 conf=$1/data/pgdurable.conf
    as_server "$bin/pg_basebackup" -h "$source" -p "$(sed -n 's/^port = //p' "$conf")" -U postgres -D "$data" -R -c fast >"$dir/initdb.log" 2>&1 9>&- ||
        { tail -n 20 "$dir/initdb.log" >&2; die "pg_basebackup failed"; }
    sed "s/^port = .*/port = $2/; s|^unix_socket_directories = .*|unix_socket_directories = '$dir'|" "$conf" | as_server tee "$data/pgdurable.conf" >/dev/null
}

new() { # new PORT SETTING…
    local port=$1; shift
    as_server "$bin/initdb" -D "$data" -U postgres -A trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 9>&- ||
        { tail -n 20 "$dir/initdb.log" >&2; die "initdb failed"; }
    {
        echo "port = $port"
        echo "listen_addresses = '127.0.0.1'"
        echo "unix_socket_directories = '$dir'"
        echo "shared_preload_libraries = 'pg_durable'"
        echo "log_line_prefix = '%m [%p] %b '"
        for setting in "$@"; do printf "%s = '%s'\n" "${setting%%=*}" "$(sed "s/'/''/g" <<<"${setting#*=}")"; done
    } | as_server tee "$data/pgdurable.conf" >/dev/null
    echo "include 'pgdurable.conf'" | as_server tee -a "$data/postgresql.conf" >/dev/null
}

[ "$command" = up ] || [ "$command" = destroy ] || [ -f "$data/pgdurable.conf" ] || die "$dir holds no cluster made by this script"
case $command in
    up) up "$@";;
    start) start; show_env;;
    down) stop fast;;
    kill) stop immediate;;
    psql) exec psql -X -h "$dir" -p "$(port)" -U postgres "$@";;
    destroy)
        if [ -f "$data/pgdurable.conf" ]; then stop immediate; fi
        if [ -f "$dir/initdb.log" ]; then rm -rf -- "$dir"; fi;;
    *) die "unknown command $command";;
esac

# shellcheck shell=bash source-path=SCRIPTDIR disable=SC1091,SC2154
# Does what `docker build` and the image's entry point would do: COPY, RUN and CMD are the Dockerfile's own.
. /test-deb/common.sh
export PG_MAJOR=$major
context=/packages/docker
mkdir -p "$context" /docker-entrypoint-initdb.d
tar -C "$context" --strip-components=1 -xzf /packages/*-docker.tar.gz
cd "$context" || exit
command=()
while read -r instruction arguments; do
    case $instruction in
        COPY) eval "cp $arguments";;
        RUN) quietly sh -ec "$arguments";;
        CMD) eval "command=($(tr -d '[],' <<<"$arguments"))";;
        FROM|ARG|'#'*|'') ;;
        *) fail "what does $instruction do?";;
    esac
done < <(sed -e ':next' -e '/\\$/N' -e 's/\\\n//' -e 't next' Dockerfile)
[ -z "$(ls /tmp/*.deb 2>/dev/null)" ] || fail 'the package is still in the image'

# The entry point: a cluster, its database, the scripts, and the command.
data=/var/lib/image/data
socket=/var/lib/image
mkdir -p "$socket"
chown postgres: "$socket"
server() { su postgres -s /bin/bash -c "/usr/lib/postgresql/$major/bin/$*" >"$log" 2>&1 || fail "$(cat "$log")"; }
server initdb -D "$data" -U owner -A trust --no-sync
start() { server pg_ctl -D "$data" -w -s -l "$socket/log" -o "'-k $socket -c listen_addresses= ${command[*]:1}'" start; }
export PGHOST=$socket
sql() { psql -XAtq -v ON_ERROR_STOP=1 -U owner -d "${1:-app}"; }
start
sql postgres <<<'CREATE DATABASE app;'
entry="PGDATA=$data POSTGRES_DB=app POSTGRES_USER=owner PATH=/usr/lib/postgresql/$major/bin:$PATH"
for script in /docker-entrypoint-initdb.d/*.sh; do quietly su postgres -s /bin/sh -c "cd / && $entry $script"; done
server pg_ctl -D "$data" -w -s -m fast stop
start
workflow_completes
server pg_ctl -D "$data" -w -s -m fast stop
rm -rf "$socket" /docker-entrypoint-initdb.d
quietly apt-get purge -q -y "$package"
nothing_left
echo 'docker: the steps of the Dockerfile lead to a completed workflow'

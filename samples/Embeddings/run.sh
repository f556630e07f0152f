#!/usr/bin/env bash
# Shows the sample at work: starts a private PostgreSQL and the embedding server, embeds the pages of docs, and asks three questions. What it
# started ends with it.
#
#   samples/Embeddings/run.sh [QUESTION…]
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d /tmp/pgdurable-embeddings-XXXXXX)
chmod 755 "$folder"
server=http://127.0.0.1:5200 server_pid=
cleanup() {
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
    eng/cluster.sh destroy "$folder/cluster" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

step() { # quiet, unless it fails
    printf '%s … ' "$1"; shift
    if ! "$@" >"$folder/log" 2>&1; then echo failed; tail -n 30 "$folder/log"; exit 1; fi
    echo done
}
sample() { dotnet artifacts/bin/Embeddings/release/Embeddings.dll "$@"; }
sql() { psql -Xq -v ON_ERROR_STOP=1 -f "samples/Embeddings/$1"; }

step 'Checking what is installed' eng/install-deps.sh
step 'Building and installing the extension and its worker' eng/install-extension.sh
vectors=pgvector.sql
samples/Embeddings/install-pgvector.sh || vectors=arrays.sql
step 'Building the sample' dotnet build -c Release -v quiet --nologo samples/Embeddings
step 'Starting a private PostgreSQL' eng/cluster.sh up "$folder/cluster" \
    --conf pg_durable.http_allowed_hosts=127.0.0.1 --conf pg_durable.http_allow_private_addresses=on
eval "$(grep '^export ' "$folder/log")"
step 'Creating the tables' sql schema.sql
step "Creating the vectors ($vectors)" sql "$vectors"
sample server --urls "$server" >"$folder/server.log" 2>&1 &
server_pid=$!
for ((i = 0; i < 600; i++)); do curl -sf "$server/counts" >/dev/null && break; sleep 0.1; done

connection="Host=$PGHOST;Port=$PGPORT;Database=$PGDATABASE;Username=embeddings"
echo; echo 'Embedding the pages of docs. The server allows ten requests a second, and fails every seventh:'
sample load "$connection" "$server" docs
curl -sf "$server/counts"; echo
[ $# -gt 0 ] || set -- 'How do I limit the steps of one role?' 'What happens if the clocks change?' 'Who may read the credential of an endpoint?'
for question; do
    echo; echo "$question"
    sample search "$connection" "$server" "$question"
done

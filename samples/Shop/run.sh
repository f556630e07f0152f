#!/usr/bin/env bash
# Shows the sample at work: builds everything, starts a private PostgreSQL, the payment provider and the shop, plays three orders, and kills
# the shop in the middle of the third. What it started ends with it.
#
#   samples/Shop/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d /tmp/pgdurable-shop-XXXXXX)
chmod 755 "$folder"
payments=http://127.0.0.1:5101 shop=http://127.0.0.1:5100 pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    eng/cluster.sh destroy "$folder/cluster" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

step() { # quiet, unless it fails
    printf '%s … ' "$1"; shift
    if ! "$@" >"$folder/log" 2>&1; then echo failed; tail -n 30 "$folder/log"; exit 1; fi
    echo done
}
until_there() { # until_there URL
    for ((i = 0; i < 600; i++)); do curl -sf "$1" >/dev/null && return; sleep 0.1; done
    echo "nothing answers at $1"; tail -n 30 "$folder"/*.log; exit 1
}
start_shop() {
    dotnet artifacts/bin/Shop/release/Shop.dll --urls "$shop" --Payments:Url "$payments" --Activities:LeaseSeconds 3 \
        --ConnectionStrings:Shop "Host=$PGHOST;Port=$PGPORT;Database=$PGDATABASE;Username=shop" >>"$folder/shop.log" 2>&1 &
    shop_pid=$!
    pids+=("$shop_pid")
    disown
    until_there "$shop/health"
}
order() { # order SKU QUANTITY ACCOUNT: prints the order's number
    curl -sf "$shop/orders" -H 'Content-Type: application/json' -d "{\"sku\":\"$1\",\"quantity\":$2,\"account\":\"$3\"}" |
        sed -E 's/.*"id":([0-9]+).*/\1/'
}
until_status() { # until_status ORDER STATUS
    for ((i = 0; i < 600; i++)); do curl -sf "$shop/orders/$1" | grep -q "\"status\":\"$2\",\"reason\"" && return; sleep 0.1; done
    echo "order $1 is not $2:"; curl -s "$shop/orders/$1"; exit 1
}
show() { curl -sf "$shop/orders/$1" | sed -E 's/,"steps":\[/\n  /; s/\},\{/}\n  {/g; s/\]\}$/\n/'; }

step 'Checking what is installed' eng/install-deps.sh
step 'Building and installing the extension and its worker' eng/install-extension.sh
step 'Building the sample' dotnet build -c Release -v quiet --nologo samples/Shop
step 'Starting a private PostgreSQL' eng/cluster.sh up "$folder/cluster"
eval "$(grep '^export ' "$folder/log")"
step 'Creating the role of the shop' psql -Xq -v ON_ERROR_STOP=1 -f samples/Shop/role.sql
dotnet artifacts/bin/Shop/release/Shop.dll payments --urls "$payments" --Payments:Milliseconds 1000 >"$folder/payments.log" 2>&1 &
pids+=($!)
disown
until_there "$payments/charges"
start_shop

echo; echo 'A small order. The payment provider loses its first answer:'
small=$(order book 2 flaky-anna)
until_status "$small" completed
show "$small"

echo; echo 'A large order needs approval:'
large=$(order sofa 1 bernd)
until_status "$large" 'awaiting approval'
curl -sf "$shop/orders/$large/approve" -H 'Content-Type: application/json' -d '{"approved":true,"by":"carla"}'
until_status "$large" completed
show "$large"

echo; echo 'A card that is declined. The books go back on the shelf:'
declined=$(order book 3 declined-dora)
until_status "$declined" rejected
show "$declined"

echo; echo 'And one whose shop is killed (kill -9) while it charges the card:'
killed=$(order book 1 emil)
for ((i = 0; i < 600; i++)); do curl -sf "$payments/charges" | grep -q emil && break; sleep 0.05; done
kill -9 "$shop_pid"
start_shop
until_status "$killed" completed
show "$killed"

echo; echo 'What the payment provider has (requests: how often it was asked):'
curl -sf "$payments/charges" | sed 's/},{/},\n {/g'; echo
echo; echo 'What is in the database:'
psql -X -P footer=off -c 'SELECT * FROM shop.products' -c 'SELECT * FROM shop.invoices ORDER BY number'

#!/usr/bin/env bash
# Builds the documentation site into artifacts/site: the pages of docs, and the C# API from what was built. A link that leads nowhere fails it.
#
#   eng/docs.sh              builds the packages first
#   eng/docs.sh --no-build   takes what `dotnet build -c Release` has left
#   eng/docs.sh --serve      builds everything, and shows the site at http://localhost:8080
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

if [ "${1:-}" != --no-build ]; then
    for package in Sdk Worker Testing EntityFrameworkCore Dashboard; do dotnet build "src/PgDurable.$package" -c Release -v quiet; done
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
rm -rf artifacts/site artifacts/site-api
dotnet tool restore >"$log" || { cat "$log" >&2; exit 1; }
for stage in metadata build; do
    dotnet docfx "$stage" docfx.json --warningsAsErrors >"$log" 2>&1 || { grep -E 'warning|error' "$log" | sort -u >&2; exit 1; }
done
echo "artifacts/site/index.html: $(find artifacts/site -name '*.html' | wc -l) pages"
[ "${1:-}" != --serve ] || dotnet docfx serve artifacts/site

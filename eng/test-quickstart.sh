#!/usr/bin/env bash
# Does what the quick starts say, word for word (tests/PgDurable.QuickStart), with what eng/package.sh has made.
#
#   eng/test-quickstart.sh PACKAGES PAGE…           on this machine, in a folder outside the repository, with the server of PG_CONFIG
#   eng/test-quickstart.sh --root PACKAGES PAGE…    in a bare Debian 12 with the .NET SDK and nothing else; needs root
#
# Exit status 75: this machine can't make a bare system.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --root ] && [ -z "${PGDURABLE_QUICKSTART_NAMESPACE:-}" ]; then
    # What is mounted below ends with it.
    PGDURABLE_QUICKSTART_NAMESPACE=1 exec unshare --mount -- "$0" "$@"
fi
bare=
if [ "${1:-}" = --root ]; then bare=1; shift; fi
packages=$(realpath "$1"); shift

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build tests/PgDurable.QuickStart -c Release -v quiet --nologo -clp:NoSummary
program=artifacts/bin/PgDurable.QuickStart/release/PgDurable.QuickStart.dll
dir=$(mktemp -d /var/tmp/pgdurable-quickstart-XXXXXX)
chmod 755 "$dir"

if [ -n "$bare" ]; then
    root=$dir/root
    trap 'umount "$root/usr/share/dotnet" 2>/dev/null || true; rm -rf --one-file-system "$dir"' EXIT
    for page; do
        # Besides the SDK, what its own instructions name.
        eng/debian-root.sh make 15 "$root" ca-certificates libicu72 libssl3
        mkdir -p "$root/usr/share/dotnet" "$root/root/work"
        mount --bind -o ro "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$root/usr/share/dotnet"
        ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
        # This machine may trust more than Debian does.
        cat /etc/ssl/certs/ca-certificates.crt >"$root/etc/ssl/certs/ca-certificates.crt"
        cp -r "$packages" "$root/root/pgdurable-packages"
        cp "$packages"/*.deb "$root/root/work/" 2>/dev/null || true
        dotnet "$program" "$page" /root/work --root "$root"
        umount "$root/usr/share/dotnet"
        rm -rf --one-file-system "$root"
    done
    exit
fi

# Run as root, the application keeps its private server outside its folder.
private=/var/tmp/Shop-$(printf %s "$dir/work/Shop" | sha256sum | cut -c 1-8)
trap 'eng/cluster.sh destroy "$dir/cluster" 2>/dev/null || true; rm -rf "$dir" "$private"' EXIT
restored=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
for page; do
    (
        if [ "$page" != docs/quickstart.md ]; then
            settings=()
            if [ "$page" = docs/quickstart-managed.md ]; then settings=(--conf shared_preload_libraries=); fi
            eval "$(eng/cluster.sh up "$dir/cluster" "${settings[@]}")"
        fi
        export HOME=$dir/home NUGET_FALLBACK_PACKAGES=$restored
        unset NUGET_PACKAGES
        PATH=$("${PG_CONFIG:-pg_config}" --bindir):$PATH
        mkdir -p "$HOME" "$dir/work"
        cp -r "$packages" "$HOME/pgdurable-packages"
        dotnet "$program" "$page" "$dir/work"
    )
    eng/cluster.sh destroy "$dir/cluster" 2>/dev/null || true
    rm -rf "$dir/home" "$dir/work"
done

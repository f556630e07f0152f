# Sourced by scripts that fetch something from Debian's mirrors.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

quietly() { # quietly SECONDS command…: what it prints is shown when it fails
    local log; log=$(mktemp)
    if ! timeout -k 10 "$@" >"$log" 2>&1 </dev/null; then tail -n 15 "$log" >&2; rm -f "$log"; return 1; fi
    rm -f "$log"
}

# The mirror that apt is configured for; nothing if there is none whose signatures can be checked.
debian_mirror() {
    [ -r "$keyring" ] && command -v apt-get >/dev/null || return 0
    cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        sed -nE 's/^URIs: *//p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' | grep -m1 '/debian/*$' || true
}

# A state of apt in a folder of its own, so that the machine's sources and packages stay as they are.
apt_state() { # apt_state DIR deb|deb-src MIRROR SUITE
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
    echo "$2 [signed-by=$keyring] $3 $4 main" >"$1/sources.list"
    : >"$1/status"
}

# A mirror that is a frozen copy serves an index past its Valid-Until; signatures are checked all the same.
apt_private() { # apt_private DIR command…
    local state=$1; shift
    quietly 180 apt-get -q -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null \
        -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
        -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false -o Acquire::Retries=3 \
        -o APT::Update::Error-Mode=any -o APT::Sandbox::User=root "$@"
}

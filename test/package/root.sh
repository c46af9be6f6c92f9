# A fresh Debian to try things in, for the scripts beside this one.
# shellcheck shell=bash
# Sourced, at the top of the tree. All lies below build/package.

here=build/package

# In a file, since parts of a test run in other processes.
begin() {
    mkdir -p "$here"
    : >"$here/passed"
}

ok() {
    echo "  ok: $*" | tee -a "$here/passed"
}

fail() {
    echo "  FAILED: $*" >&2
    exit 1
}

# tally SKIPPED: the last line, and for .ci/run.
tally() {
    echo "$(wc -l <"$here/passed") passed, 0 failed, $1 skipped" |
        tee -a "${TALLY:-/dev/null}"
}

# wait_for COMMAND...: until it succeeds, for a minute at most.
wait_for() {
    local end=$((SECONDS + 60))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || fail "waited for a minute: $*"
        sleep 0.1
    done
}

# Without namespaces a server of this test could outlive it, and meet others at
# its port.
has_namespaces() {
    unshare --mount --pid --net --fork --kill-child chroot / true 2>/dev/null
}

# fresh_root NAME [RELEASE]: prints the path of a new minimal Debian, of this
# machine's release unless told. The first one is bootstrapped, from the network.
fresh_root() {
    local suite base
    suite=${2:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
    base=$PWD/$here/$suite
    if [ ! -d "$base" ]; then
        rm -rf "$base.part"
        mkdir -p "$here"
        debootstrap --variant=minbase "$suite" "$base.part" \
            >"$base.log" 2>&1 || {
            tail -n 5 "$base.log" >&2
            fail "debootstrap; all that it printed: $base.log"
        }
        cp --remove-destination /etc/resolv.conf "$base.part/etc"
        mv "$base.part" "$base"
    fi
    rm -rf "${here:?}/$1"
    cp -a "$base" "$here/$1"
    echo "$PWD/$here/$1"
}

# in_root COMMAND...: in $root, with its output in the log, which is shown if it
# fails.
# shellcheck disable=SC2154 # root
in_root() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive chroot "$root" "$@" \
        >>"$root.log" 2>&1 || {
        tail -n 10 "$root.log" >&2
        fail "$*; all that it printed: $root.log"
    }
}

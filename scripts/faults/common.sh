# The parts that all faults share: their options, the address of the server,
# and requests to it.
# shellcheck shell=bash disable=SC2034
# A fault defines `usage`, `count` and `seconds` before it sources this file.

# Starts the fault anew with the default signals. A launcher may ignore some, as
# `nohup` does, or a script for what it runs in the background. A shell cannot
# trap a signal that was ignored when it started.
if [ -z "${CRIER_SIGNALS:-}" ] &&
    env --default-signal=INT,PIPE true 2>/dev/null; then
    export CRIER_SIGNALS=default
    exec env --default-signal=INT,PIPE bash "$0" "$@"
fi

# Seconds for a step of a fault, and for a request. A machine may be slow.
patience=60

misused() {
    echo "${0##*/}: $1 (-h for help)" >&2
    exit 2
}

give_up() {
    echo "${0##*/}: $1" >&2
    exit 1
}

whole_number() {
    [[ $2 =~ ^[1-9][0-9]{0,6}$ ]] ||
        misused "$1 needs a positive integer, not '$2'"
}

# Sets url, host and port; also count and seconds, if the fault has them.
read_options() {
    url=${CRIER_URL:-http://localhost:3000}
    while getopts :hu:n:t: option; do
        case $option in
        h) usage && exit ;;
        u) url=$OPTARG ;;
        n) [ -n "${count:-}" ] || misused "there is no option -n"
            whole_number -n "$OPTARG" && count=$OPTARG ;;
        t) whole_number -t "$OPTARG" && seconds=$OPTARG ;;
        :) misused "-$OPTARG needs a value" ;;
        *) misused "there is no option -$OPTARG" ;;
        esac
    done
    shift $((OPTIND - 1))
    [ $# -eq 0 ] || misused "unexpected argument '$1'"
    url=${url%/}
    host=${url#http://}
    port=${host##*:}
    host=${host%:*}
    [[ $port =~ ^[0-9]+$ ]] || misused "-u needs http://HOST:PORT, not '$url'"
}

# Prints a number of /healthz, or nothing if the server does not answer.
healthz() {
    curl -q --silent --max-time "$patience" "$url/healthz" |
        sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

need_server() {
    command -v curl >/dev/null ||
        give_up "curl is not installed: apt-get install curl"
    # shellcheck source=scripts/direct.sh
    . "${BASH_SOURCE[0]%/*}/../direct.sh"
    [ -n "$(healthz clients)" ] ||
        give_up "no answer from $url/healthz: is the server running?"
}

# Tells the class what to look at while the fault runs.
watch_this() {
    echo "watch      $url/threads.html, or scripts/threads $port"
    echo "           ${1//$'\n'/$'\n'           }"
}

publish() {
    curl -q --silent --fail --max-time "$patience" --output /dev/null --data @- \
        --config <(authorization) \
        "$url/update" <<<"{\"text\":\"$1\"}"
}

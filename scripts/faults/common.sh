# What the faults share: options, the server's address, and questions to it.
# shellcheck shell=bash disable=SC2034
# Sourced after `usage` and the defaults of `count` and `seconds` are set.

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
        misused "$1 wants a whole number from 1, not '$2'"
}

# Sets url, host, port; and count and seconds, where the fault has them.
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
    [ $# -eq 0 ] || misused "what is '$1' for?"
    url=${url%/}
    host=${url#http://}
    port=${host##*:}
    host=${host%:*}
    [[ $port =~ ^[0-9]+$ ]] || misused "-u wants http://HOST:PORT, not '$url'"
}

# A number of /healthz; nothing if the server does not answer.
healthz() {
    curl --silent --max-time "$patience" "$url/healthz" |
        sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

need_server() {
    [ -n "$(healthz clients)" ] ||
        give_up "no answer from $url/healthz: is the server running?"
}

# What the class may look at meanwhile.
watch_this() {
    echo "watch      $url/threads.html, or scripts/threads $port"
    echo "           ${1//$'\n'/$'\n'           }"
}

publish() {
    curl --silent --fail --max-time "$patience" --output /dev/null --data @- \
        "$url/update" <<<"{\"text\":\"$1\"}"
}

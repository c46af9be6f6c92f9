# What the faults share: options, the server's address, and questions to it.
# shellcheck shell=bash disable=SC2034
# Sourced after `usage` and the defaults of `count` and `seconds` are set.

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
    curl --silent --max-time 5 "$url/healthz" |
        sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

need_server() {
    command -v curl >/dev/null ||
        give_up "curl is not installed: apt-get install curl"
    [ -n "$(healthz clients)" ] ||
        give_up "no answer from $url/healthz: is the server running?"
}

# What the class may look at meanwhile.
watch_this() {
    echo "watch      $url/threads.html, or scripts/threads $port"
    echo "           ${1//$'\n'/$'\n'           }"
}

publish() {
    curl --silent --fail --max-time 10 --output /dev/null --data @- \
        "$url/update" <<<"{\"text\":\"$1\"}"
}

# How many threads of the server block in this call, by GET /threads.
blocked_in() {
    curl --silent --fail --max-time 5 "$url/threads" |
        awk -v RS='{' -v call="\"blocked_in\":\"$1\"" '
            /"role":"subscriber"/ && index($0, call) { n++ }
            END { print n + 0 }'
}

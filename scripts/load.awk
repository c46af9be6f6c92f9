# Counts for scripts/load. Reads the replies to the updates (replies.*), then
# what each subscriber received (stream.*). In both, it counts the lines with
#
#     {"text":"load-RUN-CONNECTION-NUMBER","timestamp":1744353420000}

BEGIN { FS = "[\"-]" }

FNR == 1 {
    is_stream = FILENAME ~ /stream\.[0-9]+$/
    last_ms = last_n = 0
    split("", last_of)
}

/^event: gap/ { gaps++ }

/^id: / { id = substr($0, 5) }

$4 == "load" && $5 == run && $6 != "end" {
    number = $7 + 0
    if (is_stream)
        deliver($6, number)
    else if (!(number in sent)) {
        sent[number]
        sent_count++
    }
}

function deliver(connection, number,    part) {
    if (!(number in sent))
        return
    received++
    if (seen_by[number] == FILENAME) {
        duplicated++
        return
    }
    seen_by[number] = FILENAME
    different++

    # If the ids of each subscriber increase, and a message has the same id for
    # all of them, then all of them have seen the same order.
    split(id, part, "-")
    if (!(number in id_of))
        id_of[number] = id
    if (part[1] + 0 < last_ms || part[1] + 0 == last_ms && part[2] <= last_n ||
        id != id_of[number] || number < last_of[connection] + 0)
        disordered++
    last_ms = part[1] + 0
    last_n = part[2] + 0
    last_of[connection] = number
}

END {
    expected = sent_count * subscribers
    lost = expected - different
    seconds = end - start
    if (seconds < 0.001)
        seconds = 0.001

    printf "sent         %10d of %d updates\n", sent_count, updates
    printf "expected     %10d deliveries to %d subscribers\n", expected, subscribers
    printf "received     %10d\n", received
    printf "lost         %10d\n", lost
    printf "duplicated   %10d\n", duplicated
    printf "out of order %10d\n", disordered
    printf "deliveries/s %10d in %.3f s\n", received / seconds, seconds
    if (gaps)
        printf "gap events   %10d: crier --history is too small\n", gaps
    exit sent_count != updates || lost || duplicated || disordered
}

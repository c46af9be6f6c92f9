# A line of progress every ten seconds, for commands that say nothing for long.
# shellcheck shell=sh
# Sourced. The command itself stays in the foreground: what a shell without job
# control starts in the background ignores Ctrl-C.

# start_progress COMMAND...: prints how many seconds have passed, and what
# COMMAND prints, until stop_progress.
start_progress() {
    (
        seconds=0
        while sleep 1 >/dev/null 2>&1; do
            seconds=$((seconds + 1))
            [ $((seconds % 10)) -ne 0 ] ||
                printf '  %3d s: %s\n' "$seconds" "$("$@")"
        done
    ) &
    progress_pid=$!
}

stop_progress() {
    [ -z "${progress_pid:-}" ] || kill -KILL "$progress_pid" 2>/dev/null || :
    [ -z "${progress_pid:-}" ] || wait "$progress_pid" 2>/dev/null || :
    progress_pid=
}

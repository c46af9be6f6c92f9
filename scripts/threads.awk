# For scripts/threads: looks at /proc/PID/task and prints a table.

BEGIN {
    read_calls()
    explain()
    look()
    if (once) {
        system("sleep 1")
        look()
        print_table()
        exit
    }
    while (alive) {
        if (screen)
            printf "\033[H\033[J" # from the top, as watch(1) does
        print_table()
        fflush()
        if (system("sleep " interval) != 0)
            exit
        look()
    }
    print "The server has ended."
}

# Reads src/threads/calls.def, which describes its own format. It has the
# numbers of two architectures; on another one, the number itself is shown.
function read_calls(    column, line, part, number, meaning) {
    column = machine == "x86_64" ? 2 : machine == "aarch64" ? 3 : 0
    while ((getline line < calls) > 0) {
        if (line ~ /^\/\* [-0-9]+ [-0-9]+ /) {
            split(line, part, " ")
            number = part[column]
            meaning = line
            sub(/^\/\* [-0-9]+ [-0-9]+ /, "", meaning)
            sub(/ ?\*\/$/, "", meaning)
        } else if (split(line, part, "\"") == 5) { # {SYS_…, "C", "kernel"},
            if (column)
                call_of[number] = part[4]
            means[part[4]] = meaning
        }
    }
    close(calls)
}

function explain() {
    # These are no system calls. The first two are a futex(2): see read_call.
    means["pthread_cond_wait"] = means["futex"]
    means["pthread_mutex_lock"] = "waits for the store's mutex"
    means["runs"] = "runs, or is ready to run"
    # What a thread sleeps in, if only its name and state can be read.
    guess["accept"] = "accept4"
    guess["signals"] = "rt_sigtimedwait"
    guess["departures"] = "epoll_wait"
    guess["log"] = "pthread_cond_wait"
    guess["journal"] = "pthread_cond_wait"
    guess["client"] = "recvfrom"
    guess["subscriber"] = "pthread_cond_wait"
}

function line_of(file,    line) {
    line = ""
    if ((getline line < file) <= 0)
        line = ""
    close(file)
    return line
}

function now(    part) {
    split(line_of("/proc/uptime"), part, " ")
    return part[1]
}

# Reads all threads into arrays. Their index is the thread's id.
function look(    list, tid) {
    moment = now()
    count = closed = 0
    list = "ls -1 '" proc "/" pid "/task' 2>/dev/null | sort -n"
    while ((list | getline tid) > 0)
        if (read_thread(proc "/" pid "/task/" tid, tid))
            ids[++count] = tid
    close(list)
    alive = count > 0
    if (!first)
        first = moment
}

# Each file has one line. There may be ten thousand threads, so few files are
# read.
function read_thread(directory, tid,    stat, field, runs) {
    stat = line_of(directory "/stat") # TID (NAME) STATE ...
    if (!match(stat, /\(.*\) ./))
        return 0 # the thread ended after the directory was listed
    name[tid] = substr(stat, RSTART + 1, RLENGTH - 4)
    # The main thread keeps the name of the process, crier. Its role is accept,
    # also in the server's own /threads.
    if (tid == pid)
        name[tid] = "accept"
    state[tid] = substr(stat, RSTART + RLENGTH - 1, 1)
    split(line_of(directory "/schedstat"), field, " ")
    runs = field[3] # how many times it was given a core
    if (runs == "" || !(tid in ran) || ran[tid] != runs || state[tid] == "R")
        since[tid] = moment
    ran[tid] = runs
    wchan[tid] = line_of(directory "/wchan")
    if (wchan[tid] == "0" || wchan[tid] == "")
        wchan[tid] = "-"
    call[tid] = read_call(directory, tid)
    return 1
}

function read_call(directory, tid,    field) {
    if (split(line_of(directory "/syscall"), field, " ") == 0) {
        closed++
        if (state[tid] == "R")
            return "runs"
        return name[tid] in guess ? guess[name[tid]] : "?"
    }
    if (field[1] == "running" || field[1] < 0)
        return "runs"
    if (call_of[field[1]] == "futex") # the operation FUTEX_WAIT: a mutex
        return field[3] == "0x80" || field[3] == "0x0" ? \
            "pthread_mutex_lock" : "pthread_cond_wait"
    return field[1] in call_of ? call_of[field[1]] : "system call " field[1]
}

function thousands(n,    text) {
    text = n ""
    while (match(text, /[0-9][0-9][0-9][0-9]($|,)/))
        text = substr(text, 1, RSTART) "," substr(text, RSTART + 1)
    return text
}

# A thread that was woken since the look before has slept for less than the
# interval. A thread that was not woken since this script began has slept for
# longer: its age begins with ">".
function age(tid,    s) {
    s = moment - since[tid]
    return s > 0 ? (since[tid] == first ? ">" : "") sprintf("%.1f s", s) : "-"
}

function row(left, tid) {
    printf "%8s  %-11s %-18s %-22s %8s %-2s %s\n", left, name[tid], call[tid],
        wchan[tid], age(tid), state[tid],
        call[tid] in means ? means[call[tid]] : ""
}

function kind(tid) {
    return name[tid] SUBSEP call[tid] SUBSEP wchan[tid] SUBSEP state[tid]
}

function print_table(    i) {
    printf "crier %s: %s threads\n", pid, thousands(count)
    if (closed)
        print "The system calls may not be read (try sudo). BLOCKS is a guess" \
            " from each thread's\nname and state."
    printf "%8s  %-11s %-18s %-22s %8s %-2s\n", "TID", "NAME", "BLOCKS", \
        "WCHAN", "AGE", "S"
    split("", members)
    for (i = 1; i <= count; i++)
        members[kind(ids[i])]++
    print_rows()
}

# More than eight threads with the same columns are one line, below the others.
function print_rows(    i, tid, crowd, done) {
    for (crowd = 0; crowd <= 1; crowd++)
        for (i = 1; i <= count; i++) {
            tid = ids[i]
            if ((members[kind(tid)] > 8) != crowd || kind(tid) in done)
                continue
            if (crowd)
                done[kind(tid)] = 1
            row(crowd ? thousands(members[kind(tid)]) " x" : tid, tid)
        }
}

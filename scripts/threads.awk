# For scripts/threads: looks at /proc/PID/task and prints a table.

BEGIN {
    name_calls()
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

# Numbers differ between architectures; others show theirs.
function name_calls(    names, i, n, pair) {
    if (machine == "x86_64")
        n = split("0=read 1=write 7=poll 35=nanosleep 40=sendfile " \
            "44=sendto 45=recvfrom 46=sendmsg 128=rt_sigtimedwait " \
            "202=futex 230=clock_nanosleep 232=epoll_wait 271=ppoll " \
            "281=epoll_pwait 288=accept4", names, " ")
    else if (machine == "aarch64")
        n = split("22=epoll_pwait 63=read 64=write 71=sendfile 73=ppoll " \
            "98=futex 101=nanosleep 115=clock_nanosleep " \
            "137=rt_sigtimedwait 206=sendto 207=recvfrom 211=sendmsg " \
            "242=accept4", names, " ")
    for (i = 1; i <= n; i++) {
        split(names[i], pair, "=")
        call_of[pair[1]] = pair[2]
    }
}

function explain() {
    means["accept4"] = "waits for the next client"
    means["recvfrom"] = "waits for what its client sends"
    means["sendmsg"] = means["sendto"] = means["sendfile"] = \
        "waits until its client reads"
    means["pthread_cond_wait"] = "waits to be woken, for a message or a turn"
    means["pthread_mutex_lock"] = "waits for a mutex that another thread has"
    means["epoll_wait"] = means["epoll_pwait"] = \
        "waits for clients that hang up"
    means["rt_sigtimedwait"] = "waits for Ctrl-C"
    means["poll"] = means["ppoll"] = "watches the threads, until the next look"
    means["nanosleep"] = means["clock_nanosleep"] = "sleeps"
    means["write"] = "writes its line of the log"
    means["runs"] = "runs, or would if there were a free core"
    # Where only name and state are known.
    guess["accept"] = "accept4"
    guess["signals"] = "rt_sigtimedwait"
    guess["departures"] = "epoll_wait"
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

# Reads all the threads anew, into arrays by the thread's id.
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

# Each file has one line: of ten thousand threads that makes half a second.
function read_thread(directory, tid,    stat, field, runs) {
    stat = line_of(directory "/stat") # TID (NAME) STATE ...
    if (!match(stat, /\(.*\) ./))
        return 0 # it has ended meanwhile
    name[tid] = substr(stat, RSTART + 1, RLENGTH - 4)
    state[tid] = substr(stat, RSTART + RLENGTH - 1, 1)
    split(line_of(directory "/schedstat"), field, " ")
    runs = field[3] # how often it has been given a core
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
    if (call_of[field[1]] == "futex") # the operation: FUTEX_WAIT is a mutex
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

# Who was woken between two looks has an age below that; who never was, at
# least that of this script.
function age(tid,    s) {
    s = moment - since[tid]
    return s > 0 ? (since[tid] == first ? ">" : "") sprintf("%.1f s", s) : "-"
}

function row(left, tid) {
    printf "%8s  %-11s %-18s %-21s %8s %-2s %s\n", left, name[tid], call[tid],
        wchan[tid], age(tid), state[tid],
        call[tid] in means ? means[call[tid]] : ""
}

function kind(tid) {
    return name[tid] SUBSEP call[tid] SUBSEP wchan[tid] SUBSEP state[tid]
}

function print_table(    i) {
    printf "crier %s: %s threads\n", pid, thousands(count)
    if (closed)
        print "Its system calls may not be read (try sudo): what follows is" \
            " guessed from the\nthreads' names and states."
    printf "%8s  %-11s %-18s %-21s %8s %-2s\n", "TID", "NAME", "BLOCKS", \
        "WCHAN", "AGE", "S"
    split("", members)
    for (i = 1; i <= count; i++)
        members[kind(ids[i])]++
    print_rows()
}

# More than eight that say the same are one line, below the others.
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

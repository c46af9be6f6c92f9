/* proc: what the kernel says of a thread, or a directory that plays it. */
#include "unit.h"

#include "threads/proc.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

TestSuite(proc, .timeout = TEST_SECONDS);

static void expect_call(const char *line, const char *call, const char *system)
{
    struct proc t = proc_parse(line);

    cr_expect(t.known, "%s", line);
    cr_expect_str_eq(t.call, call, "%s: %s", line, t.call);
    cr_expect_str_eq(t.system, system, "%s: %s", line, t.system);
}

static void expect_number(long number, const char *arguments, const char *call,
                          const char *system)
{
    char line[128];

    snprintf(line, sizeof line, "%ld %s", number, arguments);
    expect_call(line, call, system);
}

Test(proc, calls_have_names)
{
    expect_number(SYS_accept4, "0x6 0x0 0x0", "accept4", "accept4");
    expect_number(SYS_recvfrom, "0x6 0x0 0x0", "recv", "recvfrom");
    expect_number(SYS_sendmsg, "0x6 0x0 0x0", "sendmsg", "sendmsg");
    expect_number(SYS_sendfile, "0x6 0x0 0x0", "sendfile", "sendfile");
    expect_number(SYS_fdatasync, "0x6", "fdatasync", "fdatasync");
    expect_number(SYS_ppoll, "0x6", "poll", "ppoll");
    expect_number(SYS_epoll_pwait, "0x6", "epoll_wait", "epoll_pwait");
    expect_number(SYS_rt_sigtimedwait, "0x6", "sigwait", "rt_sigtimedwait");
    expect_number(SYS_clock_nanosleep, "0x6", "nanosleep", "clock_nanosleep");
    expect_number(999999, "0x6", "another system call", "another system call");
}

Test(proc, a_futex_is_a_condition_variable_or_a_mutex)
{
    /* glibc: FUTEX_WAIT_BITSET, with and without FUTEX_CLOCK_REALTIME; and
     * FUTEX_WAIT; all with FUTEX_PRIVATE_FLAG. */
    expect_number(SYS_futex, "0x7f 0x89 0x0", "pthread_cond_wait", "futex");
    expect_number(SYS_futex, "0x7f 0x189 0x0", "pthread_cond_wait", "futex");
    expect_number(SYS_futex, "0x7f 0x80 0x2", "pthread_mutex_lock", "futex");
    expect_number(SYS_futex, "", "pthread_cond_wait", "futex");
}

#ifdef SYS_futex_time64
Test(proc, calls_for_wide_times_and_files_have_the_same_names)
{
    expect_number(SYS_futex_time64, "0x7f 0x89", "pthread_cond_wait", "futex");
    expect_number(SYS_futex_time64, "0x7f 0x80", "pthread_mutex_lock", "futex");
    expect_number(SYS_ppoll_time64, "0x6", "poll", "ppoll");
    expect_number(SYS_sendfile64, "0x6", "sendfile", "sendfile");
}
#endif

#if defined __x86_64__ || defined __aarch64__
/* calls.def gives scripts/threads the numbers of two architectures. */
Test(proc, the_list_of_calls_has_the_numbers_of_this_machine)
{
#ifdef __x86_64__
    const size_t machine = 0;
#else
    const size_t machine = 1;
#endif
    FILE *f = fopen("src/threads/calls.def", "re");
    char line[128], numbers[2][8] = {"", ""}, call[32], system[32];
    int calls = 0;

    cr_assert_not_null(f);
    while (fgets(line, sizeof line, f)) {
        sscanf(line, "/* %7[0-9-] %7[0-9-]", numbers[0], numbers[1]);
        if (sscanf(line, "{%*[^,], \"%31[^\"]\", \"%31[^\"]\"", call, system) !=
            2)
            continue;
        calls++;
        cr_expect_str_neq(numbers[machine], "", "no numbers above %s", line);
        if (strcmp(numbers[machine], "-") != 0)
            expect_number(atol(numbers[machine]), "0x6", call, system);
        numbers[machine][0] = '\0';
    }
    cr_expect_gt(calls, 20);
    fclose(f);
}
#endif

Test(proc, who_runs_blocks_in_nothing)
{
    static const char *const lines[] = {"running", "-1 0x7ffc 0x7f"};

    for (size_t i = 0; i < COUNT(lines); i++) {
        cr_expect(proc_parse(lines[i]).known);
        cr_expect_null(proc_parse(lines[i]).call);
    }
    cr_expect_not(proc_parse("").known);
    cr_expect_not(proc_parse("what?").known);
}

static void *sleep_in_recv(void *argument)
{
    const struct sockets *s = argument;
    char byte;

    pthread_setname_np(pthread_self(), "sleeper");
    return recv(s->ours, &byte, 1, 0) < 0 ? argument : NULL;
}

Test(proc, the_kernel_is_asked)
{
    struct sockets s = open_sockets();
    int directory = proc_open(PROC_DIRECTORY);
    const int64_t start = in_ms(0);
    struct proc t = {.known = false}, again;
    pthread_t thread;
    pid_t tid = 0;

    cr_assert_geq(directory, 0);
    pthread_create(&thread, NULL, sleep_in_recv, &s);
    for (;; wait_a_moment(start, "a thread in recv")) {
        tid = tid ? tid : proc_find(directory, "sleeper");
        t = proc_look(directory, tid, NULL);
        if (t.known && t.call && strcmp(t.call, "recv") == 0)
            break;
    }
    cr_expect_str_eq(t.system, "recvfrom");
    again = proc_look(directory, tid, &t);
    cr_expect_str_eq(again.wchan, t.wchan);
    close(s.peers);
    pthread_join(thread, NULL);
    cr_expect_eq(proc_find(directory, "nobody"), 0);
    close(directory);
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");

    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
}

Test(proc, a_directory_that_tells_less)
{
    char name[] = "/tmp/crier-task-XXXXXX";
    int directory;
    struct proc t;
    char line[64];

    cr_assert_not_null(mkdtemp(name));
    cr_assert_eq(chdir(name), 0);
    mkdir("42", 0700);
    directory = proc_open(name);
    cr_expect_not(proc_look(directory, 42, NULL).known, "no file at all");
    cr_expect_not(proc_look(directory, 43, NULL).known, "no directory");
    cr_expect_not(proc_look(directory, 0, NULL).known, "no thread");
    cr_expect_not(proc_look(-1, 42, NULL).known, "no /proc");
    cr_expect_eq(proc_find(-1, "accept"), 0);

    snprintf(line, sizeof line, "%d 0x6 0x0\n", SYS_accept4);
    write_file("42/syscall", line);
    write_file("42/comm", "accept\n");
    t = proc_look(directory, 42, NULL);
    cr_expect(t.known);
    cr_expect_str_eq(t.call, "accept4");
    cr_expect_str_eq(t.wchan, "", "there is none");
    write_file("42/wchan", "0");
    cr_expect_str_eq(proc_look(directory, 42, NULL).wchan, "");
    write_file("42/wchan", "inet_csk_accept");
    cr_expect_str_eq(proc_look(directory, 42, NULL).wchan, "inet_csk_accept");
    cr_expect_eq(proc_find(directory, "accept"), 42);
    cr_expect_eq(proc_find(directory, "signals"), 0);
    close(directory);
    unlink("42/syscall");
    unlink("42/comm");
    unlink("42/wchan");
    rmdir("42");
    cr_expect_eq(rmdir(name), 0);
}

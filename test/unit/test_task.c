/* task: what the kernel says of a thread, or a directory that plays it. */
#include "unit.h"

#include "task.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

TestSuite(task, .timeout = TEST_SECONDS);

static void expect_call(const char *line, const char *call, const char *system)
{
    struct task t = task_parse(line);

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

Test(task, calls_have_names)
{
    expect_number(SYS_accept4, "0x6 0x0 0x0", "accept4", "accept4");
    expect_number(SYS_recvfrom, "0x6 0x0 0x0", "recv", "recvfrom");
    expect_number(SYS_sendmsg, "0x6 0x0 0x0", "sendmsg", "sendmsg");
    expect_number(SYS_sendfile, "0x6 0x0 0x0", "sendfile", "sendfile");
    expect_number(SYS_ppoll, "0x6", "poll", "ppoll");
    expect_number(SYS_epoll_pwait, "0x6", "epoll_wait", "epoll_pwait");
    expect_number(SYS_rt_sigtimedwait, "0x6", "sigwait", "rt_sigtimedwait");
    expect_number(SYS_clock_nanosleep, "0x6", "nanosleep", "clock_nanosleep");
    expect_number(999999, "0x6", "another system call", "another system call");
}

Test(task, a_futex_is_a_condition_variable_or_a_mutex)
{
    /* glibc: FUTEX_WAIT_BITSET, with and without FUTEX_CLOCK_REALTIME; and
     * FUTEX_WAIT; all with FUTEX_PRIVATE_FLAG. */
    expect_number(SYS_futex, "0x7f 0x89 0x0", "pthread_cond_wait", "futex");
    expect_number(SYS_futex, "0x7f 0x189 0x0", "pthread_cond_wait", "futex");
    expect_number(SYS_futex, "0x7f 0x80 0x2", "pthread_mutex_lock", "futex");
    expect_number(SYS_futex, "", "pthread_cond_wait", "futex");
}

Test(task, who_runs_blocks_in_nothing)
{
    static const char *const lines[] = {"running", "-1 0x7ffc 0x7f"};

    for (size_t i = 0; i < COUNT(lines); i++) {
        cr_expect(task_parse(lines[i]).known);
        cr_expect_null(task_parse(lines[i]).call);
    }
    cr_expect_not(task_parse("").known);
    cr_expect_not(task_parse("what?").known);
}

static void *sleep_in_recv(void *argument)
{
    const struct sockets *s = argument;
    char byte;

    pthread_setname_np(pthread_self(), "sleeper");
    return recv(s->ours, &byte, 1, 0) < 0 ? argument : NULL;
}

Test(task, the_kernel_is_asked)
{
    struct sockets s = open_sockets();
    int directory = task_open(TASK_DIRECTORY);
    const int64_t start = in_ms(0);
    struct task t = {.known = false}, again;
    pthread_t thread;
    pid_t tid = 0;

    cr_assert_geq(directory, 0);
    pthread_create(&thread, NULL, sleep_in_recv, &s);
    for (;; wait_a_moment(start, "a thread in recv")) {
        tid = tid ? tid : task_find(directory, "sleeper");
        t = task_look(directory, tid, NULL);
        if (t.known && t.call && strcmp(t.call, "recv") == 0)
            break;
    }
    cr_expect_str_eq(t.system, "recvfrom");
    again = task_look(directory, tid, &t);
    cr_expect_str_eq(again.wchan, t.wchan);
    close(s.peers);
    pthread_join(thread, NULL);
    cr_expect_eq(task_find(directory, "nobody"), 0);
    close(directory);
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");

    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
}

Test(task, a_directory_that_tells_less)
{
    char name[] = "/tmp/crier-task-XXXXXX";
    int directory;
    struct task t;
    char line[64];

    cr_assert_not_null(mkdtemp(name));
    cr_assert_eq(chdir(name), 0);
    mkdir("42", 0700);
    directory = task_open(name);
    cr_expect_not(task_look(directory, 42, NULL).known, "no file at all");
    cr_expect_not(task_look(directory, 43, NULL).known, "no directory");
    cr_expect_not(task_look(directory, 0, NULL).known, "no thread");
    cr_expect_not(task_look(-1, 42, NULL).known, "no /proc");
    cr_expect_eq(task_find(-1, "accept"), 0);

    snprintf(line, sizeof line, "%d 0x6 0x0\n", SYS_accept4);
    write_file("42/syscall", line);
    write_file("42/comm", "accept\n");
    t = task_look(directory, 42, NULL);
    cr_expect(t.known);
    cr_expect_str_eq(t.call, "accept4");
    cr_expect_str_eq(t.wchan, "", "there is none");
    write_file("42/wchan", "0");
    cr_expect_str_eq(task_look(directory, 42, NULL).wchan, "");
    write_file("42/wchan", "inet_csk_accept");
    cr_expect_str_eq(task_look(directory, 42, NULL).wchan, "inet_csk_accept");
    cr_expect_eq(task_find(directory, "accept"), 42);
    cr_expect_eq(task_find(directory, "signals"), 0);
    close(directory);
    unlink("42/syscall");
    unlink("42/comm");
    unlink("42/wchan");
    rmdir("42");
    cr_expect_eq(rmdir(name), 0);
}

/*
 * The part of Criterion that the unit tests use, and a main that runs each test
 * in a fork.
 *
 * The real Criterion cannot run them here: it starts each test by an exec of
 * its own program, which the kernel refuses for another machine's program, and
 * Debian has no Criterion for armhf. Messages and verdicts are the same.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PATIENCE = 300, /* seconds for a test; emulation is slow */
    JOBS = 8,       /* most of the tests that take long, wait */

    EXIT_SKIPPED = 77,
};

/* Where the linker collects what Test() defines. */
extern struct criterion_test *__start_cr_tst[], *__stop_cr_tst[];

struct tally {
    atomic_int next, passed, failed, skipped;
};

struct criterion_options criterion_options;

/* Of the process that runs one test. */
static const struct criterion_test *test;
static atomic_bool has_failed;

static _Noreturn void end_test(int status)
{
    fflush(NULL);
    _exit(status);
}

static void say(const char *verdict, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "[%s] %s::%s: %s\n", verdict, test->category, test->name,
            text);
}

int cr_asprintf(char **text, const char *format, ...)
{
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vasprintf(text, format, arguments);
    va_end(arguments);
    return len;
}

void cr_asprintf_free(char *text)
{
    free(text);
}

/* The expression, as it stands in the test. */
char *cr_translate_assert_msg(int message, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, message);
    text = strdup(va_arg(arguments, const char *));
    va_end(arguments);
    return text;
}

void criterion_send_assert(struct criterion_assert_stats *assertion)
{
    if (!assertion->passed)
        say("----", "%s:%u: %s", assertion->file, assertion->line,
            assertion->message);
}

void cri_asserts_passed_incr(void)
{
}

void criterion_continue_test(void)
{
    atomic_store(&has_failed, true);
}

void criterion_abort_test(void)
{
    end_test(EXIT_FAILURE);
}

void criterion_skip_test(const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    say("SKIP", "%s", text);
    end_test(EXIT_SKIPPED);
}

void criterion_internal_test_setup(void)
{
}

void criterion_internal_test_main(void (*function)(void))
{
    function();
}

void criterion_internal_test_teardown(void)
{
}

static _Noreturn void run_here(void)
{
    const struct criterion_test_extra_data *d = test->data;

    if (d->init || d->fini || d->exit_code || d->disabled ||
        d->kind_ != CR_TEST_NORMAL) {
        say("----", "test/cross/criterion.c lacks an option of this test");
        end_test(EXIT_FAILURE);
    }
    alarm(PATIENCE);
    test->test();
    end_test(atomic_load(&has_failed) ? EXIT_FAILURE : EXIT_SUCCESS);
}

static void run(struct tally *tally)
{
    pid_t child = fork();
    int status;

    if (child == 0)
        run_here();
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("fork");
        exit(EXIT_FAILURE);
    }
    if (test->data->signal
            ? WIFSIGNALED(status) && WTERMSIG(status) == test->data->signal
            : status == 0) {
        atomic_fetch_add(&tally->passed, 1);
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED) {
        atomic_fetch_add(&tally->skipped, 1);
    } else {
        atomic_fetch_add(&tally->failed, 1);
        say("FAIL", "%s",
            WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "");
    }
}

static bool is_called(const struct criterion_test *t, const char *called)
{
    char name[256];

    snprintf(name, sizeof name, "%s/%s", t->category, t->name);
    return strcmp(name, called) == 0;
}

static bool is_excluded(char **excluded)
{
    while (*excluded && !is_called(test, *excluded))
        excluded++;
    return *excluded != NULL;
}

static bool exists(const char *called)
{
    struct criterion_test **t = __start_cr_tst;

    while (t < __stop_cr_tst && !(*t && is_called(*t, called)))
        t++;
    return t < __stop_cr_tst;
}

/* Each of the JOBS takes the next test when it is free. */
static void run_all(struct tally *tally, char **excluded)
{
    const int count = (int)(__stop_cr_tst - __start_cr_tst);
    int i;

    while ((i = atomic_fetch_add(&tally->next, 1)) < count) {
        test = __start_cr_tst[i];
        if (test && is_excluded(excluded)) {
            say("SKIP", "excluded by test/cross/run");
            atomic_fetch_add(&tally->skipped, 1);
        } else if (test) {
            run(tally);
        }
    }
}

/* An argument is a test that is not to run, as suite/test. */
int main(int argc, char **argv)
{
    struct tally *tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool complete = true;
    int status;

    if (tally == MAP_FAILED)
        return EXIT_FAILURE;
    for (int i = 1; i < argc; i++)
        if (!exists(argv[i])) {
            fprintf(stderr, "there is no test '%s'\n", argv[i]);
            return EXIT_FAILURE;
        }
    for (int i = 0; i < JOBS; i++)
        if (fork() == 0) {
            run_all(tally, argv + 1);
            exit(EXIT_SUCCESS);
        }
    while (wait(&status) > 0)
        complete = complete && status == 0;
    printf("tested: %d, passed: %d, failed: %d, skipped: %d\n",
           tally->passed + tally->failed, tally->passed, tally->failed,
           tally->skipped);
    return complete && tally->passed > 0 && tally->failed == 0 ? EXIT_SUCCESS
                                                               : EXIT_FAILURE;
}

/* tell: see tell.h. */
#include "tell.h"

#include "schedule.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    STEPS = 400,
    SHOWN = 60,
    NAMES = 32,
    TEXT = 128,
    COLUMN = 54,
    RUN_S = 5,
    WRONG = 1
};

static struct step {
    const struct actor *actor;
    const void *where;
    char text[TEXT];
} steps[STEPS];
static size_t step_count;

static struct {
    const void *object;
    char text[TEXT];
} names[NAMES];
static size_t name_count, symbol_count; /* symbols, of all runs, come first */

static const char *title;

static bool raced;

/* Of ThreadSanitizer, if the program is built with it: the steps are written by
 * all threads, one after the other, and that is no race. */
void AnnotateIgnoreWritesBegin(const char *file, int line)
    __attribute__((weak));
void AnnotateIgnoreWritesEnd(const char *file, int line) __attribute__((weak));

/* ThreadSanitizer calls it after a report. */
void __tsan_on_report(void *report);

void __tsan_on_report(void *report)
{
    (void)report;
    raced = true;
}

void tell_race(void)
{
    if (raced)
        wrong("a data race: two threads use the same memory, one of them "
              "changes it,\n       and no mutex keeps them apart");
}

static void write_text(char text[TEXT], const char *format, va_list values)
{
    if (AnnotateIgnoreWritesBegin)
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    vsnprintf(text, TEXT, format, values);
    if (AnnotateIgnoreWritesEnd)
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
}

/* The limit is processor time: a machine that is busy, or sleeps, is no
 * mistake. */
void tell_begin(const char *scenario)
{
    const struct itimerval limit = {.it_value = {RUN_S, 0}};

    title = scenario;
    step_count = 0;
    name_count = symbol_count;
    setitimer(ITIMER_PROF, &limit, NULL);
}

void tell_name(const void *object, const char *format, ...)
{
    va_list values;

    if (name_count == NAMES)
        return;
    names[name_count].object = object;
    va_start(values, format);
    write_text(names[name_count++].text, format, values);
    va_end(values);
}

/* The first line that the command prints; "" if there is none. */
static void ask(const char *command, char answer[TEXT])
{
    FILE *output = popen(command, "r");

    if (!output || !fgets(answer, TEXT, output))
        answer[0] = '\0';
    if (output)
        pclose(output);
    answer[strcspn(answer, " \n")] = '\0';
}

/* The variable of the program that is at this address; "" if there is none. */
static void find_symbol(const void *object, char symbol[TEXT])
{
    char command[TEXT];

    snprintf(command, sizeof command,
             "nm /proc/%d/exe | sed -n 's/^0*%" PRIxPTR " . //p'",
             (int)getpid(), (uintptr_t)object);
    ask(command, symbol);
}

const char *tell_name_of(const void *object)
{
    char symbol[TEXT];

    for (size_t i = 0; i < name_count; i++)
        if (names[i].object == object)
            return names[i].text;
    if (name_count == NAMES)
        return "another one";
    find_symbol(object, symbol);
    names[name_count++] = names[symbol_count];
    names[symbol_count].object = object;
    snprintf(names[symbol_count].text, TEXT, "%s",
             symbol[0] ? symbol : "another one");
    return names[symbol_count++].text;
}

void tell_step(const struct actor *actor, const void *where, const char *format,
               ...)
{
    struct step *step = &steps[step_count];
    va_list values;

    if (!actor)
        return;
    if (step_count == STEPS)
        wrong("the threads run for ever, and do not wait");
    step_count++;
    step->actor = actor;
    step->where = where;
    va_start(values, format);
    write_text(step->text, format, values);
    va_end(values);
}

/* The file and line of an address in this program. It is a return address, so
 * the call is just before. */
static void find_line(const void *where, char line[TEXT])
{
    char command[TEXT], *slash;

    line[0] = '\0';
    if (!where)
        return;
    snprintf(command, sizeof command, "addr2line -e /proc/%d/exe %" PRIxPTR,
             (int)getpid(), (uintptr_t)where - 1);
    ask(command, line);
    if (line[0] == '?' || strstr(line, "test/grade/"))
        line[0] = '\0';
    slash = strrchr(line, '/');
    if (slash)
        memmove(line, slash + 1, strlen(slash));
}

static void print_steps(void)
{
    char line[TEXT];

    printf("\n%s\n\n", title);
    for (size_t i = 0; i < step_count && i < SHOWN; i++) {
        const struct step *s = &steps[i];
        const bool again = i > 0 && steps[i - 1].actor == s->actor;

        find_line(s->where, line);
        printf("%4zu  %-13s %-*s%s%s\n", i + 1, again ? "" : s->actor->name,
               line[0] ? COLUMN : 0, s->text, line[0] ? " " : "", line);
    }
    if (step_count > SHOWN)
        printf("      and so on\n");
    printf("\n");
}

/* Where the threads are that have not ended. */
static void print_states(void)
{
    for (size_t i = 0; i < actor_count; i++) {
        const struct actor *a = &actors[i];
        const struct actor *owner =
            a->state == WANTS ? sched_owner(a->mutex) : NULL;

        if (a->state == ASLEEP)
            printf("      %s sleeps on %s\n", a->name, tell_name_of(a->cond));
        else if (a->state == SENDING)
            printf("      %s waits in sendmsg\n", a->name);
        else if (owner)
            printf("      %s waits for %s, which %s holds\n", a->name,
                   tell_name_of(a->mutex), owner == a ? "it" : owner->name);
    }
}

static _Noreturn void finish(const char *format, va_list values)
{
    static bool again;

    if (again) /* it crashed while it told */
        _exit(WRONG);
    again = true;
    printf("wrong: ");
    vprintf(format, values);
    printf("\n");
    print_steps();
    print_states();
    fflush(stdout);
    _exit(WRONG);
}

void wrong(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    finish(format, values);
}

static void on_signal(int number)
{
    const char *name = self ? self->name : "the program";

    if (number == SIGPROF)
        wrong("a thread runs for ever, and does not wait");
    wrong("%s crashes: %s", name, strsignal(number));
}

void tell_catch_signals(void)
{
    static const int all[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGPROF};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        signal(all[i], on_signal);
}

/* chrome: see chrome.h. */
#include "threads/chrome.h"

#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A thread, and the slice that it is in. */
struct row {
    pid_t thread;
    const char *role;
    const char *slice; /* NULL: none, it is outside the store */
    int64_t since;     /* ns */
    uint64_t arrow;    /* that leads to its next step; 0: none */
};

struct picture {
    FILE *out;
    int pid;
    size_t rows;
    struct row *row;    /* by thread */
    int64_t start, end; /* ns */
    uint64_t arrows;
};

/* What a thread blocks in after a step. NULL: outside the store, or unknown. */
static const char *const slices[TRACE_STEPS] = {
    [TRACE_ASKS] = "pthread_mutex_lock",  [TRACE_PUBLISHES] = "publishes",
    [TRACE_SLEEPS] = "pthread_cond_wait", [TRACE_WAKES] = "runs",
    [TRACE_KEEPS] = "keeps its turn",     [TRACE_LEAVES] = "sendmsg",
    [TRACE_HOLDS] = "holds the mutex",
};

static int compare(const void *a, const void *b)
{
    const pid_t x = ((const struct row *)a)->thread,
                y = ((const struct row *)b)->thread;

    return (x > y) - (x < y);
}

static struct row *find(const struct picture *p, pid_t thread)
{
    const struct row wanted = {.thread = thread};

    return bsearch(&wanted, p->row, p->rows, sizeof wanted, compare);
}

/* A row for each thread that did something. -1 if memory runs out. */
static int make_rows(struct picture *p, const struct trace_entry *e, size_t n)
{
    size_t rows = 0;

    p->row = calloc(n + 1, sizeof *p->row);
    if (!p->row)
        return -1;
    for (size_t i = 0; i < n; i++)
        p->row[i].thread = e[i].thread;
    qsort(p->row, n, sizeof *p->row, compare);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || p->row[i].thread != p->row[rows - 1].thread)
            p->row[rows++] = p->row[i];
    p->rows = rows;
    return 0;
}

/* The beginning of an event, of which a comma stands before each. */
static void event(const struct picture *p, const char *ph, const char *category,
                  const char *name, pid_t thread, int64_t ns)
{
    ns -= p->start;
    fprintf(p->out,
            ",\n{\"ph\":\"%s\",\"cat\":\"%s\",\"name\":\"%s\",\"pid\":%d,"
            "\"tid\":%d,\"ts\":%" PRId64 ".%03d",
            ph, category, name, p->pid, (int)thread, ns / 1000,
            (int)(ns % 1000));
}

static void end_slice(struct picture *p, struct row *row, int64_t ns)
{
    const int64_t length = ns - row->since;

    if (!row->slice)
        return;
    event(p, "X", "store", row->slice, row->thread, row->since);
    fprintf(p->out, ",\"dur\":%" PRId64 ".%03d}", length / 1000,
            (int)(length % 1000));
    row->slice = NULL;
}

static void arrow_end(struct picture *p, const char *ph, pid_t thread,
                      int64_t ns, uint64_t id)
{
    event(p, ph, "wake", "wakes", thread, ns);
    fprintf(p->out, ",\"id\":%" PRIu64 ",\"bp\":\"e\"}", id);
}

/* An arrow leads from this step to the other thread's next one. */
static void begin_arrow(struct picture *p, const struct trace_entry *e)
{
    struct row *woken = find(p, e->other);

    if (!woken || woken->arrow)
        return;
    woken->arrow = ++p->arrows;
    arrow_end(p, "s", e->thread, e->ns, woken->arrow);
}

/* The message, as a moment of the thread. */
static void mark_message(struct picture *p, const struct trace_entry *e)
{
    char id[EVENT_ID_SIZE];

    event_id_print(e->id, id);
    event(p, "i", "message",
          e->step == TRACE_PUBLISHES ? "published" : "collected", e->thread,
          e->ns);
    fprintf(p->out, ",\"s\":\"t\",\"args\":{\"id\":\"%s\"}}", id);
}

static void name_role(struct row *row, enum trace_step step)
{
    if (step == TRACE_PUBLISHES)
        row->role = "publisher";
    else if (step == TRACE_SLEEPS || step == TRACE_LEAVES)
        row->role = "subscriber";
    else if (step == TRACE_POKES)
        row->role = "departures";
    else if (step == TRACE_HOLDS || step == TRACE_NUDGES)
        row->role = "poker";
}

static void add(struct picture *p, const struct trace_entry *e)
{
    struct row *row = find(p, e->thread);

    name_role(row, e->step);
    if (e->step == TRACE_GIVES || e->step == TRACE_POKES ||
        e->step == TRACE_NUDGES) {
        begin_arrow(p, e);
        return;
    }
    end_slice(p, row, e->ns);
    if (row->arrow) {
        arrow_end(p, "f", e->thread, e->ns, row->arrow);
        row->arrow = 0;
    }
    row->slice = slices[e->step];
    row->since = e->ns;
    if (e->step == TRACE_PUBLISHES ||
        (e->step == TRACE_LEAVES && e->other == STORE_MESSAGES))
        mark_message(p, e);
}

static void name_rows(const struct picture *p)
{
    for (size_t i = 0; i < p->rows; i++) {
        const struct row *row = &p->row[i];

        event(p, "M", "__metadata", "thread_name", row->thread, p->start);
        fprintf(p->out, ",\"args\":{\"name\":\"%s %d\"}}",
                row->role ? row->role : "thread", (int)row->thread);
    }
}

/* Steps are in the order of their numbers. A thread that has its time may be
 * overtaken before it has its number. */
static void find_span(struct picture *p, const struct trace_entry *e, size_t n)
{
    p->start = p->end = n > 0 ? e[0].ns : 0;
    for (size_t i = 0; i < n; i++) {
        if (e[i].ns < p->start)
            p->start = e[i].ns;
        if (e[i].ns > p->end)
            p->end = e[i].ns;
    }
}

static void print(struct picture *p, const struct trace_entry *e, size_t n)
{
    find_span(p, e, n);
    p->pid = getpid();
    fprintf(p->out,
            "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{\"ph\":\"M\","
            "\"cat\":\"__metadata\",\"name\":\"process_name\",\"pid\":%d,"
            "\"tid\":%d,\"ts\":0,"
            "\"args\":{\"name\":\"crier\"}}",
            p->pid, p->pid);
    for (size_t i = 0; i < n; i++)
        add(p, &e[i]);
    for (size_t i = 0; i < p->rows; i++)
        end_slice(p, &p->row[i], p->end);
    name_rows(p);
    fputs("\n]}\n", p->out);
}

char *chrome_trace(const struct trace_entry *e, size_t n, size_t *len)
{
    struct picture p = {.out = NULL};
    char *text = NULL;
    bool failed = true;

    if (make_rows(&p, e, n) == 0)
        p.out = open_memstream(&text, len);
    if (p.out) {
        print(&p, e, n);
        failed = ferror(p.out) != 0;
        failed |= fclose(p.out) != 0;
    }
    free(p.row);
    if (!failed)
        return text;
    free(text);
    return NULL;
}

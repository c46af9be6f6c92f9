#include "meter.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static void add(struct meter *m, pid_t pid)
{
    char path[64];
    int child;
    if (m->count == METER_MAX)
        bench_fail(BENCH_FAILED, "more than %d processes", METER_MAX);
    m->pids[m->count++] = pid;
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        bench_fail(BENCH_FAILED, "there is no process %d", pid);
    while (fscanf(file, "%d", &child) == 1)
        add(m, child);
    fclose(file);
}

void meter_open(struct meter *m, const char *pids)
{
    *m = (struct meter){0};
    for (char *end; *pids != '\0'; pids = *end == ',' ? end + 1 : end) {
        add(m, (pid_t)strtol(pids, &end, 10));
        if (end == pids || (*end != ',' && *end != '\0'))
            bench_fail(BENCH_FAILED, "no process id: '%s'", pids);
    }
}

static uint64_t read_clock(clockid_t clock)
{
    struct timespec used;
    if (clock_gettime(clock, &used) != 0)
        bench_fail(BENCH_FAILED, "the server has gone");
    return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

void meter_read_cpu(const struct meter *m, struct reading *r)
{
    r->cpu_ns = 0;
    for (unsigned i = 0; i < m->count; i++) {
        clockid_t clock;
        if (clock_getcpuclockid(m->pids[i], &clock) != 0)
            bench_fail(BENCH_FAILED, "process %d has gone", m->pids[i]);
        r->cpu_ns += read_clock(clock);
    }
    r->own_cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

/* The number behind a name such as "VmRSS:"; 0 if file or name are missing. */
static long find(const char *path, const char *name)
{
    char line[256];
    long value = 0;
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0) {
            value = atol(line + strlen(name));
            break;
        }
    if (file != NULL)
        fclose(file);
    return value;
}

static void count_switches(pid_t pid, struct reading *r)
{
    char path[300];
    snprintf(path, sizeof(path), "/proc/%d/task", pid);
    DIR *tasks = opendir(path);
    struct dirent *task;
    while (tasks != NULL && (task = readdir(tasks)) != NULL) {
        if (task->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "/proc/%d/task/%s/status", pid,
                 task->d_name);
        r->voluntary += (uint64_t)find(path, "voluntary_ctxt_switches:");
        r->involuntary += (uint64_t)find(path, "nonvoluntary_ctxt_switches:");
    }
    if (tasks != NULL)
        closedir(tasks);
}

/* MemAvailable, and the free pages that each processor keeps for itself: after
 * many were freed, it gives them back only slowly. */
static long available_kib(void)
{
    long pages, sum = 0, page_kib = sysconf(_SC_PAGESIZE) / 1024;
    char line[256];
    FILE *file = fopen("/proc/zoneinfo", "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, " count: %ld", &pages) == 1)
            sum += pages * page_kib;
    if (file != NULL)
        fclose(file);
    return find("/proc/meminfo", "MemAvailable:") + sum;
}

void meter_read_rest(const struct meter *m, struct reading *r)
{
    char path[64];
    r->resident_kib = 0;
    r->voluntary = r->involuntary = 0;
    for (unsigned i = 0; i < m->count; i++) {
        snprintf(path, sizeof(path), "/proc/%d/status", m->pids[i]);
        r->resident_kib += find(path, "VmRSS:");
        count_switches(m->pids[i], r);
    }
    r->own_kib = find("/proc/self/status", "VmRSS:");
    r->available_kib = available_kib();
}

/*
 * soak: mixed requests by the million, and how much memory they leave behind.
 *
 *     soak REQUESTS SERVER [OPTION]...
 *
 * Starts the server on a free port, and measures it twice, each time when all
 * clients have gone: after the first WARM_UP requests, when every cache and
 * arena has been in use, and at the end. In between it may not have grown by
 * more than ROOM. Clients send what is good and what is bad, pipeline, break
 * off after any byte, subscribe and leave; every answer's status is checked.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    WARM_UP = 10000,
    CLIENTS = 16, /* threads, each with one connection at a time */
    PATIENCE = 30 /* seconds for any one thing */
};

/* In KiB. A byte lost by each of a million requests is 1 MiB; what malloc's
 * arenas grow by between the two, without a leak, is some 200 KiB. */
static const long ROOM = 1024;

#define HOST "Host: localhost\r\n"
#define POST "POST /update HTTP/1.1\r\n" HOST

static const struct kind {
    int status;
    bool closes;
    const char *request;
} kinds[] = {
    {200, false, "GET / HTTP/1.1\r\n" HOST "\r\n"},
    {200, false, "HEAD / HTTP/1.1\r\n" HOST "\r\n"},
    {206, false, "GET / HTTP/1.1\r\n" HOST "Range: bytes=5-99\r\n\r\n"},
    {416, false, "GET / HTTP/1.1\r\n" HOST "Range: bytes=99999999-\r\n\r\n"},
    {304, false, "GET / HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n"},
    {412, false, "GET / HTTP/1.1\r\n" HOST "If-Match: \"a\"\r\n\r\n"},
    {404, false, "GET /missing?a=b HTTP/1.1\r\n" HOST "\r\n"},
    {404, false, "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" HOST "\r\n"},
    {200, false, "GET /healthz HTTP/1.1\r\n" HOST "\r\n"},
    {200, false, "GET /metrics HTTP/1.1\r\n" HOST "\r\n"},
    {204, false, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"},
    {405, false, "DELETE /update HTTP/1.1\r\n" HOST "\r\n"},
    {501, false, "BREW / HTTP/1.1\r\n" HOST "\r\n"},
    {200, false, POST "Content-Length: 16\r\n\r\n{\"text\":\"hello\"}"},
    {200, false,
     POST "Expect: 100-continue\r\nContent-Length: 16\r\n\r\n"
          "{\"text\":\"hello\"}"},
    {200, false,
     POST "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\n{\"tex\r\n"
          "13\r\nt\":\"more \\u00e4\\n\"}\r\n0\r\nX: y\r\n\r\n"},
    {400, false, POST "Content-Length: 2\r\n\r\n{}"},
    {400, false, POST "Content-Length: 11\r\n\r\n{\"text\":[1,"},
    {400, false, POST "Content-Length: 12\r\n\r\n{\"text\":\"\xff\"}"},
    {403, true,
     POST "Origin: http://a.example\r\nContent-Length: 16\r\n\r\n"
          "{\"text\":\"hello\"}"},
    {413, true, POST "Content-Length: 99999999\r\n\r\n"},
    {417, true, POST "Expect: luck\r\nContent-Length: 2\r\n\r\n"},
    {400, true, POST "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"tex\r\nz\r\n"},
    {400, true, "GET / HTTP/1.1\r\n\r\n"},
    {400, true, "GET / HTTP/1.1\r\n" HOST HOST "\r\n"},
    {400, true, "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"},
    {400, true, "GET /%zz HTTP/1.1\r\n" HOST "\r\n"},
    {505, true, "GET / HTTP/2.0\r\n" HOST "\r\n"},
    {200, true, "GET / HTTP/1.0\r\n\r\n"},
    {200, true,
     "GET /subscribe?lastEventId=0&limit=3 HTTP/1.1\r\n" HOST "\r\n"},
    {400, false, "GET /subscribe?limit=x HTTP/1.1\r\n" HOST "\r\n"},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static int port;
static atomic_long requests_left;

static void fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("soak: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(EXIT_FAILURE);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void wait_a_moment(double start, const char *awaited)
{
    if (seconds_now() - start > (double)PATIENCE)
        fail("waited %d s in vain for %s", PATIENCE, awaited);
    nanosleep(&(struct timespec){.tv_nsec = 5 * 1000 * 1000}, NULL);
}

/* ---- a client ---------------------------------------------------------- */

/* What came and was not read yet stands at the front of `in`. */
struct client {
    int fd;
    size_t length;
    char in[65536];
};

static void client_open(struct client *c)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct timeval patience = {.tv_sec = PATIENCE};
    double start = seconds_now();
    c->length = 0;
    for (;; wait_a_moment(start, "a free local port")) {
        c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        if (connect(c->fd, (struct sockaddr *)&address, sizeof(address)) == 0)
            return;
        if (errno != EADDRNOTAVAIL)
            fail("connect: %s", strerror(errno));
        close(c->fd);
    }
}

static void client_close(struct client *c, bool by_reset)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (by_reset)
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(c->fd);
}

/* Who sends to a server that has closed will see that when it reads. */
static void client_send(struct client *c, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = send(c->fd, bytes, size, MSG_NOSIGNAL);
        if (n < 0)
            return;
        bytes += n;
        size -= (size_t)n;
    }
}

/* False at the end of the connection. */
static bool receive(struct client *c)
{
    if (c->length == sizeof(c->in) - 1)
        fail("an answer is too long for this client");
    ssize_t n =
        recv(c->fd, c->in + c->length, sizeof(c->in) - 1 - c->length, 0);
    if (n < 0 && errno != ECONNRESET)
        fail("no answer: %s", strerror(errno));
    if (n <= 0)
        return false;
    c->length += (size_t)n;
    c->in[c->length] = '\0';
    return true;
}

static void drop(struct client *c, size_t size)
{
    c->length -= size;
    memmove(c->in, c->in + size, c->length + 1);
}

struct answer {
    int status;
    bool closes;
    size_t body;
};

/* Drops the head. */
static struct answer read_head(struct client *c)
{
    struct answer answer = {0};
    char *end, *length;
    c->in[c->length] = '\0';
    while ((end = strstr(c->in, "\r\n\r\n")) == NULL)
        if (!receive(c))
            return answer;
    *end = '\0';
    length = strstr(c->in, "Content-Length: ");
    answer.status = atoi(c->in + strlen("HTTP/1.1 "));
    answer.closes = strstr(c->in, "Connection: close") != NULL;
    answer.body = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
    drop(c, (size_t)(end + 4 - c->in));
    return answer;
}

static void read_answer(struct client *c, const struct kind *kind)
{
    struct answer answer;
    do
        answer = read_head(c);
    while (answer.status == 100);
    if (answer.status != kind->status || answer.closes != kind->closes)
        fail("%d%s instead of %d%s for\n%s", answer.status,
             answer.closes ? " and close" : "", kind->status,
             kind->closes ? " and close" : "", kind->request);
    if (strncmp(kind->request, "HEAD", 4) == 0 || answer.status == 304)
        answer.body = 0;
    while (c->length < answer.body)
        if (!receive(c))
            fail("an answer is cut short, for\n%s", kind->request);
    drop(c, answer.body);
    while (kind->closes && receive(c))
        c->length = 0;
}

/* ---- what clients do --------------------------------------------------- */

static const struct kind *any_kind(unsigned *seed)
{
    return &kinds[(unsigned)rand_r(seed) % KINDS];
}

/* Some requests, sent at once, of which only the last may close. */
static int pipeline(struct client *c, unsigned *seed)
{
    const struct kind *chosen[8];
    int count = 0, limit = 1 + rand_r(seed) % 8;
    do {
        chosen[count] = any_kind(seed);
        client_send(c, chosen[count]->request, strlen(chosen[count]->request));
    } while (!chosen[count++]->closes && count < limit);
    for (int i = 0; i < count; i++)
        read_answer(c, chosen[i]);
    return chosen[count - 1]->closes ? -count : count;
}

/* Sends a part of a request, or all of it, and does not wait. */
static void break_off(struct client *c, unsigned *seed)
{
    const struct kind *kind = any_kind(seed);
    size_t part = (unsigned)rand_r(seed) % (strlen(kind->request) + 1);
    client_send(c, kind->request, part);
}

/* Subscribes, reads the beginning of the stream or nothing, and leaves. */
static void visit(struct client *c, unsigned *seed)
{
    static const char request[] =
        "GET /subscribe?lastEventId=0 HTTP/1.1\r\n" HOST "\r\n";
    client_send(c, request, strlen(request));
    if (rand_r(seed) % 2 == 0)
        receive(c);
}

/* One connection: how many requests it was good for. */
static int run_connection(struct client *c, unsigned *seed)
{
    int count = 0, end = rand_r(seed) % 4;
    client_open(c);
    for (int i = rand_r(seed) % 4; i >= 0; i--) {
        int n = pipeline(c, seed);
        count += abs(n);
        if (n < 0)
            break_off(c, seed); /* into the void */
        if (n < 0 || i == 0)
            break;
    }
    if (end == 0)
        break_off(c, seed);
    if (end == 1)
        visit(c, seed);
    client_close(c, rand_r(seed) % 2 == 0);
    return count + (end < 2);
}

static void *run_client(void *argument)
{
    struct client *c = malloc(sizeof(*c));
    unsigned seed = (unsigned)(size_t)argument;
    if (c == NULL)
        fail("out of memory");
    while (requests_left > 0)
        requests_left -= run_connection(c, &seed);
    free(c);
    return NULL;
}

/* A line every ten seconds, until it is cancelled. */
static void *tell_progress(void *total)
{
    double start = seconds_now();
    for (;;) {
        sleep(10);
        long left = requests_left > 0 ? requests_left : 0;
        printf("  %3.0f s: %ld of %ld requests\n", seconds_now() - start,
               (long)total - left, (long)total);
        fflush(stdout);
    }
    return NULL;
}

static void run_clients(long requests, unsigned seed)
{
    pthread_t threads[CLIENTS], progress;
    requests_left = requests;
    if (pthread_create(&progress, NULL, tell_progress, (void *)requests) != 0)
        fail("no thread");
    for (size_t i = 0; i < CLIENTS; i++)
        if (pthread_create(&threads[i], NULL, run_client, (void *)(seed + i)) !=
            0)
            fail("no thread");
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    pthread_cancel(progress);
    pthread_join(progress, NULL);
}

/* Streams with a limit must not wait for what nobody publishes. */
static void publish_some(void)
{
    struct client c;
    client_open(&c);
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].status == 200 && !kinds[i].closes) {
            client_send(&c, kinds[i].request, strlen(kinds[i].request));
            read_answer(&c, &kinds[i]);
        }
    client_close(&c, false);
}

/* ---- the server -------------------------------------------------------- */

static pid_t start_server(char **command)
{
    int log[2];
    char line[256] = "";
    if (pipe2(log, O_CLOEXEC) != 0)
        fail("pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid < 0)
        fail("fork: %s", strerror(errno));
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setenv("CRIER_PORT", "0", 1);
        dup2(log[1], STDERR_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    close(log[1]);
    FILE *in = fdopen(log[0], "r");
    if (in == NULL || fgets(line, sizeof(line), in) == NULL ||
        sscanf(line, "server is running ::%d", &port) != 1)
        fail("%s does not start: '%s'", command[0], line);
    /* `in` stays open: the server has little to say, being quiet. */
    return pid;
}

static long resident_kib(pid_t pid)
{
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof(path), "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        sscanf(line, "VmRSS: %ld kB", &kib);
    if (file == NULL || kib < 0)
        fail("cannot read %s: the server has gone", path);
    fclose(file);
    return kib;
}

static int count_entries(pid_t pid, const char *what)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
    DIR *dir = opendir(path);
    while (dir != NULL && readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

struct figures {
    long kib;
    int threads, descriptors;
};

/* Once all the clients' threads have ended, and only the server's own stay. */
static struct figures measure(pid_t pid, int threads, const char *when)
{
    double start = seconds_now();
    while (count_entries(pid, "task") > threads)
        wait_a_moment(start, "the last client's thread to end");
    struct figures f = {resident_kib(pid), count_entries(pid, "task"),
                        count_entries(pid, "fd")};
    printf("%s: %ld KiB resident, %d threads, %d descriptors\n", when, f.kib,
           f.threads, f.descriptors);
    fflush(stdout);
    return f;
}

static void stop_server(pid_t pid)
{
    int status;
    kill(pid, SIGTERM);
    double start = seconds_now();
    while (waitpid(pid, &status, WNOHANG) == 0)
        wait_a_moment(start, "the server's end");
    if (status != 0)
        fail("the server ended with %s %d",
             WIFSIGNALED(status) ? "signal" : "status",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
    long requests = argc > 2 ? atol(argv[1]) : 0;
    if (requests <= WARM_UP) {
        fprintf(stderr,
                "usage: soak REQUESTS SERVER [OPTION]...  (more than %d)\n",
                WARM_UP);
        return 2;
    }
    pid_t pid = start_server(argv + 2);
    int threads = measure(pid, CLIENTS, "at the start").threads;
    double start = seconds_now();
    publish_some();
    run_clients(WARM_UP, 1);
    struct figures first = measure(pid, threads, "after the first requests");
    run_clients(requests - WARM_UP, 1000);
    struct figures last = measure(pid, threads, "at the end");
    printf("%ld requests in %.0f s: %+ld KiB\n", requests,
           seconds_now() - start, last.kib - first.kib);
    stop_server(pid);
    if (last.kib - first.kib > ROOM)
        fail("grown by more than %ld KiB", ROOM);
    if (last.threads != first.threads || last.descriptors != first.descriptors)
        fail("threads or descriptors are left behind");
    return EXIT_SUCCESS;
}

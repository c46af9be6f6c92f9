/* faults: see faults.h. */
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    int error;
} functions[FAULT_COUNT] = {
    [FAULT_MALLOC] = {"malloc", ENOMEM},
    [FAULT_PTHREAD_CREATE] = {"pthread_create", EAGAIN},
    [FAULT_ACCEPT4] = {"accept4", EMFILE},
    [FAULT_RECV] = {"recv", ECONNRESET},
    [FAULT_SEND] = {"send", EPIPE},
    [FAULT_SENDMSG] = {"sendmsg", EPIPE},
    [FAULT_SENDFILE] = {"sendfile", EIO},
    [FAULT_OPEN] = {"open", EMFILE},
    [FAULT_OPENAT] = {"openat", EMFILE},
    [FAULT_OPENAT2] = {"openat2", ENOSYS},
    [FAULT_FSTAT] = {"fstat", EIO},
    [FAULT_SOCKET] = {"socket", EMFILE},
    [FAULT_LISTEN] = {"listen", EADDRINUSE},
    [FAULT_EVENTFD] = {"eventfd", EMFILE},
    [FAULT_EPOLL_CREATE1] = {"epoll_create1", EMFILE},
    [FAULT_EPOLL_CTL] = {"epoll_ctl", ENOSPC},
    [FAULT_PWRITE] = {"pwrite64", ENOSPC},
    [FAULT_PREAD] = {"pread64", EIO},
    [FAULT_FDATASYNC] = {"fdatasync", EIO},
    [FAULT_FTRUNCATE] = {"ftruncate64", EIO},
    [FAULT_GETADDRINFO] = {"getaddrinfo", EIO},
};

/* The functions themselves: a sanitizer's where there is one, else libc's. */
static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    int (*pthread_create)(pthread_t *, const pthread_attr_t *,
                          void *(*)(void *), void *);
    int (*pthread_getattr_np)(pthread_t, pthread_attr_t *);
    int (*accept4)(int, __SOCKADDR_ARG, socklen_t *, int);
    ssize_t (*recv)(int, void *, size_t, int);
    ssize_t (*send)(int, const void *, size_t, int);
    ssize_t (*sendmsg)(int, const struct msghdr *, int);
    ssize_t (*sendfile)(int, int, off_t *, size_t);
    int (*open)(const char *, int, ...);
    int (*openat)(int, const char *, int, ...);
    int (*openat_2)(int, const char *, int);
    long (*syscall)(long, ...);
    int (*fstat)(int, struct stat *);
    int (*socket)(int, int, int);
    int (*listen)(int, int);
    int (*eventfd)(unsigned, int);
    int (*epoll_create1)(int);
    int (*epoll_ctl)(int, int, int, struct epoll_event *);
    ssize_t (*pwrite)(int, const void *, size_t, off64_t);
    ssize_t (*pread)(int, void *, size_t, off64_t);
    int (*fdatasync)(int);
    int (*ftruncate)(int, off64_t);
    int (*getaddrinfo)(const char *, const char *, const struct addrinfo *,
                       struct addrinfo **);
} next;

static bool finding;
/* Initial-exec, for the other models allocate. */
static _Thread_local bool spared __attribute__((tls_model("initial-exec")));
static struct fault_board own_board;
static struct fault_board *board = &own_board;

/* A pointer to a function is no pointer to an object in C; in POSIX it is. */
static void find(const char *name, void *pointer)
{
    void *function = dlsym(RTLD_NEXT, name);
    memcpy(pointer, &function, sizeof(function));
}

/* The first call of malloc comes here, before there are other threads. */
static void find_all(void)
{
    finding = true;
    find("calloc", &next.calloc);
    find("realloc", &next.realloc);
    find("pthread_create", &next.pthread_create);
    find("pthread_getattr_np", &next.pthread_getattr_np);
    find("accept4", &next.accept4);
    find("recv", &next.recv);
    find("send", &next.send);
    find("sendmsg", &next.sendmsg);
    find("sendfile", &next.sendfile);
    find("open", &next.open);
    find("openat", &next.openat);
    find("__openat_2", &next.openat_2);
    find("syscall", &next.syscall);
    find("fstat", &next.fstat);
    find("socket", &next.socket);
    find("listen", &next.listen);
    find("eventfd", &next.eventfd);
    find("epoll_create1", &next.epoll_create1);
    find("epoll_ctl", &next.epoll_ctl);
    find("pwrite64", &next.pwrite);
    find("pread64", &next.pread);
    find("fdatasync", &next.fdatasync);
    find("ftruncate64", &next.ftruncate);
    find("getaddrinfo", &next.getaddrinfo);
    find("malloc", &next.malloc);
    finding = false;
}

/* Whether the rule is for the nth call. */
static bool meets(const struct fault_rule *rule, unsigned long n)
{
    unsigned long at = rule->at, every = rule->every, more = rule->more;
    return (at != 0 && n >= at && n <= at + more) ||
           (every != 0 && n >= every && n % every <= more);
}

/* Counts a call, and says whether it shall fail; then errno is set. */
static bool fails(enum fault f)
{
    if (!next.malloc)
        find_all();
    if (board->asleep || spared)
        return false;
    struct fault_rule *rule = &board->rules[f];
    if (!meets(rule, ++rule->calls))
        return false;
    rule->failed++;
    int error = rule->error;
    errno = error != 0 ? error : functions[f].error;
    return true;
}

/* As many of the bytes as one call may move. */
static size_t cut(enum fault f, size_t size)
{
    size_t most = board->asleep ? 0 : board->rules[f].bytes;
    return most != 0 && most < size ? most : size;
}

/* ---- the rules ------------------------------------------------------------
 */

static void give_up(const char *what, const char *text)
{
    fprintf(stderr, "faults: %s: '%s'\n", what, text);
    _exit(127);
}

static enum fault find_function(const char *name)
{
    for (int f = 0; f < FAULT_COUNT; f++)
        if (strcmp(functions[f].name, name) == 0)
            return (enum fault)f;
    give_up("no such function", name);
    return FAULT_COUNT;
}

static int find_error(const char *name)
{
    for (int error = 1; error < 200; error++) {
        const char *known = strerrorname_np(error);
        if (known != NULL && strcmp(known, name) == 0)
            return error;
    }
    give_up("no such error", name);
    return 0;
}

static void add_rule(const char *text)
{
    char name[32], kind, error[32] = "";
    unsigned long n;
    if (sscanf(text, "%31[a-z0-9_]%c%lu=%31[A-Z0-9]", name, &kind, &n, error) <
        3)
        give_up("not a rule", text);
    struct fault_rule *rule = &board->rules[find_function(name)];
    if (*error != '\0')
        rule->error = find_error(error);
    switch (kind) {
    case '@':
        rule->at = n;
        break;
    case '%':
        rule->every = n;
        break;
    case ':':
        rule->bytes = n;
        break;
    default:
        give_up("not a rule", text);
    }
}

static void map_board(const char *file)
{
    int fd = next.open(file, O_RDWR | O_CLOEXEC);
    void *shared =
        mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        give_up(strerror(errno), file);
    close(fd);
    board = shared;
}

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("FAULTS_BOARD"), *after = getenv("FAULTS_AFTER"),
               *rules = getenv("FAULTS");
    char copy[1024], *rest = copy, *rule;
    if (!next.malloc)
        find_all();
    if (file != NULL)
        map_board(file);
    if (after != NULL && strcmp(after, "listen") != 0)
        give_up("FAULTS_AFTER knows only listen", after);
    if (after != NULL)
        board->asleep = true;
    /* A sanitizer allocates before us; that is not the program's doing. */
    board->rules[FAULT_MALLOC].calls = 0;
    snprintf(copy, sizeof(copy), "%s", rules != NULL ? rules : "");
    while ((rule = strsep(&rest, " ")) != NULL)
        if (*rule != '\0')
            add_rule(rule);
}

/* ---- the functions --------------------------------------------------------
 */

/* dlsym must do without memory while it looks for malloc. */
static bool out_of_memory(void)
{
    if (!finding)
        return fails(FAULT_MALLOC);
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return out_of_memory() ? NULL : next.malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return out_of_memory() ? NULL : next.calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return out_of_memory() ? NULL : next.realloc(block, size);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*run)(void *), void *argument)
{
    if (fails(FAULT_PTHREAD_CREATE))
        return errno;
    return next.pthread_create(thread, attributes, run, argument);
}

/* AddressSanitizer calls it at the start of each thread, and does not survive
 * if it fails. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
    spared = true;
    int result = next.pthread_getattr_np(thread, attributes);
    spared = false;
    return result;
}

/* Whether accept4 fails before it looks for a client; other errors are that
 * client's own, who is gone with them (accept(2), "Error handling"). */
static bool is_of_the_machine(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM ||
           error == ENOBUFS || error == EINTR || error == EINVAL ||
           error == EPERM;
}

/* glibc declares the address as a union of its own. */
int accept4(int fd, __SOCKADDR_ARG address, socklen_t *size, int flags)
{
    if (!fails(FAULT_ACCEPT4))
        return next.accept4(fd, address, size, flags);
    int error = errno;
    if (!is_of_the_machine(error)) {
        int client = next.accept4(fd, address, size, flags);
        if (client < 0)
            return -1;
        close(client);
    }
    errno = error;
    return -1;
}

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    if (fails(FAULT_RECV))
        return -1;
    return next.recv(fd, buffer, cut(FAULT_RECV, size), flags);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    if (fails(FAULT_SEND))
        return -1;
    return next.send(fd, bytes, cut(FAULT_SEND, size), flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (fails(FAULT_SENDMSG))
        return -1;
    struct msghdr all = *message;
    struct iovec first = *message->msg_iov;
    size_t size = cut(FAULT_SENDMSG, first.iov_len);
    if (size < first.iov_len) {
        first.iov_len = size;
        all.msg_iov = &first;
        all.msg_iovlen = 1;
    }
    return next.sendmsg(fd, &all, flags);
}

ssize_t sendfile(int out, int in, off_t *offset, size_t size)
{
    if (fails(FAULT_SENDFILE))
        return -1;
    return next.sendfile(out, in, offset, cut(FAULT_SENDFILE, size));
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return fails(FAULT_OPEN) ? -1 : next.open(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return fails(FAULT_OPENAT) ? -1 : next.openat(dir, path, flags, mode);
}

/* What _FORTIFY_SOURCE makes of openat. */
int __openat_2(int dir, const char *path, int flags);

int __openat_2(int dir, const char *path, int flags)
{
    return fails(FAULT_OPENAT) ? -1 : next.openat_2(dir, path, flags);
}

long syscall(long number, ...)
{
    long a[6];
    va_list rest;
    va_start(rest, number);
    for (size_t i = 0; i < sizeof(a) / sizeof(*a); i++)
        a[i] = va_arg(rest, long);
    va_end(rest);
    if (number == SYS_openat2 && fails(FAULT_OPENAT2))
        return -1;
    if (!next.malloc)
        find_all();
    return next.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int fstat(int fd, struct stat *info)
{
    return fails(FAULT_FSTAT) ? -1 : next.fstat(fd, info);
}

int socket(int domain, int type, int protocol)
{
    return fails(FAULT_SOCKET) ? -1 : next.socket(domain, type, protocol);
}

int listen(int fd, int backlog)
{
    int result = fails(FAULT_LISTEN) ? -1 : next.listen(fd, backlog);
    if (getenv("FAULTS_AFTER") != NULL)
        board->asleep = false;
    return result;
}

int eventfd(unsigned count, int flags)
{
    return fails(FAULT_EVENTFD) ? -1 : next.eventfd(count, flags);
}

int epoll_create1(int flags)
{
    return fails(FAULT_EPOLL_CREATE1) ? -1 : next.epoll_create1(flags);
}

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    return fails(FAULT_EPOLL_CTL) ? -1
                                  : next.epoll_ctl(epoll, operation, fd, event);
}

/* SQLite's reads and writes. */
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    if (fails(FAULT_PWRITE))
        return -1;
    return next.pwrite(fd, bytes, cut(FAULT_PWRITE, size), at);
}

ssize_t pread64(int fd, void *buffer, size_t size, off64_t at)
{
    if (fails(FAULT_PREAD))
        return -1;
    return next.pread(fd, buffer, cut(FAULT_PREAD, size), at);
}

int ftruncate64(int fd, off64_t size)
{
    return fails(FAULT_FTRUNCATE) ? -1 : next.ftruncate(fd, size);
}

/* The call hangs as long as the rule says so. */
static void wait_until_free(enum fault f)
{
    while (board->rules[f].stalled)
        usleep(1000);
}

/* Copies the file into FAULTS_SYNCED, at once or not at all. */
static void keep_synced(int fd, const char *directory)
{
    char link[64], path[512], copy[1024], done[1024], block[65536];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof(path) - 1);
    if (n < 0)
        return;
    path[n] = '\0';
    const char *name = strrchr(path, '/') + 1;
    snprintf(copy, sizeof(copy), "%s/.%s", directory, name);
    snprintf(done, sizeof(done), "%s/%s", directory, name);
    int out = next.open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    off64_t at = 0;
    while ((n = next.pread(fd, block, sizeof(block), at)) > 0)
        at += next.pwrite(out, block, (size_t)n, at);
    close(out);
    rename(copy, done);
}

int fdatasync(int fd)
{
    const char *directory = getenv("FAULTS_SYNCED");
    if (fails(FAULT_FDATASYNC))
        return -1;
    wait_until_free(FAULT_FDATASYNC);
    int result = next.fdatasync(fd);
    if (result == 0 && directory != NULL)
        keep_synced(fd, directory);
    return result;
}

/* A resolver that does not answer. */
int getaddrinfo(const char *host, const char *service,
                const struct addrinfo *hints, struct addrinfo **all)
{
    if (fails(FAULT_GETADDRINFO))
        return EAI_SYSTEM;
    wait_until_free(FAULT_GETADDRINFO);
    return next.getaddrinfo(host, service, hints, all);
}

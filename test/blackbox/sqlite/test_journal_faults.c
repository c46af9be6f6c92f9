/* --journal: a disk that is full, broken, slow or gone. */
#include "kept.h"

#include <errno.h>
#include <jansson.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(journal_faults, .timeout = TEST_SECONDS);

/* While the journal is down: posts are refused, streams stay, heartbeats go
 * on. */
static void check_down(const struct server *server, struct client *subscriber,
                       enum fate expected)
{
    struct event event;
    for (int i = 0; i < 3; i++) {
        enum fate fate = post_once(server, "refused");
        cr_expect_eq(fate, expected, "%d", fate);
    }
    struct reply reply = post(server, "refused");
    json_t *json = json_loads(reply.body, 0, NULL);
    cr_expect_eq(reply.status, 503);
    cr_expect(json_is_string(json_object_get(json, "error")), "%s", reply.body);
    json_decref(json);
    free(reply.body);
    cr_expect_eq(journal_ready(server), 503);
    cr_expect_eq(ask(server, "GET /healthz HTTP/1.1\r\n" HOST "\r\n"), 200);
    cr_assert(next_block(subscriber, &event) && event.comment, "%s", event.raw);
}

/* One line when it fell, one when it rose; the restart shows all that was
 * accepted, and nothing else. */
static void check_after(struct kept *k, struct server *server,
                        struct client *subscriber)
{
    wait_ready(server, 200);
    publish(server, "accepted");
    struct event event = next_message(subscriber);
    cr_expect_not_null(strstr(event.data, "\"accepted\""), "%s", event.data);
    client_close(subscriber);
    free(server_log_line(server, "journal: |.db works again"));
    cr_expect_eq(count_logged(server, "error: journal: "), 1);
    cr_expect_eq(count_logged(server, ".db works again\n"), 1);
    server_stop(server);
    *server = server_start(k->options);
    size_t count;
    char **texts = all_after(server, "0", &count, NULL);
    cr_expect_eq(count, 2, "%zu messages", count);
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(texts[i], "accepted");
    free_texts(texts, count);
}

static const struct {
    enum fault function;
    int error;
    const char *words;
    enum fate fate;
} disks[] = {
    {FAULT_PWRITE, ENOSPC, "full", REFUSED},
    {FAULT_PWRITE, EDQUOT, "I/O error: Disk quota exceeded", REFUSED},
    {FAULT_PWRITE, EFBIG, "I/O error: File too large", REFUSED},
    {FAULT_PWRITE, EIO, "I/O error: Input/output error", REFUSED},
    {FAULT_PWRITE, EROFS, "I/O error: Read-only file system", REFUSED},
    {FAULT_FDATASYNC, EIO, "I/O error", UNCLEAR},
};

Test(journal_faults, a_disk_that_fails_refuses_and_comes_back)
{
    for (size_t i = 0; i < COUNT(disks); i++) {
        struct kept k = kept_make("--heartbeat 1");
        struct server server = start_with_board(k.options);
        struct client *subscriber = subscribe(&server, "", "");
        publish(&server, "accepted");
        next_message(subscriber);
        fail_every(disks[i].function, 1, disks[i].error);
        check_down(&server, subscriber, disks[i].fate);
        free(server_log_line(&server, disks[i].words));
        fail_every(disks[i].function, 0, 0);
        check_after(&k, &server, subscriber);
        server_stop(&server);
        kept_remove(&k);
    }
}

/* Writes that move less than they could are only slower. */
Test(journal_faults, short_writes_lose_nothing)
{
    struct kept k = kept_make("");
    struct server server = start_with_board(k.options);
    rule(FAULT_PWRITE)->bytes = 100;
    rule(FAULT_PREAD)->bytes = 1000;
    static struct publishers p = {.most = 100};
    publishers_start(&p, &server, 4);
    publishers_join(&p);
    cr_expect_eq(publishers_count(&p, KEPT), 100);
    server_kill(&server);
    server = server_start(k.options);
    check_fates(&p, &server);
    server_stop(&server);
    kept_remove(&k);
}

/* A disk of 8 MiB, with room for a whole write-ahead log, which is 4 MiB; false
 * where this machine does not let us have one. */
static bool mount_small_disk(const struct kept *k)
{
    return unshare(CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("small", k->tree.root, "tmpfs", 0, "size=8m") == 0;
}

/* Fills the rest of it. */
static void fill(const struct kept *k)
{
    static char bytes[4096];
    FILE *file = fopen(tree_path(&k->tree, "filler"), "a");
    while (fwrite(bytes, 1, sizeof(bytes), file) == sizeof(bytes) &&
           fflush(file) == 0)
        ;
    fclose(file);
}

Test(journal_faults, a_full_disk_refuses_until_there_is_room)
{
    struct kept k = kept_make("--heartbeat 1");
    bool mounted = mount_small_disk(&k);
    struct server server = start_with_board(k.options);
    struct client *subscriber = subscribe(&server, "", "");
    publish(&server, "accepted");
    next_message(subscriber);
    if (mounted)
        fill(&k);
    else
        fail_every(FAULT_PWRITE, 1, ENOSPC);
    check_down(&server, subscriber, REFUSED);
    free(server_log_line(&server, "full"));
    if (mounted)
        unlink(tree_path(&k.tree, "filler"));
    else
        fail_every(FAULT_PWRITE, 0, 0);
    check_after(&k, &server, subscriber);
    server_stop(&server);
    if (mounted)
        umount2(k.tree.root, MNT_DETACH);
    kept_remove(&k);
}

static void wait_for_fates(struct publishers *p, enum fate fate, int count)
{
    double start = seconds_now();
    while (publishers_count(p, fate) < count)
        wait_a_moment(start, "publishers to get their answers");
}

/* The disk becomes full and has room again under publishers that go on, and
 * then the server is killed. */
Test(journal_faults, a_disk_that_fills_up_under_publishers)
{
    struct kept k = kept_make("--keep 100000");
    bool mounted = mount_small_disk(&k);
    struct server server = start_with_board(k.options);
    static struct publishers p = {.pause_us = 2000};
    publishers_start(&p, &server, 4);
    for (int round = 1; round <= 3; round++) {
        wait_for_fates(&p, KEPT, publishers_count(&p, KEPT) + 50);
        if (mounted)
            fill(&k);
        else
            fail_every(FAULT_PWRITE, 1, ENOSPC);
        wait_for_fates(&p, REFUSED, publishers_count(&p, REFUSED) + 50);
        if (mounted)
            unlink(tree_path(&k.tree, "filler"));
        else
            fail_every(FAULT_PWRITE, 0, 0);
    }
    wait_for_fates(&p, KEPT, publishers_count(&p, KEPT) + 50);
    cr_assert_lt(p.next, FATES, "too many to count");
    server_kill(&server);
    p.stop = true;
    publishers_join(&p);
    server = server_start(k.options);
    check_fates(&p, &server);
    server_stop(&server);
    if (mounted)
        umount2(k.tree.root, MNT_DETACH);
    kept_remove(&k);
}

Test(journal_faults, a_file_that_is_gone_refuses_until_it_is_back)
{
    static const char *const names[] = {"chat.db", "chat.db-wal"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct kept k = kept_make("--heartbeat 1");
        struct server server = server_start(k.options);
        struct client *subscriber = subscribe(&server, "", "");
        char path[128], away[128];
        publish(&server, "accepted");
        next_message(subscriber);
        snprintf(path, sizeof(path), "%s", tree_path(&k.tree, names[i]));
        snprintf(away, sizeof(away), "%s", tree_path(&k.tree, "away"));
        cr_assert_eq(rename(path, away), 0);
        check_down(&server, subscriber, REFUSED);
        tree_write_text(&k.tree, names[i], "another file");
        cr_expect_eq(post_once(&server, "refused"), REFUSED);
        cr_assert_eq(rename(away, path), 0);
        free(server_log_line(&server, "removed or replaced"));
        check_after(&k, &server, subscriber);
        server_stop(&server);
        kept_remove(&k);
    }
}

static void *post_slowly(void *argument)
{
    const struct server *server = argument;
    return (void *)(size_t)post_once(server, "slow");
}

/* The value of a line of /metrics. */
static int metric(const struct server *server, const char *name)
{
    struct client *client = client_connect(server);
    client_send(client, "GET /metrics HTTP/1.1\r\n" HOST "\r\n");
    const char *at = strstr(client_read(client).body, name);
    int value = at == NULL ? -1 : atoi(at + strlen(name));
    client_close(client);
    return value;
}

/* The first message is being kept and the second waits, and the disk hangs. */
static void stall(const struct server *server, pthread_t *first,
                  pthread_t *second)
{
    double start = seconds_now();
    rule(FAULT_FDATASYNC)->calls = 0;
    rule(FAULT_FDATASYNC)->stalled = true;
    pthread_create(first, NULL, post_slowly, (void *)(size_t)server);
    while (rule(FAULT_FDATASYNC)->calls == 0)
        wait_a_moment(start, "the disk to be asked");
    pthread_create(second, NULL, post_slowly, (void *)(size_t)server);
    while (metric(server, "\ncrier_journal_waiting ") != 2)
        wait_a_moment(start, "two publishers that wait");
}

/* The thread view shows it: a batch of one, one behind it, and who waits. */
static void check_look(const struct server *server)
{
    char *all = exchange_all(server, "GET /threads HTTP/1.0\r\n\r\n");
    json_t *json = json_loads(strchr(all, '{'), 0, NULL), *row;
    json_t *journal =
        json_object_get(json_object_get(json, "store"), "journal");
    int threads = 0, publishers = 0;
    size_t i;
    cr_expect_eq(json_integer_value(json_object_get(journal, "batch")), 1);
    cr_expect_eq(json_integer_value(json_object_get(journal, "waiting")), 1);
    json_array_foreach(json_object_get(json, "threads"), i, row)
    {
        const char *role = json_string_value(json_object_get(row, "role"));
        threads += strcmp(role, "journal") == 0;
        publishers += strcmp(role, "publisher") == 0;
    }
    cr_expect_eq(threads, 1, "%d threads", threads);
    cr_expect_eq(publishers, 2, "%d publishers", publishers);
    json_decref(json);
    free(all);
}

/* Of a message that is being written nobody knows; the next ones are refused,
 * and nobody gets them. */
Test(journal_faults, a_disk_that_hangs_is_answered_for)
{
    struct kept k = kept_make("--heartbeat 1");
    struct server server = start_with_board(k.options);
    struct client *subscriber = subscribe(&server, "", "");
    pthread_t first, second;
    void *fate;
    stall(&server, &first, &second);
    check_look(&server);
    pthread_join(first, &fate);
    cr_expect_eq((size_t)fate, UNCLEAR, "%zu", (size_t)fate);
    pthread_join(second, &fate);
    cr_expect_eq((size_t)fate, REFUSED, "%zu", (size_t)fate);
    cr_expect(client_has_input(subscriber), "no heartbeat");
    cr_expect_eq(journal_ready(&server), 503);
    rule(FAULT_FDATASYNC)->stalled = false;
    wait_ready(&server, 200);
    cr_expect_eq(count_logged(&server, "journal: no answer"), 1);
    free(server_log_line(&server, "journal: answers again"));
    cr_expect_not_null(strstr(next_message(subscriber).data, "slow"));
    publish(&server, "the next");
    cr_expect_not_null(strstr(next_message(subscriber).data, "the next"));
    client_close(subscriber);
    server_stop(&server);
    kept_remove(&k);
}

/* Publishers that wait get an answer, too. */
Test(journal_faults, shutdown_does_not_wait_for_a_disk_that_hangs)
{
    struct kept k = kept_make("");
    struct server server = start_with_board(k.options);
    pthread_t first, second;
    void *fate;
    stall(&server, &first, &second);
    kill(server.pid, SIGTERM);
    pthread_join(first, &fate);
    cr_expect_eq((size_t)fate, UNCLEAR, "%zu", (size_t)fate);
    pthread_join(second, &fate);
    cr_expect_eq((size_t)fate, REFUSED, "%zu", (size_t)fate);
    rule(FAULT_FDATASYNC)->stalled = false;
    server_wait(&server);
    server = server_start(k.options);
    expect_count(&server, 1);
    server_stop(&server);
    kept_remove(&k);
}

/* Every nth write, sync or malloc fails, and then the server is killed. */
Test(journal_faults, every_nth_call_fails_under_publishers)
{
    static const struct {
        enum fault function;
        unsigned long n;
    } cases[] = {
        {FAULT_PWRITE, 2},    {FAULT_PWRITE, 7},    {FAULT_PWRITE, 50},
        {FAULT_FDATASYNC, 2}, {FAULT_FDATASYNC, 5}, {FAULT_FTRUNCATE, 2},
        {FAULT_MALLOC, 7},    {FAULT_MALLOC, 53},   {FAULT_MALLOC, 211},
    };
    struct kept k = kept_make("--keep 100000");
    static struct publishers p;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct server server = start_with_board(k.options);
        fail_every(cases[i].function, cases[i].n, 0);
        p.most = p.next + 300;
        publishers_start(&p, &server, 8);
        publishers_join(&p);
        p.next = p.most;
        cr_assert_eq(waitpid(server.pid, NULL, WNOHANG), 0, "it has crashed");
        server_kill(&server);
        fail_every(cases[i].function, 0, 0);
        server = server_start(k.options);
        check_fates(&p, &server);
        server_stop(&server);
    }
    cr_expect_gt(publishers_count(&p, KEPT), 0);
    cr_expect_gt(publishers_count(&p, REFUSED) + publishers_count(&p, UNCLEAR),
                 0);
    kept_remove(&k);
}

/* A page that cannot be read is no gap: the client comes back for it. */
Test(journal_faults, a_page_that_cannot_be_read_ends_the_stream)
{
    struct kept k = kept_make("--history 5 --keep 1000");
    struct server server = start_with_board(k.options);
    struct event event;
    publish_burst(&server, 300);
    fail_every(FAULT_PREAD, 1, EIO);
    rule(FAULT_PWRITE)->every = 0;
    server_stop(&server);
    server = start_with_board(k.options);
    fail_every(FAULT_PREAD, 1, EIO);
    struct client *client = subscribe(&server, "?lastEventId=0", "");
    cr_assert(next_event(client, &event));
    cr_expect(event.retry >= 1000 && event.id == NULL && event.name == NULL,
              "%s", event.raw);
    cr_expect(client_closed(client));
    client_close(client);
    cr_expect_eq(ask(&server, "GET /poll?after=0 HTTP/1.1\r\n" HOST "\r\n"),
                 503);
    fail_every(FAULT_PREAD, 0, 0);
    expect_count(&server, 300);
    server_stop(&server);
    kept_remove(&k);
}

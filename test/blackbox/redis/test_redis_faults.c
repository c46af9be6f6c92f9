/* --redis: a broker that is gone, hangs, or takes nothing. */
#include "../room.h"
#include "broker.h"
#include "fake.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(redis_faults, .timeout = TEST_SECONDS);

/* ---- what fails, and how it is mended ------------------------------------ */

static void break_by_stop(struct broker *b)
{
    kill(b->pid, SIGSTOP);
}

static void mend_by_cont(struct broker *b)
{
    kill(b->pid, SIGCONT);
}

static void break_by_replica(struct broker *b)
{
    broker_say(b, "REPLICAOF 127.0.0.1 1");
}

static void mend_by_promotion(struct broker *b)
{
    broker_say(b, "REPLICAOF NO ONE");
}

static void break_by_memory(struct broker *b)
{
    broker_say(b, "CONFIG SET maxmemory 1");
}

static void mend_by_memory(struct broker *b)
{
    broker_say(b, "CONFIG SET maxmemory 0");
}

static void break_by_type(struct broker *b)
{
    broker_say(b, "COPY crier away");
    broker_say(b, "SET crier something");
}

static void mend_by_type(struct broker *b)
{
    broker_say(b, "RENAME away crier");
}

/* Whoever is connected stays so: the connections are ended, too. */
static void break_by_password(struct broker *b)
{
    broker_say(b, "CONFIG SET requirepass secret");
    b->is_locked = true;
    broker_say(b, "CLIENT KILL TYPE normal SKIPME yes");
}

static void mend_by_password(struct broker *b)
{
    broker_say(b, "ACL SETUSER default nopass");
    b->is_locked = false;
}

static void break_by_rights(struct broker *b)
{
    broker_say(b, "ACL SETUSER default -xadd");
}

/* Messages are kept, and nobody hears them. */
static void break_by_deafness(struct broker *b)
{
    broker_say(b, "ACL SETUSER default -xread");
    broker_say(b, "CLIENT KILL TYPE normal SKIPME yes");
}

static void mend_by_rights(struct broker *b)
{
    broker_say(b, "ACL SETUSER default +@all");
}

/* A snapshot that the disk does not take, or does. */
static void save(struct broker *b, const char *outcome)
{
    char words[64];
    double start = seconds_now();
    snprintf(words, sizeof(words), "rdb_last_bgsave_status:%s", outcome);
    broker_say(b, "BGSAVE");
    while (strstr(broker_say(b, "INFO persistence"), words) == NULL)
        wait_a_moment(start, "the end of a snapshot");
}

/* Nothing can be renamed to a directory. */
static void break_by_disk(struct broker *b)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/dump.rdb", b->tree.root);
    mkdir(path, 0700);
    save(b, "err");
}

static void mend_by_disk(struct broker *b)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/dump.rdb", b->tree.root);
    rmdir(path);
    save(b, "ok");
}

/* Another program at the broker's port. */
static struct fake fake;

static void mend_by_the_real_one(struct broker *b)
{
    fake_stop(&fake);
    broker_restart(b);
}

static const struct {
    const char *words; /* of the log; it may refuse before a fake is there */
    void (*break_it)(struct broker *b);
    void (*mend)(struct broker *b);
    const char
        *fake; /* instead of break_it: what another program at its port says */
} faults[] = {
    {"refused", broker_kill, broker_restart, NULL},
    {"no answer", break_by_stop, mend_by_cont, NULL},
    {"READONLY", break_by_replica, mend_by_promotion, NULL},
    {"OOM", break_by_memory, mend_by_memory, NULL},
    {"WRONGTYPE", break_by_type, mend_by_type, NULL},
    {"NOAUTH", break_by_password, mend_by_password, NULL},
    {"NOPERM", break_by_rights, mend_by_rights, NULL},
    {"NOPERM", break_by_deafness, mend_by_rights, NULL},
    {"MISCONF", break_by_disk, mend_by_disk, NULL},
    {"error: ", NULL, mend_by_the_real_one,
     "-LOADING Redis is loading the dataset in memory\r\n"},
    {"error: ", NULL, mend_by_the_real_one, "HTTP/1.1 400 Bad Request\r\n"},
    {"error: ", NULL, mend_by_the_real_one, "+OK\r\n"},
    {"error: ", NULL, mend_by_the_real_one, "*1\r\n*2\r\n$5\r\ncri"},
    {"error: ", NULL, mend_by_the_real_one, ""},
};

static void break_it(size_t i, struct broker *b)
{
    if (faults[i].fake == NULL) {
        faults[i].break_it(b);
        return;
    }
    broker_kill(b);
    fake_start(&fake, b->port, faults[i].fake);
}

/* Posts get a 503 that says whether somebody got the message. */
static void check_refusals(const struct server *server)
{
    for (int i = 0; i < 3; i++) {
        enum fate fate = post_once(server, "refused");
        cr_expect(fate == REFUSED || fate == UNCLEAR, "%d", fate);
    }
    wait_ready(server, 503);
    struct reply reply = post(server, "refused");
    json_t *json = json_loads(reply.body, 0, NULL);
    cr_expect_eq(reply.status, 503);
    cr_expect(json_is_string(json_object_get(json, "error")), "%s", reply.body);
    cr_expect_not_null(strstr(reply.body, "nobody got it"), "%s", reply.body);
    json_decref(json);
    free(reply.body);
    cr_expect_eq(ask(server, "GET /healthz HTTP/1.1\r\n" HOST "\r\n"), 200);
}

/* There are two connections to the broker. If one notices its fault only when
 * the other one works again, that is told as a fault of its own. */
static void expect_a_line_each_way(const struct server *server)
{
    int faults_told;
    for (double start = seconds_now();;
         wait_a_moment(start, "a line for each fault's end")) {
        faults_told = count_logged(server, "error: journal: ");
        if (count_logged(server, "=crier works again\n") == faults_told)
            break;
    }
    char *log = server_log(server);
    cr_expect(faults_told == 1 || faults_told == 2, "%s", log);
    free(log);
}

static void check_fault(size_t i)
{
    /* Otherwise one that is killed may lose what it has answered for. */
    struct broker b = broker_start(
        "--appendonly yes --appendfsync always --save 3600 1000000",
        "--heartbeat 1");
    struct server server = server_start(b.options);
    struct client *client = subscribe(&server, "", "");
    struct event event;
    publish(&server, "before");
    cr_expect_not_null(strstr(next_message(client).data, "before"));
    break_it(i, &b);
    check_refusals(&server);
    cr_assert(next_block(client, &event) && event.comment, "%s", event.raw);
    free(server_log_line(&server, faults[i].words));
    faults[i].mend(&b);
    wait_ready(&server, 200);
    publish(&server, "after");
    /* What was unclear may be there. */
    while (strstr((event = next_message(client)).data, "after") == NULL)
        cr_expect_not_null(strstr(event.data, "refused"), "%s", event.data);
    free(server_log_line(&server, "=crier works again"));
    expect_a_line_each_way(&server);
    cr_expect_eq(count_logged(&server, "secret"), 0);
    client_close(client);
    server_stop(&server);
    broker_stop(&b);
}

Test(redis_faults, a_broker_that_is_killed)
{
    check_fault(0);
}

Test(redis_faults, a_broker_that_hangs)
{
    check_fault(1);
}

Test(redis_faults, a_broker_that_is_read_only)
{
    check_fault(2);
}

Test(redis_faults, a_broker_without_memory)
{
    check_fault(3);
}

Test(redis_faults, a_key_of_the_wrong_type)
{
    check_fault(4);
}

Test(redis_faults, a_password_that_is_new)
{
    check_fault(5);
}

Test(redis_faults, a_user_without_the_right_to_publish)
{
    check_fault(6);
}

Test(redis_faults, a_user_without_the_right_to_hear)
{
    check_fault(7);
}

Test(redis_faults, a_broker_whose_disk_is_broken)
{
    check_fault(8);
}

Test(redis_faults, a_broker_that_reads_its_files)
{
    check_fault(9);
}

Test(redis_faults, another_program_at_its_port)
{
    check_fault(10);
}

Test(redis_faults, one_that_says_yes_to_everything)
{
    check_fault(11);
}

Test(redis_faults, half_a_reply)
{
    check_fault(12);
}

Test(redis_faults, one_that_hangs_up)
{
    check_fault(13);
}

/* Posts, and what became of them: see posts.h. */
#include "posts.h"

#include "room.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- all that is kept ---------------------------------------------------- */

static char **add_texts(char **texts, size_t *count, const char *body)
{
    size_t i;
    json_t *array = json_loads(body, 0, NULL), *object;
    texts =
        realloc(texts, (*count + json_array_size(array) + 1) * sizeof(*texts));
    json_array_foreach(array, i, object) texts[(*count)++] =
        strdup(json_string_value(json_object_get(object, "text")));
    json_decref(array);
    return texts;
}

char **all_after(const struct server *server, const char *id, size_t *count,
                 bool *gap)
{
    struct client *client = client_connect(server);
    char after[64], **texts = malloc(sizeof(*texts));
    snprintf(after, sizeof(after), "%s", id);
    *count = 0;
    if (gap != NULL)
        *gap = false;
    for (;;) {
        client_sendf(client, "GET /poll?after=%s HTTP/1.1\r\n" HOST "\r\n",
                     after);
        struct response response = client_read(client);
        bool lost = response_field(&response, "Event-Gap") != NULL;
        if (gap != NULL)
            *gap |= lost;
        else if (lost)
            fail("a gap after %s: %s", after,
                 response_field(&response, "Event-Gap"));
        if (response.status == 204)
            break;
        if (response.status != 200)
            fail("/poll: %s", response.status_line);
        texts = add_texts(texts, count, response.body);
        snprintf(after, sizeof(after), "%s",
                 response_field(&response, "Last-Event-ID"));
    }
    client_close(client);
    return texts;
}

void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

void expect_count(const struct server *server, size_t expected)
{
    size_t count;
    char **texts = all_after(server, "0", &count, NULL);
    cr_expect_eq(count, expected, "%zu messages", count);
    free_texts(texts, count);
}

/* ---- publishers ---------------------------------------------------------- */

int post_connect(const struct server *server)
{
    const struct timeval patience = {.tv_sec = HARNESS_PATIENCE};
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)server->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Sends a post, with the key "" for none, and reads its answer, whose
 * connection may break. */
static enum fate post_raw(int fd, const char *text, const char *key)
{
    char request[512], answer[4096];
    size_t got = 0;
    int length = snprintf(request, sizeof(request),
                          "POST /update HTTP/1.1\r\n" HOST "%s%s%s"
                          "Content-Length: %zu\r\n\r\n{\"text\":\"%s\"}",
                          *key == '\0' ? "" : "Idempotency-Key: ", key,
                          *key == '\0' ? "" : "\r\n", strlen(text) + 11, text);
    if (send(fd, request, (size_t)length, MSG_NOSIGNAL) != length)
        return UNKNOWN;
    for (;;) {
        ssize_t n = recv(fd, answer + got, sizeof(answer) - 1 - got, 0);
        if (n <= 0)
            return UNKNOWN;
        got += (size_t)n;
        answer[got] = '\0';
        /* All our answers are objects without objects in them. */
        if (strstr(answer, "\r\n\r\n{") != NULL && answer[got - 1] == '}')
            break;
    }
    if (strncmp(answer, "HTTP/1.1 200 ", 13) == 0)
        return KEPT;
    if (strncmp(answer, "HTTP/1.1 503 ", 13) != 0 ||
        (strstr(answer, "\r\nRetry-After: ") == NULL &&
         strstr(answer, "out of memory") == NULL))
        fail("an unexpected answer: %s", answer);
    return strstr(answer, "not known") != NULL ? UNCLEAR : REFUSED;
}

enum fate post_with_key(const struct server *server, const char *text,
                        const char *key)
{
    int fd = post_connect(server);
    enum fate fate = fd < 0 ? REFUSED : post_raw(fd, text, key);
    close(fd);
    return fate;
}

enum fate post_once(const struct server *server, const char *text)
{
    return post_with_key(server, text, "");
}

/* To the next one, if a server has gone. */
static int connect_any(struct publishers *p, int *which)
{
    int fd = -1;
    for (int i = 0; i < p->servers && fd < 0; i++)
        fd = post_connect(&p->server[++*which % p->servers]);
    return fd;
}

static void *publish_on(void *argument)
{
    struct publishers *p = argument;
    int which = atomic_fetch_add(&p->threads_started, 1);
    int fd = connect_any(p, &which);
    while (fd >= 0 && !p->stop) {
        char text[16];
        int number = atomic_fetch_add(&p->next, 1);
        if (number >= p->most)
            break;
        snprintf(text, sizeof(text), "%d", number);
        do {
            p->fates[number] =
                (unsigned char)post_raw(fd, text, p->repeat ? text : "");
            if (p->fates[number] == UNKNOWN) {
                close(fd);
                fd = connect_any(p, &which);
            }
            usleep(p->pause_us);
        } while (p->repeat && p->fates[number] != KEPT && fd >= 0 && !p->stop);
    }
    close(fd);
    return NULL;
}

void publishers_start(struct publishers *p, const struct server *server,
                      int count)
{
    p->server = server;
    if (p->servers == 0)
        p->servers = 1;
    if (p->most == 0)
        p->most = FATES;
    p->stop = false;
    p->count = count;
    for (int i = 0; i < count; i++)
        if (pthread_create(&p->threads[i], NULL, publish_on, p) != 0)
            fail("no thread");
}

void publishers_join(struct publishers *p)
{
    for (int i = 0; i < p->count; i++)
        pthread_join(p->threads[i], NULL);
}

int publishers_count(struct publishers *p, enum fate fate)
{
    int n = 0, all = p->next < p->most ? p->next : p->most;
    for (int i = 0; i < all; i++)
        n += p->fates[i] == fate;
    return n;
}

void check_fates(struct publishers *p, const struct server *server)
{
    static unsigned char seen[FATES];
    size_t count;
    char **texts = all_after(server, "0", &count, NULL);
    memset(seen, 0, sizeof(seen));
    for (size_t i = 0; i < count; i++) {
        int number = atoi(texts[i]);
        if (number < 0 || number >= FATES || seen[number]++ != 0)
            fail("message %d is there twice", number);
        if (p->fates[number] == REFUSED)
            fail("message %d is there, and was refused", number);
    }
    for (int i = 0; i < p->most && i < p->next; i++)
        if (p->fates[i] == KEPT && !seen[i])
            fail("message %d of %d was acknowledged, and is lost", i,
                 (int)p->next);
    free_texts(texts, count);
}

/* ---- the journal -------------------------------------------------------- */

int journal_ready(const struct server *server)
{
    return ask(server, "GET /healthz?ready HTTP/1.1\r\n" HOST "\r\n");
}

void wait_ready(const struct server *server, int status)
{
    double start = seconds_now();
    while (journal_ready(server) != status)
        wait_a_moment(start, "another state of the journal");
}

int count_logged(const struct server *server, const char *words)
{
    char *log = server_log(server);
    int n = 0;
    for (const char *at = log; (at = strstr(at, words)) != NULL; at++)
        n++;
    free(log);
    return n;
}

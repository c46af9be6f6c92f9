/* The blocking client: connect, send, read responses. */
#include "harness.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct client *connect_by(const struct server *server, bool small)
{
    struct client *client = calloc(1, sizeof(*client));
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)server->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct timeval patience = {.tv_sec = harness_patience()};
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0)
        fail("socket: %s", strerror(errno));
    setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof(patience));
    setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
               sizeof(patience));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (small) {
        setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &(int){4096},
                   sizeof(int));
        setsockopt(client->fd, IPPROTO_TCP, TCP_MAXSEG, &(int){536},
                   sizeof(int));
    }
    if (connect(client->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        fail("connect to port %d: %s", server->port, strerror(errno));
    return client;
}

struct client *client_connect(const struct server *server)
{
    return connect_by(server, false);
}

struct client *client_connect_small(const struct server *server)
{
    return connect_by(server, true);
}

struct client *client_connect_from_outside(struct server *server)
{
    struct ifaddrs *all, *a;
    struct client *client = NULL;
    cr_assert_eq(getifaddrs(&all), 0);
    for (a = all; a != NULL && client == NULL; a = a->ifa_next)
        if (a->ifa_addr != NULL && a->ifa_addr->sa_family == AF_INET &&
            (a->ifa_flags & IFF_UP) && !(a->ifa_flags & IFF_LOOPBACK)) {
            struct sockaddr_in to;
            memcpy(&to, a->ifa_addr, sizeof to);
            to.sin_port = htons((uint16_t)server->port);
            client = client_connect(server); /* and another socket in it */
            close(client->fd);
            client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (connect(client->fd, (struct sockaddr *)&to, sizeof to) != 0)
                fail("cannot connect to this machine's own address");
        }
    freeifaddrs(all);
    if (client == NULL) {
        server_stop(server);
        cr_skip_test("this machine has no address but loopback's");
    }
    return client;
}

void client_send_bytes(struct client *client, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t sent = send(client->fd, at, size, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
            return;
        if (sent < 0)
            fail("send: %s", strerror(errno));
        at += sent;
        size -= (size_t)sent;
    }
}

void client_send(struct client *client, const char *text)
{
    client_send_bytes(client, text, strlen(text));
}

void client_sendf(struct client *client, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        fail("out of memory");
    client_send_bytes(client, text, (size_t)length);
    free(text);
}

/* One byte of a chunk's size line. */
static void read_chunk_line(struct client *client, char byte)
{
    size_t length = strlen(client->chunk_line);
    char *end;

    if (length + 2 > sizeof(client->chunk_line))
        fail("the line of a chunk is too long: '%s'", client->chunk_line);
    client->chunk_line[length] = byte;
    client->chunk_line[length + 1] = '\0';
    if (byte != '\n')
        return;
    client->chunk_left = strtoul(client->chunk_line, &end, 16);
    if (strcmp(end, "\r\n") != 0 || !isxdigit(client->chunk_line[0]))
        fail("not the size of a chunk: '%s'", client->chunk_line);
    if (client->chunk_left == 0)
        client->complete = true;
    client->chunk_left += 2;
    client->chunk_line[0] = '\0';
}

/* Takes the chunks' framing out of the bytes, in place; what is left. */
static size_t decode_chunks(struct client *client, char *bytes, size_t size)
{
    size_t length = 0;

    for (size_t i = 0; i < size; i++) {
        if (client->chunk_left == 0 && client->complete)
            fail("byte 0x%02x after the last chunk", (unsigned char)bytes[i]);
        if (client->chunk_left == 0)
            read_chunk_line(client, bytes[i]);
        else if (client->chunk_left-- > 2)
            bytes[length++] = bytes[i];
        else if (bytes[i] != (client->chunk_left == 1 ? '\r' : '\n'))
            fail("no CR LF behind a chunk");
    }
    return length;
}

/* Receives something, true, or sees the end, false. */
static bool receive(struct client *client)
{
    if (client->ended)
        return false;
    if (client->start > 0) {
        memmove(client->in, client->in + client->start,
                client->end - client->start);
        client->end -= client->start;
        client->start = 0;
    }
    if (client->capacity - client->end < 16384) {
        client->capacity = client->capacity * 2 + 65536;
        client->in = realloc(client->in, client->capacity);
    }
    char *bytes = client->in + client->end;
    ssize_t got;
    size_t size = 0;
    do {
        got = recv(client->fd, bytes, client->capacity - client->end, 0);
        if (got > 0)
            size = client->chunked ? decode_chunks(client, bytes, (size_t)got)
                                   : (size_t)got;
    } while (got > 0 && size == 0); /* nothing but framing */
    client->end += size;
    if (got > 0)
        return true;
    if (got < 0 && errno != ECONNRESET)
        fail("nothing came for %d s (%s); unread so far: '%.*s'",
             harness_patience(), strerror(errno), (int)client->end, client->in);
    client->ended = true;
    client->was_reset = got < 0;
    return false;
}

char *client_take(struct client *client, char **copy, size_t size)
{
    *copy = realloc(*copy, size + 1);
    if (size > 0)
        memcpy(*copy, client->in + client->start, size);
    (*copy)[size] = '\0';
    client->start += size;
    return *copy;
}

size_t client_find(struct client *client, const char *mark)
{
    size_t length = strlen(mark);
    for (;;) {
        size_t unread = client->end - client->start;
        const char *from = client->in + client->start;
        const char *at =
            unread == 0 ? NULL : memmem(from, unread, mark, length);
        if (at != NULL)
            return (size_t)(at - from) + length;
        if (!receive(client))
            return 0;
    }
}

/* Cuts a head into lines, in place, and checks each. */
static struct response parse_head(char *head, size_t size)
{
    struct response response = {.status_line = head};
    for (char *at = head; at < head + size; at++) {
        unsigned char c = (unsigned char)*at;
        if (strncmp(at, "\r\n", 2) == 0)
            *at++ = '\0', *at = '\0';
        else if (c < ' ' || c == 127)
            fail("byte 0x%02x in a response's head: '%s'", c, head);
    }
    if (strncmp(head, "HTTP/1.1 ", 9) != 0 || !isdigit(head[9]) ||
        !isdigit(head[10]) || !isdigit(head[11]) || head[12] != ' ')
        fail("not a status line: '%s'", head);
    response.status = atoi(head + 9);

    /* Lines end with two NUL by now: close the gaps. */
    char *to = head + strlen(head) + 1;
    response.fields = to;
    for (char *from = to + 1; *from != '\0';) {
        size_t length = strlen(from);
        if (strchr(from, ':') == NULL || *from == ' ' || *from == ':')
            fail("not a field line: '%s'", from);
        memmove(to, from, length + 1);
        to += length + 1;
        from += length + 2;
    }
    *to = '\0';
    return response;
}

const char *response_field(const struct response *response, const char *name)
{
    const char *value = NULL;
    size_t length = strlen(name);
    for (const char *line = response->fields; *line != '\0';
         line += strlen(line) + 1) {
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        if (value != NULL)
            fail("the response has '%s' twice", name);
        value = line + length + 1;
        value += strspn(value, " \t");
    }
    return value;
}

struct response client_read_head(struct client *client)
{
    size_t size = client_find(client, "\r\n\r\n");
    if (size == 0)
        fail("the connection ended (%s) before a whole head came: '%.*s'",
             client->was_reset ? "RST" : "FIN",
             (int)(client->end - client->start), client->in + client->start);
    client_take(client, &client->head, size);
    struct response response = parse_head(client->head, size);
    const char *coding = response_field(&response, "Transfer-Encoding");
    if (coding != NULL) {
        char *rest = client->in + client->start;
        if (strcmp(coding, "chunked") != 0)
            fail("Transfer-Encoding: %s", coding);
        if (response_field(&response, "Content-Length") != NULL)
            fail("a Content-Length beside chunks");
        client->chunked = true;
        client->end = client->start +
                      decode_chunks(client, rest, client->end - client->start);
    }
    response.body = client_take(client, &client->body, 0);
    return response;
}

struct response client_read(struct client *client)
{
    struct response response = client_read_head(client);
    if (response.status < 200 || response.status == 204 ||
        response.status == 304)
        return response;
    const char *length = response_field(&response, "Content-Length");
    if (length != NULL) {
        response.body_size = (size_t)strtoull(length, NULL, 10);
        response.body = client_read_bytes(client, response.body_size);
        return response;
    }
    while (receive(client))
        ;
    response.body_size = client->end - client->start;
    response.body = client_take(client, &client->body, response.body_size);
    return response;
}

const char *client_read_bytes(struct client *client, size_t size)
{
    while (client->end - client->start < size)
        if (!receive(client))
            fail("the connection ended (%s) after %zu of %zu bytes",
                 client->was_reset ? "RST" : "FIN", client->end - client->start,
                 size);
    return client_take(client, &client->body, size);
}

bool client_closed(struct client *client)
{
    return client->end == client->start && !receive(client);
}

bool client_has_input(struct client *client)
{
    struct pollfd poller = {.fd = client->fd, .events = POLLIN};
    return client->end > client->start || poll(&poller, 1, 0) > 0;
}

void client_shut_write(struct client *client)
{
    shutdown(client->fd, SHUT_WR);
}

void client_close(struct client *client)
{
    close(client->fd);
    free(client->in);
    free(client->head);
    free(client->body);
    free(client->raw);
    free(client->text);
    free(client);
}

void client_reset(struct client *client)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    client_close(client);
}

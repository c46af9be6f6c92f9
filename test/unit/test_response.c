/* response: an error tells its reason, also without memory. */
#include "unit.h"

#include "http/response.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(response, .timeout = TEST_SECONDS);

static void *no_memory(size_t size)
{
    (void)size;
    return NULL;
}

/* Sends an error, and expects its body. */
static void check_error(const char *reason, const char *body)
{
    static const struct request post = {.method = METHOD_POST};
    static struct response response;
    struct stream stream;
    char got[2048];
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    stream_init(&stream, fds[0], NULL);
    response_init(&response, &stream, &post);
    response.json_errors = true;
    response_error(&response, 503, reason);
    ssize_t n = read(fds[1], got, sizeof got - 1);
    cr_assert_gt(n, 0);
    got[n] = '\0';
    const char *end = strstr(got, "\r\n\r\n");
    cr_assert_not_null(end, "%s", got);
    cr_expect_str_eq(end + 4, body);
    close(fds[0]);
    close(fds[1]);
}

Test(response, an_error_is_json)
{
    check_error("nobody knows", "{\"error\":\"nobody knows\"}");
    check_error(NULL, "{\"error\":\"Service Unavailable\"}");
    check_error("a \"name\"", "{\"error\":\"a \\\"name\\\"\"}");
}

/* Whoever posted must hear whether it is unclear what became of the message. */
Test(response, an_error_tells_its_reason_without_memory)
{
    json_set_alloc_funcs(no_memory, free);
    check_error("nobody knows", "{\"error\":\"nobody knows\"}");
    check_error("a \"name\"", "{\"error\":\"out of memory\"}");
    check_error("a\nline", "{\"error\":\"out of memory\"}");
    check_error("a \\", "{\"error\":\"out of memory\"}");
    check_error("caf\xc3\xa9", "{\"error\":\"out of memory\"}");
}

/* play: see play.h. */
#include "pages/play.h"

#include "base/log.h"
#include "http/target.h"
#include "pages/files.h"
#include "pages/lookup.h"
#include "pages/player.h"
#include "pages/script_walk.h"
#include "server/event_stream.h"
#include "server/retry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENDING ".sse"

static void refuse(struct exchange *x, int status, const char *reason)
{
    response_field(&x->response, "Cache-Control", "no-store");
    if (status == 503)
        retry_field(&x->response);
    response_error(&x->response, status, reason);
}

/* Cuts off what stands behind ".sse/". */
static void cut_path(char *path)
{
    char *at = strstr(path, ENDING "/");

    if (at)
        at[strlen(ENDING)] = '\0';
}

/* Reads the file, less if it has become shorter meanwhile, and ends its last
 * line. False, and the answer is sent, if there is no room, or a fault. */
static bool read_text(struct exchange *x, const struct found *f,
                      struct player *p)
{
    size_t len = 0;
    ssize_t n = 1;

    while (n > 0 && len < p->size - 1) {
        n = read(f->fd, p->text + len, p->size - 1 - len);
        if (n > 0)
            len += (size_t)n;
        else if (n < 0 && errno == EINTR)
            n = 1;
    }
    if (n < 0) {
        log_error("cannot read a script: %s", strerror(errno));
        refuse(x, 500, NULL);
        return false;
    }
    if (len > 0 && p->text[len - 1] != '\n' && p->text[len - 1] != '\r')
        p->text[len++] = '\n';
    script_begin(&p->script, (struct slice){p->text, len});
    return true;
}

/* The author must see at once which line to mend. */
static bool check(struct exchange *x, const struct found *f, struct player *p)
{
    char text[LOG_TEXT + 256], name[LOG_TEXT];
    const char *reason;
    const size_t line = script_check(p->script.text, &reason);

    if (line == 0)
        return true;
    snprintf(text, sizeof text, "%s:%zu: %s",
             log_escape(slice_of(f->path), name), line, reason);
    refuse(x, 400, text);
    return false;
}

static bool read_speed(const char *text, double *speed)
{
    const double most = LIMIT_PLAY_SPEED;
    char *end;

    *speed = strtod(text, &end);
    return end != text && !*end && *speed >= 1 / most && *speed <= most;
}

static bool read_parameters(struct exchange *x, struct player *p)
{
    const struct slice query = x->request.query;
    char text[64];

    if (target_query(query, "speed", text, sizeof text) &&
        !read_speed(text, &p->speed)) {
        refuse(x, 400, "speed must be a number from 0.001 to 1000");
        return false;
    }
    if (target_query(query, "words", text, sizeof text) &&
        !script_time(slice_of(text), &p->words_ms)) {
        refuse(x, 400, "words must be a time such as 40ms");
        return false;
    }
    return true;
}

/* The field wins: an EventSource that reconnects repeats its URL. Returns false
 * if nothing is left for this client. */
static bool resume(struct exchange *x, struct player *p)
{
    struct slice id = request_field(&x->request, "Last-Event-ID");
    char text[1024];

    if (!id.at &&
        target_query(x->request.query, "lastEventId", text, sizeof text))
        id = slice_of(text);
    return id.len == 0 || !script_resume(&p->script, id) ||
           !script_is_over(p->script);
}

/* True if the next thing is a status; then the answer is sent. */
static bool answer_status(struct exchange *x, struct script s)
{
    struct script_step step;

    do
        step = script_next(&s);
    while (step.kind == SCRIPT_SEND && step.silent);
    if (step.kind != SCRIPT_STATUS)
        return false;
    response_field(&x->response, "Cache-Control", "no-store");
    if (step.status == 204)
        response_send_empty(&x->response, 204);
    else if (step.bytes.len == 0)
        response_error(&x->response, step.status, NULL);
    else
        response_send(&x->response, step.status,
                      step.bytes.at[0] == '{' ? "application/json"
                                              : "text/plain; charset=utf-8",
                      step.bytes);
    return true;
}

/* Answers; true if the player goes on afterwards. */
static bool answer(struct exchange *x, const struct found *f, struct player *p)
{
    if (!read_text(x, f, p) || !check(x, f, p) || !read_parameters(x, p))
        return false;
    if (!resume(x, p)) {
        response_field(&x->response, "Cache-Control", "no-store");
        response_send_empty(&x->response, 204);
        return false;
    }
    if (answer_status(x, p->script))
        return false;
    event_stream_head(&x->response);
    return x->request.method != METHOD_HEAD;
}

static void log_body(const struct exchange *x)
{
    char text[LOG_TEXT];

    if (x->request.method == METHOD_POST)
        log_event("body, %zu bytes: %s", x->body.len,
                  log_escape((struct slice){x->body.bytes, x->body.len}, text));
}

static void play_file(struct exchange *x, const struct found *f)
{
    struct player *p;

    if (f->stat.st_size > LIMIT_SCRIPT) {
        refuse(x, 400, "a script has at most 8 MiB");
        return;
    }
    p = player_new((size_t)f->stat.st_size + 1, &x->context->budget);
    if (!p)
        refuse(x, 503, "out of memory");
    else if (answer(x, f, p))
        x->afterwards = (struct afterwards){player_run, p, 0};
    else
        player_free(p);
}

void play(struct exchange *x)
{
    struct found f;
    int status;

    log_body(x);
    cut_path(x->path);
    status = lookup_open(x->context->public_dir, x->path, &f);
    if (status != 200) {
        response_error(&x->response, status, NULL);
        return;
    }
    if (f.is_index) /* a directory has this name */
        response_error(&x->response, 404, NULL);
    else
        play_file(x, &f);
    close(f.fd);
}

/* routes: see routes.h. */
#include "routes.h"

#include "files.h"
#include "origin.h"
#include "polling.h"
#include "response.h"
#include "status.h"
#include "subscribe.h"
#include "thread_view.h"
#include "update.h"

#include <string.h>

enum { READ = METHOD_GET | METHOD_HEAD };

static const struct route table[] = {
    {"/update", METHOD_POST, update},
    {"/subscribe", READ, subscribe},
    {"/threads", READ, thread_view},
    {"/slow", METHOD_POST, thread_view_slow},
    {"/poll", READ, polling_short},
    {"/longpoll", READ, polling_long},
    {"/healthz", READ, status_healthz},
    {"/metrics", READ, status_metrics},
    {"*", READ | METHOD_POST, NULL}, /* OPTIONS alone has this target */
    {NULL, READ, files},
};

const struct route *routes_find(const char *path)
{
    const struct route *route = table;

    while (route->path && strcmp(route->path, path) != 0)
        route++;
    return route;
}

static const char *allowed_methods(const struct route *route)
{
    switch (route->methods) {
    case READ:
        return "GET, HEAD, OPTIONS";
    case METHOD_POST:
        return "POST, OPTIONS";
    default:
        return "GET, HEAD, POST, OPTIONS";
    }
}

/* Its pages may read what polling tells in fields (Fetch standard, 3.2.3). */
static void name_origin(struct exchange *x, struct slice origin)
{
    response_field(x, "Access-Control-Allow-Origin", "%.*s", (int)origin.len,
                   origin.at);
    response_field(x, "Access-Control-Expose-Headers",
                   "Last-Event-ID, Event-Gap");
}

/* Whatever a cache keeps of an answer must not serve another origin. */
static void allow_origin(struct exchange *x, enum origin origin)
{
    const struct options *o = &x->context->options;
    struct slice name = request_field(&x->request, "Origin");

    if (o->allow_origin.count == 0)
        return;
    if (origin_any(o)) {
        name_origin(x, slice_of("*"));
        return;
    }
    response_field(x, "Vary", "Origin");
    if (origin == ORIGIN_ALLOWED && name.len < EXCHANGE_FIELDS / 4)
        name_origin(x, name);
}

int routes_judge(struct exchange *x, const struct route *route)
{
    enum method method = x->request.method;
    enum origin origin = origin_judge(&x->request, &x->context->options);

    allow_origin(x, origin);
    if (method == METHOD_UNKNOWN)
        return 501;
    if (!((route->methods | METHOD_OPTIONS) & method)) {
        response_field(x, "Allow", "%s", allowed_methods(route));
        return 405;
    }
    if (method == METHOD_POST && origin == ORIGIN_FOREIGN) {
        x->request.reason = "pages of this origin may not post: see "
                            "--allow-origin and --server-name";
        return 403;
    }
    return 200;
}

/* Also the answer to a preflight; without the field that allow_origin adds,
 * a browser takes it for a no. */
static void answer_options(struct exchange *x, const struct route *route)
{
    const char *methods = allowed_methods(route);

    response_field(x, "Allow", "%s", methods);
    if (request_field(&x->request, "Access-Control-Request-Method").at) {
        response_field(x, "Access-Control-Allow-Methods", "%s", methods);
        response_field(x, "Access-Control-Allow-Headers",
                       "Content-Type, Last-Event-ID");
        response_field(x, "Access-Control-Max-Age", "600");
    }
    response_send(x, 204, NULL, (struct slice){NULL, 0});
}

void routes_answer(struct exchange *x, const struct route *route)
{
    if (x->request.method == METHOD_OPTIONS)
        answer_options(x, route);
    else
        route->handler(x);
}

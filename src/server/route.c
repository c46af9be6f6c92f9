/* route: see route.h. */
#include "server/route.h"

#include "http/target.h"
#include "server/origin.h"

#include <string.h>

enum { READ = METHOD_GET | METHOD_HEAD };

enum { LONGEST_ORIGIN = 256 }; /* bytes; it must fit among the fields */

static const struct route *find(const struct route *table, const char *path)
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

/* Lets the origin's pages read the answer, and what polling says in fields
 * (Fetch standard, 3.2.3). */
static void name_origin(struct exchange *x, struct slice origin)
{
    response_field(&x->response, "Access-Control-Allow-Origin", "%.*s",
                   (int)origin.len, origin.at);
    response_field(&x->response, "Access-Control-Expose-Headers",
                   "Last-Event-ID, Event-Gap");
}

/* Vary: a cache must not give one origin's answer to another. */
static void allow_origin(struct exchange *x, enum origin origin)
{
    const struct settings *s = &x->context->settings;
    struct slice name = request_field(&x->request, "Origin");

    if (s->allow_origin.count == 0)
        return;
    if (origin_any(s)) {
        name_origin(x, slice_of("*"));
        return;
    }
    response_field(&x->response, "Vary", "Origin");
    if (origin == ORIGIN_ALLOWED && name.len < LONGEST_ORIGIN)
        name_origin(x, name);
}

/* Returns 200 if the route accepts the request; else the status of the refusal.
 */
static int judge(struct exchange *x, const struct route *route)
{
    enum method method = x->request.method;
    enum origin origin = origin_judge(&x->request, &x->context->settings);

    allow_origin(x, origin);
    if (method == METHOD_UNKNOWN)
        return 501;
    if (!((route->methods | METHOD_OPTIONS) & method)) {
        if (route->exists && !route->exists(x))
            return 404;
        response_field(&x->response, "Allow", "%s", allowed_methods(route));
        return 405;
    }
    if (method == METHOD_POST && origin == ORIGIN_FOREIGN) {
        x->request.reason = "pages of this origin may not post: see "
                            "--allow-origin and --server-name";
        return 403;
    }
    if (method == METHOD_POST && request_body_is_encoded(&x->request)) {
        x->request.reason = "no content coding is served: send the body as it "
                            "is, without Content-Encoding";
        response_field(&x->response, "Accept-Encoding", "identity");
        return 415;
    }
    return 200;
}

int route_admit(struct exchange *x, int status, const struct route **route)
{
    bool decoded = target_decode_path(x->request.path, x->path, sizeof x->path);

    if (!decoded)
        x->path[0] = '\0';
    *route = find(x->context->routes, x->path);
    x->response.json_errors = (*route)->json_errors;
    x->response.close = status != 200 || !x->request.keep_alive;
    if (status != 200)
        return status;
    if (!decoded) {
        x->request.reason = "the path has a broken percent-encoding";
        x->response.close = true;
        return 400;
    }
    status = judge(x, *route);
    if (status != 200) /* an unread body is no request */
        x->response.close |= request_has_body(&x->request);
    return status;
}

/* Also answers a preflight. Without the field that allow_origin adds, a browser
 * takes the answer for a no. */
static void answer_options(struct exchange *x, const struct route *route)
{
    const char *methods = allowed_methods(route);

    response_field(&x->response, "Allow", "%s", methods);
    if (request_field(&x->request, "Access-Control-Request-Method").at) {
        response_field(&x->response, "Access-Control-Allow-Methods", "%s",
                       methods);
        response_field(&x->response, "Access-Control-Allow-Headers",
                       "Content-Type, Last-Event-ID");
        response_field(&x->response, "Access-Control-Max-Age", "600");
    }
    response_send_empty(&x->response, 204);
}

void route_answer(struct exchange *x, const struct route *route)
{
    if (x->request.method == METHOD_OPTIONS)
        answer_options(x, route);
    else
        route->handler(x);
}

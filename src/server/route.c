/* route: see route.h. */
#include "server/route.h"

#include "http/target.h"
#include "server/origin.h"
#include "server/publish_rule.h"

#include <string.h>

/* Finds the ending ".sse" of "*.sse" where a segment of the path ends. */
static bool matches(const char *pattern, const char *path)
{
    const char *ending = pattern + 1, *at;
    const size_t start = strcspn(pattern, "*");

    if (start > 0 && pattern[start])
        return strncmp(pattern, path, start) == 0;
    if (pattern[0] != '*' || !*ending)
        return strcmp(pattern, path) == 0;
    for (at = strstr(path, ending); at; at = strstr(at + 1, ending)) {
        const char behind = at[strlen(ending)];

        if (behind == '\0' || behind == '/')
            return true;
    }
    return false;
}

static const struct route *find(const struct route *table, const char *path)
{
    const struct route *route = table;

    while (route->path && !matches(route->path, path))
        route++;
    return route;
}

static const char *allowed_methods(const struct route *route)
{
    switch (route->methods) {
    case ROUTE_READ:
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

/*
 * Credentials are for a proxy that asks for a password or a cookie. "*" never
 * gets them (Fetch standard, 3.2.5); nor does "null", which any page can be in
 * a frame. Vary: a cache must not give one origin's answer to another.
 */
static void allow_origin(struct exchange *x)
{
    const struct settings *s = &x->context->settings;
    struct slice name;
    bool named;

    if (s->allow_origin.count == 0)
        return;
    name = request_field(&x->request, "Origin");
    named = origin_judge(&x->request, s) == ORIGIN_NAMED &&
            name.len < RESPONSE_FIELDS / 4;
    if (s->allow_origin.count > 1 || !origin_any(s))
        response_field(&x->response, "Vary", "Origin");
    if (named)
        name_origin(x, name);
    else if (origin_any(s))
        name_origin(x, slice_of("*"));
    if (named && !slice_is(name, "null"))
        response_field(&x->response, "Access-Control-Allow-Credentials",
                       "true");
}

/* Returns 200 if the route accepts the request; else the status of the refusal.
 */
static int judge(struct exchange *x, const struct route *route)
{
    const struct settings *s = &x->context->settings;
    enum method method = x->request.method;

    if (method == METHOD_UNKNOWN)
        return 501;
    if (!((route->methods | METHOD_OPTIONS) & method)) {
        if (route->exists && !route->exists(x))
            return 404;
        response_field(&x->response, "Allow", "%s", allowed_methods(route));
        return 405;
    }
    if (method == METHOD_POST &&
        origin_judge(&x->request, s) == ORIGIN_FOREIGN) {
        x->request.reason = "pages of this origin may not post: see "
                            "--allow-origin and --server-name";
        return 403;
    }
    if (!(route->flags & ROUTE_ANY_NAME) && method != METHOD_OPTIONS &&
        origin_is_rebound(&x->request, s)) {
        x->request.reason = "browsers must use a name of this server: an "
                            "address, localhost, or see --server-name";
        return 403;
    }
    if (method == METHOD_POST && (route->flags & ROUTE_PUBLISHES)) {
        const int status = publish_rule_judge(x);

        if (status != 200)
            return status;
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
    x->response.json_errors = (*route)->flags & ROUTE_JSON;
    x->response.close = status != 200 || !x->request.keep_alive;
    allow_origin(x);
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

/* Libraries of language models add fields of their own. An origin that is let
 * in may send whatever it asks for: we do not look at them. */
static void allow_fields(struct exchange *x, bool let_in)
{
    struct slice asked =
        request_field(&x->request, "Access-Control-Request-Headers");

    if (!let_in || asked.len >= RESPONSE_FIELDS / 4)
        asked.len = 0;
    response_field(&x->response, "Access-Control-Allow-Headers",
                   "Authorization, Cache-Control, Content-Type, "
                   "Idempotency-Key, Last-Event-ID, X-Requested-With%s%.*s",
                   asked.len > 0 ? ", " : "", (int)asked.len,
                   asked.at ? asked.at : "");
}

/*
 * Without the field that allow_origin adds, a browser takes the answer for a
 * no. Private network: a browser may ask before a page of the internet reaches
 * this machine (Private Network Access, 3.1; its successor asks the user).
 */
static void allow_request(struct exchange *x, const char *methods)
{
    enum origin origin = origin_judge(&x->request, &x->context->settings);

    response_field(&x->response, "Access-Control-Allow-Methods", "%s", methods);
    allow_fields(x, origin == ORIGIN_NAMED || origin == ORIGIN_ANY);
    response_field(&x->response, "Access-Control-Max-Age", "600");
    if ((origin == ORIGIN_NAMED || origin == ORIGIN_ANY) &&
        slice_is(request_field(&x->request,
                               "Access-Control-Request-Private-Network"),
                 "true"))
        response_field(&x->response, "Access-Control-Allow-Private-Network",
                       "true");
}

static void answer_options(struct exchange *x, const struct route *route)
{
    const char *methods = allowed_methods(route);

    response_field(&x->response, "Allow", "%s", methods);
    if (request_field(&x->request, "Access-Control-Request-Method").at)
        allow_request(x, methods);
    response_send_empty(&x->response, 204);
}

const char *route_role(const struct route *route, const struct exchange *x)
{
    return x->request.method == METHOD_POST && (route->flags & ROUTE_PUBLISHES)
               ? ROUTE_PUBLISHER
               : route->role;
}

void route_answer(struct exchange *x, const struct route *route)
{
    if (x->request.method == METHOD_OPTIONS)
        answer_options(x, route);
    else
        route->handler(x);
}

/* routes: see routes.h. */
#include "routes.h"

#include "pages/files.h"
#include "pages/metrics.h"
#include "pages/poll.h"
#include "pages/subscribe.h"
#include "pages/update.h"
#include "threads/view.h"

enum { READ = ROUTE_READ, POST = METHOD_POST };

/* path, methods, handler, role of the thread, errors as JSON, any name */
const struct route routes[] = {
    {"/update", POST, update, ROUTE_PUBLISHER, true, false},
    {"/subscribe", READ, subscribe, "subscriber", false, false},
    {"/poll", READ, poll_short, "poller", true, false},
    {"/longpoll", READ, poll_long, "poller", true, false},
    {"/threads", READ, view_threads, "viewer", false, false},
    {"/slow", POST, view_slow, "client", false, false},
    {"/healthz", READ, metrics_health, "client", false, true},
    {"/metrics", READ, metrics, "client", false, true},
    {"*", READ | POST, files, "client", false, true}, /* for OPTIONS alone */
    {NULL, READ, files, "client", false, false},
};

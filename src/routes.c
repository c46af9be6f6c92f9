/* routes: see routes.h. */
#include "routes.h"

#include "pages/files.h"
#include "pages/metrics.h"
#include "pages/poll.h"
#include "pages/subscribe.h"
#include "pages/update.h"
#include "threads/view.h"

enum { READ = METHOD_GET | METHOD_HEAD, POST = METHOD_POST };

/* path, methods, handler, role of the thread, errors as JSON */
const struct route routes[] = {
    {"/update", POST, update, ROUTE_PUBLISHER, true},
    {"/subscribe", READ, subscribe, "subscriber", false},
    {"/poll", READ, poll_short, "poller", true},
    {"/longpoll", READ, poll_long, "poller", true},
    {"/threads", READ, view_threads, "viewer", false},
    {"/slow", POST, view_slow, "client", false},
    {"/healthz", READ, metrics_health, "client", false},
    {"/metrics", READ, metrics, "client", false},
    {"*", READ | POST, files, "client", false}, /* for OPTIONS alone */
    {NULL, READ, files, "client", false},
};

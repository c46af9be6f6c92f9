/* routes: see routes.h. */
#include "routes.h"

#include "pages/faults.h"
#include "pages/files.h"
#include "pages/metrics.h"
#include "pages/play.h"
#include "pages/poll.h"
#include "pages/subscribe.h"
#include "pages/update.h"
#include "threads/view.h"

enum { READ = ROUTE_READ, POST = METHOD_POST };

/* path, methods, handler, role, errors as JSON, any name, is it there? */
const struct route routes[] = {
    {"/update", POST, update, ROUTE_PUBLISHER, true, false, NULL},
    {"/subscribe", READ, subscribe, "subscriber", false, false, NULL},
    {"/poll", READ, poll_short, "poller", true, false, NULL},
    {"/longpoll", READ, poll_long, "poller", true, false, NULL},
    {"/threads", READ, view_threads, "viewer", false, false, NULL},
    {"/slow", POST, view_slow, "client", false, false, NULL},
    {"/faults", READ | POST, faults, "client", true, false, NULL},
    {"/healthz", READ, metrics_health, "client", false, true, NULL},
    {"/metrics", READ, metrics, "client", false, true, NULL},
    {"*.sse", READ | POST, play, "player", false, false, files_exist},
    {"*", READ | POST, files, "client", false, true, NULL}, /* OPTIONS alone */
    {NULL, READ, files, "client", false, false, files_exist},
};

/* routes: see routes.h. */
#include "routes.h"

#include "pages/files.h"
#include "pages/metrics.h"
#include "pages/poll.h"
#include "pages/subscribe.h"
#include "pages/update.h"
#include "threads/view.h"

enum { READ = METHOD_GET | METHOD_HEAD, POST = METHOD_POST };

/* path, methods, handler, role of the thread, errors as JSON, is it there? */
const struct route routes[] = {
    {"/update", POST, update, "publisher", true, NULL},
    {"/subscribe", READ, subscribe, "subscriber", false, NULL},
    {"/poll", READ, poll_short, "poller", true, NULL},
    {"/longpoll", READ, poll_long, "poller", true, NULL},
    {"/threads", READ, view_threads, "viewer", false, NULL},
    {"/slow", POST, view_slow, "client", false, NULL},
    {"/healthz", READ, metrics_health, "client", false, NULL},
    {"/metrics", READ, metrics, "client", false, NULL},
    {"*", READ | POST, files, "client", false, NULL}, /* for OPTIONS alone */
    {NULL, READ, files, "client", false, files_exist},
};

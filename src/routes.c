/* routes: see routes.h. */
#include "routes.h"

#include "pages/channels.h"
#include "pages/faults.h"
#include "pages/files.h"
#include "pages/metrics.h"
#include "pages/play.h"
#include "pages/poll.h"
#include "pages/subscribe.h"
#include "pages/update.h"
#include "pages/votes.h"
#include "threads/poke.h"
#include "threads/timeline.h"
#include "threads/view.h"

enum { READ = ROUTE_READ, POST = METHOD_POST, BOTH = READ | POST };
enum { MESSAGES = ROUTE_PUBLISHES, JSON = ROUTE_JSON, ANY = ROUTE_ANY_NAME };

/* Path, methods, handler, role, flags, is it there? See route.h. */
const struct route routes[] = {
    {"/update", POST, update, "client", MESSAGES | JSON, NULL},
    {"/subscribe", READ, subscribe, "subscriber", 0, NULL},
    {"/channels/*", BOTH, channels, "subscriber", MESSAGES | JSON, NULL},
    {"/poll", READ, poll_short, "poller", JSON, NULL},
    {"/longpoll", READ, poll_long, "poller", JSON, NULL},
    {"/threads", READ, view_threads, "viewer", 0, NULL},
    {"/timeline", READ, timeline, "viewer", 0, NULL},
    {"/poke", POST, poke, "poker", 0, NULL},
    {"/slow", POST, view_slow, "client", 0, NULL},
    {"/votes", BOTH, votes, "voter", JSON, NULL},
    {"/faults", BOTH, faults, "client", JSON, NULL},
    {"/healthz", READ, metrics_health, "client", ANY, NULL},
    {"/metrics", READ, metrics, "client", ANY, NULL},
    {"*.sse", BOTH, play, "player", 0, files_exist},
    {"*", BOTH, files, "client", ANY, NULL}, /* the target of `OPTIONS *` */
    {NULL, READ, files, "client", 0, files_exist},
};

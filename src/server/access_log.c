/* access_log: see access_log.h. */
#include "server/access_log.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>

void access_log(const struct exchange *x, uint64_t sent, double started)
{
    const struct request *r = &x->request;
    char method[LOG_TEXT], target[LOG_TEXT];

    log_event("%s %s %d %" PRIu64 " B %.2f ms",
              r->method_name.len ? log_escape(r->method_name, method) : "-",
              r->target.len ? log_escape(r->target, target) : "-",
              x->response.status, sent, (clock_seconds() - started) * 1000);
}

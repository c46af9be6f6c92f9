/* update: see update.h. */
#include "pages/update.h"

#include "pages/update_body.h"
#include "server/memory.h"
#include "server/retry.h"
#include "store/store.h"

void update(struct exchange *x)
{
    const struct settings *s = &x->context->settings;
    struct update_refusal refusal;
    struct message *m =
        update_body_message(x->body.bytes, x->body.len, s->retry_ms, &refusal);

    if (!m) {
        response_error(&x->response, refusal.status, refusal.reason);
        return;
    }
    if (store_publish(x->context->store, m)) {
        memory_keep(x->context);
        response_send(&x->response, 200, "application/json", message_json(m));
    } else {
        retry_field(&x->response);
        response_error(&x->response, 503, "the server is stopping");
    }
    message_unref(m);
}

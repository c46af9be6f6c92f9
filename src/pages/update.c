/* update: see update.h. */
#include "pages/update.h"

#include "pages/publish.h"
#include "pages/update_body.h"

void update(struct exchange *x)
{
    struct update_refusal refusal;
    struct message *m = update_body_message(
        x->body.bytes, x->body.len, x->context->settings.retry_ms, &refusal);

    if (!m) {
        response_error(&x->response, refusal.status, refusal.reason);
        return;
    }
    m = publish_message(x, m);
    if (m)
        response_send(&x->response, 200, "application/json", message_json(m));
    message_unref(m);
}

/* update: see update.h. */
#include "pages/update.h"

#include "journal/journal.h"
#include "pages/update_body.h"
#include "server/memory.h"
#include "server/retry.h"

void update(struct exchange *x)
{
    const struct settings *s = &x->context->settings;
    struct update_refusal refusal;
    const char *trouble;
    struct message *m =
        update_body_message(x->body.bytes, x->body.len, s->retry_ms, &refusal);

    if (!m) {
        response_error(&x->response, refusal.status, refusal.reason);
        return;
    }
    trouble = journal_publish(x->context->journal, m);
    if (!trouble) {
        memory_keep(x->context);
        response_send(&x->response, 200, "application/json", message_json(m));
    } else {
        retry_field(&x->response);
        response_error(&x->response, 503, trouble);
    }
    message_unref(m);
}

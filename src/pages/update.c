/* update: see update.h. */
#include "pages/update.h"

#include "journal/journal.h"
#include "pages/update_body.h"
#include "server/memory.h"
#include "server/retry.h"

void update(struct exchange *x)
{
    const struct settings *s = &x->context->settings;
    char error[UPDATE_BODY_ERROR_SIZE];
    const char *refusal;
    struct message *m =
        update_body_message(x->body.bytes, x->body.len, s->retry_ms, error);

    if (!m && error[0]) {
        response_error(&x->response, 400, error);
        return;
    }
    if (!m) {
        response_error(&x->response, 503, "out of memory");
        return;
    }
    refusal = journal_publish(x->context->journal, m);
    if (!refusal) {
        memory_keep(x->context);
        response_send(&x->response, 200, "application/json", message_json(m));
    } else {
        retry_field(&x->response);
        response_error(&x->response, 503, refusal);
    }
    message_unref(m);
}

/* publish: see publish.h. */
#include "pages/publish.h"

#include "http/idempotency.h"
#include "journal/journal.h"
#include "server/memory.h"
#include "server/retry.h"

static const char *const words[] = {
    [JOURNAL_OTHER] = "another message was posted with this Idempotency-Key",
    [JOURNAL_REFUSED] = "the journal cannot keep the message: nobody got it",
    [JOURNAL_UNCLEAR] = ("the journal does not answer: it is not known whether "
                         "the message is kept"),
    [JOURNAL_STOPPING] = "the server is stopping",
    [JOURNAL_NO_MEMORY] = "out of memory",
};

static void refuse(struct exchange *x, enum journal_fate fate)
{
    if (fate == JOURNAL_OTHER) {
        response_error(&x->response, 422, words[fate]);
        return;
    }
    retry_field(&x->response);
    response_error(&x->response, 503, words[fate]);
}

struct message *publish_message(struct exchange *x, struct message *m)
{
    char key[LIMIT_KEY + 1];
    const char *reason = idempotency_key(&x->request, key);
    enum journal_fate fate;

    if (reason) {
        response_error(&x->response, 400, reason);
        message_unref(m);
        return NULL;
    }
    fate = journal_publish(x->context->journal, &m, key);
    if (fate != JOURNAL_KEPT) {
        refuse(x, fate);
        message_unref(m);
        return NULL;
    }
    memory_keep(x->context);
    return m;
}

/* update: see update.h. */
#include "update.h"

#include "message.h"
#include "response.h"

void update(struct exchange *x)
{
    char error[MESSAGE_ERROR_SIZE];
    struct message *m = message_from_json(x->body.bytes, x->body.len,
                                          x->context->options.retry_ms, error);

    if (!m) {
        if (error[0])
            response_error(x, 400, error);
        else
            response_error(x, 503, "out of memory");
        return;
    }
    store_publish(x->context->store, m);
    response_send(x, 200, "application/json", message_json(m));
    message_unref(m);
}

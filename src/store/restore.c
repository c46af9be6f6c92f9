/* restore: see restore.h. */
#include "store/restore.h"

#include "store/store_private.h"

void store_restore(struct store *s, struct message *m)
{
    pthread_mutex_lock(&s->mutex);
    message_unref(history_add(&s->history, m, 0));
    s->restored++;
    pthread_mutex_unlock(&s->mutex);
}

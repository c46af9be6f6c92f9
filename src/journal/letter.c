/* letter: see letter.h. */
#include "journal/letter.h"

#include "base/lock.h"

#include <stdlib.h>

struct letter *letter_new(struct message *m)
{
    struct letter *l = malloc(sizeof *l);

    if (!l)
        return NULL;
    atomic_init(&l->owners, 2);
    l->message = message_ref(m);
    lock_cond_init(&l->done);
    list_init(&l->link);
    l->is_taken = false;
    l->result = LETTER_WAITING;
    return l;
}

void letter_unref(struct letter *l)
{
    /* The last owner must see all that the other did before. */
    if (atomic_fetch_sub_explicit(&l->owners, 1, memory_order_acq_rel) > 1)
        return;
    message_unref(l->message);
    pthread_cond_destroy(&l->done);
    free(l);
}

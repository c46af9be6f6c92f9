/* letter: see letter.h. */
#include "journal/letter.h"

#include "base/lock.h"

#include <stdlib.h>
#include <string.h>

struct letter *letter_new(struct message *m, const char *key)
{
    const size_t size = strlen(key) + 1;
    struct letter *l = malloc(sizeof *l + size);

    if (!l)
        return NULL;
    atomic_init(&l->owners, 2);
    l->message = message_ref(m);
    l->known = NULL;
    lock_cond_init(&l->done);
    list_init(&l->link);
    l->is_taken = false;
    l->fate = JOURNAL_WAITING;
    memcpy(l->key, key, size);
    return l;
}

bool letter_has_twin(const struct letter *l, struct letter *const *letters,
                     size_t n)
{
    if (!l->key[0])
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(letters[i]->key, l->key) == 0)
            return true;
    return false;
}

void letter_unref(struct letter *l)
{
    /* The last owner must see all that the other did before. */
    if (atomic_fetch_sub_explicit(&l->owners, 1, memory_order_acq_rel) > 1)
        return;
    message_unref(l->message);
    message_unref(l->known);
    pthread_cond_destroy(&l->done);
    free(l);
}

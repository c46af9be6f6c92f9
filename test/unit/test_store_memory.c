/* store: who owns messages and subscribers, and that their memory comes back.
 */
#include "store_check.h"
#include "unit.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

TestSuite(store_memory, .timeout = TEST_SECONDS);

/* What is collected stays, though the store has dropped it, and is gone. */
Test(store_memory, gives_references)
{
    struct store *s = store_new(1, 1, 1);
    struct subscriber *sub = subscribe_live(s);
    struct store_batch batch;

    publish(s, 0);
    cr_assert_eq(store_wait(s, sub, in_ms(0), 1, &batch), STORE_MESSAGES);
    publish_all(s, 1, 3, NULL);
    store_unsubscribe(s, sub);
    store_free(s);
    expect_batch(&batch, 0, 0);
}

Test(store_memory, takes_a_reference_of_its_own)
{
    struct store *s = store_new(1, 1, 1);
    struct message *m = make_message(7);

    store_publish(s, m);
    publish_all(s, 8, 9, NULL);
    cr_expect_eq(message_number(m), 7);
    message_unref(m);
    store_free(s);
}

/* A message of 100 kB. */
static void publish_large(struct store *s)
{
    enum { LEN = 100000 };
    char *body = malloc(LEN);
    struct update_refusal refusal;
    struct message *m;

    memset(body, 'a', LEN);
    memcpy(body, "{\"text\":\"", 9);
    memcpy(body + LEN - 2, "\"}", 2);
    m = update_body_message(body, LEN, 1, &refusal);
    cr_assert(m != NULL, "%s", refusal.reason);
    store_publish(s, m);
    message_unref(m);
    free(body);
}

/* 100 MB of messages go through it. (LeakSanitizer has an allocator of its own
 * and counts by itself.) */
Test(store_memory, gives_memory_back)
{
    size_t before = mallinfo2().uordblks;
    struct store *s = store_new(3, 1, 1);

    for (int i = 0; i < 1000; i++) {
        struct subscriber *sub = subscribe_live(s);
        struct store_batch batch;

        publish_large(s);
        cr_assert_eq(store_wait(s, sub, in_ms(0), 1, &batch), STORE_MESSAGES);
        message_unref(batch.messages[0]);
        store_unsubscribe(s, sub);
    }
    for (int i = 0; i < 20000; i++)
        store_unsubscribe(s, subscribe_live(s));
    cr_expect_lt(mallinfo2().uordblks, before + 1000000);
    store_free(s);
    cr_expect_lt(mallinfo2().uordblks, before + 100000);
}

/* Memory is used again: a new subscriber has nothing of the one before. */
Test(store_memory, subscribers_begin_anew)
{
    struct store *s = store_new(2, 1, 1);
    struct subscriber *sub = subscribe_after(s, (struct event_id){1, 0});

    publish_all(s, 0, 9, NULL);
    store_poke(s, sub);
    store_unsubscribe(s, sub);
    store_poke(s, sub); /* it is gone, and nobody is poked */
    sub = subscribe_live(s);
    expect_nothing(s, sub);
    publish(s, 10);
    expect_messages(s, sub, 10, 10);
    expect_nothing(s, sub);
    store_unsubscribe(s, sub);
    store_free(s);
}

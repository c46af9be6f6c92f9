#include "ledger.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

void ledger_open(struct ledger *l, unsigned messages, unsigned warmup,
                 unsigned subscribers, unsigned publishers, unsigned channels)
{
    *l = (struct ledger){.subscribers = subscribers,
                         .capacity = messages,
                         .channels = channels,
                         .warmup = warmup};
    l->messages = bench_calloc(messages, sizeof(*l->messages));
    l->rank_now = bench_calloc(subscribers, sizeof(*l->rank_now));
    l->newest = bench_calloc((size_t)publishers * channels, sizeof(*l->newest));
    l->seen = bench_calloc(subscribers, (messages + 7) / 8);
}

uint64_t ledger_deliveries(const struct ledger *l, unsigned messages)
{
    return (uint64_t)messages * (l->subscribers / l->channels);
}

unsigned ledger_send(struct ledger *l, unsigned publisher)
{
    unsigned number = l->sent++;
    struct message *m = &l->messages[number];
    m->publisher = publisher;
    m->missing = l->subscribers / l->channels;
    m->sent_ns = bench_now_ns();
    snprintf(m->marker, sizeof(m->marker), "@%08u:%018llu@", number % 100000000,
             (unsigned long long)m->sent_ns % 1000000000000000000ull);
    return number;
}

/* False if it was there before. */
static bool see(struct ledger *l, unsigned subscriber, unsigned number)
{
    uint8_t *byte =
        &l->seen[(size_t)subscriber * ((l->capacity + 7) / 8) + number / 8];
    uint8_t bit = (uint8_t)(1u << number % 8);
    bool is_new = (*byte & bit) == 0;
    *byte |= bit;
    return is_new;
}

/* The first sight of a message by anyone. */
static void rank(struct ledger *l, struct message *m, unsigned number)
{
    unsigned *newest =
        &l->newest[m->publisher * l->channels + number % l->channels];
    m->rank = ++l->ranked;
    if (number < *newest)
        l->reordered++;
    else
        *newest = number + 1;
}

static void deliver(struct ledger *l, unsigned subscriber, unsigned number,
                    uint64_t ns)
{
    struct message *m = &l->messages[number];
    if (!see(l, subscriber, number) ||
        subscriber % l->channels != number % l->channels) {
        l->duplicated++;
        return;
    }
    if (m->rank == 0)
        rank(l, m, number);
    if (m->rank < l->rank_now[subscriber])
        l->reordered++;
    else
        l->rank_now[subscriber] = m->rank;
    l->delivered++;
    l->last_ns = ns;
    m->missing--;
    if (number < l->warmup)
        return;
    histogram_add(&l->delivery, ns - m->sent_ns);
    if (m->missing == 0)
        histogram_add(&l->complete, ns - m->sent_ns);
}

/* The number of the message whose marker this is, or l->sent if it is no
 * marker, or one from elsewhere. */
static unsigned number_of(const struct ledger *l, const char *marker)
{
    unsigned number = 0;
    for (int i = 1; i <= 8; i++)
        number = number * 10 + (unsigned)(marker[i] - '0');
    if (number < l->sent &&
        memcmp(marker, l->messages[number].marker, MARKER) == 0)
        return number;
    return l->sent;
}

size_t ledger_receive(struct ledger *l, unsigned subscriber, const char *bytes,
                      size_t size, uint64_t ns)
{
    const char *end = bytes + size, *p = bytes;
    while ((p = memchr(p, '@', (size_t)(end - p))) != NULL) {
        if (end - p < MARKER)
            return (size_t)(end - p);
        unsigned number = number_of(l, p);
        if (number == l->sent) {
            p++;
            continue;
        }
        deliver(l, subscriber, number, ns);
        p += MARKER;
    }
    return 0;
}

/* clients: see clients.h. */
#include "server/clients.h"

#include "base/clock.h"
#include "base/lock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct clients {
    size_t limit; /* set once */

    pthread_mutex_t mutex;
    pthread_cond_t fewer; /* after clients_dismiss: a client has left, or has
                           * finished its request */

    /* Guarded by the mutex. */
    struct list list;
    bool dismissed;
    struct clients_stats stats;
};

struct clients *clients_new(size_t limit)
{
    struct clients *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->limit = limit;
    list_init(&c->list);
    lock_mutex_init(&c->mutex);
    lock_cond_init(&c->fewer);
    return c;
}

void clients_free(struct clients *c)
{
    pthread_cond_destroy(&c->fewer);
    pthread_mutex_destroy(&c->mutex);
    free(c);
}

bool clients_enter(struct clients *c, struct client *client)
{
    bool entered = false;

    client->interruptible = false;
    client->subscriber = NULL;
    client->role = CLIENT_ROLE;
    client->request[0] = '\0';
    atomic_init(&client->tid, 0);
    atomic_init(&client->since, clock_coarse_ms());
    atomic_init(&client->sent, 0);
    pthread_mutex_lock(&c->mutex);
    if (c->stats.connected < c->limit) {
        list_push_back(&c->list, &client->link);
        c->stats.connected++;
        client->number = ++c->stats.accepted;
        c->stats.latest = client->since;
        entered = true;
    } else {
        c->stats.refused++;
    }
    pthread_mutex_unlock(&c->mutex);
    return entered;
}

void clients_leave(struct clients *c, struct client *client)
{
    pthread_mutex_lock(&c->mutex);
    list_remove(&client->link);
    c->stats.connected--;
    /* Signals under the mutex: once it is released, the main thread may see
     * that all have left, and free *c. */
    if (c->dismissed)
        pthread_cond_signal(&c->fewer);
    pthread_mutex_unlock(&c->mutex);
}

void clients_interruptible(struct clients *c, struct client *client)
{
    pthread_mutex_lock(&c->mutex);
    client->interruptible = true;
    client_mark(client, client->sent);
    if (c->dismissed) {
        shutdown(client->fd, SHUT_RD);
        pthread_cond_signal(&c->fewer);
    }
    pthread_mutex_unlock(&c->mutex);
}

void clients_busy(struct clients *c, struct client *client,
                  struct slice request, const char *role)
{
    size_t len = request.len;

    if (len >= CLIENT_REQUEST)
        len = CLIENT_REQUEST - 1;
    pthread_mutex_lock(&c->mutex);
    client->interruptible = false;
    client->role = role;
    if (len > 0)
        memcpy(client->request, request.at, len);
    client->request[len] = '\0';
    client_mark(client, client->sent);
    pthread_mutex_unlock(&c->mutex);
}

void clients_subscribe(struct clients *c, struct client *client,
                       struct subscriber *subscriber)
{
    pthread_mutex_lock(&c->mutex);
    client->subscriber = subscriber;
    pthread_mutex_unlock(&c->mutex);
}

void client_mark(struct client *client, uint64_t sent)
{
    atomic_store_explicit(&client->since, clock_coarse_ms(),
                          memory_order_relaxed);
    atomic_store_explicit(&client->sent, sent, memory_order_relaxed);
}

void clients_walk(struct clients *c,
                  void (*visit)(struct client *client, void *argument),
                  void *argument)
{
    pthread_mutex_lock(&c->mutex);
    for (struct list *l = c->list.next; l != &c->list; l = l->next)
        visit(LIST_ENTRY(l, struct client, link), argument);
    pthread_mutex_unlock(&c->mutex);
}

bool clients_dismissed(struct clients *c)
{
    bool dismissed;

    pthread_mutex_lock(&c->mutex);
    dismissed = c->dismissed;
    pthread_mutex_unlock(&c->mutex);
    return dismissed;
}

/* shutdown(2) for every client, or for the interruptible ones. */
static void hang_up(struct clients *c, bool interruptible_only, int how)
{
    lock_assert_held(&c->mutex);
    for (struct list *l = c->list.next; l != &c->list; l = l->next) {
        struct client *client = LIST_ENTRY(l, struct client, link);

        if (!interruptible_only || client->interruptible)
            shutdown(client->fd, how);
    }
}

/* True if a client is in the middle of a request with this role; with `role`
 * NULL, if any client is there. */
static bool is_there(struct clients *c, const char *role)
{
    lock_assert_held(&c->mutex);
    for (struct list *l = c->list.next; l != &c->list; l = l->next) {
        const struct client *client = LIST_ENTRY(l, struct client, link);

        if (!role ||
            (!client->interruptible && strcmp(client->role, role) == 0))
            return true;
    }
    return false;
}

/* Waits until no such client is there, for at most ms. Returns true if so.
 * Releases the mutex meanwhile. */
static bool wait_until_gone(struct clients *c, const char *role, int64_t ms)
{
    struct timespec until = clock_timespec(clock_deadline(ms));

    while (is_there(c, role))
        if (pthread_cond_timedwait(&c->fewer, &c->mutex, &until) == ETIMEDOUT)
            return !is_there(c, role);
    return true;
}

void clients_dismiss(struct clients *c)
{
    pthread_mutex_lock(&c->mutex);
    c->dismissed = true;
    /* Only the reading side: a request that is already in the socket is still
     * read and answered. */
    hang_up(c, true, SHUT_RD);
    pthread_mutex_unlock(&c->mutex);
}

size_t clients_cut(struct clients *c, const struct subscriber **subscribers,
                   size_t n)
{
    size_t cut = 0;

    pthread_mutex_lock(&c->mutex);
    for (struct list *l = c->list.next; l != &c->list; l = l->next) {
        struct client *client = LIST_ENTRY(l, struct client, link);

        for (size_t i = 0; client->subscriber && i < n; i++)
            if (client->subscriber == subscribers[i]) {
                shutdown(client->fd, SHUT_RDWR);
                cut++;
            }
    }
    c->stats.cut += cut;
    pthread_mutex_unlock(&c->mutex);
    return cut;
}

bool clients_wait(struct clients *c, const char *role, int64_t ms)
{
    bool gone;

    pthread_mutex_lock(&c->mutex);
    gone = wait_until_gone(c, role, ms);
    pthread_mutex_unlock(&c->mutex);
    return gone;
}

bool clients_drain(struct clients *c, int64_t grace_ms)
{
    bool all_left;

    pthread_mutex_lock(&c->mutex);
    wait_until_gone(c, NULL, grace_ms);
    hang_up(c, false, SHUT_RDWR);
    all_left = wait_until_gone(c, NULL, grace_ms);
    pthread_mutex_unlock(&c->mutex);
    return all_left;
}

struct clients_stats clients_stats(struct clients *c)
{
    struct clients_stats stats;

    pthread_mutex_lock(&c->mutex);
    stats = c->stats;
    pthread_mutex_unlock(&c->mutex);
    return stats;
}

/*
 * list: a circular doubly linked list whose links live in its elements.
 *
 * Adding and removing cost a few writes, for a list of any length, and never
 * need memory. An element can be removed without its list. Not locked: the
 * header of the list's owner says which mutex guards it.
 */
#ifndef CRIER_LIST_H
#define CRIER_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *prev, *next;
};

/* The struct of the given type whose member is at link. */
#define LIST_ENTRY(link, type, member)                                         \
    ((type *)(void *)(((char *)(link)) - offsetof(type, member)))

/* An empty list, or an element that is in no list. */
static inline void list_init(struct list *l)
{
    l->prev = l->next = l;
}

static inline bool list_empty(const struct list *l)
{
    return l->next == l;
}

static inline void list_push_back(struct list *l, struct list *element)
{
    element->prev = l->prev;
    element->next = l;
    l->prev->next = element;
    l->prev = element;
}

/* Leaves the element initialised: taking it off twice does no harm. */
static inline void list_remove(struct list *element)
{
    element->prev->next = element->next;
    element->next->prev = element->prev;
    list_init(element);
}

/* Takes the first element off; the list must not be empty. */
static inline struct list *list_pop_front(struct list *l)
{
    struct list *first = l->next;

    list_remove(first);
    return first;
}

/* Moves all elements of `from`, in order, to the end of `to`. */
static inline void list_move_all(struct list *to, struct list *from)
{
    if (list_empty(from))
        return;
    from->next->prev = to->prev;
    from->prev->next = to;
    to->prev->next = from->next;
    to->prev = from->prev;
    list_init(from);
}

#endif

/*
 * option_value: reads the value of one option into its place in the settings.
 */
#ifndef CRIER_OPTION_VALUE_H
#define CRIER_OPTION_VALUE_H

#include "server/settings.h"

#include <stdio.h>

enum option_kind {
    OPTION_NUMBER,
    OPTION_STRING,
    OPTION_SWITCH,
    OPTION_LIST,
    OPTION_ADDRESSES,
};

struct option_spec {
    const char *name;
    enum option_kind kind;
    size_t offset;                    /* of the member of struct settings */
    int min, max;                     /* of an OPTION_NUMBER */
    bool (*valid)(struct slice item); /* of an OPTION_LIST; or NULL */
    const char *form;                 /* what a valid item looks like */
    const char *argument;
    const char *help;
};

/* "*", "null", or scheme://host[:port] with nothing behind it. */
bool option_valid_origin(struct slice s);

/* A host's name, without a port. */
bool option_valid_name(struct slice s);

/* A value of --sync. */
bool option_valid_sync(struct slice s);

/* Sets one option. `source` is its name as the user wrote it. False if the
 * value is not valid; then one line to err says why. */
bool option_set(struct settings *s, const struct option_spec *spec,
                const char *text, const char *source, FILE *err);

/* True if the option may be repeated. */
bool option_is_list(const struct option_spec *spec);

/* Empties the list of such an option. */
void option_clear(struct settings *s, const struct option_spec *spec);

#endif

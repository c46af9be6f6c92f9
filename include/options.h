/*
 * options: the command line and the environment, validated.
 *
 * Every flag --some-name has a variable CRIER_SOME_NAME; the flag wins.
 */
#ifndef CRIER_OPTIONS_H
#define CRIER_OPTIONS_H

#include "server/settings.h"

#include <stdio.h>

enum options_result {
    OPTIONS_RUN,     /* the settings are good */
    OPTIONS_DONE,    /* --help or --version was printed to out */
    OPTIONS_UNHEARD, /* out took not all of it; one line to err says so */
    OPTIONS_BAD,     /* one line to err says what is wrong */
};

/* Fills *s from the defaults, the environment and argv. Not reentrant, since
 * getopt_long is not: for the main thread, before there are others. */
enum options_result options_parse(struct settings *s, int argc, char **argv,
                                  FILE *out, FILE *err);

#endif

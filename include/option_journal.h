/*
 * option_journal: what the journal's options say together.
 */
#ifndef CRIER_OPTION_JOURNAL_H
#define CRIER_OPTION_JOURNAL_H

#include "server/settings.h"

#include <stdio.h>

/* Completes the settings. False if the options contradict each other, or this
 * program was built without what they ask for; then one line to err says so. */
bool option_journal(struct settings *s, FILE *err);

#endif

/* routes: the table of all paths that the server answers. */
#ifndef CRIER_ROUTES_H
#define CRIER_ROUTES_H

#include "server/route.h"

/* The last one, whose path is NULL, answers every other path. */
extern const struct route routes[];

#endif

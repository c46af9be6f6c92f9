/*
 * A directory of its own for a test that serves files. It lies below /tmp,
 * everybody may read it, and what is below it may be served.
 */
#ifndef CRIER_TEST_TREE_H
#define CRIER_TEST_TREE_H

#include <stddef.h>

struct tree {
    char root[64];    /* removed by tree_remove */
    char public[80];  /* in it */
    char options[96]; /* `--public` and its name, for server_start */
};

struct tree tree_make(void);

/* The name of something in the tree, relative to root; holds until the next
 * call. */
const char *tree_path(const struct tree *tree, const char *name);

/* Writes a file; name is relative to root, as in "public/index.html". */
void tree_write(const struct tree *tree, const char *name, const void *bytes,
                size_t size);
void tree_write_text(const struct tree *tree, const char *name,
                     const char *text);

void tree_mkdir(const struct tree *tree, const char *name);

/* target is as it stands in the link. */
void tree_link(const struct tree *tree, const char *name, const char *target);

void tree_remove(const struct tree *tree);

#endif

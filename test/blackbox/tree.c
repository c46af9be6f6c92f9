#include "tree.h"
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree tree_make(void)
{
    struct tree tree = {.root = "/tmp/crier-test-XXXXXX"};
    if (mkdtemp(tree.root) == NULL || chmod(tree.root, 0755) != 0)
        fail("%s: %s", tree.root, strerror(errno));
    snprintf(tree.public, sizeof(tree.public), "%s/public", tree.root);
    snprintf(tree.options, sizeof(tree.options), "--public %s", tree.public);
    tree_mkdir(&tree, "public");
    return tree;
}

const char *tree_path(const struct tree *tree, const char *name)
{
    static char path[512];
    snprintf(path, sizeof(path), "%s/%s", tree->root, name);
    return path;
}

void tree_write(const struct tree *tree, const char *name, const void *bytes,
                size_t size)
{
    FILE *file = fopen(tree_path(tree, name), "w");
    if (file == NULL || fwrite(bytes, 1, size, file) != size ||
        fclose(file) != 0)
        fail("%s: %s", name, strerror(errno));
}

void tree_write_text(const struct tree *tree, const char *name,
                     const char *text)
{
    tree_write(tree, name, text, strlen(text));
}

void tree_mkdir(const struct tree *tree, const char *name)
{
    const char *path = tree_path(tree, name);
    if (mkdir(path, 0755) != 0 || chmod(path, 0755) != 0)
        fail("%s: %s", name, strerror(errno));
}

void tree_link(const struct tree *tree, const char *name, const char *target)
{
    if (symlink(target, tree_path(tree, name)) != 0)
        fail("%s: %s", name, strerror(errno));
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

void tree_remove(const struct tree *tree)
{
    if (nftw(tree->root, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
        fail("cannot remove %s: %s", tree->root, strerror(errno));
}

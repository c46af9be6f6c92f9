/* beneath: both ways to open a file below a directory, on a small tree. */
#include "unit.h"

#include "pages/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 *     outside         secret             in/deep/file
 *     in/             the directory below which everything must be
 */
static char root[] = "/tmp/crier-beneath-XXXXXX";

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");

    cr_assert(f != NULL, "%s", name);
    fputs(text, f);
    fclose(f);
}

static void make_links(void)
{
    static const char *const links[][2] = {
        {"file", "in/link"},
        {"deep", "in/link-deep"},
        {"../file", "in/deep/link-up"},
        {"deep/../file", "in/link-around"},
        {"../outside", "in/out"},
        {"../in/file", "in/out-and-back"},
        {"../in2", "in/out-beside"},
        {"..", "in/out-dir"},
        {"/etc/passwd", "in/absolute"},
        {"/", "in/absolute-dir"},
        {"loop", "in/loop"},
        {"nothing", "in/dangling"},
        {"/proc/self/root", "in/magic"},
    };

    static const char *const absolute[][2] = {
        {"file", "in/absolute-file"},
        {"deep", "in/absolute-deep"},
        {"", "in/absolute-in"},
        {"link", "in/deep/absolute-link"},
    };

    for (size_t i = 0; i < COUNT(links); i++)
        cr_assert_eq(symlink(links[i][0], links[i][1]), 0);
    for (size_t i = 0; i < COUNT(absolute); i++) {
        char target[64];

        snprintf(target, sizeof target, "%s/in/%s", root, absolute[i][0]);
        cr_assert_eq(symlink(target, absolute[i][1]), 0);
    }
}

/* The tree, and a descriptor of in/. */
static int make_tree(void)
{
    int dir;

    cr_assert(mkdtemp(root) != NULL);
    cr_assert_eq(chdir(root), 0);
    cr_assert_eq(mkdir("in", 0755), 0);
    cr_assert_eq(mkdir("in/deep", 0755), 0);
    cr_assert_eq(mkdir("in2", 0755), 0); /* "in" is not all of its name */
    write_file("in2/file", "secret");
    write_file("outside", "secret");
    write_file("in/file", "file");
    write_file("in/deep/file", "deep");
    write_file("in/..x", "dots");
    make_links();
    dir = open("in", O_PATH | O_DIRECTORY | O_CLOEXEC);
    cr_assert_geq(dir, 0);
    return dir;
}

static void remove_tree(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -r %s", root);
    cr_expect_eq(system(command), 0);
}

enum { OK = 0, ANY = -1 };

static const struct {
    const char *path;
    const char *text; /* of a file that is opened */
    int open_error;   /* of beneath_open */
    int walk_error;   /* of beneath_walk */
} paths[] = {
    {"file", "file", OK, OK},
    {"deep/file", "deep", OK, OK},
    {"./file", "file", OK, OK},
    {"deep/./file", "deep", OK, OK},
    {"deep//file", "deep", OK, OK},
    {"..x", "dots", OK, OK},
    {"nothing", NULL, ENOENT, ENOENT},
    {"deep/nothing", NULL, ENOENT, ENOENT},
    {"nothing/file", NULL, ENOENT, ENOENT},
    {"file/", NULL, ENOTDIR, ENOTDIR},
    {"file/file", NULL, ENOTDIR, ENOTDIR},
    {"..", NULL, EXDEV, EXDEV},
    {"../outside", NULL, EXDEV, EXDEV},
    {"../in/file", NULL, EXDEV, EXDEV},
    {"deep/../../outside", NULL, EXDEV, EXDEV},
    {"deep/../../in/file", NULL, EXDEV, EXDEV},
    {"/etc/passwd", NULL, EXDEV, EXDEV},
    {"/", NULL, EXDEV, EXDEV},
    {"out", NULL, EXDEV, ELOOP},
    {"out-beside", NULL, EXDEV, ELOOP},
    {"out-beside/file", NULL, EXDEV, ANY},
    {"out-dir/outside", NULL, EXDEV, ANY},
    {"absolute", NULL, EXDEV, ELOOP},
    {"absolute-dir/etc/passwd", NULL, EXDEV, ANY},
    {"magic/etc/passwd", NULL, EXDEV, ANY},
    {"loop", NULL, ELOOP, ELOOP},
    {"loop/file", NULL, ELOOP, ANY},
    {"dangling", NULL, ENOENT, ELOOP},
    /* What stays inside: the kernel may follow it, the walk never does. */
    {"link", "file", OK, ELOOP},
    {"link-deep/file", "deep", OK, ANY},
    {"deep/link-up", "file", OK, ELOOP},
    {"link-around", "file", OK, ELOOP},
    {"deep/../file", "file", OK, EXDEV},
    {"out-and-back", "file", OK, ELOOP},
    {"out-dir/in/file", "file", OK, ANY},
    {"absolute-file", "file", OK, ELOOP},
    {"absolute-deep/file", "deep", OK, ANY},
    {"absolute-in/deep/file", "deep", OK, ANY},
    {"deep/absolute-link", "file", OK, ELOOP},
};

static void check(size_t i, const char *how, int fd, int wanted)
{
    int error = errno;
    char text[16] = "";

    if (wanted == OK) {
        cr_assert(fd >= 0, "%s %s: %s", how, paths[i].path, strerror(error));
        cr_expect_gt(read(fd, text, sizeof text - 1), 0);
        cr_expect_str_eq(text, paths[i].text);
        cr_expect(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        close(fd);
        return;
    }
    cr_expect(fd == -1, "%s %s was opened", how, paths[i].path);
    cr_expect(wanted == ANY || error == wanted, "%s %s: %s, not %s", how,
              paths[i].path, strerror(error), strerror(wanted));
}

static bool kernel_has_openat2(void)
{
    struct open_how how = {.flags = O_PATH};
    long fd = syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof how);

    close((int)fd);
    return fd >= 0;
}

Test(beneath, open)
{
    int dir = make_tree();

    if (!kernel_has_openat2())
        cr_skip_test("beneath_open is beneath_walk here");
    for (size_t i = 0; i < COUNT(paths); i++)
        check(i, "open", beneath_open(dir, paths[i].path, O_RDONLY),
              paths[i].open_error);
    remove_tree();
}

Test(beneath, walk)
{
    int dir = make_tree();

    for (size_t i = 0; i < COUNT(paths); i++)
        check(i, "walk", beneath_walk(dir, paths[i].path, O_RDONLY),
              paths[i].walk_error);
    remove_tree();
}

/* By the name of the directory, which may have a link itself. */
Test(beneath, open_named)
{
    static const char *const names[] = {"in", "./in/", "link-to-in"};
    int dir = make_tree();

    if (!kernel_has_openat2())
        cr_skip_test("beneath_open is beneath_walk here");
    cr_assert_eq(symlink("in", "link-to-in"), 0);
    for (size_t n = 0; n < COUNT(names); n++)
        for (size_t i = 0; i < COUNT(paths); i++)
            check(i, names[n],
                  beneath_open_named(names[n], paths[i].path, O_RDONLY),
                  paths[i].open_error);
    cr_expect(beneath_open_named("nothing", "file", O_RDONLY) == -1 &&
              errno == ENOENT);
    close(dir);
    remove_tree();
}

/* The directory itself, as a path for O_PATH and fstat. */
Test(beneath, directories)
{
    static const char *const dirs[] = {".", "deep", "deep/", "./deep/."};
    int dir = make_tree();

    for (size_t i = 0; i < COUNT(dirs); i++) {
        int fds[] = {beneath_open(dir, dirs[i], O_PATH),
                     beneath_walk(dir, dirs[i], O_PATH)};

        for (size_t k = 0; k < COUNT(fds); k++) {
            struct stat stat = {0};

            cr_expect(fds[k] >= 0 && fds[k] != dir, "%s", dirs[i]);
            cr_expect_eq(fstat(fds[k], &stat), 0);
            cr_expect(S_ISDIR(stat.st_mode), "%s", dirs[i]);
            close(fds[k]);
        }
    }
    remove_tree();
}

/* A link is not followed, nor is it what the path names. */
Test(beneath, links_are_no_paths)
{
    int dir = make_tree();

    cr_expect(beneath_walk(dir, "link", O_PATH) == -1 && errno == ELOOP);
    cr_expect(beneath_walk(dir, "out", O_PATH) == -1 && errno == ELOOP);
    cr_expect_eq(beneath_walk(dir, "link-deep/file", O_PATH), -1);
    remove_tree();
}

Test(beneath, names_that_are_too_long)
{
    static char name[NAME_MAX + 2];
    int dir = make_tree();

    memset(name, 'a', NAME_MAX);
    cr_expect(beneath_walk(dir, name, O_RDONLY) == -1 && errno == ENOENT);
    name[NAME_MAX] = 'a';
    cr_expect(beneath_walk(dir, name, O_RDONLY) == -1 && errno == ENAMETOOLONG);
    cr_expect(beneath_open(dir, name, O_RDONLY) == -1 && errno == ENAMETOOLONG);
    remove_tree();
}

Test(beneath, leaks_no_descriptor)
{
    int dir = make_tree();
    int before = dup(dir), after;

    close(before);
    for (size_t i = 0; i < COUNT(paths); i++) {
        int fds[] = {beneath_walk(dir, paths[i].path, O_RDONLY),
                     beneath_open(dir, paths[i].path, O_RDONLY)};

        for (size_t k = 0; k < COUNT(fds); k++)
            if (fds[k] >= 0)
                close(fds[k]);
    }
    after = dup(dir);
    close(after);
    cr_expect_eq(after, before);
    remove_tree();
}

/* --journal: kill -9, and power cuts. */
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(journal_kill, .timeout = TEST_SECONDS);

/* Lets the publishers go on until so many more are published, and kills. */
static void kill_after(struct publishers *p, struct server *server, int count,
                       int some)
{
    double start = seconds_now();
    int until = p->next + some;
    publishers_start(p, server, count);
    while (p->next < until)
        wait_a_moment(start, "messages to be published");
    server_kill(server);
    p->stop = true;
    publishers_join(p);
}

Test(journal_kill, sixty_times_under_twenty_publishers)
{
    enum { ROUNDS = 60, PUBLISHERS = 20 };
    static struct publishers p;
    struct kept k = kept_make("--history 100 --keep 1000000");
    unsigned seed = 1;
    for (int round = 0; round < ROUNDS; round++) {
        struct server server = server_start(k.options);
        check_fates(&p, &server);
        kill_after(&p, &server, PUBLISHERS, rand_r(&seed) % 80);
    }
    struct server server = server_start(k.options);
    check_fates(&p, &server);
    cr_expect_gt(publishers_count(&p, KEPT), ROUNDS);
    server_stop(&server);
    kept_remove(&k);
}

/* ---- a power cut --------------------------------------------------------- */

struct image {
    char *bytes;
    size_t size;
};

static struct image read_image(const char *directory, const char *name)
{
    char path[512];
    struct stat info;
    struct image image = {NULL, 0};
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0)
        return image;
    image.size = (size_t)info.st_size;
    image.bytes = malloc(image.size + 1);
    if (read(fd, image.bytes, image.size) != (ssize_t)image.size)
        fail("cannot read %s", path);
    close(fd);
    return image;
}

/* What the disk has of a file after a power cut: what was synced, and of each
 * sector that was written later the old bytes or the new ones. */
static struct image cut_power(const char *synced, const char *written,
                              const char *name, bool torn, unsigned *seed)
{
    struct image old = read_image(synced, name);
    struct image new = read_image(written, name);
    size_t size = torn && new.size > old.size ? new.size : old.size;
    struct image cut = {calloc(1, size + 1), size};
    for (size_t at = 0; at < size; at += 512) {
        const struct image *from = torn && rand_r(seed) % 2 ? &new : &old;
        size_t end = at + 512 < from->size ? at + 512 : from->size;
        if (end > at)
            memcpy(cut.bytes + at, from->bytes + at, end - at);
    }
    free(old.bytes);
    free(new.bytes);
    return cut;
}

/* A directory with what the disk has after a power cut. */
static struct kept after_power_cut(const char *synced, const struct kept *k,
                                   const char *options, bool torn,
                                   unsigned *seed)
{
    static const char *const names[] = {"chat.db", "chat.db-wal"};
    struct kept after = kept_make(options);
    for (size_t i = 0; i < COUNT(names); i++) {
        struct image image =
            cut_power(synced, k->tree.root, names[i], torn, seed);
        tree_write(&after.tree, names[i], image.bytes, image.size);
        free(image.bytes);
    }
    return after;
}

/* The log is emptied often, so that cuts fall into that, too. */
Test(journal_kill, the_power_fails)
{
    enum { ROUNDS = 40, PUBLISHERS = 8 };
    static const char options[] = "--history 100 --keep 1000000";
    static struct publishers p;
    struct tree disk = tree_make();
    struct kept k = kept_make(options);
    unsigned seed = 2;
    for (int round = 0; round < ROUNDS; round++) {
        char synced[128];
        snprintf(synced, sizeof(synced), "%s", tree_path(&disk, "synced"));
        mkdir(synced, 0700);
        setenv("FAULTS_SYNCED", synced, 1);
        preload();
        struct server server = server_start(k.options);
        check_fates(&p, &server);
        kill_after(&p, &server, PUBLISHERS, rand_r(&seed) % 400);
        unsetenv("FAULTS_SYNCED");
        struct kept after =
            after_power_cut(synced, &k, options, round % 2 == 1, &seed);
        kept_remove(&k);
        k = after;
    }
    struct server server = server_start(k.options);
    check_fates(&p, &server);
    cr_expect_gt(publishers_count(&p, KEPT), ROUNDS);
    server_stop(&server);
    kept_remove(&k);
    tree_remove(&disk);
}

/* A message that was written and not synced, and then the process is killed.
 * Who repeats it is told that it is kept, and so it must be. */
Test(journal_kill, what_a_repetition_is_told_survives_a_power_cut)
{
    struct tree disk = tree_make();
    struct kept k = kept_make("");
    unsigned seed = 3;
    char synced[128];
    snprintf(synced, sizeof(synced), "%s", tree_path(&disk, "synced"));
    mkdir(synced, 0700);
    setenv("FAULTS_SYNCED", synced, 1);
    struct server server = start_with_board(k.options);
    cr_expect_eq(post_with_key(&server, "before", "1"), KEPT);
    fail_every(FAULT_FDATASYNC, 1, EIO);
    cr_expect_eq(post_with_key(&server, "x", "2"), UNCLEAR);
    server_kill(&server);
    fail_every(FAULT_FDATASYNC, 0, 0);
    server = server_start(k.options);
    cr_expect_eq(post_with_key(&server, "x", "2"), KEPT);
    cr_expect_eq(healthz(&server, "messages"), 0, "it was in the file");
    server_kill(&server);
    unsetenv("FAULTS_SYNCED");
    struct kept after = after_power_cut(synced, &k, "", false, &seed);
    server = server_start(after.options);
    expect_count(&server, 2);
    server_stop(&server);
    kept_remove(&after);
    kept_remove(&k);
    tree_remove(&disk);
}

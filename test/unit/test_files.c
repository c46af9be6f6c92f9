/* files: the pure parts; what is sent is tested from outside. */
#include "unit.h"

#include "pages/files.h"

#include <errno.h>
#include <unistd.h>

Test(files, open_root)
{
    int fd = files_open_root("/tmp");

    cr_expect_geq(fd, 0);
    close(fd);
    cr_expect_eq(files_open_root("/nowhere"), -1);
    cr_expect_eq(errno, ENOENT);
    cr_expect_eq(files_open_root("/proc/self/exe"), -1);
    cr_expect_eq(errno, ENOTDIR);
}

#include "kept.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

struct kept kept_make(const char *options)
{
    struct kept k = {.tree = tree_make()};
    snprintf(k.file, sizeof(k.file), "%s", tree_path(&k.tree, "chat.db"));
    snprintf(k.options, sizeof(k.options), "--quiet --journal %s %s", k.file,
             options);
    return k;
}

void kept_remove(struct kept *k)
{
    tree_remove(&k->tree);
}

size_t kept_size(const struct kept *k, const char *ending)
{
    char path[128];
    struct stat info;
    snprintf(path, sizeof(path), "%s%s", k->file, ending);
    return stat(path, &info) == 0 ? (size_t)info.st_size : 0;
}

long long kept_sql(const struct kept *k, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    long long number = 0;
    if (sqlite3_open(k->file, &db) != SQLITE_OK ||
        sqlite3_busy_timeout(db, 10000) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail("%s: %s", sql, sqlite3_errmsg(db));
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    else if (result != SQLITE_DONE)
        fail("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

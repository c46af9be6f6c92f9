/* schema: see schema.h. */
#include "journal/sqlite/schema.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "crie": tells a journal from other programs' databases. */
#define APPLICATION "1668442469"

/* Step n makes version n + 1 of version n. It is a format for the time, in ms.
 */
static const char *const steps[] = {
    "PRAGMA application_id = " APPLICATION ";"
    "CREATE TABLE messages ("
    "    number INTEGER PRIMARY KEY,"
    "    id TEXT NOT NULL,"
    "    time TEXT NOT NULL,"
    "    event TEXT NOT NULL,"
    "    channel TEXT NOT NULL,"
    "    data TEXT NOT NULL);"
    "INSERT INTO messages VALUES (0, '%s',"
    "    strftime('%%Y-%%m-%%d %%H:%%M:%%f'), 'start', '', '');",
    "ALTER TABLE messages ADD COLUMN key TEXT;"
    "CREATE INDEX messages_key ON messages (key) WHERE key IS NOT NULL;",

    /* The rows of a channel, in the order of their numbers. */
    "CREATE INDEX messages_of_channel ON messages (channel);",
};

enum { VERSION = sizeof steps / sizeof *steps };

int schema_number(struct sqlite3 *db, const char *sql, int64_t *number)
{
    sqlite3_stmt *query;
    int result = sqlite3_prepare_v2(db, sql, -1, &query, NULL);

    if (result != SQLITE_OK)
        return result;
    result = sqlite3_step(query);
    if (result == SQLITE_ROW)
        *number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return result == SQLITE_ROW ? SQLITE_OK : result;
}

/* All steps at once, or none. */
static int migrate(sqlite3 *db, int64_t version, struct event_id start)
{
    char sql[1024], id[EVENT_ID_SIZE];
    int result = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    event_id_print(start, id);
    for (; version < VERSION && result == SQLITE_OK; version++) {
        snprintf(sql, sizeof sql, steps[version], id);
        result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    }
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d; COMMIT", VERSION);
    if (result == SQLITE_OK)
        result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (result != SQLITE_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

/* Reads the whole file once: a page that is damaged shall be found now, and not
 * when a client asks for it. */
static int check(sqlite3 *db)
{
    int64_t sound = 0;
    int result = schema_number(
        db, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)", &sound);

    return result == SQLITE_OK && !sound ? SQLITE_CORRUPT : result;
}

void schema_explain(struct sqlite3 *db, int result, const char *path,
                    char error[JOURNAL_ERROR_SIZE])
{
    const int reason = sqlite3_system_errno(db);

    if ((result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB)
        snprintf(error, JOURNAL_ERROR_SIZE,
                 "--journal: %.100s is damaged, or no database; name another "
                 "file, and rescue what is left by: sqlite3 FILE .recover",
                 path);
    else
        snprintf(error, JOURNAL_ERROR_SIZE, "--journal: %.100s: %s%s%s", path,
                 sqlite3_errmsg(db), reason ? ": " : "",
                 reason ? strerror(reason) : "");
}

/* True if the file has an older version, or none, but nothing else. */
static bool is_ours(int64_t pages, int64_t application, int64_t version,
                    const char *path, char error[JOURNAL_ERROR_SIZE])
{
    if (pages > 0 && application != atoll(APPLICATION)) {
        snprintf(error, JOURNAL_ERROR_SIZE,
                 "--journal: %.100s belongs to another program", path);
        return false;
    }
    if (version > VERSION) {
        snprintf(error, JOURNAL_ERROR_SIZE,
                 "--journal: %.100s has version %" PRId64
                 ", and this crier knows version %d; take a newer crier",
                 path, version, VERSION);
        return false;
    }
    return true;
}

int schema_prepare(struct sqlite3 *db, const struct journal_options *o,
                   struct event_id start, char error[JOURNAL_ERROR_SIZE])
{
    static const char *const how[] = {
        [JOURNAL_SYNC_ALWAYS] = "PRAGMA synchronous = FULL",
        [JOURNAL_SYNC_SECOND] = "PRAGMA synchronous = NORMAL",
        [JOURNAL_SYNC_NEVER] = "PRAGMA synchronous = OFF",
    };
    int64_t pages = 0, application = 0, version = 0;
    int result = schema_number(db, "PRAGMA page_count", &pages);

    if (result == SQLITE_OK)
        result = schema_number(db, "PRAGMA application_id", &application);
    if (result == SQLITE_OK)
        result = schema_number(db, "PRAGMA user_version", &version);
    if (result == SQLITE_OK &&
        !is_ours(pages, application, version, o->name, error))
        return SCHEMA_REFUSED;
    if (result == SQLITE_OK)
        result = check(db);
    if (result == SQLITE_OK && version < VERSION)
        result = migrate(db, version, start);
    if (result == SQLITE_OK)
        result =
            sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(db, how[o->sync], NULL, NULL, NULL);
    return result;
}

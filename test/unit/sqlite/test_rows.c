/* rows: messages become rows, rows messages, and an id leads to a number. */
#include "../unit.h"

#include "journal/sqlite/rows.h"
#include "journal/sqlite/schema.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

TestSuite(rows, .timeout = TEST_SECONDS);

static const struct event_id start = {1000, 0};

struct table {
    sqlite3 *db;
    sqlite3_stmt *insert, *from, *of_key;
};

/* A database in memory with the schema. */
static struct table open_table(void)
{
    const struct journal_options options = {.name = ":memory:", .keep = 1};
    char error[JOURNAL_ERROR_SIZE] = "";
    struct table t;

    cr_assert_eq(sqlite3_open(":memory:", &t.db), SQLITE_OK);
    cr_assert_eq(schema_prepare(t.db, &options, start, error), SQLITE_OK, "%s",
                 error);
    cr_assert_eq(sqlite3_prepare_v2(t.db, ROWS_INSERT, -1, &t.insert, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(t.db, ROWS_FROM, -1, &t.from, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(t.db, ROWS_OF_KEY, -1, &t.of_key, NULL),
                 SQLITE_OK);
    return t;
}

static void close_table(struct table *t)
{
    sqlite3_finalize(t->insert);
    sqlite3_finalize(t->from);
    sqlite3_finalize(t->of_key);
    cr_expect_eq(sqlite3_close(t->db), SQLITE_OK);
}

static struct event_id id_of(int number)
{
    return (struct event_id){1000 + number / 3, (uint64_t)(number % 3)};
}

/* Messages `from` to `to`, of which three share a millisecond. */
static void insert(struct table *t, int from, int to)
{
    for (int i = from; i <= to; i++) {
        struct message *m = make_message(i);

        message_stamp(m, id_of(i), 1000 + i);
        cr_assert_eq(rows_insert(t->insert, i, m, "", 1000 + i), SQLITE_OK);
        message_unref(m);
    }
}

static int64_t find(struct table *t, int oldest, int newest, struct event_id id)
{
    int64_t number = -1;

    cr_expect_eq(rows_find(t->from, oldest, newest, id, &number), SQLITE_OK);
    return number;
}

Test(rows, an_id_leads_to_the_next_number)
{
    struct table t = open_table();

    insert(&t, 1, 50);
    for (int i = 0; i <= 50; i++)
        cr_expect_eq(find(&t, 0, 50, id_of(i)), i + 1, "%d", i);
    cr_expect_eq(find(&t, 0, 50, (struct event_id){0, 0}), 0);
    cr_expect_eq(find(&t, 0, 50, (struct event_id){1000, 9}), 3);
    cr_expect_eq(find(&t, 0, 50, (struct event_id){INT64_MAX, 0}), 51);
    close_table(&t);
}

/* Somebody has deleted rows by hand: the next one that is there follows. */
Test(rows, some_may_be_missing)
{
    struct table t = open_table();
    struct row row;

    insert(&t, 1, 50);
    sqlite3_exec(t.db,
                 "DELETE FROM messages WHERE number % 7 < 4 "
                 "AND number BETWEEN 1 AND 49",
                 NULL, NULL, NULL);
    for (int i = 0; i < 50; i++) {
        rows_begin(t.from, find(&t, 0, 50, id_of(i)));
        cr_assert_eq(rows_next(t.from, &row), SQLITE_ROW);
        cr_expect_gt(event_id_compare(row.id, id_of(i)), 0, "%d", i);
        for (int n = i + 1; n < row.number; n++)
            cr_expect_lt(n % 7, 4, "%d was passed over after %d", n, i);
    }
    close_table(&t);
}

Test(rows, a_message_comes_back_as_it_was)
{
    static const char *const bodies[] = {
        "{\"text\":\"plain\"}",
        "{\"text\":\"\\u0000 \\\" \\\\ \\n \\u2028 \\ud83d\\ude00\"}",
        "{\"text\":\"\xed\x95\x9c\xea\xb5\xad\"}",
        "{\"text\":\"named\",\"event\":\"joined\"}",
    };
    struct table t = open_table();
    struct row row;

    for (int i = 0; i < (int)COUNT(bodies); i++) {
        char error[ERROR_SIZE];
        struct message *m = parse_message(bodies[i], strlen(bodies[i]), error),
                       *back;

        message_stamp(m, id_of(i + 1), 77);
        cr_assert_eq(rows_insert(t.insert, i + 1, m, "", 77), SQLITE_OK);
        rows_begin(t.from, i + 1);
        cr_assert_eq(rows_next(t.from, &row), SQLITE_ROW);
        back = rows_message(t.from, 10000);
        cr_assert_not_null(back, "%s", bodies[i]);
        cr_expect_eq(message_chunk(back).len, message_chunk(m).len);
        cr_expect_eq(memcmp(message_chunk(back).at, message_chunk(m).at,
                            message_chunk(m).len),
                     0, "%.*s", SHOW(message_event(back)));
        message_unref(m);
        message_unref(back);
        sqlite3_reset(t.from);
    }
    close_table(&t);
}

static const char *const strange[] = {
    "",           "[]",
    "{}",         "hello",
    "{\"text\":", "{\"text\":1,\"timestamp\":2}",
    "\x01{}",     "{\"text\":\"x\"}",
};

Test(rows, a_key_leads_to_its_message)
{
    struct table t = open_table();
    struct message *m = make_message(1), *known;

    message_stamp(m, id_of(1), 77);
    cr_assert_eq(rows_insert(t.insert, 1, m, "a", 77), SQLITE_OK);
    insert(&t, 2, 5); /* without keys */
    cr_assert_eq(rows_known(t.of_key, "a", 10000, &known), SQLITE_OK);
    cr_assert_not_null(known);
    cr_expect(message_same(known, m));
    cr_expect_eq(event_id_compare(message_id(known), id_of(1)), 0);
    message_unref(known);
    cr_expect_eq(rows_known(t.of_key, "b", 10000, &known), SQLITE_OK);
    cr_expect_null(known);
    cr_expect_eq(rows_known(t.of_key, "", 10000, &known), SQLITE_OK);
    cr_expect_null(known);
    sqlite3_exec(t.db, "UPDATE messages SET data = '{}'", NULL, NULL, NULL);
    cr_expect_eq(rows_known(t.of_key, "a", 10000, &known), SQLITE_OK);
    cr_expect_null(known);
    message_unref(m);
    close_table(&t);
}

/* Not by a walk through all messages. */
Test(rows, keys_have_an_index)
{
    struct table t = open_table();
    sqlite3_stmt *plan;

    cr_assert_eq(sqlite3_prepare_v2(t.db, "EXPLAIN QUERY PLAN " ROWS_OF_KEY, -1,
                                    &plan, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_step(plan), SQLITE_ROW);
    cr_expect_not_null(
        strstr((const char *)sqlite3_column_text(plan, 3), "messages_key"));
    sqlite3_finalize(plan);
    close_table(&t);
}

Test(rows, what_is_no_message_is_none)
{
    struct table t = open_table();
    struct row row;

    for (int i = 0; i < (int)COUNT(strange); i++) {
        char *sql = sqlite3_mprintf("INSERT INTO messages VALUES "
                                    "(%d, '%d', '', '', '', %Q, NULL)",
                                    i + 1, 2000 + i, strange[i]);

        cr_assert_eq(sqlite3_exec(t.db, sql, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_free(sql);
        rows_begin(t.from, i + 1);
        cr_assert_eq(rows_next(t.from, &row), SQLITE_ROW);
        cr_expect_null(rows_message(t.from, 10000), "%s", strange[i]);
        cr_expect_eq(errno, 0);
        sqlite3_reset(t.from);
    }
    sqlite3_exec(t.db, "UPDATE messages SET id = 'x'", NULL, NULL, NULL);
    rows_begin(t.from, 0);
    cr_expect_eq(rows_next(t.from, &row), SQLITE_CORRUPT);
    sqlite3_reset(t.from);
    close_table(&t);
}

/* option_journal: see option_journal.h. */
#include "option_journal.h"

#include "journal/journal.h"

/* The URL itself is not printed: it may have a password. */
static bool check_redis(const struct settings *s, FILE *err)
{
    char error[JOURNAL_ERROR_SIZE];

    if (!s->redis)
        return true;
    if (!journal_was_built(JOURNAL_BROKER))
        fprintf(err, "crier: --redis: this crier was built without Redis; "
                     "build it by: make WITH=redis\n");
    else if (s->journal)
        fprintf(err, "crier: --redis: there is a --journal, too; take one of "
                     "them\n");
    else if (!journal_check(JOURNAL_BROKER, s->redis, error))
        fprintf(err, "crier: --redis: %s\n", error);
    else
        return true;
    return false;
}

bool option_journal(struct settings *s, FILE *err)
{
    if (s->journal && !journal_was_built(JOURNAL_FILE)) {
        fprintf(err, "crier: --journal: this crier was built without SQLite; "
                     "build it by: make WITH=sqlite\n");
        return false;
    }
    if (!check_redis(s, err))
        return false;
    if (s->keep > 0 && s->keep < s->history) {
        fprintf(err, "crier: --keep: %d is less than --history, %d\n", s->keep,
                s->history);
        return false;
    }
    if (s->keep == 0)
        s->keep = s->history;
    return true;
}

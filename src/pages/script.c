/* script: see script.h. */
#include "pages/script.h"

#include "base/limit.h"

#include <string.h>

static const char BOM[] = "\xef\xbb\xbf";

enum argument { NONE, TIME, TIME_OR_NONE, STATUS };

static const struct command {
    const char *word;
    enum script_kind kind;
    enum argument argument;
} commands[] = {
    {"wait", SCRIPT_WAIT, TIME},       {"stall", SCRIPT_STALL, TIME_OR_NONE},
    {"drop", SCRIPT_DROP, NONE},       {"reset", SCRIPT_RESET, NONE},
    {"loop", SCRIPT_LOOP, NONE},       {"split", SCRIPT_SPLIT, NONE},
    {"status", SCRIPT_STATUS, STATUS}, {"jitter", SCRIPT_JITTER, TIME},
};

void script_begin(struct script *s, struct slice text)
{
    const size_t bom = sizeof BOM - 1;

    *s = (struct script){.text = text, .line = 1};
    if (text.len >= bom && memcmp(text.at, BOM, bom) == 0)
        s->at = bom;
}

/* ---- lines ------------------------------------------------------------ */

struct slice script_line(struct slice *text)
{
    struct slice line = *text;
    size_t i = 0, end;

    while (i < line.len && line.at[i] != '\n' && line.at[i] != '\r')
        i++;
    end = i < line.len ? i + 1 : i;
    if (i + 1 < line.len && line.at[i] == '\r' && line.at[i + 1] == '\n')
        end++;
    line.len = i;
    text->at += end;
    text->len -= end;
    return line;
}

bool script_field(struct slice line, const char *name, struct slice *value)
{
    struct slice rest = line;

    if (!slice_is(slice_cut(&rest, ':'), name))
        return false;
    if (rest.len > 0 && rest.at[0] == ' ') {
        rest.at++;
        rest.len--;
    }
    *value = rest;
    return true;
}

/* ---- commands --------------------------------------------------------- */

/* Thousandths of a decimal number. */
static bool read_decimal(struct slice text, uint64_t *thousandths)
{
    struct slice fraction = text;
    const struct slice whole = slice_cut(&fraction, '.');
    uint64_t n = 0, part = 0;

    if (!slice_number(whole, LIMIT_PLAY_MS, &n) ||
        (fraction.at &&
         (fraction.len > 3 || !slice_number(fraction, 999, &part))))
        return false;
    for (size_t i = fraction.len; i < 3; i++)
        part *= 10;
    *thousandths = n * 1000 + part;
    return true;
}

bool script_time(struct slice text, int64_t *ms)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}};
    struct slice number = text, unit;
    uint64_t n = 0;

    if (text.len == 0)
        return false;
    number.len = 0;
    while (number.len < text.len &&
           strchr("0123456789.", text.at[number.len]) && text.at[number.len])
        number.len++;
    unit = (struct slice){text.at + number.len, text.len - number.len};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (slice_is(unit, units[i].name) && read_decimal(number, &n) &&
            n * units[i].ms / 1000 <= LIMIT_PLAY_MS) {
            *ms = (int64_t)(n * units[i].ms / 1000);
            return true;
        }
    return false;
}

static const char *read_status(struct slice text, struct script_step *step)
{
    uint64_t status = 0;
    struct slice rest = text;

    if (!slice_number(slice_cut(&rest, ' '), 599, &status) ||
        (status < 400 && status != 204))
        return "'status' needs 204, or a number from 400 to 599";
    step->status = (int)status;
    step->bytes = slice_trim(rest);
    return NULL;
}

/* Returns why the argument is a mistake, or NULL. */
static const char *read_argument(const struct command *c, struct slice text,
                                 struct script_step *step)
{
    switch (c->argument) {
    case NONE:
        return text.len == 0 ? NULL : "nothing may stand behind this command";
    case TIME_OR_NONE:
        step->ms = LIMIT_PLAY_MS;
        if (text.len == 0)
            return NULL;
        break;
    case TIME:
        break;
    case STATUS:
        return read_status(text, step);
    }
    return script_time(text, &step->ms)
               ? NULL
               : "this command needs a time of at most an hour, such as 300ms "
                 "or 2s";
}

/* A line that is a command sets step->kind. An unknown word with a time, such
 * as ": sleep 2s", is hardly meant as a comment. */
static bool read_command(struct slice line, struct script_step *step)
{
    struct slice rest = line, word;
    int64_t ms;

    if (line.len < 3 || memcmp(line.at, ": ", 2) != 0)
        return false;
    rest.at += 2;
    rest.len -= 2;
    word = slice_cut(&rest, ' ');
    rest = slice_trim(rest);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (slice_is(word, commands[i].word)) {
            step->kind = (enum script_kind)commands[i].kind;
            step->reason = read_argument(&commands[i], rest, step);
            if (step->reason)
                step->kind = SCRIPT_MISTAKE;
            return true;
        }
    if (word.len == 0 || !script_time(rest, &ms))
        return false;
    step->kind = SCRIPT_MISTAKE;
    step->reason = "there is no such command";
    return true;
}

/* ---- steps ------------------------------------------------------------ */

/* Takes the command; false if it only changes what follows. */
static bool take_command(struct script *s, const struct script_step *step)
{
    switch (step->kind) {
    case SCRIPT_JITTER:
        s->jitter_ms = step->ms;
        return false;
    case SCRIPT_SPLIT:
        s->split = true;
        return false;
    case SCRIPT_DROP:
    case SCRIPT_RESET:
    case SCRIPT_LOOP:
        s->open = s->fields = false;
        return true;
    default:
        return true;
    }
}

/* Adds the line, which ends before `next`, to the step; true if the step is
 * complete by it. */
static bool take_line(struct script *s, struct script_step *step,
                      struct slice line, const char *next)
{
    if (line.len == 0 && !s->open)
        return false; /* between two events */
    if (!step->bytes.at) {
        *step = (struct script_step){
            .kind = SCRIPT_SEND,
            .line = s->line,
            .split = s->split,
            .bytes = {line.at, 0},
        };
    }
    step->bytes.len = (size_t)(next - step->bytes.at);
    step->whole = line.len == 0;
    s->open = !step->whole;
    s->fields |= !step->whole && line.at[0] != ':';
    step->silent = !s->fields;
    if (step->whole && s->fields)
        s->split = s->fields = false;
    return step->whole;
}

struct script_step script_next(struct script *s)
{
    struct script_step step = {.kind = SCRIPT_END};
    bool done = false;

    while (!done && s->at < s->text.len) {
        struct slice rest = {s->text.at + s->at, s->text.len - s->at};
        const struct slice line = script_line(&rest);
        struct script_step command = {.line = s->line, .open = s->open};

        if (read_command(line, &command)) {
            if (step.bytes.at)
                break; /* the lines before it go first */
            done = take_command(s, &command);
            if (done)
                step = command;
        } else {
            done = take_line(s, &step, line, rest.at);
        }
        s->at = s->text.len - rest.len;
        s->line++;
    }
    if (step.kind == SCRIPT_END) {
        step.line = s->line;
        step.open = s->open;
    }
    return step;
}

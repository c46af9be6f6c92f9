/* script: an input is a scripted stream. */
#include "pages/script_walk.h"
#include "pages/words.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* The data of all events in these lines, joined; the caller frees it. */
static char *data_of(struct slice lines, size_t *len)
{
    char *data = malloc(lines.len + 1);
    bool any = false;

    *len = 0;
    while (lines.len > 0) {
        const struct slice line = script_line(&lines);
        struct slice value;

        if (line.len == 0)
            any = false;
        if (!script_field(line, "data", &value))
            continue;
        if (any)
            data[(*len)++] = '\n';
        if (value.len > 0)
            memcpy(data + *len, value.at, value.len);
        *len += value.len;
        any = true;
    }
    return data;
}

/* What a client joins of the pieces is the data of the whole. */
static void check_words(struct slice event)
{
    struct words w;
    struct slice piece;
    size_t len, at = 0, part_len;
    char *data, *part;

    if (!words_begin(&w, event))
        return;
    data = data_of(event, &len);
    while (words_next(&w, &piece)) {
        part = data_of(piece, &part_len);
        assert(part_len > 0 && at + part_len <= len);
        assert(memcmp(data + at, part, part_len) == 0);
        at += part_len;
        free(part);
    }
    assert(at == len);
    free(data);
    words_end(&w);
}

static void check_step(const struct script *before,
                       const struct script_step *step,
                       const struct script *after)
{
    assert(after->at > before->at && after->at <= after->text.len);
    assert(step->line >= before->line && step->line < after->line);
    assert((step->kind == SCRIPT_MISTAKE) == (step->reason != NULL));
    assert(step->ms >= 0 && step->ms <= 3600 * 1000);
    assert(after->jitter_ms >= 0 && after->jitter_ms <= 3600 * 1000);
    if (step->kind != SCRIPT_SEND)
        return;
    assert(step->bytes.len > 0);
    assert(step->bytes.at >= before->text.at + before->at);
    assert(step->bytes.at + step->bytes.len == after->text.at + after->at);
    assert(step->whole == !after->open);
    if (step->whole)
        check_words(step->bytes);
}

/* Whoever resumes with an id goes on behind it, and never goes back. */
static void check_resume(struct slice text, struct slice id)
{
    struct script s, start;

    script_begin(&s, text);
    start = s;
    if (script_resume(&s, id))
        assert(s.at > start.at || s.text.len == start.at);
    else
        assert(s.at == start.at);
    script_is_over(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char *copy = fuzz_copy((struct slice){(const char *)bytes, len});
    const struct slice text = {copy, len};
    struct script s;
    struct script_step step = {.kind = SCRIPT_SEND};
    const char *reason;
    size_t mistake = script_check(text, &reason);

    script_begin(&s, text);
    while (step.kind != SCRIPT_END && step.kind != SCRIPT_MISTAKE) {
        const struct script before = s;

        step = script_next(&s);
        if (step.kind != SCRIPT_END)
            check_step(&before, &step, &s);
        assert(step.kind != SCRIPT_MISTAKE || mistake != 0);
        if (step.kind == SCRIPT_MISTAKE)
            assert(mistake <= step.line);
        if (step.kind == SCRIPT_SEND) {
            struct slice rest = step.bytes, value;

            if (script_field(script_line(&rest), "id", &value))
                check_resume(text, value);
        }
    }
    free(copy);
    return 0;
}

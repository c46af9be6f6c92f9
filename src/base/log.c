/* log: see log.h. */
#include "base/log.h"

#include "base/clock.h"
#include "base/limit.h"
#include "base/log_writer.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool quiet;

/* The last few different errors. Times are ms, monotonic. */
enum { RECENT = 8 };
static pthread_mutex_t recent_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct recent {
    char text[LOG_TEXT];
    int64_t came, logged;
    uint64_t times; /* since it was logged */
} recent[RECENT];

void log_quiet(void)
{
    quiet = true;
}

/* Prefix, text and a newline become one line. */
static void write_line(const char *prefix, const char *format, va_list values)
{
    char line[LOG_LINE];
    size_t len = (size_t)snprintf(line, sizeof line, "%s", prefix);
    int n = vsnprintf(line + len, sizeof line - len, format, values);

    if (n > 0)
        len += (size_t)n;
    if (len > sizeof line - 1)
        len = sizeof line - 1;
    line[len++] = '\n';
    log_writer_put(line, len);
}

void log_say(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    write_line("", format, values);
    va_end(values);
}

void log_event(const char *format, ...)
{
    char prefix[64];
    va_list values;

    if (quiet)
        return;
    log_writer_prefix(prefix, sizeof prefix);
    va_start(values, format);
    write_line(prefix, format, values);
    va_end(values);
}

void log_change(const char *format, ...)
{
    char prefix[64];
    va_list values;

    log_writer_prefix(prefix, sizeof prefix);
    va_start(values, format);
    write_line(prefix, format, values);
    va_end(values);
}

/* The entry of this error; a new one takes the place of that which came last
 * the longest ago. */
static struct recent *find_recent(const char *text)
{
    struct recent *oldest = &recent[0];

    for (struct recent *r = recent; r < recent + RECENT; r++) {
        if (strcmp(r->text, text) == 0)
            return r;
        if (r->came < oldest->came)
            oldest = r;
    }
    *oldest = (struct recent){.logged = INT64_MIN / 2};
    snprintf(oldest->text, sizeof oldest->text, "%s", text);
    return oldest;
}

/* Counts an error. Returns how often it came since it was last logged, `ago` ms
 * ago; 0 if it shall not be logged now. */
static uint64_t count_error(const char *text, int64_t *ago)
{
    const int64_t now = clock_monotonic_ms();
    uint64_t times = 0;
    struct recent *r;

    pthread_mutex_lock(&recent_mutex);
    r = find_recent(text);
    r->came = now;
    r->times++;
    *ago = now - r->logged;
    if (*ago >= LIMIT_LOG_MS) {
        times = r->times;
        r->times = 0;
        r->logged = now;
    }
    pthread_mutex_unlock(&recent_mutex);
    return times;
}

void log_error(const char *format, ...)
{
    char prefix[64], text[LOG_TEXT];
    uint64_t times;
    int64_t ago;
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    times = count_error(text, &ago);
    if (times == 0)
        return;
    log_writer_prefix(prefix, sizeof prefix);
    if (times == 1)
        log_say("%serror: %s", prefix, text);
    else
        log_say("%serror: %s (%" PRIu64 " times in %" PRId64 " s)", prefix,
                text, times, ago / 1000);
}

const char *log_escape(struct slice text, char out[LOG_TEXT])
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (len + sizeof "\\xNN..." > LOG_TEXT) {
            memcpy(out + len, "...", 3);
            len += 3;
            break;
        }
        if (c < ' ' || c >= 0x7f)
            len += (size_t)sprintf(out + len, "\\x%02x", c);
        else if (c == '\\')
            len += (size_t)sprintf(out + len, "\\\\");
        else
            out[len++] = (char)c;
    }
    out[len] = '\0';
    return out;
}

/* log: see log.h. */
#include "base/log.h"

#include "base/clock.h"
#include "base/limit.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool quiet;

/* The last few different errors, and when each came last (ms, monotonic). */
enum { RECENT = 8 };
static pthread_mutex_t recent_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char text[LOG_TEXT];
    int64_t came;
} recent[RECENT];

void log_quiet(void)
{
    quiet = true;
}

/* Writes prefix, text and a newline in one call. */
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
    /* There is nobody to tell that the log cannot be written. */
    if (write(STDERR_FILENO, line, len) < 0)
        return;
}

/* "22:41:07.123 [4711] " */
static void print_prefix(char *out, size_t size)
{
    struct timespec now;
    struct tm day;
    size_t len;

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &day);
    len = strftime(out, size, "%H:%M:%S", &day);
    snprintf(out + len, size - len, ".%03ld [%d] ", now.tv_nsec / 1000000,
             (int)gettid());
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
    print_prefix(prefix, sizeof prefix);
    va_start(values, format);
    write_line(prefix, format, values);
    va_end(values);
}

static bool is_repeated(const char *text)
{
    int64_t now = clock_monotonic_ms();
    int at = 0;
    bool repeated = false;

    pthread_mutex_lock(&recent_mutex);
    for (int i = 0; i < RECENT && !repeated; i++) {
        repeated = strcmp(recent[i].text, text) == 0;
        if (repeated || recent[i].came < recent[at].came)
            at = i;
    }
    repeated = repeated && now - recent[at].came < LIMIT_LOG_MS;
    recent[at].came = now;
    snprintf(recent[at].text, sizeof recent[at].text, "%s", text);
    pthread_mutex_unlock(&recent_mutex);
    return repeated;
}

void log_error(const char *format, ...)
{
    char prefix[64], text[LOG_TEXT];
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (is_repeated(text))
        return;
    print_prefix(prefix, sizeof prefix);
    log_say("%serror: %s", prefix, text);
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

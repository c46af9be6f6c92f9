/* chunked: see chunked.h. One step of a state machine for each byte that is
 * not data. */
#include "chunked.h"

#include "limit.h"

#include <stdbool.h>

enum state {
    SIZE_FIRST, /* the first digit of a chunk's size */
    SIZE,
    EXTENSION, /* ";name=value", up to the CR */
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START, /* a trailer field, or the empty line that ends it all */
    TRAILER,
    TRAILER_LF,
    END_LF,
    END,
    BAD,
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_text(char c)
{
    return c == '\t' || (unsigned char)c >= ' ';
}

static enum state step_size(struct chunked *c, char byte)
{
    int digit = hex_value(byte);

    if (digit >= 0) {
        if (c->left > (INT64_MAX >> 4))
            return BAD;
        c->left = c->left * 16 + (uint64_t)digit;
        return SIZE;
    }
    if (c->state == SIZE_FIRST)
        return BAD;
    if (byte == '\r')
        return SIZE_LF;
    return byte == ';' ? EXTENSION : BAD;
}

static enum state step(struct chunked *c, char byte)
{
    switch ((enum state)c->state) {
    case SIZE_FIRST:
        c->left = 0;
        c->line = 0;
        return step_size(c, byte);
    case SIZE:
        return ++c->line > LIMIT_CHUNK_LINE ? BAD : step_size(c, byte);
    case EXTENSION:
        if (++c->line > LIMIT_CHUNK_LINE)
            return BAD;
        return byte == '\r' ? SIZE_LF : is_text(byte) ? EXTENSION : BAD;
    case SIZE_LF:
        return byte != '\n' ? BAD : c->left > 0 ? DATA : TRAILER_START;
    case DATA_CR:
        return byte == '\r' ? DATA_LF : BAD;
    case DATA_LF:
        return byte == '\n' ? SIZE_FIRST : BAD;
    case TRAILER_START:
        return byte == '\r' ? END_LF : is_text(byte) ? TRAILER : BAD;
    case TRAILER:
        if (++c->trailers > LIMIT_TRAILERS)
            return BAD;
        return byte == '\r' ? TRAILER_LF : is_text(byte) ? TRAILER : BAD;
    case TRAILER_LF:
        return byte == '\n' ? TRAILER_START : BAD;
    case END_LF:
        return byte == '\n' ? END : BAD;
    case DATA:
    case END:
    case BAD:
        break;
    }
    return BAD;
}

/* Takes as much of the chunk's data as there is. */
static void take_data(struct chunked *c, struct slice input, size_t *used,
                      struct slice *data)
{
    data->at = input.at + *used;
    data->len = input.len - *used;
    if (data->len > c->left)
        data->len = (size_t)c->left;
    *used += data->len;
    c->left -= data->len;
    if (c->left == 0)
        c->state = DATA_CR;
}

enum chunked_result chunked_decode(struct chunked *c, struct slice input,
                                   size_t *used, struct slice *data)
{
    *used = 0;
    while (*used < input.len && c->state != END && c->state != BAD) {
        if (c->state == DATA) {
            take_data(c, input, used, data);
            return CHUNKED_DATA;
        }
        c->state = step(c, input.at[(*used)++]);
    }
    if (c->state == END)
        return CHUNKED_DONE;
    return c->state == BAD ? CHUNKED_BAD : CHUNKED_MORE;
}

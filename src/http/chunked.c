/* chunked: see chunked.h. One step of a state machine for each byte that is
 * not data. */
#include "http/chunked.h"

#include "base/limit.h"
#include "http/grammar.h"

enum state {
    SIZE_FIRST, /* the first digit of a chunk's size */
    SIZE,
    SIZE_SPACE, /* white space behind the size: only an extension may follow */
    EXTENSION,  /* ";name=value", up to the CR */
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START, /* a trailer field, or the empty line that ends it all */
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    END,
    BAD,
};

/* What may follow a size besides the end of its line. A space that no ';' comes
 * after is not the grammar, and not all servers read it alike. */
static enum state step_space(char byte)
{
    if (byte == ' ' || byte == '\t')
        return SIZE_SPACE;
    return byte == ';' ? EXTENSION : BAD;
}

static enum state step_size(struct chunked *c, char byte)
{
    int digit = grammar_hex(byte);

    /* Leading zeros do not overflow, but they must end somewhere. */
    if (++c->line > LIMIT_CHUNK_LINE)
        return BAD;
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
    return step_space(byte);
}

/* A field line as in a head: no fold, no space before the colon. */
static enum state step_trailer(struct chunked *c, char byte)
{
    if (++c->trailers > LIMIT_TRAILERS)
        return BAD;
    if (c->state == TRAILER_NAME && byte == ':')
        return TRAILER_VALUE;
    if (c->state != TRAILER_VALUE)
        return grammar_is_token(byte) ? TRAILER_NAME : BAD;
    if (byte == '\r')
        return TRAILER_LF;
    return grammar_is_value(byte) ? TRAILER_VALUE : BAD;
}

static enum state step_extension(struct chunked *c, char byte)
{
    if (++c->line > LIMIT_CHUNK_LINE)
        return BAD;
    if (byte == '\r')
        return SIZE_LF;
    return grammar_is_value(byte) ? EXTENSION : BAD;
}

static enum state only(char wanted, char byte, enum state next)
{
    return byte == wanted ? next : BAD;
}

static enum state step_byte(struct chunked *c, char byte)
{
    switch ((enum state)c->state) {
    case SIZE_FIRST:
        c->left = 0;
        c->line = 0;
        return step_size(c, byte);
    case SIZE:
        return step_size(c, byte);
    case SIZE_SPACE:
        return ++c->line > LIMIT_CHUNK_LINE ? BAD : step_space(byte);
    case EXTENSION:
        return step_extension(c, byte);
    case SIZE_LF:
        return only('\n', byte, c->left > 0 ? DATA : TRAILER_START);
    case DATA_CR:
        return only('\r', byte, DATA_LF);
    case DATA_LF:
        return only('\n', byte, SIZE_FIRST);
    case TRAILER_START:
        return byte == '\r' ? END_LF : step_trailer(c, byte);
    case TRAILER_NAME:
    case TRAILER_VALUE:
        return step_trailer(c, byte);
    case TRAILER_LF:
        return only('\n', byte, TRAILER_START);
    case END_LF:
        return only('\n', byte, END);
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
        c->state = (unsigned)step_byte(c, input.at[(*used)++]);
    }
    if (c->state == END)
        return CHUNKED_DONE;
    return c->state == BAD ? CHUNKED_BAD : CHUNKED_MORE;
}

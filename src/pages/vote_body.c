/* vote_body: see vote_body.h. */
#include "pages/vote_body.h"

#include "base/json_memory.h"

#include <stdio.h>
#include <string.h>

/* -1 if it is none. */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_voter(const json_t *value, uint8_t voter[BALLOT_VOTER])
{
    const char *text = json_string_value(value);

    if (json_string_length(value) != 2 * (size_t)BALLOT_VOTER)
        return false;
    for (size_t i = 0; i < BALLOT_VOTER; i++) {
        const int high = hex_digit(text[2 * i]);
        const int low = hex_digit(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        voter[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool read_members(const json_t *root, struct vote_body *vote)
{
    const json_t *question = json_object_get(root, "question");
    const double choice = json_number_value(json_object_get(root, "choice"));
    const size_t len = json_string_length(question);

    if (len == 0 || len > LIMIT_QUESTION ||
        strlen(json_string_value(question)) < len ||
        !read_voter(json_object_get(root, "voter"), vote->voter))
        return false;
    snprintf(vote->question, sizeof vote->question, "%s",
             json_string_value(question));
    vote->choice = 0;
    for (unsigned i = 1; i <= LIMIT_CHOICES; i++)
        if (choice == i)
            vote->choice = i;
    return true;
}

int vote_body_read(struct slice text, struct vote_body *vote)
{
    json_error_t error;
    json_t *root;
    bool good;

    if (text.len > LIMIT_VOTE)
        return 413;
    root = json_memory_load(text, &error);
    if (!root)
        return error.text[0] ? 400 : 503;
    good = read_members(root, vote);
    json_decref(root);
    return good ? 200 : 400;
}

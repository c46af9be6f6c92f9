/* token: see token.h. */
#include "server/token.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_valid(const char *token)
{
    for (const char *c = token; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-._~+/=", *c))
            return false;
    return *token != '\0';
}

int token_read(const char *path, char token[TOKEN_SIZE],
               char error[TOKEN_ERROR_SIZE])
{
    FILE *file = fopen(path, "re");

    token[0] = '\0';
    if (!file || (!fgets(token, TOKEN_SIZE, file) && ferror(file))) {
        snprintf(error, TOKEN_ERROR_SIZE, "--publish-token: %.80s: %s", path,
                 strerror(errno));
        if (file)
            fclose(file);
        return -1;
    }
    fclose(file);
    token[strcspn(token, "\r\n")] = '\0';
    if (is_valid(token) && strlen(token) < TOKEN_SIZE - 1)
        return 0;
    snprintf(error, TOKEN_ERROR_SIZE,
             "--publish-token: the first line of %.60s is no token: letters, "
             "digits and -._~+/=",
             path);
    return -1;
}

bool token_matches(const char *token, struct slice authorization)
{
    const struct slice scheme = slice_cut(&authorization, ' ');
    const struct slice given = slice_trim(authorization);
    const size_t len = strlen(token);
    /* Else the compiler could leave the loop as soon as they differ. */
    volatile unsigned char different = given.len != len;

    if (!slice_is_nocase(scheme, "Bearer") || given.len == 0)
        return false;
    for (size_t i = 0; i < len; i++)
        different |= (unsigned char)(given.at[i % given.len] ^ token[i]);
    return !different;
}

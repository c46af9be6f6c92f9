/* token: the file, and the field Authorization. */
#include "unit.h"

#include "server/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(token, matches)
{
    static const struct {
        const char *value;
        bool matches;
    } cases[] = {
        {"Bearer s3cret", true},
        {"bearer  s3cret ", true},
        {"Bearer s3cre", false},
        {"Bearer s3crets", false},
        {"Bearer s3creT", false},
        {"Bearer S3cret", false},
        {"Bearer ", false},
        {"Bearer", false},
        {"s3cret", false},
        {"Basic s3cret", false},
        {"Bearer s3crets3cret", false},
        {"", false},
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_eq(token_matches("s3cret", slice_of(cases[i].value)),
                     cases[i].matches, "%s", cases[i].value);
    cr_expect_not(token_matches("s3cret", (struct slice){NULL, 0}));
}

static void expect_file(const char *content, const char *wanted)
{
    char path[] = "/tmp/crier-token.XXXXXX", token[TOKEN_SIZE];
    char error[TOKEN_ERROR_SIZE] = "";
    FILE *file = fdopen(mkstemp(path), "w");
    int result;

    fputs(content, file);
    fclose(file);
    result = token_read(path, token, error);
    unlink(path);
    cr_expect_eq(result, wanted ? 0 : -1, "'%s'", content);
    if (wanted)
        cr_expect_str_eq(token, wanted);
    else
        cr_expect_not_null(strstr(error, "letters, digits and -._~+/="));
}

Test(token, is_the_first_line_of_a_file)
{
    char error[TOKEN_ERROR_SIZE], token[TOKEN_SIZE], large[2 * TOKEN_SIZE];

    expect_file("s3cret", "s3cret");
    expect_file("a-._~+/Z=\r\nmore\n", "a-._~+/Z=");
    expect_file("", NULL);
    expect_file("\ns3cret\n", NULL);
    expect_file("two words\n", NULL);
    expect_file("kr\xc3\xa9\n", NULL);
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    expect_file(large, NULL);
    cr_expect_eq(token_read("/nowhere/token", token, error), -1);
    cr_expect_not_null(strstr(error, "No such file"));
    cr_expect_eq(token_read("/tmp", token, error), -1);
    cr_expect_not_null(strstr(error, "directory"));
}

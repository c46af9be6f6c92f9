/* json_memory: values live on after their parse, whoever parses meanwhile.
 * What a failing malloc does is in test/blackbox/test_room_memory.c. */
#include "base/json_memory.h"

#include "unit.h"

#include <string.h>

static json_t *load(const char *text)
{
    json_error_t error;

    return json_memory_load((struct slice){text, strlen(text)}, &error);
}

Test(json_memory, values_outlive_their_parse)
{
    json_t *first, *second, *built;

    json_memory_install();
    first = load("{\"a\":[1,2.5,\"b\",{\"c\":null}],\"d\":\"e\"}");
    second = load("[\"f\"]");
    built = json_pack("{s:O}", "g", json_object_get(first, "d"));
    cr_assert(first && second && built);
    json_decref(first);
    cr_expect_null(load("[1,2,"));
    cr_expect_str_eq(json_string_value(json_object_get(built, "g")), "e");
    cr_expect_str_eq(json_string_value(json_array_get(second, 0)), "f");
    json_decref(built);
    json_decref(second);
}

Test(json_memory, errors_are_jansson_s)
{
    json_error_t error;

    json_memory_install();
    cr_expect_null(json_memory_load((struct slice){"{\"a\"}", 5}, &error));
    cr_expect_eq(error.line, 1);
    cr_expect(strstr(error.text, "':' expected"), "%s", error.text);
}

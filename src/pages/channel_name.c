/* channel_name: see channel_name.h. */
#include "pages/channel_name.h"

#include "store/channels.h"

#include <string.h>

#define CHARACTERS                                                             \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"

const char *channel_name_wrong(const char *name)
{
    const size_t len = strspn(name, CHARACTERS);

    if (len > 0 && len < CHANNEL_NAME_SIZE && name[len] == '\0')
        return NULL;
    return "the name of a channel is 1 to 64 letters, digits, '.', '_', '~' or "
           "'-'";
}

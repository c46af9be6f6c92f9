/* options: see options.h. One table says all about each option; help, flags
 * and variables are read from it. */
#include "options.h"

#include "option_journal.h"
#include "option_value.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#ifndef CRIER_VERSION
#define CRIER_VERSION "unknown"
#endif

#define MEMBER(m) offsetof(struct settings, m)

/* --heartbeat is the one that is given in another unit than it is kept in:
 * its member is multiplied by 1,000 in the end. */
static const struct option_spec specs[] = {
    {"host", OPTION_STRING, MEMBER(host), .argument = "ADDRESS",
     .help = "listen here (127.0.0.1; 0.0.0.0 for the whole network)"},
    {"port", OPTION_NUMBER, MEMBER(port), 0, 65535, .argument = "PORT",
     .help = "listen here (3000; 0 picks a free port)"},
    {"public", OPTION_STRING, MEMBER(public_dir), .argument = "DIR",
     .help = "serve the files below it (public)"},
    {"history", OPTION_NUMBER, MEMBER(history), 1, 1000000, .argument = "N",
     .help = "keep the newest N messages (1000)"},
    {"channels", OPTION_NUMBER, MEMBER(channels), 1, 1000000, .argument = "N",
     .help = "at most N of /channels/NAME; each has a history (1000)"},
    {"journal", OPTION_STRING, MEMBER(journal), .argument = "FILE.db",
     .help = "keep messages in this file, too (only in memory)"},
    {"redis", OPTION_STRING, MEMBER(redis), .argument = "URL",
     .help = "share messages by a broker: redis://HOST:PORT"},
    {"sync", OPTION_STRING, MEMBER(sync), .valid = option_valid_sync,
     .form = "always, second or never", .argument = "WHEN",
     .help = "write it to the disk: always, second, never (always)"},
    {"keep", OPTION_NUMBER, MEMBER(keep), 1, 100000000, .argument = "N",
     .help = "keep the newest N there (as many as --history)"},
    {"retry", OPTION_NUMBER, MEMBER(retry_ms), 1, 3600000, .argument = "MS",
     .help = "clients reconnect after MS milliseconds (10000)"},
    {"heartbeat", OPTION_NUMBER, MEMBER(heartbeat_ms), 1, 3600,
     .argument = "SECONDS",
     .help = "send a comment after SECONDS without a message (15)"},
    {"max-clients", OPTION_NUMBER, MEMBER(max_clients), 1, 1000000,
     .argument = "N",
     .help = "connections at most (as the open-files limit allows)"},
    {"max-body", OPTION_NUMBER, MEMBER(max_body), 1, 64 << 20,
     .argument = "BYTES", .help = "size of a posted body at most (65536)"},
    {"max-memory", OPTION_NUMBER, MEMBER(max_memory), 1, 1 << 20,
     .argument = "MIB",
     .help = "held for slow clients, and in channels, at most (64)"},
    {"turns", OPTION_NUMBER, MEMBER(turns), 0, 1024, .argument = "N",
     .help = "subscribers awake at a time (cores + 1; 0: all)"},
    {"allow-origin", OPTION_LIST, MEMBER(allow_origin),
     .valid = option_valid_origin,
     .form = "an origin such as http://example.com:8080, nor *",
     .argument = "ORIGIN",
     .help = "let this origin's pages in (repeatable; * for all)"},
    {"server-name", OPTION_LIST, MEMBER(server_name),
     .valid = option_valid_name, .form = "a host name", .argument = "NAME",
     .help = "a name that pages use for this server (repeatable)"},
    {"publish-token", OPTION_STRING, MEMBER(publish_token), .argument = "FILE",
     .help = "posts need the token that is the first line of FILE"},
    {"rate", OPTION_NUMBER, MEMBER(rate), 0, 100000, .argument = "N",
     .help = "posts a second of each address (any; 10 in class)"},
    {"trust-proxy", OPTION_ADDRESSES, MEMBER(trust_proxy),
     .form = "an IP address", .argument = "ADDRESS",
     .help = "its X-Forwarded-For says whose post it is (repeatable)"},
    {"classroom", OPTION_SWITCH, MEMBER(classroom),
     .help = "other machines may look at /threads, and all set /slow"},
    {"quiet", OPTION_SWITCH, MEMBER(quiet),
     .help = "no log line for each request and subscriber"},
};

enum {
    SPECS = sizeof specs / sizeof *specs,
    CODE_HELP = 256, /* getopt's codes beyond the indices of specs */
    CODE_VERSION,
};

static void print_help(FILE *out)
{
    fprintf(out, "Usage: crier [OPTION]...\n"
                 "A Server-Sent Events chat server: GET /subscribe, POST "
                 "/update, and files.\n\n");
    for (size_t i = 0; i < SPECS; i++)
        fprintf(out, "  --%-13s %-7s %s\n", specs[i].name,
                specs[i].argument ? specs[i].argument : "", specs[i].help);
    fprintf(out, "  --%-13s %-7s %s\n", "help", "", "print this and exit");
    fprintf(out, "  --%-13s %-7s %s\n", "version", "",
            "print the version and exit");
    fprintf(out, "\nEach option is also a variable, as CRIER_MAX_CLIENTS; the "
                 "option wins.\n");
}

/* What does not come to its reader is no success. */
static enum options_result tell(int code, FILE *out, FILE *err)
{
    if (code == CODE_HELP)
        print_help(out);
    else
        fprintf(out, "crier %s\n", CRIER_VERSION);
    if (fflush(out) == 0 && !ferror(out))
        return OPTIONS_DONE;
    fprintf(err, "crier: cannot write to standard output: %s\n",
            strerror(errno));
    return OPTIONS_UNHEARD;
}

/* An empty variable counts as unset. */
static bool read_environment(struct settings *s, FILE *err)
{
    for (size_t i = 0; i < SPECS; i++) {
        char name[64];
        const char *text;

        snprintf(name, sizeof name, "CRIER_%s", specs[i].name);
        for (char *c = name; *c; c++) {
            if (*c == '-')
                *c = '_';
            else
                *c = (char)toupper((unsigned char)*c);
        }
        text = getenv(name);
        if (text && *text && !option_set(s, &specs[i], text, name, err))
            return false;
    }
    return true;
}

/* What getopt_long does not understand. Of a short option, and we have none,
 * only optopt knows the letter. */
static void complain(int code, const char *argument, FILE *err)
{
    const char letter[] = {'-', (char)optopt, '\0'};

    if (code == '?' && optopt > ' ' && optopt < 0x7f)
        argument = letter;
    fprintf(err, "crier: %s '%s'; see crier --help\n",
            code == ':' ? "a value is missing after" : "there is no option",
            argument);
}

static enum options_result read_arguments(struct settings *s, int argc,
                                          char **argv, FILE *out, FILE *err)
{
    struct option flags[SPECS + 3] = {{0}};
    bool given[SPECS] = {false};
    int code;

    for (int i = 0; i < SPECS; i++)
        flags[i] = (struct option){
            specs[i].name,
            specs[i].kind == OPTION_SWITCH ? no_argument : required_argument,
            NULL, i};
    flags[SPECS] = (struct option){"help", no_argument, NULL, CODE_HELP};
    flags[SPECS + 1] =
        (struct option){"version", no_argument, NULL, CODE_VERSION};

    optind = 0; /* start anew: tests parse more than once */
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":", flags, NULL)) != -1) {
        char source[64];

        if (code == CODE_HELP || code == CODE_VERSION)
            return tell(code, out, err);
        if (code == '?' || code == ':') {
            complain(code, argv[optind - 1], err);
            return OPTIONS_BAD;
        }
        /* The first flag puts the variable's list aside. */
        if (option_is_list(&specs[code]) && !given[code])
            option_clear(s, &specs[code]);
        given[code] = true;
        snprintf(source, sizeof source, "--%s", specs[code].name);
        if (!option_set(s, &specs[code], optarg, source, err))
            return OPTIONS_BAD;
    }
    if (optind < argc) {
        fprintf(err, "crier: '%s' is not an option; see crier --help\n",
                argv[optind]);
        return OPTIONS_BAD;
    }
    return OPTIONS_RUN;
}

enum options_result options_parse(struct settings *s, int argc, char **argv,
                                  FILE *out, FILE *err)
{
    enum options_result result = OPTIONS_BAD;

    *s = (struct settings){
        .host = "127.0.0.1",
        .port = 3000,
        .history = 1000,
        .channels = 1000,
        .sync = "always",
        .retry_ms = 10000,
        .heartbeat_ms = 15,
        .max_body = 65536,
        .max_memory = 64,
        .rate = -1,
        .turns = get_nprocs() + 1,
    };
    if (read_environment(s, err))
        result = read_arguments(s, argc, argv, out, err);
    if (result == OPTIONS_RUN && !option_journal(s, err))
        result = OPTIONS_BAD;
    s->heartbeat_ms *= 1000;
    return result;
}

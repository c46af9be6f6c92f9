#include "settings.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: bench-load --port P [OPTION]...\n"
    "Opens subscribers, publishes messages, and prints how they arrive, as "
    "one\n"
    "line of JSON.\n"
    "\n"
    "  --host A              the server's IPv4 address (127.0.0.1)\n"
    "  --port P              and port\n"
    "  --subscribe PATH      (/subscribe)\n"
    "  --publish PATH        (/update)\n"
    "  --body TEMPLATE       what is posted, %s being the text\n"
    "                        ({\"text\":\"%s\"})\n"
    "  --channels C          a channel's number, of five digits, follows both\n"
    "                        paths: of C channels, each with as many "
    "subscribers (1: none)\n"
    "  --subscribers N       (100)\n"
    "  --messages M          (20)\n"
    "  --rate R              messages a second (0: as fast as they go)\n"
    "  --publishers K        connections that post, each its next message\n"
    "                        after the reply (1; 4 with --rate 0)\n"
    "  --warmup W            messages that are not timed (2)\n"
    "  --pid P[,P]...        the server's processes: what they use is read,\n"
    "                        with all their children\n"
    "  --source-addresses N  subscribe from 127.0.0.2 and N - 1 more (one for\n"
    "                        each 5,000 subscribers: where most ports of an\n"
    "                        address are taken, connect(2) looks for one "
    "long)\n"
    "  --timeout S           give up after so many seconds (170)\n"
    "  --help                this text\n"
    "\n"
    "Exit status: 0; 1 if a message or a subscriber is refused, or a message\n"
    "is lost, comes twice or out of order; 2 for wrong usage, or out of "
    "time.\n";

enum {
    HOST,
    PORT,
    SUBSCRIBE,
    PUBLISH,
    BODY,
    CHANNELS,
    SUBSCRIBERS,
    MESSAGES,
    RATE,
    PUBLISHERS,
    WARMUP,
    PIDS,
    SOURCES,
    TIMEOUT,
    HELP
};

static const struct option names[] = {
    {"host", required_argument, NULL, HOST},
    {"port", required_argument, NULL, PORT},
    {"subscribe", required_argument, NULL, SUBSCRIBE},
    {"publish", required_argument, NULL, PUBLISH},
    {"body", required_argument, NULL, BODY},
    {"channels", required_argument, NULL, CHANNELS},
    {"subscribers", required_argument, NULL, SUBSCRIBERS},
    {"messages", required_argument, NULL, MESSAGES},
    {"rate", required_argument, NULL, RATE},
    {"publishers", required_argument, NULL, PUBLISHERS},
    {"warmup", required_argument, NULL, WARMUP},
    {"pid", required_argument, NULL, PIDS},
    {"source-addresses", required_argument, NULL, SOURCES},
    {"timeout", required_argument, NULL, TIMEOUT},
    {"help", no_argument, NULL, HELP},
    {0},
};

static double number(const char *text, double least, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= most))
        bench_fail(BENCH_FAILED, "no number from %.0f to %.0f: '%s'", least,
                   most, text);
    return value;
}

static const char **text_of(struct settings *s, int option)
{
    switch (option) {
    case HOST:
        return &s->target.host;
    case SUBSCRIBE:
        return &s->target.subscribe;
    case PUBLISH:
        return &s->target.publish;
    case BODY:
        return &s->target.body;
    default:
        return option == PIDS ? &s->pids : NULL;
    }
}

static unsigned *count_of(struct settings *s, int option)
{
    switch (option) {
    case CHANNELS:
        return &s->target.channels;
    case SUBSCRIBERS:
        return &s->subscribers;
    case MESSAGES:
        return &s->messages;
    case PUBLISHERS:
        return &s->publishers;
    case WARMUP:
        return &s->warmup;
    case SOURCES:
        return &s->source_addresses;
    default:
        return option == TIMEOUT ? &s->timeout : NULL;
    }
}

static void set(struct settings *s, int option, const char *value)
{
    if (option == HELP) {
        fputs(usage, stdout);
        exit(EXIT_SUCCESS);
    }
    if (text_of(s, option) != NULL)
        *text_of(s, option) = value;
    else if (count_of(s, option) != NULL)
        *count_of(s, option) =
            (unsigned)number(value, option != WARMUP, 99999999);
    else if (option == PORT)
        s->target.port = (int)number(value, 1, 65535);
    else if (option == RATE)
        s->rate = number(value, 0, 1e6);
    else
        exit(BENCH_FAILED); /* getopt has said why */
}

struct settings settings_read(int argc, char **argv)
{
    struct settings s = {
        .target = {.host = "127.0.0.1",
                   .subscribe = "/subscribe",
                   .publish = "/update",
                   .body = "{\"text\":\"%s\"}",
                   .channels = 1},
        .subscribers = 100,
        .messages = 20,
        .warmup = 2,
        .timeout = 170,
        .pids = "",
    };
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
        set(&s, option, optarg);
    if (optind < argc || s.target.port == 0)
        bench_fail(BENCH_FAILED, "%s (--help for help)",
                   optind < argc ? "what is the last word for?" : "no --port");
    if (s.subscribers % s.target.channels != 0)
        bench_fail(BENCH_FAILED,
                   "%u subscribers are not the same for %u channels",
                   s.subscribers, s.target.channels);
    if (s.source_addresses == 0)
        s.source_addresses = s.subscribers / 5000;
    if (s.publishers == 0)
        s.publishers = s.rate > 0 ? 1 : 4;
    s.target.address.sin_family = AF_INET;
    s.target.address.sin_port = htons((uint16_t)s.target.port);
    if (inet_pton(AF_INET, s.target.host, &s.target.address.sin_addr) != 1)
        bench_fail(BENCH_FAILED, "no IPv4 address: '%s'", s.target.host);
    return s;
}

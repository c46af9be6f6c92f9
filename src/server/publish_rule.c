/* publish_rule: see publish_rule.h. */
#include "server/publish_rule.h"

#include "base/clock.h"
#include "server/forwarded.h"
#include "server/rate.h"
#include "server/token.h"

#include <stdio.h>
#include <stdlib.h>

/* Does not change. */
struct publish_rule {
    struct rate *rate; /* NULL: any */
    bool spares_us;    /* the rate is not for this machine */
    char token[TOKEN_SIZE];
};

/* A class shares the server with whoever floods it; its teacher's scripts may
 * do that. */
static bool set_rate(struct publish_rule *rule, const struct settings *s)
{
    const bool is_class = s->rate < 0 && s->classroom;
    const int rate = is_class ? LIMIT_CLASS_RATE : s->rate;

    rule->spares_us = is_class;
    if (rate <= 0)
        return true;
    rule->rate = rate_new(rate);
    return rule->rate != NULL;
}

int publish_rule_make(const struct settings *s, struct publish_rule **rule,
                      char error[PUBLISH_RULE_ERROR_SIZE])
{
    struct publish_rule *r = calloc(1, sizeof *r);

    snprintf(error, PUBLISH_RULE_ERROR_SIZE, "out of memory");
    *rule = NULL;
    if (!r || !set_rate(r, s) ||
        (s->publish_token &&
         token_read(s->publish_token, r->token, error) < 0)) {
        publish_rule_free(r);
        return -1;
    }
    if (r->rate || s->publish_token)
        *rule = r;
    else
        publish_rule_free(r);
    return 0;
}

void publish_rule_free(struct publish_rule *rule)
{
    if (rule)
        rate_free(rule->rate);
    free(rule);
}

static int refuse_early(struct exchange *x, int64_t ms)
{
    response_field(&x->response, "Retry-After", "%d", (int)((ms + 999) / 1000));
    x->request.reason = "too many posts from this address: see --rate";
    return 429;
}

static int judge_rate(struct exchange *x, const struct publish_rule *rule)
{
    const struct peer peer = forwarded_peer(x);
    int64_t early;

    if (!rule->rate || (rule->spares_us && peer_is_loopback(&peer)))
        return 200;
    early = rate_take(rule->rate, peer_address(&peer), clock_monotonic_ms());
    return early > 0 ? refuse_early(x, early) : 200;
}

int publish_rule_judge(struct exchange *x)
{
    const struct publish_rule *rule = x->context->publish_rule;
    int status;

    if (!rule)
        return 200;
    status = judge_rate(x, rule);
    if (status != 200 || !rule->token[0] ||
        token_matches(rule->token, request_field(&x->request, "Authorization")))
        return status;
    response_text(&x->response, "WWW-Authenticate", "Bearer realm=\"crier\"");
    x->request.reason = "publishing needs the token: see --publish-token";
    return 401;
}

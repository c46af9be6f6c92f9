/*
 * publish_rule: who may publish, and how often: --publish-token, --rate.
 */
#ifndef CRIER_PUBLISH_RULE_H
#define CRIER_PUBLISH_RULE_H

#include "server/exchange.h"

enum { PUBLISH_RULE_ERROR_SIZE = 160 };

struct publish_rule;

/*
 * Makes the rule of these settings, which stay. *rule is NULL if anybody may
 * publish at any rate. -1 if that fails; then `error` says in one line why.
 */
int publish_rule_make(const struct settings *s, struct publish_rule **rule,
                      char error[PUBLISH_RULE_ERROR_SIZE]);

void publish_rule_free(struct publish_rule *rule);

/*
 * Returns 200 if the request may publish; 401 (and adds WWW-Authenticate) if it
 * does not know the token; 429 (and adds Retry-After) if its address posts too
 * often; RFC 6585, 4. What a token refuses counts for the rate, too: nobody may
 * try tokens faster.
 */
int publish_rule_judge(struct exchange *x);

#endif

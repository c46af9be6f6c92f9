/*
 * url: where the broker is, and what the stream is called there:
 *
 *     redis://[[USER]:PASSWORD@]HOST[:PORT][/DB][?key=NAME]
 *
 * Pure.
 */
#ifndef CRIER_URL_H
#define CRIER_URL_H

#include "journal/terms.h"

enum { URL_PART = 256 };

struct url {
    char host[URL_PART]; /* a name, or an address without brackets */
    char port[8];
    char user[URL_PART];     /* "": the default one */
    char password[URL_PART]; /* "": none */
    char db[8];
    char key[URL_PART];       /* of the stream */
    char shown[3 * URL_PART]; /* for the log: without user and password */
};

/* False if the text is no such URL. Then `error` says why, and does not tell
 * the text, which may have a password. */
bool url_parse(const char *text, struct url *u, char error[JOURNAL_ERROR_SIZE]);

#endif

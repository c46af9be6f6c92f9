/*
 * media_type: the Content-Type of a file, by the ending of its name. Pure.
 */
#ifndef CRIER_MEDIA_TYPE_H
#define CRIER_MEDIA_TYPE_H

/* Takes the ending in any case. "application/octet-stream" if it is not known,
 * or if there is none. Text comes with its charset, UTF-8; XML does not, since
 * an XML file names its own (RFC 7303, 3). Returns a constant. */
const char *media_type(const char *name);

#endif

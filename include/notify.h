/*
 * notify: tells systemd that the server is ready (sd_notify(3)).
 */
#ifndef CRIER_NOTIFY_H
#define CRIER_NOTIFY_H

/*
 * Sends READY=1 to the socket that NOTIFY_SOCKET names: a path, or a name in
 * the abstract namespace that begins with @. Does nothing where there is none,
 * and does not wait. So `systemctl start` returns when clients can connect, and
 * fails where the port is in use.
 */
void notify_ready(void);

#endif

/*
 * policy: how the kernel schedules a thread that mostly sleeps.
 */
#ifndef CRIER_POLICY_H
#define CRIER_POLICY_H

/* Gives the calling thread the policy SCHED_BATCH: it does not interrupt the
 * thread that wakes it. So the waker writes to its own socket first, and a
 * delivery costs less. */
void policy_batch(void);

#endif

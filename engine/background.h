/* Threads that work behind the frames. */
#ifndef PXE_BACKGROUND_H
#define PXE_BACKGROUND_H

#include <stdatomic.h>
#include <stdbool.h>

/* First thing on such a thread: a frame that wants its core goes before it.
 *
 *   stop   set when what it does is for nothing, because the program wants to end; must outlive the thread. NULL = never.
 */
void pxe_background_enter(const atomic_bool *stop);

/* Long work asks between its steps. false on other threads. */
bool pxe_should_stop(void);

#endif

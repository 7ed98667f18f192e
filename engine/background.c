/* The flag is the thread's, and not an argument of all that a decode calls: stb_image's hooks take none.
 *
 * The priority: with that of the frame, two decoding threads double the time of a frame on two cores, because a software
 * driver draws with all of them. With the lowest, which SDL calls low, they stand still as long as any other program
 * computes. This one gets a tenth of a core that others want, and all of one that nobody does.
 */
#include "background.h"

#include <SDL.h>

#include <stddef.h>

#ifdef __linux__
#include <sys/resource.h>
enum { NICE = 10 };
#endif

static _Thread_local const atomic_bool *stop;

void pxe_background_enter(const atomic_bool *flag)
{
    stop = flag;
#ifdef __linux__
    setpriority(PRIO_PROCESS, 0, NICE); /* on Linux, of the thread; if it is refused, so be it */
#else
    SDL_SetThreadPriority(SDL_THREAD_PRIORITY_LOW);
#endif
}

bool pxe_should_stop(void)
{
    return stop != NULL && atomic_load_explicit(stop, memory_order_relaxed);
}

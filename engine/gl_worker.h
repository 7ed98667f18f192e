/* A thread with a GL context that shares its objects with the window's, for what a driver takes long to do. Thread: all
 * functions on the main thread. */
#ifndef PXE_GL_WORKER_H
#define PXE_GL_WORKER_H

#include <pixcache/pixcache.h>
#include <pxe/window.h>

typedef struct pxe_gl_worker pxe_gl_worker;

/* NULL where it would be of no use, because this driver makes storage for textures quickly, and where it can not be had.
 * The window's context is current, before and after. Owner: pxe_gl_worker_destroy, after the cache that was given it. */
pxe_gl_worker *pxe_gl_worker_create(pxe_window *window);
void pxe_gl_worker_destroy(pxe_gl_worker *worker); /* NULL is fine */

/* For pxc_config.gl_worker; of no worker: {0}. */
pxc_gl_worker pxe_gl_worker_for_cache(pxe_gl_worker *worker);

#endif

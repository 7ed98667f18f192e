/* The framebuffer as pixels and as a file. Thread: the context's. Call between the flush and the swap. */
#ifndef PXE_SCREENSHOT_H
#define PXE_SCREENSHOT_H

#include <pxe/error.h>

struct GladGLContext;

/* Reads width x height pixels of the framebuffer from its top left corner: RGBA8, top row first, alpha 255.
 * Result: NULL if there is no memory. Owner: the caller frees them with free(). */
unsigned char *pxe_screenshot_read(const struct GladGLContext *gl, int width, int height);

/* Writes them as a PNG file. */
bool pxe_screenshot_save(const struct GladGLContext *gl, int width, int height, const char *path,
                         pxe_error *error);

#endif

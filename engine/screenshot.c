/* Screenshots; the only file of stb_image_write. */
#include <pxe/screenshot.h>

#include <glad/gl.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wunused-function" /* half of what the header has is not called here */
#endif
#include <stb_image_write.h>

unsigned char *pxe_screenshot_read(const GladGLContext *gl, int width, int height)
{
    const size_t row_bytes = (size_t)width * 4;
    unsigned char *pixels = malloc(row_bytes * (size_t)height);
    if (pixels == NULL) {
        return NULL;
    }
    gl->BindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    gl->PixelStorei(GL_PACK_ALIGNMENT, 4);
    gl->PixelStorei(GL_PACK_ROW_LENGTH, 0);
    for (int y = 0; y < height; ++y) { /* GL's rows run from the bottom up */
        unsigned char *row = pixels + row_bytes * (size_t)y;
        gl->ReadPixels(0, height - 1 - y, width, 1, GL_RGBA, GL_UNSIGNED_BYTE, row);
        for (size_t x = 0; x < row_bytes; x += 4) {
            row[x + 3] = 255;
        }
    }
    return pixels;
}

bool pxe_screenshot_save(const GladGLContext *gl, int width, int height, const char *path, pxe_error *error)
{
    unsigned char *pixels = pxe_screenshot_read(gl, width, height);
    if (pixels == NULL) {
        return pxe_fail(error, "no memory for a screenshot of %d x %d px", width, height);
    }
    errno = 0;
    const bool written = stbi_write_png(path, width, height, 4, pixels, width * 4) != 0;
    free(pixels);
    return written ? true
                   : pxe_fail(error, "can not be written: %s", errno != 0 ? strerror(errno) : "no memory");
}

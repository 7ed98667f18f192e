/* The built-in decoder: PNG, JPEG and BMP by stb_image. It is no pxe_decoder, because stb_image allocates the pixels
 * itself, and copying them would cost more than all else that the engine does to a picture. Thread: any. */
#ifndef PXE_STB_DECODER_H
#define PXE_STB_DECODER_H

#include <pxe/decoder.h>

/* Whether the file is of a kind that is read here and whole, and its size in pixels. */
bool pxe_stb_info(const void *bytes, size_t size_bytes, pxe_picture_size *out, pxe_error *error);

/* The pixels of a file of which pxe_stb_info has told the size. R G B A, straight; *has_alpha false = every alpha is
 * 255. Owner: the caller frees them with free(). NULL on failure. */
unsigned char *pxe_stb_decode(const void *bytes, size_t size_bytes, pxe_picture_size size, bool *has_alpha,
                              pxe_error *error);

#endif

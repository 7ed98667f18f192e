/* A GPU buffer that is written front to back and read by draw calls, frame after frame. */
#ifndef PXE_BATCH_STREAM_H
#define PXE_BATCH_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct GladGLContext;

typedef struct batch_stream {
    const struct GladGLContext *gl;
    uint32_t buffer;
    size_t size_bytes, used_bytes;
} batch_stream;

/* False, with nothing to destroy, if the GPU has no room. */
bool batch_stream_create(const struct GladGLContext *gl, size_t size_bytes, batch_stream *out);
void batch_stream_destroy(batch_stream *stream); /* {0} is fine */

/* Memory to write this many bytes to, at most size_bytes, in order and without reading: *offset_bytes is
 * where it lies in the buffer, a multiple of it. NULL: no memory, or the context is lost. Leaves the buffer
 * bound to GL_ARRAY_BUFFER. */
void *batch_stream_map(batch_stream *stream, size_t bytes, size_t *offset_bytes);

/* False if what was written is lost. */
bool batch_stream_unmap(batch_stream *stream);

#endif

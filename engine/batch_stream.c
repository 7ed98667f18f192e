/* Streaming by appending: each flush maps the part behind the last one, unsynchronized, because nothing
 * there is in use; at the end of the store a new one is asked for ("orphaning"), and the driver keeps the
 * old one until the GPU has read it. That needs OpenGL 3.3 alone, and no fences.
 *
 * Measured on llvmpipe with 1,000, 10,000, 50,000 and 100,000 sprites against a store that stays mapped, in
 * two halves with a fence each (ARB_buffer_storage), and against a new store for each flush, filled by
 * glBufferSubData: of the render thread's time, 0.23, 2.3, 12 and 23 ms, none was less than this by more
 * than what two runs of one differ by (medians, on a machine that did other work too). So it is the way that
 * needs least.
 */
#include "batch_stream.h"

#include <glad/gl.h>

static bool renew(batch_stream *stream)
{
    const GladGLContext *gl = stream->gl;
    stream->used_bytes = stream->size_bytes; /* on failure there is no room: the next one tries again */
    gl->BufferData(GL_ARRAY_BUFFER, (GLsizeiptr)stream->size_bytes, NULL, GL_STREAM_DRAW);
    GLint size_bytes = 0;
    gl->GetBufferParameteriv(GL_ARRAY_BUFFER, GL_BUFFER_SIZE, &size_bytes);
    if (size_bytes < 0 || (size_t)size_bytes != stream->size_bytes) {
        return false;
    }
    stream->used_bytes = 0;
    return true;
}

bool batch_stream_create(const GladGLContext *gl, size_t size_bytes, batch_stream *out)
{
    *out = (batch_stream){.gl = gl, .size_bytes = size_bytes};
    gl->GenBuffers(1, &out->buffer);
    gl->BindBuffer(GL_ARRAY_BUFFER, out->buffer);
    if (out->buffer == 0 || !renew(out)) {
        batch_stream_destroy(out);
        return false;
    }
    return true;
}

void batch_stream_destroy(batch_stream *stream)
{
    if (stream->buffer != 0) {
        stream->gl->DeleteBuffers(1, &stream->buffer);
    }
    *stream = (batch_stream){0};
}

void *batch_stream_map(batch_stream *stream, size_t bytes, size_t *offset_bytes)
{
    const GladGLContext *gl = stream->gl;
    *offset_bytes = 0;
    gl->BindBuffer(GL_ARRAY_BUFFER, stream->buffer);
    if (bytes > stream->size_bytes - stream->used_bytes && !renew(stream)) {
        return NULL;
    }
    void *memory =
        gl->MapBufferRange(GL_ARRAY_BUFFER, (GLintptr)stream->used_bytes, (GLsizeiptr)bytes,
                           GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_RANGE_BIT | GL_MAP_UNSYNCHRONIZED_BIT);
    if (memory != NULL) {
        *offset_bytes = stream->used_bytes;
        stream->used_bytes += bytes;
    }
    return memory;
}

bool batch_stream_unmap(batch_stream *stream)
{
    return stream->gl->UnmapBuffer(GL_ARRAY_BUFFER) == GL_TRUE;
}

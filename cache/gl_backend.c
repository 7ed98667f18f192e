/* The OpenGL backend: the only file of the cache that calls GL, and for that reason a long one.
 *
 * OpenGL 3.3 core; ARB_texture_storage, ARB_buffer_storage, ARB_copy_image, ARB_ES2_compatibility and KHR_robustness are
 * used where they exist. Function pointers live in the cache's own state (glad's multi-context form), so nothing clashes with the
 * application's loader. An upload touches, and restores: the GL_TEXTURE_2D binding of the active unit,
 * GL_PIXEL_UNPACK_BUFFER, and GL_UNPACK_ALIGNMENT, _ROW_LENGTH, _SKIP_ROWS, _SKIP_PIXELS, _SWAP_BYTES; a copy from page
 * to page, where there is no ARB_copy_image, that binding and GL_READ_FRAMEBUFFER.
 */
#include "probe.h"
#include "ring.h"

#include <glad/gl.h>

#include <string.h>

#ifndef GL_CONTEXT_LOST
#define GL_CONTEXT_LOST 0x0507 /* an error of KHR_robustness and OpenGL 4.5 */
#endif

typedef struct gl_gpu {
    GladGLContext gl;
    pxc_alloc alloc;
    pxc_gl_get_proc_address_fn get_proc_address;
    GLint max_size_px; /* of the context that was loaded last */
    bool loaded;
    GLint level, x, y; /* that goes up, and where to */
    GLuint reader;     /* a framebuffer, for copies where nothing better is; 0 = not made yet */
    pxc_upload_info upload;
    pxc_gl_worker worker;
    /* The ring of the way by buffers, in the context that is loaded. */
    pxc_ring ring;
    GLuint ring_buffer; /* 0 = not made yet */
    char *ring_memory;  /* NULL: the driver can not keep it mapped, so each piece is mapped by itself */
} gl_gpu;

typedef struct gl_format {
    GLint internal;
    GLenum format, type;
} gl_format;

static const gl_format gl_formats[] = {
    [PXC_RGBA8] = {GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE},
    [PXC_BGRA8] = {GL_RGBA8, GL_BGRA, GL_UNSIGNED_BYTE},
    [PXC_RGB8] = {GL_RGBA8, GL_RGB, GL_UNSIGNED_BYTE}, /* counted as four channels, so stored as four */
    [PXC_RG8] = {GL_RG8, GL_RG, GL_UNSIGNED_BYTE},
    [PXC_R8] = {GL_R8, GL_RED, GL_UNSIGNED_BYTE},
    [PXC_RGB565] = {GL_RGB565, GL_RGB, GL_UNSIGNED_SHORT_5_6_5},
    [PXC_RGBA4] = {GL_RGBA4, GL_RGBA, GL_UNSIGNED_SHORT_4_4_4_4},
};

/* ISO C has no cast from an object pointer to a function pointer; POSIX promises that the bytes are the same. */
static GLADapiproc load_function(void *user, const char *name)
{
    void *address = ((const gl_gpu *)user)->get_proc_address(name);
    GLADapiproc function = NULL;
    memcpy(&function, &address, sizeof function);
    return function;
}

static bool load(gl_gpu *gpu)
{
    memset(&gpu->gl, 0, sizeof gpu->gl);
    gpu->loaded = false;
    if (gladLoadGLContextUserPtr(&gpu->gl, load_function, gpu) != 0 && gpu->gl.VERSION_3_3) {
        GLint max_size_px = 0; /* stays so if the context has just been lost */
        gpu->gl.GetIntegerv(GL_MAX_TEXTURE_SIZE, &max_size_px);
        gpu->max_size_px = max_size_px > 0 ? max_size_px : gpu->max_size_px;
        gpu->loaded = max_size_px > 0;
    }
    return gpu->loaded;
}

/* The status of one GL error. */
static pxc_status status_of(GLenum error)
{
    switch (error) {
    case GL_NO_ERROR:
        return PXC_OK;
    case GL_OUT_OF_MEMORY:
        return PXC_ERR_MEMORY;
    case GL_CONTEXT_LOST:
        return PXC_ERR_LOST;
    default:
        return PXC_ERR_GPU;
    }
}

/* Reads GL's error flags until they are clear: there is one per kind, more where commands run on several machines.
 * Result: that of the worst; a lost context may answer with its error for ever, so the loop has an end. */
static pxc_status drain_errors(const GladGLContext *gl)
{
    pxc_status worst = PXC_OK;
    for (int i = 0; i < 64; ++i) {
        const pxc_status status = status_of(gl->GetError());
        if (status == PXC_OK) {
            break;
        }
        if (worst == PXC_OK || worst == PXC_ERR_GPU || status == PXC_ERR_LOST) {
            worst = status;
        }
    }
    return worst;
}

/* Only the three values that the specification names count: drivers have been seen to return garbage. */
static bool context_is_lost(const GladGLContext *gl)
{
    if (!gl->KHR_robustness || gl->GetGraphicsResetStatus == NULL) {
        return false;
    }
    const GLenum status = gl->GetGraphicsResetStatus();
    return status == GL_GUILTY_CONTEXT_RESET || status == GL_INNOCENT_CONTEXT_RESET ||
           status == GL_UNKNOWN_CONTEXT_RESET;
}

typedef struct gl_state {
    GLint texture, unpack_buffer;
    GLint alignment, row_length, skip_rows, skip_pixels, swap_bytes;
} gl_state;

static gl_state save_state(const GladGLContext *gl)
{
    gl_state state = {0};
    gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &state.texture);
    gl->GetIntegerv(GL_PIXEL_UNPACK_BUFFER_BINDING, &state.unpack_buffer);
    gl->GetIntegerv(GL_UNPACK_ALIGNMENT, &state.alignment);
    gl->GetIntegerv(GL_UNPACK_ROW_LENGTH, &state.row_length);
    gl->GetIntegerv(GL_UNPACK_SKIP_ROWS, &state.skip_rows);
    gl->GetIntegerv(GL_UNPACK_SKIP_PIXELS, &state.skip_pixels);
    gl->GetIntegerv(GL_UNPACK_SWAP_BYTES, &state.swap_bytes);
    return state;
}

static void set_state(const GladGLContext *gl, const gl_state *state)
{
    gl->BindTexture(GL_TEXTURE_2D, (GLuint)state->texture);
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, (GLuint)state->unpack_buffer);
    gl->PixelStorei(GL_UNPACK_ALIGNMENT, state->alignment);
    gl->PixelStorei(GL_UNPACK_ROW_LENGTH, state->row_length);
    gl->PixelStorei(GL_UNPACK_SKIP_ROWS, state->skip_rows);
    gl->PixelStorei(GL_UNPACK_SKIP_PIXELS, state->skip_pixels);
    gl->PixelStorei(GL_UNPACK_SWAP_BYTES, state->swap_bytes);
}

static void allocate(const GladGLContext *gl, const pxc_pixmap *pixmap)
{
    const gl_format *format = &gl_formats[pixmap->format];
    const GLsizei levels = pxc_level_count(pixmap);
    /* OpenGL 3.3 alone has no 565; RGB5 is what its drivers store in two bytes. */
    const GLint internal =
        format->internal == GL_RGB565 && !gl->ARB_ES2_compatibility ? GL_RGB5 : format->internal;
    if (gl->ARB_texture_storage && gl->TexStorage2D != NULL) {
        gl->TexStorage2D(GL_TEXTURE_2D, levels, (GLenum)internal, pixmap->width, pixmap->height);
    } else {
        for (GLint level = 0; level < levels; ++level) {
            gl->TexImage2D(GL_TEXTURE_2D, level, internal, pxc_level_px(pixmap->width, level),
                           pxc_level_px(pixmap->height, level), 0, format->format, format->type, NULL);
        }
    }
    gl->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, levels - 1);
    gl->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER,
                      pixmap->mipmaps ? GL_LINEAR_MIPMAP_LINEAR : GL_LINEAR);
    gl->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    gl->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    gl->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

/* GL counts a row's length in pixels, or rounds its bytes up to an alignment; a stride that neither can say goes up
 * row by row. */
static void fill_rows(const gl_gpu *gpu, const pxc_pixmap *pixmap, int first_row, int row_count)
{
    const GladGLContext *gl = &gpu->gl;
    const gl_format *format = &gl_formats[pixmap->format];
    const int pixel_bytes = pxc_format_source_bytes(pixmap->format);
    const int row_length = pixmap->stride / pixel_bytes;
    const char *rows = (const char *)pixmap->pixels + (size_t)first_row * (size_t)pixmap->stride;
    for (GLint alignment = 1; alignment <= 8; alignment *= 2) {
        const int64_t row_bytes = (int64_t)row_length * pixel_bytes;
        if ((row_bytes + alignment - 1) / alignment * alignment == pixmap->stride) {
            gl->PixelStorei(GL_UNPACK_ALIGNMENT, alignment);
            gl->PixelStorei(GL_UNPACK_ROW_LENGTH, row_length);
            gl->TexSubImage2D(GL_TEXTURE_2D, gpu->level, gpu->x, gpu->y + first_row, pixmap->width, row_count,
                              format->format, format->type, rows);
            return;
        }
    }
    for (int y = 0; y < row_count; ++y) {
        gl->TexSubImage2D(GL_TEXTURE_2D, gpu->level, gpu->x, gpu->y + first_row + y, pixmap->width, 1,
                          format->format, format->type, rows + (size_t)y * (size_t)pixmap->stride);
    }
}

static void *fence_set(void *state)
{
    return ((gl_gpu *)state)->gl.FenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
}

/* Flushed, because a program that never swaps its buffers might otherwise never see it pass. */
static pxc_status fence_ask(void *state, void *fence)
{
    switch (((gl_gpu *)state)->gl.ClientWaitSync(fence, GL_SYNC_FLUSH_COMMANDS_BIT, 0)) {
    case GL_ALREADY_SIGNALED:
    case GL_CONDITION_SATISFIED:
        return PXC_OK;
    case GL_TIMEOUT_EXPIRED:
        return PXC_PENDING;
    default:
        return PXC_ERR_GPU;
    }
}

static void fence_drop(void *state, void *fence)
{
    ((gl_gpu *)state)->gl.DeleteSync(fence);
}

static void delete_ring(gl_gpu *gpu)
{
    pxc_ring_empty(&gpu->ring);
    if (gpu->ring_buffer != 0) {
        gpu->gl.DeleteBuffers(1, &gpu->ring_buffer); /* ends its mapping, too */
    }
    gpu->ring_buffer = 0;
    gpu->ring_memory = NULL;
}

static bool make_ring(gl_gpu *gpu)
{
    const GladGLContext *gl = &gpu->gl;
    const bool stays_mapped = gl->ARB_buffer_storage && gl->BufferStorage != NULL;
    gl->GenBuffers(1, &gpu->ring_buffer);
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, gpu->ring_buffer);
    if (stays_mapped) {
        const GLbitfield flags = GL_MAP_WRITE_BIT | GL_MAP_PERSISTENT_BIT | GL_MAP_COHERENT_BIT;
        gl->BufferStorage(GL_PIXEL_UNPACK_BUFFER, PXC_RING_BYTES, NULL, flags);
        gpu->ring_memory = gl->MapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, PXC_RING_BYTES, flags);
    } else {
        gl->BufferData(GL_PIXEL_UNPACK_BUFFER, PXC_RING_BYTES, NULL, GL_STREAM_DRAW);
    }
    if (gpu->ring_buffer == 0 || (stays_mapped && gpu->ring_memory == NULL)) {
        delete_ring(gpu);
    }
    return gpu->ring_buffer != 0;
}

/* Rows into the texture that is bound, through their room in the ring. */
static pxc_status send_piece(void *state, size_t offset, const pxc_pixmap *pixmap, int first_row,
                             int row_count)
{
    gl_gpu *gpu = state;
    const GladGLContext *gl = &gpu->gl;
    const gl_format *format = &gl_formats[pixmap->format];
    const GLsizeiptr bytes = (GLsizeiptr)(pxc_ring_stride(pixmap) * (size_t)row_count);
    gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, gpu->ring_buffer);
    char *room =
        gpu->ring_memory != NULL
            ? gpu->ring_memory + offset
            : gl->MapBufferRange(GL_PIXEL_UNPACK_BUFFER, (GLintptr)offset, bytes,
                                 GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_RANGE_BIT | GL_MAP_UNSYNCHRONIZED_BIT);
    if (room == NULL) {
        return PXC_ERR_GPU;
    }
    pxc_ring_copy_rows(room, pixmap, first_row, row_count);
    if (gpu->ring_memory == NULL && !gl->UnmapBuffer(GL_PIXEL_UNPACK_BUFFER)) {
        return PXC_PENDING; /* the system has spoilt the memory meanwhile, which GL allows */
    }
    gl->PixelStorei(GL_UNPACK_ALIGNMENT, PXC_RING_ROW_ALIGN_BYTES);
    gl->PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    gl->TexSubImage2D(GL_TEXTURE_2D, gpu->level, gpu->x, gpu->y + first_row, pixmap->width, row_count,
                      format->format, format->type,
                      (const void *)offset); // NOLINT(performance-no-int-to-ptr): GL says an offset so
    return PXC_OK;
}

/* By the way that is in use, into the texture that is bound. What fails through the ring is done again without it. */
static pxc_status fill(gl_gpu *gpu, const pxc_pixmap *pixmap, int first_row, int row_count)
{
    const GladGLContext *gl = &gpu->gl;
    const bool by_buffers = gpu->upload.way == PXC_UPLOAD_BUFFERS;
    if (by_buffers) {
        const bool has_ring = gpu->ring_buffer != 0 || make_ring(gpu);
        const int sent = has_ring ? pxc_ring_send(&gpu->ring, pixmap, first_row, row_count) : -1;
        gl->BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
        if (sent >= 0 && sent < row_count) { /* no room now */
            fill_rows(gpu, pixmap, first_row + sent, row_count - sent);
        }
        const pxc_status status = drain_errors(gl);
        if ((sent >= 0 && status == PXC_OK) || status == PXC_ERR_LOST) {
            return status;
        }
    }
    fill_rows(gpu, pixmap, first_row, row_count);
    const pxc_status status = drain_errors(gl);
    if (by_buffers && status == PXC_OK) {
        delete_ring(gpu);
        gpu->upload.way = PXC_UPLOAD_DIRECT;
    }
    return status;
}

static pxc_status fill_levels(gl_gpu *gpu, const pxc_pixmap *pixmap)
{
    gpu->level = 0;
    pxc_status status = fill(gpu, pixmap, 0, pixmap->height);
    if (!pixmap->mipmaps || status != PXC_OK) {
        return status;
    }
    if (pixmap->mip_pixels == NULL) {
        gpu->gl.GenerateMipmap(GL_TEXTURE_2D);
        return drain_errors(&gpu->gl);
    }
    while (++gpu->level < pxc_level_count(pixmap) && status == PXC_OK) {
        const pxc_pixmap level = pxc_pixmap_level(pixmap, gpu->level);
        status = fill(gpu, &level, 0, level.height);
    }
    return status;
}

/* What opens every upload: a loaded, living context without errors from before. */
static pxc_status be_ready(gl_gpu *gpu)
{
    if (!gpu->loaded && !load(gpu)) {
        return PXC_ERR_LOST; /* pxc_context_lost was called, and no new context is current */
    }
    return drain_errors(&gpu->gl) == PXC_ERR_LOST || context_is_lost(&gpu->gl) ? PXC_ERR_LOST : PXC_OK;
}

/* A texture with storage, and with its contents if it is filled at once. */
static pxc_status make_texture(gl_gpu *gpu, const pxc_pixmap *pixmap, bool filled, uint32_t *name)
{
    pxc_status status = be_ready(gpu);
    if (status != PXC_OK) {
        return status;
    }
    if (pixmap->width > gpu->max_size_px || pixmap->height > gpu->max_size_px) {
        return PXC_ERR_TOO_LARGE; /* a context that came after a lost one may take less than the first */
    }
    const GladGLContext *gl = &gpu->gl;
    GLuint texture = 0;
    gl->GenTextures(1, &texture);
    if (texture == 0) {
        status = drain_errors(gl);
        return status == PXC_OK ? PXC_ERR_GPU : status;
    }
    const gl_state before = save_state(gl);
    set_state(gl, &(gl_state){.texture = (GLint)texture, .alignment = 1});
    allocate(gl, pixmap);
    status = drain_errors(gl);
    if (status == PXC_OK && filled) {
        status = fill_levels(gpu, pixmap);
    }
    set_state(gl, &before);
    if (status != PXC_OK) {
        gl->DeleteTextures(1, &texture);
        drain_errors(gl);
        return status;
    }
    *name = texture;
    return PXC_OK;
}

static pxc_status gl_create_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name)
{
    return make_texture(state, pixmap, true, name);
}

static pxc_status gl_begin_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name)
{
    return make_texture(state, pixmap, false, name);
}

static pxc_status gl_upload_rows(void *state, const pxc_pixmap *level, uint32_t name, const pxc_band *band)
{
    gl_gpu *gpu = state;
    pxc_status status = be_ready(gpu);
    if (status != PXC_OK) {
        return status;
    }
    const gl_state before = save_state(&gpu->gl);
    set_state(&gpu->gl, &(gl_state){.texture = (GLint)name, .alignment = 1});
    gpu->level = band->level;
    status = fill(gpu, level, band->first_row, band->row_count);
    set_state(&gpu->gl, &before);
    return status;
}

static pxc_status gl_finish_texture(void *state, const pxc_pixmap *pixmap, uint32_t name)
{
    gl_gpu *gpu = state;
    if (!pixmap->mipmaps || pixmap->mip_pixels != NULL) {
        return PXC_OK;
    }
    const pxc_status status = be_ready(gpu);
    if (status != PXC_OK) {
        return status;
    }
    GLint bound = 0;
    gpu->gl.GetIntegerv(GL_TEXTURE_BINDING_2D, &bound);
    gpu->gl.BindTexture(GL_TEXTURE_2D, name);
    gpu->gl.GenerateMipmap(GL_TEXTURE_2D);
    gpu->gl.BindTexture(GL_TEXTURE_2D, (GLuint)bound);
    return drain_errors(&gpu->gl);
}

static pxc_status gl_fill_part(void *state, const pxc_pixmap *pixmap, uint32_t name, int x, int y)
{
    gl_gpu *gpu = state;
    pxc_status status = be_ready(gpu);
    if (status != PXC_OK) {
        return status;
    }
    const gl_state before = save_state(&gpu->gl);
    set_state(&gpu->gl, &(gl_state){.texture = (GLint)name, .alignment = 1});
    gpu->level = 0;
    gpu->x = x;
    gpu->y = y;
    status = fill(gpu, pixmap, 0, pixmap->height);
    gpu->x = gpu->y = 0;
    set_state(&gpu->gl, &before);
    return status;
}

/* OpenGL 3.3 alone copies from a framebuffer. */
static void copy_by_framebuffer(gl_gpu *gpu, const pxc_copy *copy)
{
    const GladGLContext *gl = &gpu->gl;
    GLint reader = 0;
    GLint texture = 0;
    gl->GetIntegerv(GL_READ_FRAMEBUFFER_BINDING, &reader);
    gl->GetIntegerv(GL_TEXTURE_BINDING_2D, &texture);
    if (gpu->reader == 0) {
        gl->GenFramebuffers(1, &gpu->reader);
    }
    gl->BindFramebuffer(GL_READ_FRAMEBUFFER, gpu->reader);
    gl->FramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, copy->from, 0);
    gl->BindTexture(GL_TEXTURE_2D, copy->to);
    gl->CopyTexSubImage2D(GL_TEXTURE_2D, 0, copy->to_x, copy->to_y, copy->from_x, copy->from_y, copy->width,
                          copy->height);
    gl->FramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, 0, 0);
    gl->BindFramebuffer(GL_READ_FRAMEBUFFER, (GLuint)reader);
    gl->BindTexture(GL_TEXTURE_2D, (GLuint)texture);
}

static pxc_status gl_copy_part(void *state, const pxc_copy *copy)
{
    gl_gpu *gpu = state;
    const pxc_status status = be_ready(gpu);
    if (status != PXC_OK) {
        return status;
    }
    if (gpu->gl.ARB_copy_image && gpu->gl.CopyImageSubData != NULL) {
        gpu->gl.CopyImageSubData(copy->from, GL_TEXTURE_2D, 0, copy->from_x, copy->from_y, 0, copy->to,
                                 GL_TEXTURE_2D, 0, copy->to_x, copy->to_y, 0, copy->width, copy->height, 1);
    } else {
        copy_by_framebuffer(gpu, copy);
    }
    return drain_errors(&gpu->gl);
}

/* A texture that is being made on the worker's thread, in its context. */
typedef struct gl_preparation {
    const GladGLContext *gl; /* functions are the same in contexts that share objects */
    pxc_pixmap pixmap;       /* without pixels */
    GLuint texture;          /* 0: there was no name */
    bool failed;
    atomic_bool done; /* guards the two before */
} gl_preparation;

static void prepare(void *data)
{
    gl_preparation *it = data;
    const GladGLContext *gl = it->gl;
    drain_errors(gl);
    gl->GenTextures(1, &it->texture);
    if (it->texture != 0) {
        gl->BindTexture(GL_TEXTURE_2D, it->texture);
        allocate(gl, &it->pixmap);
        gl->BindTexture(GL_TEXTURE_2D, 0);
        it->failed = drain_errors(gl) != PXC_OK;
        if (it->failed) {
            gl->DeleteTextures(1, &it->texture);
        }
    }
    gl->Finish(); /* before that, another context need not see it */
    atomic_store_explicit(&it->done, true, memory_order_release);
}

static pxc_status gl_prepare_texture(void *state, const pxc_pixmap *pixmap, void **preparation)
{
    gl_gpu *gpu = state;
    const pxc_status status = be_ready(gpu);
    if (status != PXC_OK) {
        return status;
    }
    if (pixmap->width > gpu->max_size_px || pixmap->height > gpu->max_size_px) {
        return PXC_ERR_TOO_LARGE;
    }
    gl_preparation *it = pxc_malloc(&gpu->alloc, sizeof *it);
    if (it == NULL) {
        return PXC_ERR_MEMORY;
    }
    *it = (gl_preparation){.gl = &gpu->gl, .pixmap = *pixmap}; /* a lost context may set no name */
    atomic_init(&it->done, false);
    if (gpu->worker.run == NULL || !gpu->worker.run(gpu->worker.user, prepare, it)) {
        pxc_free(&gpu->alloc, it);
        return PXC_ERR_FULL;
    }
    *preparation = it;
    return PXC_OK;
}

static pxc_status gl_finish_preparing(void *state, void *preparation, bool wait, uint32_t *name)
{
    gl_gpu *gpu = state;
    gl_preparation *it = preparation;
    if (wait) {
        gpu->worker.wait(gpu->worker.user);
    }
    if (!atomic_load_explicit(&it->done, memory_order_acquire)) {
        return PXC_PENDING;
    }
    const bool made = it->texture != 0 && !it->failed;
    *name = made ? it->texture : 0;
    pxc_free(&gpu->alloc, it);
    return made ? PXC_OK : PXC_ERR_GPU; /* of that context; this one tells by itself if it is lost */
}

static void gl_delete_textures(void *state, const uint32_t *names, size_t count)
{
    _Static_assert(sizeof(GLuint) == sizeof(uint32_t), "a GL name is a uint32_t");
    const gl_gpu *gpu = state;
    gpu->gl.DeleteTextures((GLsizei)count, names);
}

static void gl_context_lost(void *state)
{
    gl_gpu *gpu = state;
    gpu->loaded = false;
    gpu->worker.run = NULL; /* its context shares objects with the one that has gone */
    pxc_ring_forget(&gpu->ring);
    gpu->ring_buffer = 0;
    gpu->ring_memory = NULL;
    gpu->reader = 0;
}

static void gl_tell_upload(void *state, pxc_upload_info *out)
{
    *out = ((const gl_gpu *)state)->upload;
}

/* Each round of a probe writes to the same part of the ring, whose pages have been touched; the GPU has finished with
 * it. */
static void use_way(void *state, pxc_upload_way way)
{
    gl_gpu *gpu = state;
    gpu->upload.way = way;
    pxc_ring_empty(&gpu->ring);
}

static void finish(void *state)
{
    ((const gl_gpu *)state)->gl.Finish();
}

static void probe(gl_gpu *gpu)
{
    const pxc_probe tried = {pxc_gl_backend(), gpu, &gpu->alloc, use_way, finish, pxc_now_ns};
    gpu->upload = pxc_probe_run(&tried);
    if (gpu->upload.way == PXC_UPLOAD_DIRECT) {
        delete_ring(gpu);
    }
    drain_errors(&gpu->gl);
}

static pxc_status gl_open(const pxc_backend_setup *setup, void **out, int *max_size_px)
{
    gl_gpu *gpu = pxc_malloc(&setup->alloc, sizeof *gpu);
    if (gpu == NULL) {
        return PXC_ERR_MEMORY;
    }
    *gpu = (gl_gpu){.alloc = setup->alloc,
                    .get_proc_address = setup->gl_get_proc_address,
                    .upload.way = setup->upload_way,
                    .worker = setup->gl_worker,
                    .ring.gpu = {gpu, fence_set, fence_ask, fence_drop, send_piece}};
    if (!load(gpu)) {
        pxc_free(&setup->alloc, gpu);
        return PXC_ERR_GPU;
    }
    if (setup->upload_way == PXC_UPLOAD_PROBED) {
        probe(gpu);
    }
    *max_size_px = gpu->max_size_px;
    *out = gpu;
    return PXC_OK;
}

static void gl_close(void *state)
{
    gl_gpu *gpu = state;
    const pxc_alloc alloc = gpu->alloc;
    if (gpu->loaded) {
        delete_ring(gpu);
        if (gpu->reader != 0) {
            gpu->gl.DeleteFramebuffers(1, &gpu->reader);
        }
    }
    pxc_free(&alloc, gpu);
}

const pxc_backend *pxc_gl_backend(void)
{
    static const pxc_backend backend = {
        .open = gl_open,
        .close = gl_close,
        .create_texture = gl_create_texture,
        .delete_textures = gl_delete_textures,
        .context_lost = gl_context_lost,
        .begin_texture = gl_begin_texture,
        .upload_rows = gl_upload_rows,
        .finish_texture = gl_finish_texture,
        .prepare_texture = gl_prepare_texture,
        .finish_preparing = gl_finish_preparing,
        .fill_part = gl_fill_part,
        .copy_part = gl_copy_part,
        .tell_upload = gl_tell_upload,
    };
    return &backend;
}

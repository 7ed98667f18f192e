/* The OpenGL backend: the only file of the cache that calls GL.
 *
 * OpenGL 3.3 core; ARB_texture_storage, ARB_ES2_compatibility and KHR_robustness are used where they exist. Function
 * pointers live in the cache's own state (glad's multi-context form), so nothing clashes with the application's
 * loader. An upload touches, and restores: the GL_TEXTURE_2D binding of the active unit, GL_PIXEL_UNPACK_BUFFER, and
 * GL_UNPACK_ALIGNMENT, _ROW_LENGTH, _SKIP_ROWS, _SKIP_PIXELS, _SWAP_BYTES.
 */
#include "cache.h"

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

static pxc_status gl_open(const pxc_backend_setup *setup, void **out, int *max_size_px)
{
    gl_gpu *gpu = pxc_malloc(&setup->alloc, sizeof *gpu);
    if (gpu == NULL) {
        return PXC_ERR_MEMORY;
    }
    *gpu = (gl_gpu){.alloc = setup->alloc, .get_proc_address = setup->gl_get_proc_address};
    if (!load(gpu)) {
        pxc_free(&setup->alloc, gpu);
        return PXC_ERR_GPU;
    }
    *max_size_px = gpu->max_size_px;
    *out = gpu;
    return PXC_OK;
}

static void gl_close(void *state)
{
    const pxc_alloc alloc = ((gl_gpu *)state)->alloc;
    pxc_free(&alloc, state);
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

static GLsizei level_count(const pxc_pixmap *pixmap)
{
    GLsizei levels = 1;
    int size_px = pixmap->width > pixmap->height ? pixmap->width : pixmap->height;
    for (; pixmap->mipmaps && size_px > 1; size_px /= 2) {
        ++levels;
    }
    return levels;
}

static void allocate(const GladGLContext *gl, const pxc_pixmap *pixmap)
{
    const gl_format *format = &gl_formats[pixmap->format];
    const GLsizei levels = level_count(pixmap);
    /* OpenGL 3.3 alone has no 565; RGB5 is what its drivers store in two bytes. */
    const GLint internal =
        format->internal == GL_RGB565 && !gl->ARB_ES2_compatibility ? GL_RGB5 : format->internal;
    if (gl->ARB_texture_storage && gl->TexStorage2D != NULL) {
        gl->TexStorage2D(GL_TEXTURE_2D, levels, (GLenum)internal, pixmap->width, pixmap->height);
    } else {
        gl->TexImage2D(GL_TEXTURE_2D, 0, internal, pixmap->width, pixmap->height, 0, format->format,
                       format->type, NULL);
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
static void fill_rows(const GladGLContext *gl, const pxc_pixmap *pixmap, int first_row, int row_count)
{
    const gl_format *format = &gl_formats[pixmap->format];
    const int pixel_bytes = pxc_format_source_bytes(pixmap->format);
    const int row_length = pixmap->stride / pixel_bytes;
    const char *rows = (const char *)pixmap->pixels + (size_t)first_row * (size_t)pixmap->stride;
    for (GLint alignment = 1; alignment <= 8; alignment *= 2) {
        const int64_t row_bytes = (int64_t)row_length * pixel_bytes;
        if ((row_bytes + alignment - 1) / alignment * alignment == pixmap->stride) {
            gl->PixelStorei(GL_UNPACK_ALIGNMENT, alignment);
            gl->PixelStorei(GL_UNPACK_ROW_LENGTH, row_length);
            gl->TexSubImage2D(GL_TEXTURE_2D, 0, 0, first_row, pixmap->width, row_count, format->format,
                              format->type, rows);
            return;
        }
    }
    for (int y = 0; y < row_count; ++y) {
        gl->TexSubImage2D(GL_TEXTURE_2D, 0, 0, first_row + y, pixmap->width, 1, format->format, format->type,
                          rows + (size_t)y * (size_t)pixmap->stride);
    }
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
        fill_rows(gl, pixmap, 0, pixmap->height);
        if (pixmap->mipmaps) {
            gl->GenerateMipmap(GL_TEXTURE_2D);
        }
        status = drain_errors(gl);
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

static pxc_status gl_upload_rows(void *state, const pxc_pixmap *pixmap, uint32_t name, int first_row,
                                 int row_count)
{
    gl_gpu *gpu = state;
    const pxc_status status = be_ready(gpu);
    if (status != PXC_OK) {
        return status;
    }
    const gl_state before = save_state(&gpu->gl);
    set_state(&gpu->gl, &(gl_state){.texture = (GLint)name, .alignment = 1});
    fill_rows(&gpu->gl, pixmap, first_row, row_count);
    set_state(&gpu->gl, &before);
    return drain_errors(&gpu->gl);
}

static pxc_status gl_finish_texture(void *state, const pxc_pixmap *pixmap, uint32_t name)
{
    gl_gpu *gpu = state;
    if (!pixmap->mipmaps) {
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

static void gl_delete_textures(void *state, const uint32_t *names, size_t count)
{
    _Static_assert(sizeof(GLuint) == sizeof(uint32_t), "a GL name is a uint32_t");
    const gl_gpu *gpu = state;
    gpu->gl.DeleteTextures((GLsizei)count, names);
}

static void gl_context_lost(void *state)
{
    ((gl_gpu *)state)->loaded = false;
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
    };
    return &backend;
}

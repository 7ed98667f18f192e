/* A loader between the cache and a real OpenGL: it keeps a ledger of texture, buffer and fence names, counts calls,
 * and can let chosen functions fail. State is global, because a loader has no user pointer; a test is one file, so
 * each has its own. */
#ifndef PIXCACHE_TESTS_GL_SPY_H
#define PIXCACHE_TESTS_GL_SPY_H

#include "check.h"

#include <glad/gl.h>

#include <string.h>

#define GL_SPY_NAMES 65536
#define GL_LOST      0x0507 /* GL_CONTEXT_LOST; not in every version of the header */

/* SDL is linked through the engine; its headers are the engine's alone. */
extern void *SDL_GL_GetProcAddress(const char *name);

enum gl_spy_function {
    SPY_NOTHING,
    SPY_GEN_TEXTURES,
    SPY_TEX_STORAGE,
    SPY_TEX_IMAGE,
    SPY_TEX_SUB_IMAGE,
    SPY_GENERATE_MIPMAP,
    SPY_GET_ERROR,
    SPY_GEN_BUFFERS,
    SPY_BUFFER_STORAGE,
    SPY_BUFFER_DATA,
    SPY_MAP_BUFFER,
    SPY_UNMAP_BUFFER,
    SPY_SET_FENCE,
    SPY_ASK_FENCE,
    SPY_FUNCTIONS
};

typedef struct gl_spy {
    const GladGLContext *real;

    /* The ledger. */
    bool alive_names[GL_SPY_NAMES];
    uint64_t alive, peak_alive, created, deleted, delete_calls;
    bool alive_buffers[GL_SPY_NAMES];
    uint64_t buffers_alive, fences_alive;
    uint64_t strangers; /* deleted names that were not alive, or not made through this loader */
    uint64_t calls[SPY_FUNCTIONS];

    /* What a test may set; gl_spy_reset clears it. */
    enum gl_spy_function fail_function;
    uint64_t fail_at;    /* the call with this number, from 1 on */
    uint64_t fail_count; /* how many calls from there on fail */
    GLenum fail_error;   /* what glGetError says afterwards; 0 = nothing */
    GLenum pending;      /* what glGetError says next, once */
    GLenum for_ever;     /* what glGetError says always; 0 = off */
    GLenum reset_status; /* what glGetGraphicsResetStatus says */
    bool robust;         /* the context says that it has KHR_robustness */
    bool fences_stand;   /* the GPU passes no fence */
    bool no_functions;   /* the loader finds nothing */
    const char *missing; /* the one function that the loader does not find */
    const char *version; /* in place of GL_VERSION */
    const char *hidden[2];
    GLint max_size_px; /* in place of GL_MAX_TEXTURE_SIZE; 0 = the real one */
} gl_spy;

static gl_spy spy;

/* Counts a call; true if it has to fail. */
static inline bool spy_call(enum gl_spy_function function)
{
    const uint64_t call = ++spy.calls[function];
    if (spy.fail_function != function || call < spy.fail_at || call - spy.fail_at >= spy.fail_count) {
        return false;
    }
    spy.pending = spy.fail_error;
    return true;
}

/* Lets the n-th call from now on, and `count` in all, fail. */
static inline void spy_fail(enum gl_spy_function function, uint64_t n, uint64_t count, GLenum error)
{
    spy.fail_function = function;
    spy.fail_at = spy.calls[function] + n;
    spy.fail_count = count;
    spy.fail_error = error;
}

static inline void GLAD_API_PTR spy_gen_textures(GLsizei count, GLuint *names)
{
    if (spy_call(SPY_GEN_TEXTURES)) {
        memset(names, 0, sizeof *names * (size_t)count);
        return;
    }
    spy.real->GenTextures(count, names);
    for (GLsizei i = 0; i < count; ++i) {
        assert_in_range(names[i], 1, GL_SPY_NAMES - 1);
        assert_false(spy.alive_names[names[i]]);
        spy.alive_names[names[i]] = true;
        ++spy.created;
        ++spy.alive;
    }
    spy.peak_alive = spy.alive > spy.peak_alive ? spy.alive : spy.peak_alive;
}

static inline void GLAD_API_PTR spy_delete_textures(GLsizei count, const GLuint *names)
{
    ++spy.delete_calls;
    for (GLsizei i = 0; i < count; ++i) {
        if (names[i] == 0 || names[i] >= GL_SPY_NAMES || !spy.alive_names[names[i]]) {
            ++spy.strangers;
            continue;
        }
        spy.alive_names[names[i]] = false;
        ++spy.deleted;
        --spy.alive;
    }
    spy.real->DeleteTextures(count, names);
}

static inline void GLAD_API_PTR spy_tex_storage(GLenum target, GLsizei levels, GLenum internal, GLsizei width,
                                                GLsizei height)
{
    if (!spy_call(SPY_TEX_STORAGE)) {
        spy.real->TexStorage2D(target, levels, internal, width, height);
    }
}

static inline void GLAD_API_PTR spy_tex_image(GLenum target, GLint level, GLint internal, GLsizei width,
                                              GLsizei height, GLint border, GLenum format, GLenum type,
                                              const void *pixels)
{
    if (!spy_call(SPY_TEX_IMAGE)) {
        spy.real->TexImage2D(target, level, internal, width, height, border, format, type, pixels);
    }
}

static inline void GLAD_API_PTR spy_tex_sub_image(GLenum target, GLint level, GLint x, GLint y, GLsizei width,
                                                  GLsizei height, GLenum format, GLenum type,
                                                  const void *pixels)
{
    if (!spy_call(SPY_TEX_SUB_IMAGE)) {
        spy.real->TexSubImage2D(target, level, x, y, width, height, format, type, pixels);
    }
}

static inline void GLAD_API_PTR spy_generate_mipmap(GLenum target)
{
    if (!spy_call(SPY_GENERATE_MIPMAP)) {
        spy.real->GenerateMipmap(target);
    }
}

static inline void GLAD_API_PTR spy_gen_buffers(GLsizei count, GLuint *names)
{
    if (spy_call(SPY_GEN_BUFFERS)) {
        return;
    }
    spy.real->GenBuffers(count, names);
    for (GLsizei i = 0; i < count; ++i) {
        assert_in_range(names[i], 1, GL_SPY_NAMES - 1);
        spy.alive_buffers[names[i]] = true;
        ++spy.buffers_alive;
    }
}

static inline void GLAD_API_PTR spy_delete_buffers(GLsizei count, const GLuint *names)
{
    for (GLsizei i = 0; i < count; ++i) {
        const bool is_alive = names[i] < GL_SPY_NAMES && spy.alive_buffers[names[i]];
        spy.strangers += is_alive ? 0 : 1;
        spy.buffers_alive -= is_alive ? 1 : 0;
        spy.alive_buffers[names[i]] = false;
    }
    spy.real->DeleteBuffers(count, names);
}

static inline void GLAD_API_PTR spy_buffer_storage(GLenum target, GLsizeiptr size, const void *data,
                                                   GLbitfield flags)
{
    if (!spy_call(SPY_BUFFER_STORAGE)) {
        spy.real->BufferStorage(target, size, data, flags);
    }
}

static inline void GLAD_API_PTR spy_buffer_data(GLenum target, GLsizeiptr size, const void *data,
                                                GLenum usage)
{
    if (!spy_call(SPY_BUFFER_DATA)) {
        spy.real->BufferData(target, size, data, usage);
    }
}

static inline void *GLAD_API_PTR spy_map_buffer(GLenum target, GLintptr offset, GLsizeiptr length,
                                                GLbitfield access)
{
    return spy_call(SPY_MAP_BUFFER) ? NULL : spy.real->MapBufferRange(target, offset, length, access);
}

/* Fails by spoiling the memory, without an error, as a driver may. */
static inline GLboolean GLAD_API_PTR spy_unmap_buffer(GLenum target)
{
    const bool fails = spy_call(SPY_UNMAP_BUFFER);
    return spy.real->UnmapBuffer(target) && !fails;
}

static inline GLsync GLAD_API_PTR spy_set_fence(GLenum condition, GLbitfield flags)
{
    if (spy_call(SPY_SET_FENCE)) {
        return NULL;
    }
    ++spy.fences_alive;
    return spy.real->FenceSync(condition, flags);
}

/* Passed, or not, as the test says: the cache must not wait, the spy does, so that no test depends on how fast the
 * driver is. */
static inline GLenum GLAD_API_PTR spy_ask_fence(GLsync fence, GLbitfield flags, GLuint64 timeout_ns)
{
    assert_int_equal(timeout_ns, 0);
    if (spy_call(SPY_ASK_FENCE)) {
        return GL_WAIT_FAILED;
    }
    return spy.fences_stand ? GL_TIMEOUT_EXPIRED : spy.real->ClientWaitSync(fence, flags, UINT64_MAX);
}

static inline void GLAD_API_PTR spy_delete_fence(GLsync fence)
{
    --spy.fences_alive;
    spy.real->DeleteSync(fence);
}

static inline GLenum GLAD_API_PTR spy_get_error(void)
{
    spy_call(SPY_GET_ERROR);
    if (spy.for_ever != 0) {
        return spy.for_ever;
    }
    const GLenum error = spy.pending;
    spy.pending = GL_NO_ERROR;
    return error != GL_NO_ERROR ? error : spy.real->GetError();
}

static inline GLenum GLAD_API_PTR spy_get_reset_status(void)
{
    return spy.reset_status;
}

static inline void GLAD_API_PTR spy_get_integerv(GLenum what, GLint *out)
{
    spy.real->GetIntegerv(what, out);
    if (what == GL_NUM_EXTENSIONS && spy.robust) {
        ++*out;
    }
    if (what == GL_MAX_TEXTURE_SIZE && spy.max_size_px != 0) {
        *out = spy.max_size_px;
    }
}

static inline const GLubyte *GLAD_API_PTR spy_get_string(GLenum what)
{
    return what == GL_VERSION && spy.version != NULL ? (const GLubyte *)spy.version
                                                     : spy.real->GetString(what);
}

static inline const GLubyte *GLAD_API_PTR spy_get_stringi(GLenum what, GLuint index)
{
    static const char robustness[] = "GL_KHR_robustness";
    GLint count = 0;
    spy.real->GetIntegerv(GL_NUM_EXTENSIONS, &count);
    if (what != GL_EXTENSIONS) {
        return spy.real->GetStringi(what, index);
    }
    const char *text = index >= (GLuint)count ? robustness : (const char *)spy.real->GetStringi(what, index);
    const bool is_hidden = (spy.hidden[0] != NULL && strcmp(text, spy.hidden[0]) == 0) ||
                           (spy.hidden[1] != NULL && strcmp(text, spy.hidden[1]) == 0) ||
                           (!spy.robust && strcmp(text, robustness) == 0);
    return (const GLubyte *)(is_hidden ? "GL_TEST_hidden" : text);
}

/* What pxc_config.gl_get_proc_address is set to. */
static inline void *spy_get_proc_address(const char *name)
{
    static const struct {
        const char *name;
        GLADapiproc function;
    } wrappers[] = {
        {"glGenTextures", (GLADapiproc)spy_gen_textures},
        {"glDeleteTextures", (GLADapiproc)spy_delete_textures},
        {"glTexStorage2D", (GLADapiproc)spy_tex_storage},
        {"glTexImage2D", (GLADapiproc)spy_tex_image},
        {"glTexSubImage2D", (GLADapiproc)spy_tex_sub_image},
        {"glGenerateMipmap", (GLADapiproc)spy_generate_mipmap},
        {"glGetError", (GLADapiproc)spy_get_error},
        {"glGenBuffers", (GLADapiproc)spy_gen_buffers},
        {"glDeleteBuffers", (GLADapiproc)spy_delete_buffers},
        {"glBufferStorage", (GLADapiproc)spy_buffer_storage},
        {"glBufferData", (GLADapiproc)spy_buffer_data},
        {"glMapBufferRange", (GLADapiproc)spy_map_buffer},
        {"glUnmapBuffer", (GLADapiproc)spy_unmap_buffer},
        {"glFenceSync", (GLADapiproc)spy_set_fence},
        {"glClientWaitSync", (GLADapiproc)spy_ask_fence},
        {"glDeleteSync", (GLADapiproc)spy_delete_fence},
        {"glGetGraphicsResetStatus", (GLADapiproc)spy_get_reset_status},
        {"glGetIntegerv", (GLADapiproc)spy_get_integerv},
        {"glGetString", (GLADapiproc)spy_get_string},
        {"glGetStringi", (GLADapiproc)spy_get_stringi},
    };
    if (spy.no_functions || (spy.missing != NULL && strcmp(name, spy.missing) == 0)) {
        return NULL;
    }
    for (size_t i = 0; i < COUNT_OF(wrappers); ++i) {
        if (strcmp(name, wrappers[i].name) == 0) {
            void *address = NULL;
            memcpy(&address, &wrappers[i].function, sizeof address);
            return address;
        }
    }
    return SDL_GL_GetProcAddress(name);
}

/* Nothing alive, nothing counted, nothing fails. */
static inline void spy_reset(const GladGLContext *real)
{
    memset(&spy, 0, sizeof spy);
    spy.real = real;
}

/* From now on nothing fails; counts and ledger stay. */
static inline void spy_heal(void)
{
    spy.fail_function = SPY_NOTHING;
    spy.fences_stand = false;
    spy.pending = GL_NO_ERROR;
    spy.for_ever = GL_NO_ERROR;
    spy.reset_status = GL_NO_ERROR;
}

#endif

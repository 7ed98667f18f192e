/* A loader over gl_spy's that counts every GL call of the cache, whatever its function, and can let the n-th one go
 * wrong. gl_spy lets chosen functions fail; here it is the place in the sequence that is chosen, so that no call is
 * forgotten. A function that is not in the table below is a failure of the test, not a gap in it.
 *
 * A call that goes wrong for an error is left out where it makes or fills something, because GL ignores a command that
 * it refuses; what reads and restores state is done, and only reports the error: GL may report one that an earlier
 * command has caused. After the loss of the context no call does anything, not even to what it is given a pointer to,
 * and all answer zero; only textures, buffers and fences are still deleted, so that the ledger stays that of the names
 * which somebody holds. */
#ifndef PIXCACHE_TESTS_GL_SABOTEUR_H
#define PIXCACHE_TESTS_GL_SABOTEUR_H

#include "gl_spy.h"

typedef enum gl_sabotage {
    SABOTAGE_ONCE,    /* the n-th call */
    SABOTAGE_FROM_ON, /* the n-th, and all after it that make or fill something */
    SABOTAGE_LOSS     /* the n-th and all that follow: the context is lost */
} gl_sabotage;

typedef struct gl_saboteur {
    bool is_armed;
    gl_sabotage sabotage;
    GLenum error;
    uint64_t n;
    uint64_t calls;       /* since it was armed */
    bool null_extensions; /* what glGetStringi answers on a lost context: NULL, or an empty text */
} gl_saboteur;

static gl_saboteur saboteur;

static inline void sabotage_arm(gl_sabotage sabotage, uint64_t n, GLenum error)
{
    saboteur = (gl_saboteur){.is_armed = true,
                             .sabotage = sabotage,
                             .error = error,
                             .n = n,
                             .null_extensions = saboteur.null_extensions};
}

static inline bool sabotage_reached(void)
{
    return saboteur.n > 0 && saboteur.calls >= saboteur.n;
}

static inline void sabotage_mend(void)
{
    saboteur.is_armed = false;
    spy_heal();
}

/* Opens each wrapper. Result: whether the call must not be done. */
static inline bool sabotaged(bool makes_or_fills)
{
    if (!saboteur.is_armed) {
        return false;
    }
    ++saboteur.calls;
    if (!sabotage_reached()) {
        return false;
    }
    const bool is_the_one = saboteur.calls == saboteur.n;
    switch (saboteur.sabotage) {
    case SABOTAGE_LOSS:
        spy.for_ever = GL_LOST;
        spy.reset_status = GL_UNKNOWN_CONTEXT_RESET;
        return true;
    case SABOTAGE_FROM_ON:
        spy.pending = is_the_one || makes_or_fills ? saboteur.error : spy.pending;
        return makes_or_fills;
    case SABOTAGE_ONCE:
        break;
    }
    spy.pending = is_the_one ? saboteur.error : spy.pending;
    return is_the_one && makes_or_fills;
}

static inline void GLAD_API_PTR sabotaged_gen_textures(GLsizei count, GLuint *names)
{
    if (!sabotaged(true)) {
        spy_gen_textures(count, names);
    }
}

static inline void GLAD_API_PTR sabotaged_delete_textures(GLsizei count, const GLuint *names)
{
    sabotaged(false);
    spy_delete_textures(count, names);
}

static inline void GLAD_API_PTR sabotaged_bind_texture(GLenum target, GLuint name)
{
    if (!sabotaged(false)) {
        spy.real->BindTexture(target, name);
    }
}

static inline void GLAD_API_PTR sabotaged_bind_buffer(GLenum target, GLuint name)
{
    if (!sabotaged(false)) {
        spy.real->BindBuffer(target, name);
    }
}

static inline void GLAD_API_PTR sabotaged_pixel_store(GLenum what, GLint value)
{
    if (!sabotaged(false)) {
        spy.real->PixelStorei(what, value);
    }
}

static inline void GLAD_API_PTR sabotaged_tex_parameter(GLenum target, GLenum what, GLint value)
{
    if (!sabotaged(false)) {
        spy.real->TexParameteri(target, what, value);
    }
}

static inline void GLAD_API_PTR sabotaged_tex_storage(GLenum target, GLsizei levels, GLenum internal,
                                                      GLsizei width, GLsizei height)
{
    if (!sabotaged(true)) {
        spy_tex_storage(target, levels, internal, width, height);
    }
}

static inline void GLAD_API_PTR sabotaged_tex_image(GLenum target, GLint level, GLint internal, GLsizei width,
                                                    GLsizei height, GLint border, GLenum format, GLenum type,
                                                    const void *pixels)
{
    if (!sabotaged(true)) {
        spy_tex_image(target, level, internal, width, height, border, format, type, pixels);
    }
}

static inline void GLAD_API_PTR sabotaged_tex_sub_image(GLenum target, GLint level, GLint x, GLint y,
                                                        GLsizei width, GLsizei height, GLenum format,
                                                        GLenum type, const void *pixels)
{
    if (!sabotaged(true)) {
        spy_tex_sub_image(target, level, x, y, width, height, format, type, pixels);
    }
}

static inline void GLAD_API_PTR sabotaged_generate_mipmap(GLenum target)
{
    if (!sabotaged(true)) {
        spy_generate_mipmap(target);
    }
}

static inline void GLAD_API_PTR sabotaged_gen_buffers(GLsizei count, GLuint *names)
{
    if (!sabotaged(true)) {
        spy_gen_buffers(count, names);
    }
}

static inline void GLAD_API_PTR sabotaged_delete_buffers(GLsizei count, const GLuint *names)
{
    sabotaged(false);
    spy_delete_buffers(count, names);
}

static inline void GLAD_API_PTR sabotaged_buffer_storage(GLenum target, GLsizeiptr size, const void *data,
                                                         GLbitfield flags)
{
    if (!sabotaged(true)) {
        spy_buffer_storage(target, size, data, flags);
    }
}

static inline void GLAD_API_PTR sabotaged_buffer_data(GLenum target, GLsizeiptr size, const void *data,
                                                      GLenum usage)
{
    if (!sabotaged(true)) {
        spy_buffer_data(target, size, data, usage);
    }
}

static inline void *GLAD_API_PTR sabotaged_map_buffer(GLenum target, GLintptr offset, GLsizeiptr length,
                                                      GLbitfield access)
{
    return sabotaged(true) ? NULL : spy_map_buffer(target, offset, length, access);
}

static inline GLboolean GLAD_API_PTR sabotaged_unmap_buffer(GLenum target)
{
    return sabotaged(true) ? GL_FALSE : spy_unmap_buffer(target);
}

static inline GLsync GLAD_API_PTR sabotaged_set_fence(GLenum condition, GLbitfield flags)
{
    return sabotaged(true) ? NULL : spy_set_fence(condition, flags);
}

static inline GLenum GLAD_API_PTR sabotaged_ask_fence(GLsync fence, GLbitfield flags, GLuint64 timeout_ns)
{
    return sabotaged(true) ? GL_WAIT_FAILED : spy_ask_fence(fence, flags, timeout_ns);
}

static inline void GLAD_API_PTR sabotaged_delete_fence(GLsync fence)
{
    sabotaged(false);
    spy_delete_fence(fence);
}

static inline void GLAD_API_PTR sabotaged_copy_image(GLuint from, GLenum from_target, GLint from_level,
                                                     GLint from_x, GLint from_y, GLint from_z, GLuint to,
                                                     GLenum to_target, GLint to_level, GLint to_x, GLint to_y,
                                                     GLint to_z, GLsizei width, GLsizei height, GLsizei depth)
{
    if (!sabotaged(true)) {
        spy.real->CopyImageSubData(from, from_target, from_level, from_x, from_y, from_z, to, to_target,
                                   to_level, to_x, to_y, to_z, width, height, depth);
    }
}

static inline void GLAD_API_PTR sabotaged_copy_tex_sub_image(GLenum target, GLint level, GLint to_x,
                                                             GLint to_y, GLint x, GLint y, GLsizei width,
                                                             GLsizei height)
{
    if (!sabotaged(true)) {
        spy.real->CopyTexSubImage2D(target, level, to_x, to_y, x, y, width, height);
    }
}

static inline void GLAD_API_PTR sabotaged_gen_framebuffers(GLsizei count, GLuint *names)
{
    if (!sabotaged(true)) {
        spy.real->GenFramebuffers(count, names);
    }
}

static inline void GLAD_API_PTR sabotaged_delete_framebuffers(GLsizei count, const GLuint *names)
{
    sabotaged(false);
    spy.real->DeleteFramebuffers(count, names);
}

static inline void GLAD_API_PTR sabotaged_bind_framebuffer(GLenum target, GLuint name)
{
    if (!sabotaged(false)) {
        spy.real->BindFramebuffer(target, name);
    }
}

static inline void GLAD_API_PTR sabotaged_framebuffer_texture(GLenum target, GLenum attachment,
                                                              GLenum texture_target, GLuint texture,
                                                              GLint level)
{
    if (!sabotaged(false)) {
        spy.real->FramebufferTexture2D(target, attachment, texture_target, texture, level);
    }
}

static inline void GLAD_API_PTR sabotaged_finish(void)
{
    if (!sabotaged(false)) {
        spy.real->Finish();
    }
}

static inline GLenum GLAD_API_PTR sabotaged_get_error(void)
{
    sabotaged(false);
    return spy_get_error();
}

static inline void GLAD_API_PTR sabotaged_get_integer(GLenum what, GLint *out)
{
    if (!sabotaged(false)) {
        spy_get_integerv(what, out);
    }
}

static inline const GLubyte *GLAD_API_PTR sabotaged_get_string(GLenum what)
{
    return sabotaged(false) ? NULL : spy_get_string(what);
}

static inline const GLubyte *GLAD_API_PTR sabotaged_get_stringi(GLenum what, GLuint index)
{
    if (sabotaged(false)) {
        return (const GLubyte *)(saboteur.null_extensions ? NULL : "");
    }
    return spy_get_stringi(what, index);
}

static inline GLenum GLAD_API_PTR sabotaged_get_reset_status(void)
{
    sabotaged(false);
    return spy_get_reset_status();
}

/* Called in place of a function that is not counted; its true type does not matter, because it never returns. */
static inline void GLAD_API_PTR not_counted(void)
{
    fail_msg("the cache called a GL function that gl_saboteur.h does not count: add it there");
}

/* What pxc_config.gl_get_proc_address is set to. */
static inline void *sabotage_get_proc_address(const char *name)
{
    static const struct {
        const char *name;
        GLADapiproc function;
    } counted[] = {
        {"glGenTextures", (GLADapiproc)sabotaged_gen_textures},
        {"glDeleteTextures", (GLADapiproc)sabotaged_delete_textures},
        {"glBindTexture", (GLADapiproc)sabotaged_bind_texture},
        {"glBindBuffer", (GLADapiproc)sabotaged_bind_buffer},
        {"glPixelStorei", (GLADapiproc)sabotaged_pixel_store},
        {"glTexParameteri", (GLADapiproc)sabotaged_tex_parameter},
        {"glTexStorage2D", (GLADapiproc)sabotaged_tex_storage},
        {"glTexImage2D", (GLADapiproc)sabotaged_tex_image},
        {"glTexSubImage2D", (GLADapiproc)sabotaged_tex_sub_image},
        {"glGenerateMipmap", (GLADapiproc)sabotaged_generate_mipmap},
        {"glGenBuffers", (GLADapiproc)sabotaged_gen_buffers},
        {"glDeleteBuffers", (GLADapiproc)sabotaged_delete_buffers},
        {"glBufferStorage", (GLADapiproc)sabotaged_buffer_storage},
        {"glBufferData", (GLADapiproc)sabotaged_buffer_data},
        {"glMapBufferRange", (GLADapiproc)sabotaged_map_buffer},
        {"glUnmapBuffer", (GLADapiproc)sabotaged_unmap_buffer},
        {"glFenceSync", (GLADapiproc)sabotaged_set_fence},
        {"glClientWaitSync", (GLADapiproc)sabotaged_ask_fence},
        {"glDeleteSync", (GLADapiproc)sabotaged_delete_fence},
        {"glCopyImageSubData", (GLADapiproc)sabotaged_copy_image},
        {"glCopyTexSubImage2D", (GLADapiproc)sabotaged_copy_tex_sub_image},
        {"glGenFramebuffers", (GLADapiproc)sabotaged_gen_framebuffers},
        {"glDeleteFramebuffers", (GLADapiproc)sabotaged_delete_framebuffers},
        {"glBindFramebuffer", (GLADapiproc)sabotaged_bind_framebuffer},
        {"glFramebufferTexture2D", (GLADapiproc)sabotaged_framebuffer_texture},
        {"glFinish", (GLADapiproc)sabotaged_finish},
        {"glGetError", (GLADapiproc)sabotaged_get_error},
        {"glGetIntegerv", (GLADapiproc)sabotaged_get_integer},
        {"glGetString", (GLADapiproc)sabotaged_get_string},
        {"glGetStringi", (GLADapiproc)sabotaged_get_stringi},
        {"glGetGraphicsResetStatus", (GLADapiproc)sabotaged_get_reset_status},
    };
    GLADapiproc function = SDL_GL_GetProcAddress(name) == NULL ? NULL : (GLADapiproc)not_counted;
    for (size_t i = 0; i < COUNT_OF(counted); ++i) {
        function = strcmp(name, counted[i].name) == 0 ? counted[i].function : function;
    }
    void *address = NULL;
    memcpy(&address, &function, sizeof address);
    return address;
}

#endif

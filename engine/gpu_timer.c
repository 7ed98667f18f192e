/* A ring of GL_TIME_ELAPSED queries, OpenGL 3.3 core. */
#include "gpu_timer.h"

#include <glad/gl.h>

void pxe_gpu_timer_create(pxe_gpu_timer *timer, const GladGLContext *gl)
{
    *timer = (pxe_gpu_timer){.gl = gl};
    gl->GenQueries(PXE_GPU_TIMER_QUERIES, timer->queries);
}

void pxe_gpu_timer_destroy(pxe_gpu_timer *timer)
{
    pxe_gpu_timer_stop(timer);
    timer->gl->DeleteQueries(PXE_GPU_TIMER_QUERIES, timer->queries);
}

void pxe_gpu_timer_start(pxe_gpu_timer *timer, uint64_t frame)
{
    if (timer->running || timer->count == PXE_GPU_TIMER_QUERIES) {
        return;
    }
    const uint32_t at = (timer->first + timer->count) % PXE_GPU_TIMER_QUERIES;
    timer->frames[at] = frame;
    timer->gl->BeginQuery(GL_TIME_ELAPSED, timer->queries[at]);
    timer->running = true;
}

void pxe_gpu_timer_stop(pxe_gpu_timer *timer)
{
    if (timer->running) {
        timer->gl->EndQuery(GL_TIME_ELAPSED);
        timer->running = false;
        ++timer->count;
    }
}

bool pxe_gpu_timer_take(pxe_gpu_timer *timer, bool wait, uint64_t *frame, double *milliseconds)
{
    if (timer->count == 0) {
        return false;
    }
    const GLuint query = timer->queries[timer->first];
    GLuint available = 0;
    if (!wait) {
        timer->gl->GetQueryObjectuiv(query, GL_QUERY_RESULT_AVAILABLE, &available);
        if (!available) {
            return false;
        }
    }
    GLuint64 nanoseconds = 0;
    timer->gl->GetQueryObjectui64v(query, GL_QUERY_RESULT, &nanoseconds);
    *frame = timer->frames[timer->first];
    *milliseconds = (double)nanoseconds / 1e6;
    timer->first = (timer->first + 1) % PXE_GPU_TIMER_QUERIES;
    --timer->count;
    return true;
}

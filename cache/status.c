/* What each status says to a person. */
#include "cache.h"

const char *pxc_status_text(pxc_status status)
{
    switch (status) {
    case PXC_OK:
        return "success";
    case PXC_MISS:
        return "no such entry in the cache";
    case PXC_PENDING:
        return "handed over, not yet wholly uploaded";
    case PXC_ERR_ARGUMENT:
        return "an argument is not valid here";
    case PXC_ERR_THREAD:
        return "called from a thread that is not the cache's render thread";
    case PXC_ERR_MEMORY:
        return "out of memory";
    case PXC_ERR_TOO_LARGE:
        return "larger than the cache's limit or the GPU's largest texture";
    case PXC_ERR_FULL:
        return "no room before the next frame boundary";
    case PXC_ERR_GPU:
        return "the GPU or its driver refused";
    case PXC_ERR_LOST:
        return "the GL context is lost";
    }
    return "not a status of pixcache";
}

/* Rectangles that share an edge. A sprite has a position and a size, and the GPU adds them, in floats: the
 * size of one that is to end where the next begins is the one for which that sum, rounded, is the place. */
#ifndef PXE_EDGES_H
#define PXE_EDGES_H

#include <math.h>

/* The size with which what begins at an edge ends at another one. Where no float does that, as when the edges
 * lie far apart on both sides of 0, the nearest. */
static inline float pxe_extent(float from, float to)
{
    const float size = to - from;
    if (from + size == to) {
        return size;
    }
    const float other = nextafterf(size, from + size < to ? INFINITY : -INFINITY);
    return from + other == to ? other : size;
}

#endif

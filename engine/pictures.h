/* What each picture has cost: rows that are never taken out, found by the name that the cache knows. */
#ifndef PXE_PICTURES_H
#define PXE_PICTURES_H

#include <pxe/profile.h>

/* An upload so soon after the eviction would have been spared by a slightly larger limit. */
enum { PXE_REGRET_FRAMES = 60 };

/* What each use touches comes first. */
typedef struct pxe_row {
    uint64_t used_frame; /* the last, plus 1, like those below; 0 = never */
    uint32_t curve_hint;
    bool drawn;     /* since its last upload */
    bool of_images; /* which tell of its uses; else nobody does */
    pxe_picture_cost picture;
    uint64_t late_frame, evicted_frame;
    char *key; /* the cache's name; owned */
    char *shown;
    uint64_t hash;
} pxe_row;

/* Row 0 is what has no name, and what there was no memory for. */
typedef struct pxe_pictures {
    pxe_row *rows;
    uint32_t count, capacity;
    uint32_t *table; /* rows by hash, open addressing, a power of two; 0 = free */
    uint32_t table_size;
    uint32_t named_by_uploads; /* rows that nobody has asked for */
} pxe_pictures;

bool pxe_pictures_create(pxe_pictures *pictures);
void pxe_pictures_destroy(pxe_pictures *pictures);

/* The row of the cache's name; a new one, shown as that, if there is none. 0 = no memory. */
uint32_t pxe_pictures_row(pxe_pictures *pictures, const char *key, const char *shown);

/* The row of what the cache names; NULL = no name. Makes one for names that nobody has asked for, but not without end. */
pxe_row *pxe_pictures_find(pxe_pictures *pictures, const char *key);

#endif

/* The trace of accesses, as a CSV that cache simulators read: frame,key,bytes,name. */
#ifndef PXE_RECORD_H
#define PXE_RECORD_H

#include <pxe/error.h>

#include <stdint.h>

typedef struct pxe_record pxe_record;

bool pxe_record_open(const char *path, pxe_record **out, pxe_error *error);

/* Result: false if not all could be written. Frees the record; NULL is fine. */
bool pxe_record_close(pxe_record *record, pxe_error *error);

/* One access; record may be NULL. Buffered: a frame pays for a write about every 20,000 accesses. */
void pxe_record_access(pxe_record *record, uint64_t frame, uint64_t key, uint64_t bytes, const char *name);

#endif

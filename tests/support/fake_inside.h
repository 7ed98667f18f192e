/* What the files of the fake GPU share. Nobody else looks in here. */
#ifndef PIXCACHE_TESTS_FAKE_INSIDE_H
#define PIXCACHE_TESTS_FAKE_INSIDE_H

#include "fake_gpu.h"

/* fake_gpu.c */
void fake_fault(fake_gpu *gpu, const char *text);
void fake_check_thread(fake_gpu *gpu);
void fake_check_pixmap(fake_gpu *gpu, const pxc_pixmap *pixmap);
bool fake_is_alive(const fake_gpu *gpu, uint32_t name);
bool fake_is_due(uint64_t calls, uint64_t fail_at, uint64_t count);                    /* to fail */
pxc_status fake_make_texture(fake_gpu *gpu, const pxc_pixmap *pixmap, uint32_t *name); /* without contents */
void fake_take_time_to_make(fake_gpu *gpu, const pxc_pixmap *pixmap);
void fake_count_upload(fake_gpu *gpu, size_t bytes);

/* fake_bands.c */
void fake_await_rows(fake_texture *t, const pxc_pixmap *pixmap);
void fake_forget_rows(fake_texture *t);
pxc_status fake_begin_texture(void *state, const pxc_pixmap *pixmap, uint32_t *name);
pxc_status fake_upload_rows(void *state, const pxc_pixmap *level, uint32_t name, const pxc_band *band);
pxc_status fake_finish_texture(void *state, const pxc_pixmap *pixmap, uint32_t name);

#endif

#include <pixcache/pixcache.h>
#include <stdio.h>

int main(void)
{
    const unsigned char red[4] = {255, 0, 0, 255};
    const pxc_pixmap pixmap = {.pixels = red, .width = 1, .height = 1, .format = PXC_RGBA8};
    const pxc_config config = {.backend = pxc_null_backend()}; // on OpenGL: .gl_get_proc_address = ...
    pxc_cache *cache = NULL;
    pxc_key key;
    pxc_texture texture;
    if (pxc_create(&config, &cache) != PXC_OK) {
        return 1;
    }
    for (int frame = 0; frame < 3; ++frame) {
        if (pxc_find_named(cache, "red", &texture) == PXC_MISS) {
            pxc_insert_named(cache, "red", &pixmap, &key); // a game would load its picture here
            pxc_peek(cache, key, &texture);
        }
        printf("frame %d draws texture %u\n", frame, (unsigned)texture.name);
        pxc_frame_end(cache); // after drawing, before the swap
    }
    printf("%zu bytes of %zu used\n", pxc_used(cache), pxc_limit(cache));
    return pxc_destroy(cache) == PXC_OK ? 0 : 1;
}

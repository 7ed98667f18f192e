/* What a shader sees of a texture: with u0 v0 u1 v1 the image's corners are where pxc_texture says that they are. */
#include "gl_canvas.h"

static void check_sample(const gl_fixture *f, const canvas *c, const pxc_pixmap *pixmap, int x, int y,
                         float u, float v)
{
    unsigned char expected[4];
    unsigned char seen[4] = {0};
    expected_pixel(pixmap, x, y, expected);
    sample(f->gl, c, u, v, seen);
    for (int i = 0; i < 4; ++i) {
        if (abs(seen[i] - expected[i]) > 1) {
            fail_msg("format %d, pixel (%d, %d), channel %d: expected %d, got %d", (int)pixmap->format, x, y,
                     i, expected[i], seen[i]);
        }
    }
}

static void check_image(gl_fixture *f, const canvas *c, const pxc_pixmap *pixmap)
{
    const pxc_texture t = texture_of(f->cache, gl_insert(f, pixmap));
    assert_true(t.u0 == 0.0F && t.v0 == 0.0F && t.u1 == 1.0F && t.v1 == 1.0F);
    const int right = pixmap->width - 1;
    const int bottom = pixmap->height - 1;
    f->gl->BindTexture(GL_TEXTURE_2D, t.name);
    check_sample(f, c, pixmap, 0, 0, t.u0, t.v0);
    check_sample(f, c, pixmap, right, 0, t.u1, t.v0);
    check_sample(f, c, pixmap, 0, bottom, t.u0, t.v1);
    check_sample(f, c, pixmap, right, bottom, t.u1, t.v1);
    for (int y = 0; y < pixmap->height; ++y) {
        for (int x = 0; x < pixmap->width; ++x) {
            const float u = t.u0 + (t.u1 - t.u0) * ((float)x + 0.5F) / (float)pixmap->width;
            const float v = t.v0 + (t.v1 - t.v0) * ((float)y + 0.5F) / (float)pixmap->height;
            check_sample(f, c, pixmap, x, y, u, v);
        }
    }
    f->gl->BindTexture(GL_TEXTURE_2D, 0);
}

static void a_shader_sees_the_first_row_at_v0_and_every_pixel_in_its_place(void **state)
{
    (void)state;
    gl_fixture f;
    gl_open(&f, 0);
    canvas c = canvas_create(f.gl);
    for (int format = 0; format < FORMATS; ++format) {
        for (int mipmaps = 0; mipmaps < 2; ++mipmaps) {
            pxc_pixmap pixmap = pixmap_new(4, 3, (pxc_format)format, 0);
            pixmap.mipmaps = mipmaps == 1;
            check_image(&f, &c, &pixmap);
            pixmap_free(&pixmap);
        }
    }
    canvas_destroy(f.gl, &c);
    gl_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shader_sees_the_first_row_at_v0_and_every_pixel_in_its_place),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}

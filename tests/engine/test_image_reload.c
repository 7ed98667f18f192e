/* Files that change on disk replace their textures in place, and whatever can not be read leaves the old one. With a
 * worker, and without. */
#include "studio.h"

#include <fcntl.h>

enum { SIDE = 8, OTHER_SIDE = 12, BYTES = SIDE * SIDE * 4, SMALL = 3 };

static const uint32_t red = 0xFF0000FF;
static const uint32_t green = 0x00FF00FF;
static const uint32_t blue = 0x0000FFFF;

static folder in;
static studio s;

static int make_folder(void **state)
{
    (void)state;
    folder_open(&in);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static const char *path_of(const char *name)
{
    return path_in(&in, name);
}

/* As if it had been there for long: file systems stamp in steps, and a test is faster than one. */
static void write_old(const char *name, int side_px, uint32_t color)
{
    const struct timespec times[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    write_gate_file(path_of(name), 1, side_px, color);
    assert_int_equal(utimensat(AT_FDCWD, path_of(name), times, 0), 0);
}

static void open_watching(int workers)
{
    studio_open(&s, (studio_config){.cache = {.limit_bytes = 4 * BYTES},
                                    .images = {.workers = workers, .reload_changed = true}});
    gate_set(&s, true);
}

/* Opens it and waits until it is there. */
static pxe_image show(const char *name, int fit_px)
{
    const pxe_image image = pxe_images_open(s.images, path_of(name), &(pxe_image_options){.fit_px = fit_px});
    studio_settle(&s, image);
    return image;
}

static bool shows(pxe_image image, int side_px, uint32_t color)
{
    pxc_texture texture;
    return pxe_images_peek(s.images, image, &texture) == PXE_IMAGE_READY && texture.width == side_px &&
           is_flat(&s, &texture, color);
}

/* Frames until it shows the new; in each of them it shows the old or the new. */
static void await(pxe_image image, uint32_t old, int side_px, uint32_t fresh)
{
    UNTIL(shows(image, side_px, fresh), {
        assert_int_equal(studio_frame(&s, &image, 1), 1);
        assert_true(shows(image, SIDE, old) || shows(image, side_px, fresh));
    });
    assert_null(pxe_images_info(s.images, image).failure);
    assert_int_equal(pxe_images_info(s.images, image).width, side_px);
}

static void a_file_that_is_replaced_or_overwritten_replaces_its_texture(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        write_old("it", SIDE, red);
        open_watching(workers);
        const pxe_image image = show("it", 0);
        write_gate_file(path_of("fresh"), 2, SIDE, green);
        assert_int_equal(rename(path_of("fresh"), path_of("it")), 0);
        await(image, red, SIDE, green);
        write_gate_file(path_of("it"), 3, SIDE, blue); /* in place, of the same size */
        await(image, green, SIDE, blue);
        write_gate_file(path_of("it"), 4, OTHER_SIDE, red);
        await(image, blue, OTHER_SIDE, red);
        assert_int_equal(s.told, 0);
        assert_int_equal(pxe_images_pending(s.images), 0);
        studio_close(&s);
    }
}

static void a_half_written_file_keeps_the_old_until_it_is_whole(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        unsigned char bytes[GATE_FILE_BYTES];
        write_old("it", SIDE, red);
        open_watching(workers);
        const pxe_image image = show("it", 0);
        gate_file_bytes(bytes, 2, SIDE, green);
        write_file(path_of("it"), bytes, 7);
        UNTIL(pxe_images_info(s.images, image).failure != NULL,
              assert_int_equal(studio_frame(&s, &image, 1), 1));
        assert_string_equal(pxe_images_info(s.images, image).failure, "is cut short");
        assert_int_equal(pxe_images_info(s.images, image).state, PXE_IMAGE_READY);
        assert_resident(&s, image, SIDE, red);
        assert_int_equal(s.told, 0);
        assert_int_equal(pxe_images_failed(s.images), 0);
        write_file(path_of("it"), bytes, sizeof bytes);
        await(image, red, SIDE, green);
        studio_close(&s);
    }
}

/* What another file's change proves to have been looked at meanwhile. */
static void a_file_that_is_deleted_keeps_its_texture(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        write_old("it", SIDE, red);
        write_old("other", SIDE, red);
        open_watching(workers);
        const pxe_image image = show("it", 0);
        const pxe_image other = show("other", 0);
        remove(path_of("it"));
        write_gate_file(path_of("other"), 2, SIDE, green);
        await(other, red, SIDE, green);
        write_gate_file(path_of("other"), 2, SIDE, blue);
        await(other, green, SIDE, blue);
        assert_resident(&s, image, SIDE, red);
        assert_null(pxe_images_info(s.images, image).failure);
        write_gate_file(path_of("it"), 3, SIDE, blue); /* it is back */
        await(image, red, SIDE, blue);
        studio_close(&s);
    }
}

static void all_sizes_of_a_file_change(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        write_old("it", SIDE, red);
        open_watching(workers);
        const pxe_image whole = show("it", 0);
        const pxe_image small = show("it", SMALL);
        write_gate_file(path_of("it"), 2, SIDE, green);
        const pxe_image both[] = {whole, small};
        UNTIL(shows(whole, SIDE, green) && shows(small, SMALL, green),
              assert_int_equal(studio_frame(&s, both, 2), 2));
        studio_close(&s);
    }
}

static void a_file_that_had_failed_is_loaded_when_it_gets_better(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        open_watching(workers);
        remove(path_of("late"));
        const pxe_image missing = show("late", 0);
        write_file(path_of("broken"), "GATE", 4);
        const pxe_image broken = show("broken", 0);
        assert_int_equal(pxe_images_failed(s.images), 2);
        write_gate_file(path_of("late"), 1, SIDE, red);
        write_gate_file(path_of("broken"), 2, SIDE, blue);
        UNTIL(shows(missing, SIDE, red), studio_frame(&s, &missing, 1));
        UNTIL(shows(broken, SIDE, blue), studio_frame(&s, &broken, 1));
        assert_int_equal(pxe_images_failed(s.images), 0);
        studio_close(&s);
    }
}

static void what_grew_above_the_limit_keeps_the_old(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        write_old("it", SIDE, red);
        open_watching(workers);
        const pxe_image image = show("it", 0);
        write_gate_file(path_of("it"), 2, 3 * SIDE, green);
        UNTIL(pxe_images_info(s.images, image).failure != NULL,
              assert_int_equal(studio_frame(&s, &image, 1), 1));
        assert_non_null(strstr(pxe_images_info(s.images, image).failure, "limit"));
        assert_int_equal(pxe_images_info(s.images, image).state, PXE_IMAGE_READY);
        assert_true(pxe_images_info(s.images, image).ready_frames > 1); /* it is the old one */
        assert_resident(&s, image, SIDE, red);
        assert_int_equal(pxe_images_failed(s.images), 0);
        studio_close(&s);
    }
}

/* ---- By hand ----------------------------------------------------------------------------------------------------*/

static void a_painting_is_painted_anew_when_it_is_told_to(void **state)
{
    (void)state;
    for (int workers = PXE_NO_WORKERS; workers <= 1; workers += 2) {
        open_watching(workers);
        const pxe_image image = studio_paint(&s, 5, SIDE, NULL);
        pxe_images_reload(s.images, image); /* not resident: nothing */
        assert_int_equal(pxe_images_pending(s.images), 0);
        studio_settle(&s, image);
        studio_frames(&s, 5);
        s.easels[5].color = green;
        studio_frames(&s, 1);
        assert_int_equal(gate_begun(&s), 1);
        pxe_images_reload(s.images, image);
        UNTIL(shows(image, SIDE, green), assert_int_equal(studio_frame(&s, &image, 1), 1));
        assert_true(pxe_images_info(s.images, image).ready_frames < 2);
        s.easels[5].refuses = "is out of paint";
        pxe_images_reload(s.images, image);
        studio_drain(&s, NULL, 0);
        assert_string_equal(pxe_images_info(s.images, image).failure, "is out of paint");
        assert_resident(&s, image, SIDE, green);
        s.easels[5].refuses = NULL;
        s.easels[5].color = blue;
        pxe_images_reload(s.images, image);
        studio_drain(&s, NULL, 0);
        assert_resident(&s, image, SIDE, blue);
        assert_null(pxe_images_info(s.images, image).failure);
        pxe_images_reload(s.images, (pxe_image){0});
        studio_close(&s);
    }
}

static void what_is_told_to_reload_while_it_loads_is_painted_again_after_that(void **state)
{
    (void)state;
    studio_open_small(&s, 4 * BYTES);
    const pxe_image image = studio_paint(&s, 5, SIDE, NULL);
    studio_frame(&s, &image, 1);
    gate_wait(&s, 1);
    for (int i = 0; i < 5; ++i) {
        pxe_images_reload(s.images, image);
    }
    gate_let(&s, 1);
    UNTIL(studio_state(&s, image) == PXE_IMAGE_READY, studio_frame(&s, &image, 1));
    s.easels[5].color = green;
    assert_int_equal(pxe_images_pending(s.images), 1);
    gate_set(&s, true);
    studio_drain(&s, NULL, 0);
    assert_int_equal(gate_begun(&s), 2);
    assert_resident(&s, image, SIDE, green);
    studio_close(&s);
}

/* The reload shares its load with a size that is on the prefetch list, and goes on when the list goes. */
static void a_reload_outlives_the_list_that_it_shares_a_load_with(void **state)
{
    (void)state;
    studio_open_small(&s, 20 * BYTES);
    const pxe_image image = studio_paint(&s, 5, SIDE, NULL);
    const pxe_image small = studio_paint(&s, 5, SIDE, &(pxe_image_options){.fit_px = SMALL});
    const pxe_image blocker = studio_paint(&s, 6, SIDE, NULL);
    gate_let(&s, 1);
    studio_settle(&s, image);
    studio_frame(&s, &blocker, 1);
    gate_wait(&s, 2);
    s.easels[5].color = green;
    pxe_images_prefetch(s.images, &small, 1);
    studio_frames(&s, 1);
    pxe_images_reload(s.images, image);
    pxe_images_prefetch(s.images, NULL, 0);
    studio_frames(&s, 10);
    gate_set(&s, true);
    studio_drain(&s, NULL, 0);
    assert_int_equal(gate_begun(&s), 3);
    assert_resident(&s, image, SIDE, green);
    studio_close(&s);
}

static void what_is_evicted_while_it_is_painted_anew_comes_back_new(void **state)
{
    (void)state;
    studio_open_small(&s, 4 * BYTES);
    const pxe_image image = studio_paint(&s, 5, SIDE, NULL);
    gate_let(&s, 1);
    studio_settle(&s, image);
    pxe_images_reload(s.images, image);
    gate_wait(&s, 2);
    assert_int_equal(pxc_clear(s.cache), PXC_OK);
    assert_int_equal(studio_frame(&s, &image, 1), 0);
    gate_set(&s, true);
    assert_int_equal(studio_settle(&s, image), PXE_IMAGE_READY);
    assert_int_equal(gate_begun(&s), 2);
    studio_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_replaced_or_overwritten_replaces_its_texture),
        cmocka_unit_test(a_half_written_file_keeps_the_old_until_it_is_whole),
        cmocka_unit_test(a_file_that_is_deleted_keeps_its_texture),
        cmocka_unit_test(all_sizes_of_a_file_change),
        cmocka_unit_test(a_file_that_had_failed_is_loaded_when_it_gets_better),
        cmocka_unit_test(what_grew_above_the_limit_keeps_the_old),
        cmocka_unit_test(a_painting_is_painted_anew_when_it_is_told_to),
        cmocka_unit_test(what_is_told_to_reload_while_it_loads_is_painted_again_after_that),
        cmocka_unit_test(a_reload_outlives_the_list_that_it_shares_a_load_with),
        cmocka_unit_test(what_is_evicted_while_it_is_painted_anew_comes_back_new),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* A disk that goes bad: folders full of files that fail, and files that are removed, cut, replaced and overwritten
 * while workers read them. */
#include "studio.h"

#include <stdatomic.h>

enum { FAILING = 1000, GOOD = 50, SIDE = 8, BYTES = SIDE * SIDE * 4 };

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

static const char *numbered(const char *kind, int i)
{
    char name[64];
    snprintf(name, sizeof name, "%s %d", kind, i);
    return path_in(&in, name);
}

/* Of each kind of failure some: nothing there, nothing in it, no picture, half a header, half the pixels. */
static void write_failing(int i)
{
    buffer png = png_flat(SIDE, SIDE, 0xFF0000FF);
    const size_t sizes[] = {0, 0, 8, 20, png.size / 2};
    if (i % 5 != 0) {
        write_file(numbered("bad", i), i % 5 == 2 ? (const void *)"no image" : png.bytes, sizes[i % 5]);
    }
    buffer_free(&png);
}

typedef struct tally {
    unsigned char told[FAILING];
    int unknown;
} tally;

static void count_failure(void *user, const char *path, const char *reason)
{
    tally *to = user;
    const char *name = strstr(path, "bad ");
    const int i = name == NULL ? -1 : atoi(name + 4); // NOLINT(cert-err34-c): our own names
    if (i < 0 || i >= FAILING || *reason == '\0') {
        ++to->unknown;
    } else {
        ++to->told[i];
    }
}

static void a_thousand_files_that_fail_are_told_once_each_and_hold_up_none(void **state)
{
    (void)state;
    static pxe_image images[FAILING + GOOD];
    static tally heard;
    for (int i = 0; i < FAILING; ++i) {
        write_failing(i);
    }
    for (int i = 0; i < GOOD; ++i) {
        write_gate_file(numbered("good", i), i, SIDE, (uint32_t)i << 24 | 0xFF);
    }
    for (int workers = PXE_NO_WORKERS; workers <= 2; workers += 3) {
        memset(&heard, 0, sizeof heard);
        studio_open(
            &s, (studio_config){
                    .images = {.workers = workers, .on_failed = count_failure, .on_failed_user = &heard}});
        gate_set(&s, true);
        for (int i = 0; i < FAILING + GOOD; ++i) { /* the good ones among the others */
            const bool is_good = i % 21 == 20;
            images[i] = pxe_images_open(
                s.images, numbered(is_good ? "good" : "bad", is_good ? i / 21 : i - i / 21), NULL);
        }
        UNTIL(studio_frame(&s, images, FAILING + GOOD) == FAILING + GOOD, (void)0);
        studio_frame(&s, images, FAILING + GOOD);
        assert_int_equal(pxe_images_failed(s.images), FAILING);
        assert_int_equal(heard.unknown, 0);
        for (int i = 0; i < FAILING; ++i) {
            assert_int_equal(heard.told[i], 1);
        }
        for (int i = 20; i < FAILING + GOOD; i += 21) {
            assert_resident(&s, images[i], SIDE, (uint32_t)(i / 21) << 24 | 0xFF);
        }
        assert_int_equal(gate_begun(&s), GOOD); /* what fails is not tried twice */
        studio_close(&s);
    }
}

/* ---- While they are read ----------------------------------------------------------------------------------------*/

enum { CHANGING = 6, ROUNDS = 400 };

static atomic_bool enough;

/* Of this side and no other, and as large as takes some writing. */
static int side_of(bool is_green)
{
    return is_green ? 40 : 50;
}

static void overwrite(const char *path, const buffer *file, size_t size)
{
    FILE *to = fopen(path, "wb");
    if (to != NULL) {
        fwrite(file->bytes, 1, size / 2, to);
        fflush(to);
        fwrite(file->bytes + size / 2, 1, size - size / 2, to);
        fclose(to);
    }
}

/* No assertions here: they belong to the test's own thread. */
static void *change_files(void *user)
{
    uint64_t seed = *(uint64_t *)user;
    buffer files[2] = {png_flat(side_of(false), side_of(false), 0xFF0000FF),
                       png_flat(side_of(true), side_of(true), 0x00FF00FF)};
    while (!atomic_load(&enough)) {
        char path[PATH_BYTES];
        char fresh[PATH_BYTES];
        const buffer *file = &files[random_below(&seed, 2)];
        snprintf(path, sizeof path, "%s/changing %u", in.path, random_below(&seed, CHANGING));
        snprintf(fresh, sizeof fresh, "%s/fresh", in.path);
        switch (random_below(&seed, 6)) {
        case 0:
            remove(path);
            break;
        case 1:
            if (truncate(path, (off_t)random_below(&seed, (uint32_t)file->size)) != 0) {
                overwrite(path, file, file->size);
            }
            break;
        case 2:
            overwrite(path, file, random_below(&seed, (uint32_t)file->size));
            break;
        case 3:
            overwrite(path, file, file->size);
            break;
        default:
            overwrite(fresh, file, file->size);
            rename(fresh, path);
        }
    }
    buffer_free(&files[0]);
    buffer_free(&files[1]);
    return NULL;
}

static void assert_whole_or_failed(pxe_image image)
{
    pxc_texture texture;
    const pxe_image_state now = pxe_images_peek(s.images, image, &texture);
    if (now == PXE_IMAGE_READY) {
        const bool is_green = texture.width == side_of(true);
        assert_int_equal(texture.width, side_of(is_green));
        assert_int_equal(texture.height, texture.width);
        assert_true(is_flat(&s, &texture, is_green ? 0x00FF00FF : 0xFF0000FF));
    } else if (now == PXE_IMAGE_FAILED) {
        assert_true(*pxe_images_info(s.images, image).failure != '\0');
        pxe_images_retry(s.images, image);
    }
}

static void what_changes_while_it_is_read_is_one_of_the_whole_pictures_or_has_failed(void **state)
{
    (void)state;
    static uint64_t seed = 97;
    for (int watches = 0; watches <= 1; ++watches) {
        pxe_image images[CHANGING];
        pthread_t changer;
        int ready = 0;
        studio_open(&s, (studio_config){.images = {.workers = 2, .reload_changed = watches != 0}});
        for (int i = 0; i < CHANGING; ++i) {
            images[i] = pxe_images_open(s.images, numbered("changing", i), NULL);
        }
        atomic_store(&enough, false);
        assert_int_equal(pthread_create(&changer, NULL, change_files, &seed), 0);
        for (int round = 0; round < ROUNDS; ++round) {
            UNTIL(studio_frame(&s, images, CHANGING) == CHANGING, (void)0);
            for (int i = 0; i < CHANGING; ++i) {
                ready += studio_state(&s, images[i]) == PXE_IMAGE_READY ? 1 : 0;
                assert_whole_or_failed(images[i]);
            }
            if (round % 2 == 0) { /* read them anew, or load them again */
                pxc_clear(s.cache);
            }
        }
        atomic_store(&enough, true);
        assert_int_equal(pthread_join(changer, NULL), 0);
        studio_drain(&s, NULL, 0);
        assert_true(ready > 0);
        for (int i = 0; i < CHANGING; ++i) { /* and in the end all is well again */
            write_png_flat(numbered("changing", i), side_of(true), side_of(true), 0x00FF00FF);
            pxe_images_retry(s.images, images[i]);
        }
        pxc_clear(s.cache);
        UNTIL(studio_frame(&s, images, CHANGING) == CHANGING, (void)0);
        for (int i = 0; i < CHANGING; ++i) {
            assert_resident(&s, images[i], side_of(true), 0x00FF00FF);
        }
        studio_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_files_that_fail_are_told_once_each_and_hold_up_none),
        cmocka_unit_test(what_changes_while_it_is_read_is_one_of_the_whole_pictures_or_has_failed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* The recording of accesses: one row a use, as cache simulators read it. */
#include "engine_fixture.h"

enum { SIDE = 8, FILES = 6, BYTES = SIDE * SIDE * 4, FRAMES = 50 };

static const char *const names[FILES] = {"plain.png",       "with space.png",
                                         "comma,comma.png", "quote\"quote\".png",
                                         "'single'.png",    "\xC3\xA9t\xC3\xA9;tab\t.png"};

static folder in;
static stage s;

static int make_files(void **state)
{
    (void)state;
    folder_open(&in);
    for (int i = 0; i < FILES; ++i) {
        write_png_flat(path_in(&in, names[i]), SIDE, SIDE, 0x808080FF);
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    folder_close(&in);
    return 0;
}

static void open_stage(const char *record_path, int workers)
{
    stage_open_config(&s, (pxe_engine_config){.window = {.width = 4, .height = 4},
                                              .limit_bytes = 3 * BYTES,
                                              .workers = workers,
                                              .record_path = record_path});
}

typedef struct row {
    uint64_t frame, key, bytes;
    char name[PATH_BYTES];
} row;

/* A row of four fields, the last of them quoted by RFC 4180; strict. Returns what follows the row. */
static const char *read_row(const char *at, row *out)
{
    uint64_t *const numbers[] = {&out->frame, &out->key, &out->bytes};
    for (int i = 0; i < 3; ++i) {
        char *end = NULL;
        assert_true(*at >= '0' && *at <= '9');
        *numbers[i] = strtoull(at, &end, 10);
        assert_int_equal(*end, ',');
        at = end + 1;
    }
    size_t length = 0;
    assert_int_equal(*at++, '"');
    for (;; ++at) {
        assert_true(*at != '\0' && *at != '\n' && length + 1 < sizeof out->name);
        if (at[0] == '"' && at[1] == '"') {
            ++at;
        } else if (at[0] == '"') {
            break;
        }
        out->name[length++] = *at;
    }
    out->name[length] = '\0';
    assert_int_equal(at[1], '\n');
    return at + 2;
}

static char *read_record(const char *path)
{
    static const char header[] = "frame,key,bytes,name\n";
    buffer file = read_file(path);
    buffer_add_byte(&file, 0);
    assert_int_equal(strncmp((const char *)file.bytes, header, sizeof header - 1), 0);
    memmove(file.bytes, file.bytes + sizeof header - 1, file.size - (sizeof header - 1));
    return (char *)file.bytes;
}

/* Random uses on the render thread: every one is ready, and so is recorded. */
static void the_rows_are_the_accesses(void **state)
{
    (void)state;
    static int used[FRAMES * 3];
    uint64_t first_frame = 0;
    uint64_t keys[FILES] = {0};
    pxe_image images[FILES];
    int uses = 0;
    uint64_t seed = 41;
    row now;
    const char *path = path_in(&in, "record.csv");
    open_stage(path, 0);
    for (int i = 0; i < FILES; ++i) {
        images[i] = pxe_images_open(s.engine->images, path_in(&in, names[i]), NULL);
    }
    for (int frame = 0; frame < FRAMES; ++frame) {
        stage_begin(&s, 0);
        for (int i = 0; i < 3; ++i) {
            pxc_texture texture;
            used[uses] = (int)random_below(&seed, FILES);
            assert_int_equal(pxe_images_texture(s.engine->images, images[used[uses]], &texture),
                             PXE_IMAGE_READY);
            ++uses;
        }
        pxe_frame_end(s.engine, NULL, NULL);
    }
    stage_close(&s);

    char *text = read_record(path);
    const char *at = text;
    for (int i = 0; i < uses; ++i) {
        at = read_row(at, &now);
        first_frame = i == 0 ? now.frame : first_frame;
        assert_int_equal(now.frame, first_frame + (uint64_t)i / 3);
        assert_int_equal(now.bytes, BYTES);
        assert_string_equal(now.name, path_in(&in, names[used[i]]));
        keys[used[i]] = keys[used[i]] == 0 ? now.key : keys[used[i]];
        assert_int_equal(now.key, keys[used[i]]);
    }
    assert_int_equal(*at, '\0');
    for (int i = 0; i < FILES; ++i) {
        for (int j = 0; j < i; ++j) {
            assert_true(keys[i] != keys[j]);
        }
    }
    free(text);
}

/* So that a row of the recording and a row of the frames' CSV can be laid side by side. */
static void frames_are_counted_as_the_profile_counts_them(void **state)
{
    (void)state;
    pxc_texture texture;
    row now;
    const char *path = path_in(&in, "frames.csv");
    open_stage(path, 0);
    const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, names[0]), NULL);
    stage_begin(&s, 0);
    pxe_images_texture(s.engine->images, image, &texture);
    pxe_frame_end(s.engine, NULL, NULL);
    const uint64_t profiled = pxe_profile_last(s.engine->profile)->frame;
    stage_close(&s);
    char *text = read_record(path);
    read_row(text, &now);
    assert_int_equal(now.frame, profiled);
    free(text);
}

/* What shares a texture shares a key: a simulator must see one object where the cache holds one. */
static void two_handles_of_one_file_have_one_key(void **state)
{
    (void)state;
    pxc_texture texture;
    row first;
    row second;
    row fitted;
    const char *path = path_in(&in, "twins.csv");
    open_stage(path, 0);
    const pxe_image one = pxe_images_open(s.engine->images, path_in(&in, names[0]), NULL);
    const pxe_image two = pxe_images_open(s.engine->images, path_in(&in, names[0]), NULL);
    const pxe_image small =
        pxe_images_open(s.engine->images, path_in(&in, names[0]), &(pxe_image_options){.fit_px = 4});
    stage_begin(&s, 0);
    pxe_images_texture(s.engine->images, one, &texture);
    pxe_images_texture(s.engine->images, two, &texture);
    pxe_images_texture(s.engine->images, small, &texture);
    pxe_frame_end(s.engine, NULL, NULL);
    stage_close(&s);
    char *text = read_record(path);
    const char *end = read_row(read_row(read_row(text, &first), &second), &fitted);
    assert_int_equal(*end, '\0');
    assert_true(fitted.key != first.key);
    assert_int_equal(fitted.bytes, 4 * 4 * 4);
    assert_int_equal(first.key, second.key);
    free(text);
}

static void only_ready_images_are_recorded(void **state)
{
    (void)state;
    enum { FRAMES_AT_MOST = 1000000 };
    row now;
    int ready = 0;
    const char *path = path_in(&in, "ready.csv");
    open_stage(path, 2);
    const pxe_image good = pxe_images_open(s.engine->images, path_in(&in, names[2]), NULL);
    const pxe_image bad = pxe_images_open(s.engine->images, path_in(&in, "nowhere.png"), NULL);
    for (int frame = 0; frame < FRAMES_AT_MOST && ready < 5; ++frame) {
        pxc_texture texture;
        stage_begin(&s, 0);
        ready += pxe_images_texture(s.engine->images, good, &texture) == PXE_IMAGE_READY ? 1 : 0;
        assert_true(pxe_images_texture(s.engine->images, bad, &texture) != PXE_IMAGE_READY);
        pxe_images_peek(s.engine->images, good, &texture);
        pxe_frame_end(s.engine, NULL, NULL);
    }
    assert_int_equal(ready, 5);
    stage_close(&s);
    char *text = read_record(path);
    const char *at = text;
    for (int i = 0; i < 5; ++i) {
        at = read_row(at, &now);
        assert_string_equal(now.name, path_in(&in, names[2]));
    }
    assert_int_equal(*at, '\0');
    free(text);
}

static void a_record_that_can_not_be_opened_is_told(void **state)
{
    (void)state;
    pxe_engine *engine = (pxe_engine *)&engine;
    pxe_error error = {""};
    const pxe_engine_config config = {.window = {.width = 4, .height = 4, .headless = true},
                                      .record_path = "/no/such/folder/record.csv"};
    assert_false(pxe_engine_create(&config, &engine, &error));
    assert_null(engine);
    assert_says(&error, "/no/such/folder/record.csv");
    assert_says(&error, "No such file");
}

/* A full disk shows at the end at the latest, whether the rows fit into a buffer or not. */
static void a_record_that_can_not_be_written_whole_is_told(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    for (int uses = 10; uses <= 100000; uses *= 10000) {
        pxe_error error = {""};
        open_stage("/dev/full", 0);
        const pxe_image image = pxe_images_open(s.engine->images, path_in(&in, names[0]), NULL);
        stage_begin(&s, 0);
        for (int i = 0; i < uses; ++i) {
            pxc_texture texture;
            pxe_images_texture(s.engine->images, image, &texture);
        }
        pxe_frame_end(s.engine, NULL, NULL);
        assert_false(pxe_engine_destroy(s.engine, &error));
        assert_says(&error, "No space left");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_are_the_accesses),
        cmocka_unit_test(frames_are_counted_as_the_profile_counts_them),
        cmocka_unit_test(two_handles_of_one_file_have_one_key),
        cmocka_unit_test(only_ready_images_are_recorded),
        cmocka_unit_test(a_record_that_can_not_be_opened_is_told),
        cmocka_unit_test(a_record_that_can_not_be_written_whole_is_told),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}

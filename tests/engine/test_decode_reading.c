/* Files that can not be read to their end, or that others write while they are read: an error, or the picture as it
 * was or as it became, never a mix. The engine's calls of read and fstat come here, so that a test can fail each or
 * change the file before it: the linker's --wrap, see tests/CMakeLists.txt. */
#include "decode_check.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/* What happens at the step with this number, a call of read or fstat; from 1 on, 0 = nothing. */
static struct {
    int steps, at;
    int error;      /* the step fails with it; 0 = it does not */
    size_t at_most; /* bytes that each read gives; 0 = as many as there are */
    void (*change)(void);
    bool each_time; /* from that step on */
} script;

ssize_t __real_read(int descriptor, void *to, size_t size);
int __real_fstat(int descriptor, struct stat *info);
ssize_t __wrap_read(int descriptor, void *to, size_t size);
int __wrap_fstat(int descriptor, struct stat *info);

static bool fails_now(void)
{
    const int step = ++script.steps;
    const bool is_it = script.at != 0 && (step == script.at || (script.each_time && step > script.at));
    if (is_it && script.change != NULL) {
        script.change();
    }
    errno = is_it ? script.error : 0;
    return is_it && script.error != 0;
}

ssize_t __wrap_read(int descriptor, void *to, size_t size)
{
    if (fails_now()) {
        return -1;
    }
    return __real_read(descriptor, to, script.at_most != 0 && size > script.at_most ? script.at_most : size);
}

int __wrap_fstat(int descriptor, struct stat *info)
{
    return fails_now() ? -1 : __real_fstat(descriptor, info);
}

/* Two pictures of one colour each and as many bytes, and a larger one of a third. */
static buffer files[3];
static const unsigned char colours[3][4] = {{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}};
static const int sides[3] = {40, 40, 70};
static char path[PATH_BYTES], other_path[PATH_BYTES];
static folder in;

static int set_up(void **state)
{
    (void)state;
    folder_open(&in);
    snprintf(path, sizeof path, "%s", path_in(&in, "it.bmp"));
    snprintf(other_path, sizeof other_path, "%s", path_in(&in, "other.bmp"));
    for (int i = 0; i < 3; ++i) {
        buffer pixels = {0};
        for (int p = 0; p < sides[i] * sides[i]; ++p) {
            buffer_add(&pixels, colours[i], 4);
        }
        files[i] = bmp_make(sides[i], sides[i], 32, false, pixels.bytes);
        buffer_free(&pixels);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 3; ++i) {
        buffer_free(&files[i]);
    }
    folder_close(&in);
    return 0;
}

/* Writes the first file, as if an hour ago: one that was written just now is read twice. */
static void write_old_file(void)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = time(NULL) - 3600}};
    write_file(path, files[0].bytes, files[0].size);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Which of the files it is, every pixel; frees it. */
static int which(pxe_picture *picture)
{
    int file = 0;
    while (file < 3 && memcmp(texel(picture, 0, 0), colours[file], 4) != 0) {
        ++file;
    }
    assert_true(file < 3);
    assert_int_equal(picture->pixmap.width, sides[file]);
    assert_int_equal(picture->pixmap.height, sides[file]);
    for (int i = 0; i < sides[file] * sides[file]; ++i) {
        if (memcmp(texel(picture, i % sides[file], i / sides[file]), colours[file], 4) != 0) {
            fail_msg("pixel %d is of another picture", i);
        }
    }
    pxe_picture_free(picture);
    return file;
}

/* Which file was loaded, or -1 with an error. */
static int load_any(pxe_error *error)
{
    pxe_picture picture = dirty_picture();
    script.steps = 0;
    if (pxe_picture_load(path, NULL, &picture, error)) {
        return which(&picture);
    }
    assert_no_picture(&picture);
    assert_says(error, "");
    return -1;
}

static int next_descriptor(void)
{
    const int descriptor = dup(0);
    assert_true(descriptor > 0);
    close(descriptor);
    return descriptor;
}

/* The same where nobody else opens files: no descriptor is left open. */
static int load(pxe_error *error)
{
    const int before = next_descriptor();
    const int loaded = load_any(error);
    script.at = 0;
    assert_int_equal(next_descriptor(), before);
    return loaded;
}

static void every_read_that_fails_is_told(void **state)
{
    (void)state;
    for (int recent = 0; recent <= 1; ++recent) {
        int n = 0;
        int loaded = -1;
        while (loaded == -1) {
            pxe_error error = {""};
            write_old_file();
            if (recent == 1) {
                write_file(path, files[0].bytes, files[0].size);
            }
            script.at = ++n;
            script.error = EIO;
            script.at_most = 3000;
            loaded = load(&error);
            assert_int_equal(loaded, script.steps < n ? 0 : -1);
            if (loaded == -1) {
                assert_says(&error, strerror(EIO));
            }
        }
        assert_int_equal(n - 1, recent == 1 ? 10 : 5); /* three reads between two fstats, once or twice */
        script.error = 0;
        script.at_most = 0;
    }
}

static void reads_may_be_short_and_interrupted(void **state)
{
    (void)state;
    for (int n = 2; n <= 4; ++n) { /* the reads */
        pxe_error error = {""};
        write_old_file();
        script.at = n;
        script.error = EINTR;
        script.at_most = 3000;
        assert_int_equal(load(&error), 0);
        assert_int_equal(script.steps, 6);
        script.error = 0;
        script.at_most = 0;
    }
}

static void make_empty(void)
{
    assert_int_equal(truncate(path, 0), 0);
}

static void cut_in_half(void)
{
    assert_int_equal(truncate(path, (off_t)files[0].size / 2), 0);
}

static void append(void)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    fputs("more", file);
    fclose(file);
}

static void overwrite(void)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fwrite(files[1].bytes, 1, files[1].size, file), files[1].size);
    fclose(file);
}

static void write_larger(void)
{
    write_file(path, files[2].bytes, files[2].size);
}

static void rename_over(void)
{
    write_file(other_path, files[2].bytes, files[2].size);
    assert_int_equal(rename(other_path, path), 0);
}

static void unlink_it(void)
{
    unlink(path);
}

static void replace_by_a_folder(void)
{
    unlink(path);
    mkdir(path, 0700);
}

/* At each step in turn: old = one that may give the picture as it was, new = the one that it became, -1 = an error. */
static void a_file_that_changes_while_it_is_read(void **state)
{
    (void)state;
    static const struct {
        void (*change)(void);
        int becomes; /* -1 = no picture */
        const char *word;
    } changes[] = {{make_empty, -1, "empty"},
                   {cut_in_half, -1, "cut short"},
                   {append, 0, ""},
                   {overwrite, 1, ""},
                   {write_larger, 2, ""},
                   {rename_over, 2, ""},
                   {unlink_it, -1, "No such file"},
                   {replace_by_a_folder, -1, "folder"}};
    for (size_t i = 0; i < COUNT_OF(changes); ++i) {
        for (int n = 1; n <= 5; ++n) {
            pxe_error error = {""};
            rmdir(path);
            write_old_file();
            script.at = n;
            script.at_most = 3000;
            script.change = changes[i].change;
            const int loaded = load(&error);
            script.at_most = 0;
            if (loaded == -1 && (changes[i].becomes != -1 || strstr(error.text, changes[i].word) == NULL)) {
                fail_msg("change %zu at step %d: %s", i, n, error.text);
            }
            assert_true(loaded == -1 || loaded == 0 || loaded == changes[i].becomes);
            assert_true(script.steps >= n);
            /* Written in place once it was opened: it is read again, to what it became. A rename is not seen. */
            assert_true(i >= 5 || n < 2 || loaded == changes[i].becomes);
        }
    }
    rmdir(path);
    script.change = NULL;
}

static void a_file_that_goes_on_changing_is_told_so(void **state)
{
    (void)state;
    pxe_error error = {""};
    write_old_file();
    script.at = 2;
    script.each_time = true;
    script.change = append;
    assert_int_equal(load(&error), -1);
    assert_says(&error, "changes while it is read");
    script.each_time = false;
    script.change = NULL;
}

/* Writes the first and the third file in turn, in two halves each, until told to stop. */
static atomic_int loads;
static atomic_bool stopping;

static void *write_on(void *user)
{
    (void)user;
    for (int i = 0; !stopping; i = 2 - i) {
        const buffer *content = &files[i];
        const int seen = loads;
        const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ssize_t wrote = write(descriptor, content->bytes, content->size / 2);
        wrote += write(descriptor, content->bytes + content->size / 2, content->size - content->size / 2);
        close(descriptor);
        if (wrote != (ssize_t)content->size) {
            return "the disk is full";
        }
        while (!stopping && loads < seen + 2) { /* else there would never be time to read it */
            sched_yield();
        }
    }
    return NULL;
}

static void pictures_are_whole_while_another_thread_writes_them(void **state)
{
    (void)state;
    enum { LOADS = 2000 };
    pthread_t thread;
    void *fault = NULL;
    int counts[4] = {0}; /* of the files, and of errors */
    write_file(path, files[0].bytes, files[0].size);
    assert_int_equal(pthread_create(&thread, NULL, write_on, NULL), 0);
    for (int i = 0; i < LOADS; ++i) {
        pxe_error error = {""};
        const int loaded = load_any(&error);
        counts[loaded == -1 ? 3 : loaded]++;
        loads++;
    }
    stopping = true;
    assert_int_equal(pthread_join(thread, &fault), 0);
    assert_null(fault);
    print_message("%d and %d pictures, %d errors\n", counts[0], counts[2], counts[3]);
    assert_int_equal(counts[1], 0);
    pxe_error error = {""};
    assert_int_not_equal(load(&error), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_read_that_fails_is_told),
        cmocka_unit_test(reads_may_be_short_and_interrupted),
        cmocka_unit_test(a_file_that_changes_while_it_is_read),
        cmocka_unit_test(a_file_that_goes_on_changing_is_told_so),
        cmocka_unit_test(pictures_are_whole_while_another_thread_writes_them),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

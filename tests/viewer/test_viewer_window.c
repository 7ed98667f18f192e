/* A run that a signal ends, and one in a real window. */
#include "pictures.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>

enum { PATIENCE_MS = 60000 }; /* only a broken viewer makes anybody wait as long */

static int make_few(void **state)
{
    if (set_up_environment(state) != 0) {
        return -1;
    }
    make_folder("few");
    make_folder("written");
    for (uint32_t i = 0; i < 12; ++i) {
        char name[64];
        snprintf(name, sizeof name, "few/%u.png", i);
        write_png(name, 64, 64, color_of(i));
    }
    return 0;
}

static bool becomes_readable(int file)
{
    struct pollfd readable = {.fd = file, .events = POLLIN};
    return poll(&readable, 1, PATIENCE_MS) == 1;
}

/* The file of --record appears when the window is there: from then on SDL hears signals. */
static void an_interrupt_ends_a_run_in_good_order(void **state)
{
    (void)state;
    const int watch = inotify_init1(IN_CLOEXEC);
    assert_true(watch >= 0);
    assert_true(inotify_add_watch(watch, path_of("written"), IN_CREATE) >= 0);
    const viewer_process process = viewer_start(
        NULL, (const char *const[]){"--headless", "--frames", "100000", "--record",
                                    path_of("written/accesses.csv"), "--csv", path_of("written/frames.csv"),
                                    "--screenshot", path_of("written/shot.png"), path_of("few"), NULL});
    const bool recording = becomes_readable(watch);
    close(watch);
    assert_int_equal(kill(process.pid, recording ? SIGINT : SIGKILL), 0);
    viewer_run run = viewer_wait(process);
    assert_clean_run(&run);
    assert_true(number_of(&run, "frames") < 100000);
    char *accesses = read_whole(path_of("written/accesses.csv"));
    char *frames = read_whole(path_of("written/frames.csv"));
    assert_int_equal(count_of_text(accesses, "\n"), 1 + number_of(&run, "hits") + number_of(&run, "misses"));
    assert_int_equal(count_of_text(frames, "\n"), 1 + number_of(&run, "frames"));
    pxe_picture shot = load_screenshot("written/shot.png");
    pxe_picture_free(&shot);
    free(accesses);
    free(frames);
    viewer_run_free(&run);
}

/* A display server, and what the environment was before it. */
typedef struct display {
    pid_t server;
    char name[32];
    char *driver_before; /* NULL if there was none */
} display;

/* The server chooses its number and writes it when it is ready. */
static void read_number(int file, char *digits, size_t digits_bytes)
{
    size_t count = 0;
    digits[0] = '\0';
    while (count < digits_bytes - 1 && strchr(digits, '\n') == NULL && becomes_readable(file)) {
        const ssize_t got = read(file, digits + count, digits_bytes - 1 - count);
        if (got <= 0) {
            break;
        }
        count += (size_t)got;
        digits[count] = '\0';
    }
    digits[strcspn(digits, "\n")] = '\0';
}

static int start_display(void **state)
{
    static display shown;
    int ends[2];
    char *const argv[] = {"/usr/bin/Xvfb", "-displayfd", "9",   "-screen", "0",
                          "1280x800x24",   "-nolisten",  "tcp", NULL};
    if (access(argv[0], X_OK) != 0) {
        *state = NULL;
        return 0;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 9);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = posix_spawn(&shown.server, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return -1;
    }
    shown.name[0] = ':';
    read_number(ends[0], shown.name + 1, sizeof shown.name - 1);
    close(ends[0]);
    const char *driver = getenv("SDL_VIDEODRIVER");
    shown.driver_before = driver == NULL ? NULL : strdup(driver);
    *state = &shown;
    return setenv("DISPLAY", shown.name, 1) != 0 || setenv("SDL_VIDEODRIVER", "x11", 1) != 0;
}

static int stop_display(void **state)
{
    display *shown = *state;
    if (shown == NULL) {
        return 0;
    }
    unsetenv("DISPLAY");
    if (shown->driver_before != NULL) {
        setenv("SDL_VIDEODRIVER", shown->driver_before, 1);
    } else {
        unsetenv("SDL_VIDEODRIVER");
    }
    free(shown->driver_before);
    kill(shown->server, SIGTERM);
    return waitpid(shown->server, NULL, 0) == shown->server ? 0 : -1;
}

static void a_real_window_shows_the_pictures(void **state)
{
    if (*state == NULL) {
        skip(); /* there is no Xvfb */
    }
    viewer_run run = RUN_VIEWER("--frames", "30", "--workers", "0", "--size", "640x480", "--screenshot",
                                path_of("window.png"), path_of("few"));
    assert_status_of(&run, 0);
    assert_int_equal(number_of(&run, "frames"), 30);
    assert_int_equal(number_of(&run, "images"), 12);
    assert_int_equal(number_of(&run, "failed"), 0);
    pxe_picture shot = load_screenshot("window.png");
    assert_int_equal(shot.pixmap.width, 640);
    assert_int_equal(shot.pixmap.height, 480);
    assert_true(count_color(&shot, 0, 0, 160, color_of(0)) >= 64 * 64);
    pxe_picture_free(&shot);
    viewer_run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interrupt_ends_a_run_in_good_order),
        cmocka_unit_test_setup_teardown(a_real_window_shows_the_pictures, start_display, stop_display),
    };
    return cmocka_run_group_tests(tests, make_few, remove_temporary_folder);
}

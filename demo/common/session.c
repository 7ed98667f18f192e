/* Start and end of a demo. */
#include "session.h"

#include <pxe/screenshot.h>

#include <inttypes.h>
#include <stdio.h>

static void report_failed_image(void *user, const char *path, const char *reason)
{
    const demo_session *session = user;
    demo_complain(session->program, "%s: %s", path, reason);
}

static void report_alarm(void *user, const pxe_alarm *alarm)
{
    const demo_session *session = user;
    char text[512];
    pxe_alarm_text(alarm, text, sizeof text);
    demo_complain(session->program, "%s", text);
}

bool demo_session_start(demo_session *session, const char *program, const char *title,
                        const demo_options *options)
{
    *session = (demo_session){.program = program, .options = options};
    const pxe_engine_config config = {
        .window =
            {
                .title = title,
                .width = options->width,
                .height = options->height,
                .min_width = 200,
                .min_height = 200,
                .headless = options->headless,
                .vsync = true,
#ifndef NDEBUG
                .debug = true,
#endif
            },
        .limit_bytes = options->limit_bytes,
        .workers = options->workers > 0 ? options->workers : PXE_NO_WORKERS,
        .reload_changed = options->watch,
        .frames_kept = options->frames > 0 && options->frames < 1000000 ? (uint32_t)options->frames : 0,
        .keep_slices = options->trace != NULL,
        .record_path = options->record,
        .on_failed = report_failed_image,
        .on_failed_user = session,
    };
    pxe_error error;
    if (!pxe_engine_create(&config, &session->engine, &error)) {
        demo_complain(program, "%s", error.text);
        return false;
    }
    if (!pxe_hud_create(session->engine, &session->hud, &error)) {
        demo_complain(program, "%s", error.text);
        pxe_engine_destroy(session->engine, NULL);
        return false;
    }
    pxe_hud_set_mode(session->hud, options->hud);
    pxe_profile_set_on_alarm(session->engine->profile, report_alarm, session);
    return true;
}

static void check(demo_session *session, bool succeeded, const char *path, const pxe_error *error)
{
    if (!succeeded) {
        demo_complain(session->program, "%s: %s", path, error->text);
        session->failed = true;
    }
}

static void take_screenshot(void *user)
{
    demo_session *session = user;
    const pxe_engine *engine = session->engine;
    const char *path = session->options->screenshot;
    pxe_error error;
    check(session,
          pxe_screenshot_save(pxe_window_gl(engine->window), engine->width, engine->height, path, &error),
          path, &error);
}

bool demo_session_end_frame(demo_session *session, bool quitting)
{
    const demo_options *options = session->options;
    ++session->frame;
    const bool is_last = quitting || session->frame == options->frames;
    pxe_hud_draw(session->hud);
    pxe_frame_end(session->engine, is_last && options->screenshot != NULL ? take_screenshot : NULL, session);
    return !is_last;
}

static void print_numbers(demo_session *session, uint64_t images)
{
    pxc_stats stats;
    pxe_summary summary;
    pxc_get_stats(session->engine->cache, &stats);
    if (!pxe_profile_summary(session->engine->profile, &summary)) {
        demo_complain(session->program, "no memory to sort the frame times");
        session->failed = true;
    }
    printf("frames=%" PRIu64 " images=%" PRIu64 " failed=%" PRIu32, session->frame, images,
           pxe_images_failed(session->engine->images));
    printf(" hits=%" PRIu64 " misses=%" PRIu64 " evictions=%" PRIu64 " uploads=%" PRIu64
           " upload_bytes=%" PRIu64,
           stats.hits, stats.misses, stats.evictions, stats.uploads, stats.upload_bytes);
    printf(" used_bytes=%" PRIu64 " peak_bytes=%" PRIu64 " boundary_peak_bytes=%" PRIu64
           " limit_bytes=%" PRIu64,
           stats.used_bytes, stats.peak_bytes, summary.boundary_peak_bytes, stats.limit_bytes);
    printf(" p50_ms=%.3f p99_ms=%.3f max_ms=%.3f%s\n", summary.all.p50_ms, summary.all.p99_ms,
           summary.all.max_ms, session->numbers);
}

int demo_session_finish(demo_session *session, uint64_t images)
{
    const demo_options *options = session->options;
    pxe_error error;
    pxe_profile_finish(session->engine->profile);
    if (options->csv != NULL) {
        check(session, pxe_profile_write_csv(session->engine->profile, options->csv, &error), options->csv,
              &error);
    }
    if (options->trace != NULL) {
        check(session, pxe_profile_write_trace(session->engine->profile, options->trace, &error),
              options->trace, &error);
    }
    if (options->headless || options->frames != 0) { /* a user at the window has not asked for them */
        print_numbers(session, images);
    }
    pxe_hud_destroy(session->hud);
    check(session, pxe_engine_destroy(session->engine, &error), options->record, &error);
    return session->failed ? 2 : 0;
}

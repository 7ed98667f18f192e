/* pixcache-game: Glimmer. A sea of more painted pictures than the cache may hold.
 *
 * Headless, a frame is a tick. In a window, ticks follow the clock: as many of 1/60 s as have passed, at most four a
 * frame, so that after a long halt the game does not race to catch up. What a night does never depends on either.
 */
#include "game.h"

#include <SDL.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char program[] = "pixcache-game";

static const char usage[] =
    "[options]\n"
    "\n"
    "Glimmer: a small fish, a long night, 2,048 species. Eat what glows, flee what has\n"
    "teeth, keep your lamp alight till dawn.\n"
    "\n"
    "  --limit SIZE          video memory for pictures at the end of a frame (16M)\n"
    "  --size WxH            size of the window (1280x720)\n"
    "  --workers N           painting threads; 0 paints on the render thread\n"
    "                        (cores - 1; with --headless 0, so that the numbers repeat)\n"
    "  --seed N              another sea, with other creatures (1)\n"
    "  --autoplay            the game plays by itself\n"
    "  --headless            no window, no display needed\n"
    "  --frames N            end after N frames (without end; with --headless 300)\n"
    "  --hud MODE            show what each frame costs: off, compact or full (off)\n"
    "  --screenshot F.png    write the last frame\n"
    "  --csv F.csv           write a row for each frame: pixcache-profile report shows it\n"
    "  --trace F.json        write where each frame's time went, for Perfetto\n"
    "  --record F.csv        write every access, frame,key,bytes,name: for pixcache-profile\n"
    "  --help, --version\n"
    "\n"
    "Arrows or WASD swim, Space dashes and starts, P pauses, Tab opens the book of\n"
    "species, F is full screen, H the head-up display, Esc goes back and quits, Q quits.\n"
    "A controller: left stick, A dashes and starts, Start pauses, Y opens the book, B\n"
    "goes back.\n"
    "A run that is headless or has --frames ends with one line of key=value pairs.\n"
    "Exit status: 0, or 2 after a line that says why.\n";

enum { MOST_TICKS_A_FRAME = 4 };

/* Before its first night, autoplay turns all the pages of the book. */
static void turn_pages(game *g)
{
    enum { FIRST_TICK = 20, TICKS_A_PAGE = 4 };
    if (g->sim->nights == 0 && g->sim->ticks >= FIRST_TICK) {
        const int page = (int)(g->sim->ticks - FIRST_TICK) / TICKS_A_PAGE;
        g->page = page < GAME_PAGES ? page : -1;
    }
}

void game_tick(game *g)
{
    const sim_phase before = g->sim->phase;
    sim_input input = game_keys_input(g);
    if (g->autoplay) {
        const bool leave = input.leave;
        input = sim_pilot(g->sim);
        input.leave = leave;
        turn_pages(g);
    }
    if (g->page >= 0) {
        input.start = false; /* the book lies over the sea */
    }
    sim_step(g->sim, &input);
    if (before != SIM_PLAYING && before != SIM_PAUSED && g->sim->phase == SIM_PLAYING) {
        g->shown_score = 0;
        game_view_place(g);
    }
    if (g->sim->phase != SIM_PAUSED) {
        ++g->ticks;
        game_effects_step(g);
        game_view_step(g);
    }
    const float score = (float)g->sim->night.score;
    g->shown_score = score - g->shown_score < 1 ? score : g->shown_score + (score - g->shown_score) * 0.18F;
}

static int due_ticks(game *g)
{
    if (g->headless) {
        return 1;
    }
    const uint64_t now = SDL_GetPerformanceCounter();
    const double passed_s = (double)(now - g->counted_at) / (double)SDL_GetPerformanceFrequency();
    g->counted_at = now;
    g->due_s += passed_s;
    int ticks = (int)(g->due_s * SIM_TICKS_PER_S);
    g->due_s -= (double)ticks / SIM_TICKS_PER_S;
    ticks = ticks > MOST_TICKS_A_FRAME ? MOST_TICKS_A_FRAME : ticks;
    return ticks;
}

static void draw(game *g)
{
    game_view_frame(g);
    game_view_prefetch(g);
    game_scene_draw(g);
    pxe_sprites_set_camera(g->engine->sprites, &g->ui);
    game_hud_draw(g);
    game_screens_draw(g);
}

static void run(game *g, demo_session *session)
{
    bool more = true;
    g->counted_at = SDL_GetPerformanceCounter();
    while (more) {
        game_keys_read(g);
        for (int ticks = due_ticks(g); ticks > 0; --ticks) {
            game_tick(g);
        }
        pxe_frame_begin(g->engine, 0x0A1830FF);
        draw(g);
        more = demo_session_end_frame(session, g->quitting);
    }
}

static bool set_up(game *g, demo_session *session)
{
    const demo_options *options = session->options;
    pxe_error error;
    *g = (game){
        .engine = session->engine,
        .hud = session->hud,
        .page = -1,
        .autoplay = options->autoplay,
        .headless = options->headless,
        .workers = options->workers > 0,
    };
    g->effects.random = sim_random_from(options->seed, 7);
    g->sim = malloc(sizeof *g->sim);
    if (g->sim == NULL || !gallery_create(&g->gallery, g->engine->images, options->seed)) {
        demo_complain(program, "no memory for the sea");
        return false;
    }
    sim_create(g->sim, options->seed);
    if (!pxe_font_open(g->engine->cache, NULL, &g->font, &error)) {
        g->font = pxe_font_built_in(g->engine->cache);
    }
    game_scene_create(g);
    game_view_place(g);
    game_keys_open(g);
    return true;
}

static void add_numbers(const game *g, demo_session *session)
{
    const sim *s = g->sim;
    snprintf(session->numbers, sizeof session->numbers,
             " seed=%" PRIu64 " score=%" PRIu32 " high_score=%" PRIu32 " species=%" PRIu32 " nights=%" PRIu32
             " ticks=%" PRIu32 " state_hash=%016" PRIx64,
             s->seed, s->night.score, s->high_score, s->found_count, s->nights, s->ticks, sim_hash(s));
}

/* The jobs of the gallery outlive the images, which the session's end destroys. */
static int play(const demo_options *options, game *g)
{
    demo_session session;
    if (!demo_session_start(&session, program, "Glimmer", options)) {
        return 2;
    }
    if (set_up(g, &session)) {
        run(g, &session);
        add_numbers(g, &session);
        game_keys_close(g);
    } else {
        session.failed = true;
    }
    pxe_font_close(g->font);
    const int status = demo_session_finish(&session, g->gallery.count);
    gallery_destroy(&g->gallery);
    free(g->sim);
    return status;
}

int main(int argc, char **argv)
{
    demo_options options;
    const demo_parse parse = demo_options_parse_game(argc, argv, program, usage, &options);
    if (parse != DEMO_RUN) {
        return parse == DEMO_EXIT_OK ? 0 : 2;
    }
    if (options.path_count > 0) {
        demo_complain(program, "takes no file or folder, but was given %s", options.paths[0]);
        return 2;
    }
    game *g = calloc(1, sizeof *g);
    if (g == NULL) {
        demo_complain(program, "no memory");
        return 2;
    }
    const int status = play(&options, g);
    free(g);
    return status;
}

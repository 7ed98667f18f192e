/* What every demo does around its own picture: the engine by the options, and the numbers at the end. */
#ifndef DEMO_SESSION_H
#define DEMO_SESSION_H

#include "options.h"

#include <pxe/engine.h>
#include <pxe/hud.h>

typedef struct demo_session {
    const char *program;
    const demo_options *options;
    pxe_engine *engine;
    pxe_hud *hud;
    uint64_t frame;    /* frames drawn */
    char numbers[256]; /* more key=value pairs for the line of numbers, each after a space */
    bool failed;       /* something could not be written: a line said so */
} demo_session;

/* False after a line on stderr. While it runs, a line on stderr tells of each alarm; session must stay where it is. */
bool demo_session_start(demo_session *session, const char *program, const char *title,
                        const demo_options *options);

/* Draws the head-up display and ends the frame; on the last, which is that of --frames or the one in which the user quits, it takes the screenshot.
 * Returns whether there is another frame to draw. */
bool demo_session_end_frame(demo_session *session, bool quitting);

/* Writes the files that were asked for, prints the line of numbers, frees all. images = how many the demo shows.
 * Result: the exit status. */
int demo_session_finish(demo_session *session, uint64_t images);

#endif

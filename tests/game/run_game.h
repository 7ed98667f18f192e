/* Runs pixcache-game as a user does, by what runs the viewer. The program is the one in the environment variable PXC_GAME,
 * else that of the same build tree: the tests lie in <build>/tests, the game in <build>/demo. */
#ifndef PIXCACHE_TESTS_RUN_GAME_H
#define PIXCACHE_TESTS_RUN_GAME_H

#include "../viewer/pictures.h"

static inline int set_up_game(void **state)
{
    return set_up_program(state, "PXC_GAME", "/pixcache-game");
}

#define RUN_GAME(...) RUN_VIEWER(__VA_ARGS__)

/* The value of a key that is no number, cut out of the last line; the caller frees it. */
static inline char *word_of(const viewer_run *run, const char *key)
{
    const char *value = value_of(run, key);
    return strndup(value, strcspn(value, " \n"));
}

/* The number of the column of that name in a CSV's header row. */
static inline int csv_column(const char *csv, const char *name)
{
    int column = 0;
    for (const char *at = csv;; ++column) {
        const size_t bytes = strcspn(at, ",\n");
        if (bytes == strlen(name) && strncmp(at, name, bytes) == 0) {
            return column;
        }
        at += bytes;
        if (*at++ != ',') {
            fail_msg("no column %s in %.200s", name, csv);
        }
    }
}

static inline double csv_number(const char *row, int column)
{
    for (; column > 0; --column) {
        row = strchr(row, ',');
        assert_non_null(row);
        ++row;
    }
    return strtod(row, NULL);
}

/* The first row after the header, and the next one; NULL = there is none. */
static inline const char *csv_next(const char *row)
{
    const char *end = strchr(row, '\n');
    return end == NULL || end[1] == '\0' ? NULL : end + 1;
}

#endif

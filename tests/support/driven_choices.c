/* Which key and which name an operation is about. */
#include "driven.h"

#include <stdio.h>
#include <string.h>

/* Mostly a live key; else one that went stale, one with a changed bit, one of another cache, one out of the air. */
pxc_key driven_key(driven *d)
{
    const unsigned kind = driven_byte(d->in);
    const size_t pick = driven_two(d->in);
    const model *m = &d->m;
    if (kind < 8) {
        return (pxc_key){pick % 4 == 0 ? pick / 4 : (uint64_t)kind << 61 | pick};
    }
    if (kind < 24) {
        const model *other = &d->others[kind % d->other_count].m;
        return other->count > 0 ? other->entries[pick % other->count].key : (pxc_key){0};
    }
    if (kind < 48 || m->count == 0) {
        return m->stale[pick % MODEL_MAX_STALE];
    }
    const pxc_key key = m->entries[pick % m->count].key;
    return kind >= 72 ? key : (pxc_key){key.id ^ UINT64_C(1) << (pick / 7 + kind) % 64};
}

int driven_name(driven *d)
{
    return (int)(driven_byte(d->in) % DRIVEN_NAMES);
}

bool driven_name_valid(int name)
{
    return name < DRIVEN_NAMES - 2 || name >= DRIVEN_NAMES;
}

/* Names of one byte, of equal beginnings, beyond ASCII, and long ones. */
const char *driven_name_text(int name, char text[DRIVEN_NAME_BYTES])
{
    if (!driven_name_valid(name)) {
        return name == DRIVEN_NAMES - 1 ? NULL : "";
    }
    if (name < 8) {
        text[0] = (char)('a' + name);
        text[1] = '\0';
    } else if (name < 32) {
        snprintf(text, DRIVEN_NAME_BYTES, "bild/\xC3\xA4\xE2\x82\xAC %d", name);
    } else if (name >= DRIVEN_NAMES) {
        snprintf(text, DRIVEN_NAME_BYTES, "many/%d", name);
    } else {
        memset(text, 'x', 250);
        snprintf(text + 250, DRIVEN_NAME_BYTES - 250, "%d", name);
    }
    return text;
}

/* The pictures' table. Rows are found by the name that the cache tells with an upload or an eviction, so that whoever
 * uploads is found out; the images keep their row's number and need no search when they are drawn. */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 64, MOST_NAMED_BY_UPLOADS = 65536 };

/* Source: FNV-1a, 64 bits. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; ++text) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return hash ^ hash >> 32;
}

static char *copy_text(const char *text)
{
    const size_t bytes = strlen(text) + 1;
    char *copy = malloc(bytes);
    if (copy != NULL) {
        memcpy(copy, text, bytes);
    }
    return copy;
}

/* Where it is, or the free place where it belongs. */
static uint32_t *place_of(const pxe_pictures *pictures, const char *key, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & (pictures->table_size - 1);
    while (pictures->table[at] != 0) {
        const pxe_row *row = &pictures->rows[pictures->table[at]];
        if (row->hash == hash && strcmp(row->key, key) == 0) {
            break;
        }
        at = (at + 1) & (pictures->table_size - 1);
    }
    return &pictures->table[at];
}

/* Room for one more row, at most half of the table taken. */
static bool make_room(pxe_pictures *pictures)
{
    if (pictures->count < pictures->capacity) {
        return true;
    }
    if (pictures->capacity > UINT32_MAX / 4) {
        return false;
    }
    const uint32_t capacity = pictures->capacity == 0 ? FIRST_ROWS : pictures->capacity * 2;
    pxe_row *rows = realloc(pictures->rows, capacity * sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    pictures->rows = rows;
    uint32_t *table = calloc((size_t)capacity * 2, sizeof *table);
    if (table == NULL) {
        return false;
    }
    free(pictures->table);
    pictures->table = table;
    pictures->table_size = capacity * 2;
    pictures->capacity = capacity;
    for (uint32_t i = 1; i < pictures->count; ++i) {
        *place_of(pictures, rows[i].key, rows[i].hash) = i;
    }
    return true;
}

bool pxe_pictures_create(pxe_pictures *pictures)
{
    *pictures = (pxe_pictures){0};
    if (!make_room(pictures)) {
        pxe_pictures_destroy(pictures);
        return false;
    }
    pictures->rows[0] = (pxe_row){.picture.name = "(no name)"};
    pictures->count = 1;
    return true;
}

void pxe_pictures_destroy(pxe_pictures *pictures)
{
    for (uint32_t i = 1; i < pictures->count; ++i) {
        free(pictures->rows[i].key);
        free(pictures->rows[i].shown);
    }
    free(pictures->rows);
    free(pictures->table);
    *pictures = (pxe_pictures){0};
}

uint32_t pxe_pictures_row(pxe_pictures *pictures, const char *key, const char *shown)
{
    const uint64_t hash = hash_of(key);
    uint32_t *place = place_of(pictures, key, hash);
    if (*place != 0) {
        return *place;
    }
    char *own_key = copy_text(key);
    char *own_shown = copy_text(shown);
    if (own_key == NULL || own_shown == NULL || !make_room(pictures)) {
        free(own_key);
        free(own_shown);
        return 0;
    }
    const uint32_t row = pictures->count++;
    pictures->rows[row] =
        (pxe_row){.picture.name = own_shown, .key = own_key, .shown = own_shown, .hash = hash};
    *place_of(pictures, key, hash) = row; /* the table may have grown */
    return row;
}

pxe_row *pxe_pictures_find(pxe_pictures *pictures, const char *key)
{
    if (key == NULL) {
        return &pictures->rows[0];
    }
    uint32_t row = *place_of(pictures, key, hash_of(key));
    if (row == 0 && pictures->named_by_uploads < MOST_NAMED_BY_UPLOADS) {
        row = pxe_pictures_row(pictures, key, key);
        pictures->named_by_uploads += row != 0 ? 1 : 0;
    }
    return &pictures->rows[row];
}

/* ---- Reading ----------------------------------------------------------------------------------------------------*/

static double value_in(const pxe_picture_cost *picture, pxe_picture_order order)
{
    switch (order) {
    case PXE_BY_REGRETS:
        return (double)picture->regrets;
    case PXE_BY_UNDRAWN:
        return (double)picture->undrawn_uploads;
    case PXE_BY_LATE:
        return (double)picture->late_draws;
    default:
        return picture->upload_ms + picture->decode_ms;
    }
}

/* Those that are asked for are few: each of the others is compared with the last of them, and that is all. */
size_t pxe_profile_pictures(const pxe_profile *profile, pxe_picture_order order, pxe_picture_cost *out,
                            size_t room)
{
    size_t count = 0;
    for (uint32_t i = 0; i < profile->pictures.count && room != 0; ++i) {
        const pxe_picture_cost *picture = &profile->pictures.rows[i].picture;
        const double value = value_in(picture, order);
        if (!(value > 0) || (count == room && value <= value_in(&out[count - 1], order))) {
            continue;
        }
        size_t at = count < room ? count++ : count - 1;
        for (; at > 0 && value_in(&out[at - 1], order) < value; --at) {
            out[at] = out[at - 1];
        }
        out[at] = *picture;
    }
    return count;
}

pxe_picture_cost pxe_profile_pictures_sum(const pxe_profile *profile, size_t *count)
{
    pxe_picture_cost sum = {0};
    size_t seen = 0;
    for (uint32_t i = 0; i < profile->pictures.count; ++i) {
        const pxe_picture_cost *picture = &profile->pictures.rows[i].picture;
        seen += picture->uses + picture->misses + picture->late_draws + picture->uploads != 0 ? 1 : 0;
        sum.bytes += picture->bytes;
        sum.uses += picture->uses;
        sum.misses += picture->misses;
        sum.late_draws += picture->late_draws;
        sum.uploads += picture->uploads;
        sum.upload_bytes += picture->upload_bytes;
        sum.upload_ms += picture->upload_ms;
        sum.decode_ms += picture->decode_ms;
        sum.evictions += picture->evictions;
        sum.regrets += picture->regrets;
        sum.undrawn_uploads += picture->undrawn_uploads;
    }
    if (count != NULL) {
        *count = seen;
    }
    return sum;
}

typedef struct idle_search {
    const pxe_profile *profile;
    uint64_t frames, bytes;
    pxe_idle_pin *out;
    size_t room, count;
} idle_search;

static void look_at(void *user, const pxc_entry_info *entry)
{
    idle_search *search = user;
    if (entry->pins == 0 || entry->idle_frames < search->frames) {
        return;
    }
    const pxe_pictures *pictures = &search->profile->pictures;
    pxe_idle_pin pin = {.bytes = entry->texture.cost, .idle_frames = entry->idle_frames};
    if (entry->name != NULL) {
        const uint32_t row = *place_of(pictures, entry->name, hash_of(entry->name));
        pin.name = row != 0 ? pictures->rows[row].picture.name : entry->name;
    }
    search->bytes += pin.bytes;
    ++search->count;
    const size_t kept = search->count <= search->room ? search->count : search->room;
    if (kept == 0 || (search->count > search->room && pin.bytes <= search->out[kept - 1].bytes)) {
        return;
    }
    size_t at = kept - 1;
    for (; at > 0 && search->out[at - 1].bytes < pin.bytes; --at) {
        search->out[at] = search->out[at - 1];
    }
    search->out[at] = pin;
}

pxe_idle_pins pxe_profile_idle_pins(const pxe_profile *profile, pxc_cache *cache, uint64_t frames,
                                    pxe_idle_pin *out, size_t room)
{
    idle_search search = {.profile = profile, .frames = frames, .out = out, .room = room};
    pxc_visit(cache, look_at, &search);
    return (pxe_idle_pins){search.count, search.bytes};
}

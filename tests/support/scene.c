/* The fixed part has an entry of every kind that the contract tells apart: named or not, used in this frame or not,
 * pinned, passed over by an eviction while it was pinned, replaced by key or by name, removed after a use and without
 * one. All widths differ, so a wrong sum names its culprit. The filler comes last, because what a test breaks is the
 * call that follows it: there the cache stands at the edge of its growth.
 *
 * Images of the scene are one row high; the only higher one is the test's s->fresh. */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILLER_WIDTHS = 7, FIRST_REMOVED = 20, MAX_TRIMMED = 200 };

const char *scene_name(int name)
{
    static char text[40];
    snprintf(text, sizeof text, "scene/%d", name);
    return name == MODEL_NO_NAME ? NULL : text;
}

model_image scene_image(const pxc_pixmap *pixmap)
{
    const size_t cost = pxc_texture_cost(pixmap->format, pixmap->width, pixmap->height, pixmap->mipmaps);
    return (model_image){
        .width = pixmap->width,
        .height = pixmap->height,
        .format = pixmap->format,
        .cost = cost,
        .gpu_bytes = cost,
        .upload_bytes = fake_gpu_row_bytes(pixmap->format, pixmap->width) * (size_t)pixmap->height,
        .checksum = fake_gpu_checksum(pixmap),
    };
}

static pxc_pixmap pixmap_of_image(const scene *s, const model_image *image)
{
    return image->height > 1 ? s->fresh : pixmap_of(image->width);
}

/* ---- Building -------------------------------------------------------------------------------------------------*/

static void on_evict(void *user, pxc_key key, const char *name, pxc_evict_reason reason)
{
    scene *s = user;
    assert_true(s->told_count < COUNT_OF(s->told));
    const int number = name == NULL ? MODEL_NO_NAME : (int)strtol(name + strlen("scene/"), NULL, 10);
    s->told[s->told_count++] = (model_eviction){.key = key, .name = number, .reason = reason};
}

void scene_give(scene *s, pxc_key key)
{
    pxc_texture texture;
    const model_entry *entry = &s->m.entries[s->m.count - 1];
    assert_true(entry->key.id == key.id);
    assert_status(PXC_OK, pxc_peek(s->cache, key, &texture));
    assert_true(s->given_count < COUNT_OF(s->given));
    s->given[s->given_count++] = (scene_given){.texture = texture.name, .image = entry->image};
}

static pxc_key put(scene *s, int name, int width)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    const model_image image = scene_image(&pixmap);
    const char *text = scene_name(name);
    pxc_key key = {0};
    assert_status(PXC_OK, text == NULL ? pxc_insert(s->cache, &pixmap, &key)
                                       : pxc_insert_named(s->cache, text, &pixmap, &key));
    model_insert(&s->m, key, name, &image);
    scene_give(s, key);
    return key;
}

static void use(scene *s, pxc_key key)
{
    assert_status(PXC_OK, pxc_find(s->cache, key, NULL));
    s->m.stats.hits++;
    model_touch(&s->m, model_by_key(&s->m, key));
    scene_give(s, key);
}

static void replace(scene *s, pxc_key key, int width)
{
    const pxc_pixmap pixmap = pixmap_of(width);
    const model_image image = scene_image(&pixmap);
    assert_status(PXC_OK, pxc_replace(s->cache, key, &pixmap));
    model_replace(&s->m, key, &image);
    scene_give(s, key);
}

static void remove_key(scene *s, pxc_key key)
{
    assert_status(PXC_OK, pxc_remove(s->cache, key));
    model_take_out(&s->m, model_by_key(&s->m, key));
}

static void pin(scene *s, pxc_key key)
{
    assert_status(PXC_OK, pxc_pin(s->cache, key));
    model_by_key(&s->m, key)->pins++;
}

static void unpin(scene *s, pxc_key key)
{
    assert_status(PXC_OK, pxc_unpin(s->cache, key));
    model_by_key(&s->m, key)->pins--;
}

static void end_frame(scene *s)
{
    assert_status(PXC_OK, pxc_frame_end(s->cache));
    scene_frame_ended(s);
}

static void trim_to(scene *s, size_t bytes)
{
    assert_status(PXC_OK, pxc_trim_to(s->cache, bytes));
    model_trim_to(&s->m, bytes);
}

void scene_frame_ended(scene *s)
{
    scene_settle_mail(s);
    model_end_frame(&s->m);
    s->given_count = 0;
}

void scene_context_lost(scene *s)
{
    scene_settle_mail(s);
    model_lose_context(&s->m);
    for (size_t i = 0; i < s->mail_count; ++i) {
        s->mail[i].is_half_up = false; /* it starts anew */
    }
    s->given_count = 0;
}

/* Frame 0: two are pinned when an eviction meets them, one of them is pinned no more. */
static void put_pinned(scene *s)
{
    s->keys[KEY_PINNED] = put(s, NAME_PINNED, 11);
    const pxc_key returned = put(s, MODEL_NO_NAME, 12);
    s->keys[KEY_STALE] = put(s, NAME_EVICTED, 13);
    pin(s, s->keys[KEY_PINNED]);
    pin(s, s->keys[KEY_PINNED]);
    pin(s, returned);
    trim_to(s, (size_t)4 * (11 + 12));
    unpin(s, returned);
    end_frame(s);
}

/* The first of a peak leave room at the low end for what comes after them: so its high end is empty after the boundary,
 * and its memory can go. */
void scene_add_filler(scene *s, int number)
{
    const int name = s->shape.named ? NAME_FILLER + number : MODEL_NO_NAME;
    const pxc_key key = put(s, name, 41 + number % FILLER_WIDTHS);
    if (s->shape.is_peak ? number < FIRST_REMOVED : number % 2 != 0) {
        assert_status(PXC_OK, pxc_remove(s->cache, key));
        model_take_out(&s->m, &s->m.entries[s->m.count - 1]); /* the last that was used */
    }
}

static void add_fillers(scene *s)
{
    for (int i = 0; i < s->shape.filler; ++i) {
        scene_add_filler(s, i);
    }
}

static void populate(scene *s)
{
    put_pinned(s);
    s->keys[KEY_IDLE] = put(s, NAME_IDLE, 14);
    put(s, MODEL_NO_NAME, 15);
    s->keys[KEY_USED] = put(s, MODEL_NO_NAME, 16);
    const pxc_key removed_unused = put(s, MODEL_NO_NAME, 18);
    const pxc_key removed = put(s, NAME_REMOVED, 19);
    const pxc_key replaced = put(s, MODEL_NO_NAME, 20);
    const pxc_key over = put(s, NAME_OVER, 21);
    if (s->shape.is_peak) {
        add_fillers(s);
    }
    end_frame(s);
    put(s, MODEL_NO_NAME, 22);
    use(s, s->keys[KEY_USED]);
    use(s, removed);
    use(s, replaced);
    use(s, over);
    remove_key(s, removed);
    remove_key(s, removed_unused);
    replace(s, replaced, 23);
    s->keys[KEY_OVER] = put(s, NAME_OVER, 24);
    if (!s->shape.is_peak) {
        add_fillers(s);
    }
}

void scene_open(scene *s, scene_shape shape)
{
    s->config.on_evict = on_evict;
    s->config.on_evict_user = s;
    s->shape = shape;
    s->cache = NULL;
    s->config.upload_bytes_per_frame = 1; /* one row */
    s->given_count = s->told_count = s->mail_count = 0;
    s->drops = 0;
    assert_status(PXC_OK, pxc_create(&s->config, &s->cache));
    model_init(&s->m, &s->config);
    populate(s);
    if (shape.is_peak || shape.filler == 0) { /* all fillers go at the boundary, or the two oldest */
        const size_t bytes =
            shape.is_peak ? (size_t)4 * 110 : model_live_bytes(&s->m) - (size_t)4 * (12 + 14);
        assert_status(PXC_OK, pxc_set_limit(s->cache, bytes));
        model_set_limit(&s->m, bytes);
    }
}

/* ---- Comparing ------------------------------------------------------------------------------------------------*/

static void check_entry(scene *s, const model_entry *entry)
{
    pxc_texture texture;
    pxc_key key = {77};
    const pxc_pixmap pixmap = pixmap_of_image(s, &entry->image);
    assert_true(pxc_key_valid(s->cache, entry->key));
    memset(&texture, 0xFF, sizeof texture);
    assert_status(PXC_OK, pxc_peek(s->cache, entry->key, &texture));
    assert_int_equal(texture.width, entry->image.width);
    assert_int_equal(texture.height, entry->image.height);
    assert_int_equal(texture.format, entry->image.format);
    assert_int_equal(texture.cost, entry->image.cost);
    assert_int_equal(texture.layer, 0);
    assert_true(texture.u0 == 0.0f && texture.v0 == 0.0f && texture.u1 == 1.0f && texture.v1 == 1.0f);
    s->shows(s, texture.name, &pixmap);
    if (entry->name != MODEL_NO_NAME) {
        assert_status(PXC_OK, pxc_lookup(s->cache, scene_name(entry->name), &key));
        assert_true(key.id == entry->key.id);
    }
}

static void check_stale(scene *s)
{
    for (size_t i = 0; i < COUNT_OF(s->m.stale); ++i) {
        pxc_texture texture;
        memset(&texture, 0xFF, sizeof texture);
        assert_false(pxc_key_valid(s->cache, s->m.stale[i]));
        assert_status(PXC_MISS, pxc_peek(s->cache, s->m.stale[i], &texture));
        assert_zero_texture(&texture);
    }
    for (int name = 0; name < NAME_COUNT; ++name) {
        pxc_key key = {77};
        if (model_by_name(&s->m, name) == NULL) {
            const scene_mail *mail = scene_pending(s);
            const bool is_pending = mail != NULL && mail->name == name;
            assert_status(is_pending ? PXC_PENDING : PXC_MISS, pxc_lookup(s->cache, scene_name(name), &key));
            assert_zero_key(key);
        }
    }
}

static void check_told(const scene *s)
{
    assert_int_equal(s->told_count, s->m.gone);
    for (size_t i = 0; i < s->told_count; ++i) {
        assert_true(s->told[i].key.id == s->m.gone_list[i].key.id);
        assert_int_equal(s->told[i].name, s->m.gone_list[i].name);
        assert_int_equal(s->told[i].reason, s->m.gone_list[i].reason);
    }
}

void scene_check(scene *s)
{
    assert_status(PXC_OK, pxc_validate(s->cache));
    scene_settle_mail(s);
    pxc_stats expected = model_stats(&s->m);
    expected.pending_bytes = scene_mail_bytes(s);
    const pxc_stats actual = stats_of(s->cache);
    assert_same_stats(&expected, &actual);
    assert_int_equal(pxc_used(s->cache), expected.used_bytes);
    assert_int_equal(pxc_limit(s->cache), expected.limit_bytes);
    for (size_t i = 0; i < s->m.count; ++i) {
        check_entry(s, &s->m.entries[i]);
    }
    for (size_t i = 0; i < s->given_count; ++i) {
        const pxc_pixmap pixmap = pixmap_of_image(s, &s->given[i].image);
        s->shows(s, s->given[i].texture, &pixmap);
    }
    check_stale(s);
    check_told(s);
}

/* ---- Going on -------------------------------------------------------------------------------------------------*/

static void insert_and_find_fresh(scene *s)
{
    const model_image image = scene_image(&s->fresh);
    pxc_key key = {0};
    pxc_texture texture = {0};
    assert_int_equal(model_admit(&s->m, &image), PXC_OK);
    assert_status(PXC_OK, pxc_insert(s->cache, &s->fresh, &key));
    model_insert(&s->m, key, MODEL_NO_NAME, &image);
    assert_status(PXC_OK, pxc_find(s->cache, key, &texture));
    s->m.stats.hits++;
    s->shows(s, texture.name, &s->fresh);
    scene_give(s, key);
}

/* What is left is pinned. */
static void take_all_pins(scene *s)
{
    for (size_t i = 0; i < s->m.count; ++i) {
        model_entry *entry = &s->m.entries[i];
        assert_true(entry->pins > 0);
        while (entry->pins > 0) {
            assert_status(PXC_OK, pxc_unpin(s->cache, entry->key));
            entry->pins--;
        }
        assert_status(PXC_ERR_ARGUMENT, pxc_unpin(s->cache, entry->key));
    }
}

/* Entry by entry in the order of use; where there are so many that the model takes long, all at once. */
static void empty(scene *s)
{
    if (s->m.count > MAX_TRIMMED) {
        assert_status(PXC_OK, pxc_clear(s->cache));
        model_clear(&s->m);
        return;
    }
    trim_to(s, 0);
    scene_check(s);
    take_all_pins(s);
    trim_to(s, 0);
}

void scene_go_on(scene *s)
{
    scene_drain(s);
    assert_int_equal(scene_mail_bytes(s), 0);
    const bool dies_at_once = s->shape.filler > MAX_TRIMMED && !s->shape.named;
    for (int i = 0; i < (dies_at_once ? 5 : 1); ++i) {
        insert_and_find_fresh(s); /* at an edge the first grows what could not grow before */
    }
    scene_check(s);
    if (dies_at_once) {
        empty(s); /* what was removed before dies at the same boundary: no batch of deletions is larger */
    }
    end_frame(s);
    scene_check(s);
    if (s->shape.is_peak) { /* memory that the boundary gave back is taken again */
        s->shape.is_peak = false;
        assert_status(PXC_OK, pxc_set_limit(s->cache, SIZE_MAX));
        model_set_limit(&s->m, SIZE_MAX);
        add_fillers(s);
        scene_check(s);
        end_frame(s);
    }
    insert_and_find_fresh(s);
    scene_check(s);
    end_frame(s);
    empty(s);
    end_frame(s);
    scene_check(s);
    assert_int_equal(pxc_used(s->cache), 0);
}

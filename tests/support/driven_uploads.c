/* Insert and replace: pixmaps of every kind, and what must be answered.
 *
 * The model goes second. Whether an allocation failed is read from the allocator: every one that a call needs comes
 * before its upload, so such a call must return PXC_ERR_MEMORY and must not have reached the GPU. What the contract
 * leaves open is left open: of two faults of one call, a stale key and a side that no GPU takes, either is answered. */
#include "driven.h"

#include <limits.h>
#include <string.h>

#define GAP_BYTES 5

/* Pixmaps end where this block ends, so that a sanitizer sees an over-read. */
static unsigned char pixels[DRIVEN_MAX_SIDE * (DRIVEN_MAX_SIDE * 4 + GAP_BYTES)];

typedef struct upload {
    pxc_pixmap pixmap;
    const pxc_pixmap *given; /* NULL at times */
    model_image image;
    pxc_status shape_status; /* without regard to limit and ceiling */
} upload;

static size_t texture_bytes(const pxc_pixmap *pixmap)
{
    const size_t pixel_bytes = pixmap->format == PXC_RGB8 ? 4 : fake_gpu_row_bytes(pixmap->format, 1);
    size_t width = (size_t)pixmap->width;
    size_t height = (size_t)pixmap->height;
    size_t sum = width * height * pixel_bytes;
    while (pixmap->mipmaps && width * height > 1) {
        width = width > 1 ? width / 2 : 1;
        height = height > 1 ? height / 2 : 1;
        sum += width * height * pixel_bytes;
    }
    return sum;
}

/* 0 if no size_t holds it. */
static size_t rounded_up(size_t bytes, size_t granularity)
{
    if (granularity < 2) {
        return bytes;
    }
    const size_t pieces = (bytes - 1) / granularity + 1;
    return pieces > SIZE_MAX / granularity ? 0 : pieces * granularity;
}

static void spoil(upload *u, unsigned how)
{
    pxc_pixmap *pixmap = &u->pixmap;
    u->shape_status = how < 8 ? PXC_ERR_ARGUMENT : PXC_ERR_TOO_LARGE;
    switch (how) {
    case 0:
        u->given = NULL;
        break;
    case 1:
        pixmap->pixels = NULL;
        break;
    case 2:
        pixmap->width = 0;
        break;
    case 3:
        pixmap->height = -1;
        break;
    case 4:
        pixmap->format = (pxc_format)7;
        break;
    case 5:
        pixmap->format = (pxc_format)INT_MAX;
        break;
    case 6:
        pixmap->stride = INT_MIN;
        break;
    case 7:
        pixmap->stride = (int)fake_gpu_row_bytes(pixmap->format, pixmap->width) - 1;
        u->shape_status = pixmap->stride == 0 ? PXC_OK : PXC_ERR_ARGUMENT; /* 0 = no gap */
        break;
    case 8:
        pixmap->width = DRIVEN_MAX_SIDE + 1;
        pixmap->stride = 0;
        break;
    case 9:
        pixmap->height = DRIVEN_MAX_SIDE + 1;
        break;
    case 10:
        pixmap->width = pixmap->height = INT_MAX;
        pixmap->stride = 0;
        break;
    default:
        u->shape_status = PXC_OK;
    }
}

static void read_upload(driven *d, upload *u)
{
    static unsigned char changing;
    const unsigned kind = driven_byte(d->in);
    const unsigned width = driven_byte(d->in);
    *u = (upload){.given = &u->pixmap};
    u->pixmap = (pxc_pixmap){.width = 1 + (int)(width % 40),
                             .height = (kind & 0x30) == 0x30 ? 1 + (int)(driven_byte(d->in) % 12) : 1,
                             .format = (pxc_format)((kind & 7) % 7),
                             .mipmaps = (kind & 8) != 0};
    if (width > 250) {
        u->pixmap.width = u->pixmap.height = DRIVEN_MAX_SIDE;
    }
    const size_t row_bytes = fake_gpu_row_bytes(u->pixmap.format, u->pixmap.width);
    size_t bytes = row_bytes * (size_t)u->pixmap.height;
    if ((kind & 0x30) == 0x20) {
        u->pixmap.stride = (int)row_bytes + GAP_BYTES;
        bytes += GAP_BYTES * ((size_t)u->pixmap.height - 1);
    }
    unsigned char *first = pixels + sizeof pixels - bytes;
    *first = ++changing;
    u->pixmap.pixels = first;
    u->image = (model_image){.width = u->pixmap.width,
                             .height = u->pixmap.height,
                             .format = u->pixmap.format,
                             .gpu_bytes = texture_bytes(&u->pixmap),
                             .upload_bytes = row_bytes * (size_t)u->pixmap.height,
                             .checksum = fake_gpu_checksum(&u->pixmap)};
    u->image.cost = rounded_up(u->image.gpu_bytes, d->config.cost_granularity);
    assert_int_equal(pxc_texture_cost(u->image.format, u->image.width, u->image.height, u->pixmap.mipmaps),
                     u->image.gpu_bytes);
    if ((kind & 0xC0) == 0xC0) {
        spoil(u, driven_byte(d->in) % 32);
    }
}

/* What the call that was just made had to answer; the model goes through it. */
static pxc_status expected_status(driven *d, const upload *u, pxc_key keep, uint64_t failed_before)
{
    const bool alloc_failed = d->f.alloc.failed != failed_before;
    pxc_status status = u->shape_status;
    if (status == PXC_OK) {
        status = model_admit(&d->m, &u->image);
    }
    if (status != PXC_OK) {
        assert_false(alloc_failed);
        return status;
    }
    return alloc_failed ? PXC_ERR_MEMORY : model_upload(&d->m, &u->image, keep);
}

static void give_uploaded(driven *d, pxc_key key, const upload *u)
{
    pxc_texture texture;
    assert_int_equal(pxc_peek(d->f.cache, key, &texture), PXC_OK);
    assert_int_equal(texture.cost, u->image.cost);
    driven_give(d, texture.name, u->image.checksum);
}

void driven_insert(driven *d)
{
    char text[DRIVEN_NAME_BYTES];
    upload u;
    const unsigned how = driven_byte(d->in);
    const int name = (how & 1) != 0 ? (int)(how / 2 % DRIVEN_NAMES) : MODEL_NO_NAME;
    read_upload(d, &u);
    if (d->m.count == MODEL_MAX_ENTRIES) {
        return; /* a model that is full */
    }
    const model_entry *old = model_by_name(&d->m, name);
    const pxc_key keep = old ? old->key : (pxc_key){0};
    const uint64_t failed_before = d->f.alloc.failed;
    pxc_key key = {77};
    const pxc_status status =
        name == MODEL_NO_NAME
            ? pxc_insert(d->f.cache, u.given, how == 2 ? NULL : &key)
            : pxc_insert_named(d->f.cache, driven_name_text(name, text), u.given, how >= 240 ? NULL : &key);
    if (how == 2 || (name != MODEL_NO_NAME && !driven_name_valid(name))) {
        u.shape_status = PXC_ERR_ARGUMENT;
    }
    assert_int_equal(status, expected_status(d, &u, keep, failed_before));
    if (status == PXC_OK && name != MODEL_NO_NAME && how >= 240) {
        assert_int_equal(pxc_lookup(d->f.cache, text, &key), PXC_OK);
    } else if (status != PXC_OK) {
        assert_true(key.id == (how == 2 || (how >= 240 && name != MODEL_NO_NAME) ? 77 : 0));
        return;
    }
    assert_true(key.id != 0);
    assert_null(model_by_key(&d->m, key));
    model_insert(&d->m, key, name, &u.image);
    give_uploaded(d, key, &u);
}

/* One pixel each, under names of their own or none: enough of them make every table grow. */
void driven_insert_many(driven *d)
{
    const unsigned kind = driven_byte(d->in);
    const size_t most = d->m.count + 100 + 5 * (size_t)driven_byte(d->in);
    upload u = {.pixmap = {.pixels = pixels, .width = 1, .height = 1, .format = PXC_R8}};
    u.image = (model_image){.width = 1, .height = 1, .format = PXC_R8, .gpu_bytes = 1, .upload_bytes = 1};
    u.image.cost = rounded_up(1, d->config.cost_granularity);
    u.image.checksum = fake_gpu_checksum(&u.pixmap);
    for (int i = 0; i < DRIVEN_MANY && d->m.count < most && most < MODEL_MAX_ENTRIES; ++i) {
        char text[DRIVEN_NAME_BYTES];
        pxc_key key = {77};
        const int name = (kind & 1) != 0 ? DRIVEN_NAMES + i : MODEL_NO_NAME;
        const model_entry *old = model_by_name(&d->m, name);
        if (old) {
            continue;
        }
        const uint64_t failed_before = d->f.alloc.failed;
        const pxc_status status =
            name == MODEL_NO_NAME
                ? pxc_insert(d->f.cache, &u.pixmap, &key)
                : pxc_insert_named(d->f.cache, driven_name_text(name, text), &u.pixmap, &key);
        assert_int_equal(status, expected_status(d, &u, (pxc_key){0}, failed_before));
        if (status != PXC_OK) {
            assert_zero_key(key);
            return;
        }
        model_insert(&d->m, key, name, &u.image);
    }
}

void driven_replace(driven *d)
{
    upload u;
    const pxc_key key = driven_key(d);
    read_upload(d, &u);
    const uint64_t failed_before = d->f.alloc.failed;
    const pxc_status status = pxc_replace(d->f.cache, key, u.given);
    if (!model_by_key(&d->m, key) && u.shape_status != PXC_ERR_ARGUMENT) {
        assert_true(status == PXC_MISS || (status == PXC_ERR_TOO_LARGE && u.shape_status == status));
        return;
    }
    assert_int_equal(status, expected_status(d, &u, key, failed_before));
    if (status == PXC_OK) {
        model_replace(&d->m, key, &u.image);
        give_uploaded(d, key, &u);
    }
}

void driven_fail_gpu(driven *d)
{
    static const pxc_status statuses[] = {PXC_ERR_MEMORY, PXC_ERR_GPU, PXC_ERR_LOST, PXC_ERR_TOO_LARGE};
    const unsigned how = driven_byte(d->in);
    if (how % 8 < 4) {
        d->m.gpu_failure = statuses[how % 4];
        d->m.gpu_failures = 1 + how / 8 % 3;
        fake_gpu_fail_next(&d->f.gpu, d->m.gpu_failure, d->m.gpu_failures);
    } else {
        d->f.gpu.memory_bytes = how % 8 < 6 ? SIZE_MAX : driven_size(d);
        d->m.gpu_room_bytes = d->f.gpu.memory_bytes;
    }
}

void driven_fail_alloc(driven *d)
{
    failing_alloc_fail_nth(&d->f.alloc, driven_byte(d->in) % 5);
}

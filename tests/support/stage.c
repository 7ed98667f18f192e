/* What the GPU is told to do wrong is known, so what must follow is too: the model takes the same way. */
#include "stage.h"

stage on_stage;

/* Whether the call goes wrong; *status is its answer then. */
static bool goes_wrong(enum script_part part, pxc_status *status)
{
    const gpu_script *script = &on_stage.script;
    const uint64_t upload = on_stage.is_mended || part != script->part ? UINT64_MAX : ++on_stage.uploads;
    *status = upload == script->n ? script->last : PXC_ERR_MEMORY;
    return upload <= script->n;
}

static pxc_status scripted_create(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    pxc_status status;
    const bool wrong = goes_wrong(AT_MAKING, &status);
    *name = on_stage.script.no_name && status == PXC_OK ? 0 : 0xA5A5A5A5; /* after an error it says nothing */
    return wrong ? status : on_stage.fake.create_texture(gpu, pixmap, name);
}

static pxc_status scripted_begin(void *gpu, const pxc_pixmap *pixmap, uint32_t *name)
{
    pxc_status status;
    const bool wrong = goes_wrong(AT_MAKING, &status);
    *name = on_stage.script.no_name && status == PXC_OK ? 0 : 0xA5A5A5A5;
    return wrong ? status : on_stage.fake.begin_texture(gpu, pixmap, name);
}

static pxc_status scripted_rows(void *gpu, const pxc_pixmap *pixmap, uint32_t name, const pxc_band *band)
{
    pxc_status status;
    return goes_wrong(AT_ROWS, &status) ? status : on_stage.fake.upload_rows(gpu, pixmap, name, band);
}

static pxc_status scripted_finish(void *gpu, const pxc_pixmap *pixmap, uint32_t name)
{
    pxc_status status;
    return goes_wrong(AT_FINISH, &status) ? status : on_stage.fake.finish_texture(gpu, pixmap, name);
}

static void shows(scene *s, uint32_t texture, const pxc_pixmap *pixmap)
{
    (void)s;
    const fake_texture *seen = fake_gpu_texture(&on_stage.gpu, texture);
    assert_non_null(seen);
    assert_int_equal(seen->width, pixmap->width);
    assert_int_equal(seen->height, pixmap->height);
    assert_true(seen->checksum == fake_gpu_checksum(pixmap));
}

/* The pixels live as long as the program. */
static pxc_pixmap three_rows(void)
{
    static pxc_pixmap pixmap;
    if (pixmap.pixels == NULL) {
        pixmap = pixmap_new(17, 3, PXC_RGBA8, 0);
    }
    return pixmap;
}

void stage_open(scene_shape shape)
{
    stage *t = &on_stage;
    fake_gpu_init(&t->gpu);
    failing_alloc_init(&t->alloc);
    t->fake = t->gpu.backend;
    t->gpu.backend.create_texture = scripted_create;
    t->gpu.backend.begin_texture = scripted_begin;
    t->gpu.backend.upload_rows = scripted_rows;
    t->gpu.backend.finish_texture = scripted_finish;
    t->is_mended = true;
    t->s.config = (pxc_config){.backend = &t->gpu.backend, .alloc = t->alloc.table};
    t->s.fresh = three_rows();
    t->s.shows = shows;
    t->s.context_was_lost = false;
    scene_open(&t->s, shape);
    scene_check(&t->s);
}

void stage_close(void)
{
    assert_status(PXC_OK, pxc_destroy(on_stage.s.cache));
    fake_gpu_assert_clean(&on_stage.gpu);
    failing_alloc_assert_clean(&on_stage.alloc);
    fake_gpu_free(&on_stage.gpu);
}

/* Not a texture more or less than the cache says, and no fault of the GPU's rules. */
static void check_ledger(void)
{
    const pxc_stats stats = stats_of(on_stage.s.cache);
    assert_int_equal(on_stage.gpu.faults, 0);
    assert_int_equal(on_stage.gpu.bytes, stats.used_bytes);
    assert_int_equal(on_stage.gpu.alive,
                     stats.textures_created - stats.textures_deleted - stats.textures_lost);
}

/* What the uploads of the call must lead to. The model goes through the trim that a GPU without memory brings. */
static pxc_status follow_script(const every_call *call)
{
    stage *t = &on_stage;
    const uint64_t n = t->script.n;
    const bool is_refusal = t->script.last > PXC_OK || t->script.no_name;
    const pxc_status last = is_refusal ? PXC_ERR_GPU : t->script.last;
    const pxc_status first = n == 1 ? last : PXC_ERR_MEMORY;
    if (n == 0 || t->uploads == 0) {
        return PXC_OK;
    }
    if (first != PXC_ERR_MEMORY || t->script.part != AT_MAKING) {
        assert_int_equal(t->uploads, 1);
        return first == PXC_ERR_MEMORY ? PXC_ERR_GPU : first;
    }
    const pxc_pixmap pixmap = every_call_pixmap(&t->s, call);
    const model_image image = scene_image(&pixmap);
    t->s.m.gpu_failures = 1;
    t->s.m.gpu_failure = PXC_ERR_MEMORY;
    model_upload(&t->s.m, &image, t->s.keys[call->key]);
    assert_int_equal(t->uploads, 2);
    const pxc_status second = n == 1 ? PXC_OK : n == 2 ? last : PXC_ERR_MEMORY;
    return second == PXC_ERR_MEMORY ? PXC_ERR_GPU : second;
}

/* What must have become of the pixmap that was handed over. Result: whether it did not go on its way. */
static bool check_mail(uint64_t drops_before, uint64_t bytes_before, pxc_status by_gpu, bool alloc_failed)
{
    const scene *s = &on_stage.s;
    const bool dropped = s->drops > drops_before;
    assert_int_equal(dropped, by_gpu != PXC_OK && by_gpu != PXC_ERR_LOST);
    assert_true(by_gpu != PXC_OK || alloc_failed || s->m.stats.upload_bytes > bytes_before);
    return by_gpu != PXC_OK;
}

/* Makes the call while the n-th allocation fails (0 = none) and the GPU follows the script, and checks all that must
 * hold afterwards. Result: whether the call failed for it. */
static bool make_broken_call(const every_call *call, uint64_t n, gpu_script script)
{
    stage *t = &on_stage;
    call_out out;
    every_call_prepare(&t->s, call, &out);
    const bool goes_up = (call->traits & CALL_GOES_UP) != 0;
    const uint64_t drops = t->s.drops;
    const uint64_t bytes = t->s.m.stats.upload_bytes;
    const uint64_t failed = t->alloc.failed;
    t->script = script;
    t->uploads = 0;
    t->is_mended = false;
    failing_alloc_fail_nth(&t->alloc, n);
    const pxc_status status = call->make(&t->s, call, &out);
    failing_alloc_fail_nth(&t->alloc, 0);
    assert_true((call->traits & (CALL_UPLOADS | CALL_GOES_UP)) != 0 || t->uploads == 0);

    t->is_mended = true;
    const bool alloc_failed = t->alloc.failed != failed;
    const pxc_status by_gpu = follow_script(call);
    const bool for_memory = status == PXC_ERR_MEMORY && alloc_failed && (call->traits & CALL_ALLOCATES) != 0;
    if (!for_memory) {
        const bool is_told = by_gpu != PXC_OK && (!goes_up || by_gpu == PXC_ERR_LOST);
        assert_status(is_told ? by_gpu : call->clean, status);
    }
    if (status != PXC_OK) {
        every_call_check_zeroed(call, &out);
    }
    if ((status == call->clean || goes_up) && call->made != NULL) {
        call->made(&t->s, call, &out);
    }
    scene_check(&t->s);
    check_ledger();
    return goes_up ? check_mail(drops, bytes, by_gpu, alloc_failed) : status != call->clean;
}

bool stage_pass(scene_shape shape, const every_call *call, uint64_t n, gpu_script script, bool *reached)
{
    stage_open(shape);
    const uint64_t failed = on_stage.alloc.failed;
    const bool call_failed = make_broken_call(call, n, script);
    *reached = n > 0 ? on_stage.alloc.failed != failed : on_stage.uploads >= script.n;
    on_stage.failure_points += *reached ? 1 : 0;
    scene_go_on(&on_stage.s);
    check_ledger();
    stage_close();
    return call_failed;
}

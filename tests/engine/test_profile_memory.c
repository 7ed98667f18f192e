/* Memory that runs out under the profile: create gives nothing back and nothing away, and a picture for which there is no
 * row counts as one without a name. In a frame nothing is allocated at all. */
#include "engine_fixture.h"
#include "wrapped_malloc.h"

#include "../../engine/profile.h"

enum { PICTURES = 300 };

static stage s;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&s, 4, 4);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&s);
    return 0;
}

static void create_fails_with_any_of_its_allocations(void **state)
{
    (void)state;
    int n = 1;
    for (;; ++n) {
        const int live = atomic_load(&memory.live);
        memory_arm(n);
        pxe_profile *profile = pxe_profile_create(pxe_window_gl(s.engine->window), 16, 16);
        memory_disarm();
        if (profile != NULL) {
            assert_true(atomic_load(&memory.calls) < n);
            pxe_profile_destroy(profile);
            assert_int_equal(atomic_load(&memory.live), live);
            break;
        }
        assert_int_equal(atomic_load(&memory.live), live);
    }
    assert_true(n > 6);
}

/* Rows are added while each allocation in turn fails; those that were added are all there, and each is found again. */
static void a_picture_without_a_row_counts_as_one_without_a_name(void **state)
{
    (void)state;
    for (int n = 1; n < 40; ++n) {
        uint32_t rows[PICTURES];
        int missing = 0;
        pxe_profile *profile = pxe_profile_create(pxe_window_gl(s.engine->window), 16, 0);
        assert_non_null(profile);
        memory_arm(n);
        for (int i = 0; i < PICTURES; ++i) {
            char name[32];
            snprintf(name, sizeof name, "picture %d", i);
            rows[i] = pxe_profile_picture(profile, name, name);
            missing += rows[i] == 0 ? 1 : 0;
        }
        memory_disarm();
        assert_int_equal(missing, 1);
        for (int i = 0; i < PICTURES; ++i) {
            char name[32];
            snprintf(name, sizeof name, "picture %d", i);
            pxe_profile_use(profile, rows[i], (uint64_t)i, 4);
            assert_true(rows[i] == 0 || pxe_profile_picture(profile, name, "other") == rows[i]);
        }
        size_t count = 0;
        assert_int_equal(pxe_profile_pictures_sum(profile, &count).uses, PICTURES);
        assert_int_equal(count, PICTURES);
        pxe_profile_destroy(profile);
    }
}

/* Uses, misses, late draws, work of the cache, evictions, alarms, slow frames: what is known needs no memory. */
static void frames_allocate_nothing(void **state)
{
    (void)state;
    pxc_stats stats = {.limit_bytes = 100};
    pxe_profile *profile = pxe_profile_create(pxe_window_gl(s.engine->window), 16, 64);
    assert_non_null(profile);
    uint32_t rows[PICTURES];
    char names[PICTURES][32];
    for (int i = 0; i < PICTURES; ++i) {
        snprintf(names[i], sizeof names[i], "picture %d", i);
        rows[i] = pxe_profile_picture(profile, names[i], names[i]);
    }
    memory_arm(0);
    for (int frame = 0; frame < 200; ++frame) {
        pxe_profile_begin(profile);
        for (int i = 0; i < PICTURES; ++i) {
            const pxc_work upload = {
                .kind = PXC_WORK_UPLOAD, .name = names[i], .bytes = 4, .cost_bytes = 4, .count = 1};
            pxe_profile_missed(profile, rows[i]);
            pxe_profile_late(profile, rows[i]);
            pxe_profile_on_work(profile, &upload);
            pxe_profile_use(profile, rows[i], (uint64_t)i, 4);
            pxe_profile_on_evict(profile, (pxc_key){1}, names[i], PXC_EVICT_LIMIT);
        }
        pxe_profile_stop_gpu(profile);
        pxe_profile_end(profile, &stats, 1, 1);
    }
    memory_disarm();
    assert_int_equal(atomic_load(&memory.calls), 0);
    assert_int_equal(pxe_profile_alarm(profile).kind, PXE_ALARM_WORKING_SET);
    pxe_profile_destroy(profile);
}

/* Names that the application makes up without end do not pile up. */
static void names_that_nobody_asked_for_are_bounded(void **state)
{
    (void)state;
    enum { NAMES = 70000, MOST = 65536 };
    size_t count = 0;
    pxe_profile *profile = pxe_profile_create(pxe_window_gl(s.engine->window), 16, 0);
    assert_non_null(profile);
    for (int i = 0; i < NAMES; ++i) {
        char name[32];
        snprintf(name, sizeof name, "generated %d", i);
        const pxc_work upload = {
            .kind = PXC_WORK_UPLOAD, .name = name, .bytes = 4, .cost_bytes = 4, .count = 1};
        pxe_profile_on_work(profile, &upload);
    }
    assert_int_equal(pxe_profile_pictures_sum(profile, &count).uploads, NAMES);
    assert_int_equal(count, MOST + 1);
    pxe_profile_destroy(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(create_fails_with_any_of_its_allocations),
        cmocka_unit_test(a_picture_without_a_row_counts_as_one_without_a_name),
        cmocka_unit_test(frames_allocate_nothing),
        cmocka_unit_test(names_that_nobody_asked_for_are_bounded),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}

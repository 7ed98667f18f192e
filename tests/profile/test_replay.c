/* The cache, replayed: as a textbook says with one access a frame, and by the rules of frames with more. */
#include "traces.h"

/* A list of images, the most recent first. */
typedef struct plain_list {
    uint32_t images[512];
    size_t count;
} plain_list;

static bool take_out(plain_list *list, uint32_t image)
{
    for (size_t i = 0; i < list->count; ++i) {
        if (list->images[i] == image) {
            memmove(&list->images[i], &list->images[i + 1], (list->count - i - 1) * sizeof *list->images);
            --list->count;
            return true;
        }
    }
    return false;
}

static void put_in_front(plain_list *list, uint32_t image)
{
    assert_true(list->count < COUNT_OF(list->images));
    memmove(&list->images[1], &list->images[0], list->count * sizeof *list->images);
    list->images[0] = image;
    ++list->count;
}

/* The textbook: before a new one comes, the last of the list go until there is room. */
static replay_result textbook(const access_trace *trace, uint64_t limit)
{
    plain_list list = {.count = 0};
    replay_result sum = {0};
    uint64_t used = 0;
    for (size_t i = 0; i < trace->access_count; ++i) {
        const uint32_t image = trace->accesses[i];
        const uint64_t bytes = trace->images[image].bytes;
        if (take_out(&list, image)) {
            ++sum.hits;
            put_in_front(&list, image);
            continue;
        }
        ++sum.misses;
        if (bytes > limit) {
            ++sum.refused;
            continue;
        }
        for (; used + bytes > limit; ++sum.evictions) {
            used -= trace->images[list.images[--list.count]].bytes;
        }
        used += bytes;
        put_in_front(&list, image);
        ++sum.uploads;
        sum.upload_bytes += bytes;
    }
    return sum;
}

static void one_access_a_frame_is_the_textbooks_lru(void **state)
{
    (void)state;
    static const random_trace kinds[] = {{40, 3000, 1, distinct_bytes},
                                         {70, 3000, 1, wide_bytes},
                                         {30, 3000, 1, two_bytes},
                                         {50, 3000, 1, equal_bytes}};
    for (uint64_t i = 0; i < 4 * COUNT_OF(kinds); ++i) {
        const uint64_t seed = test_seed(1000 + i);
        uint64_t random = seed;
        access_trace trace = make_random_trace(&kinds[i % COUNT_OF(kinds)], &random);
        for (int k = 0; k < 12; ++k) {
            const uint64_t limit = 1 + below(&random, trace.image_bytes + 10);
            const replay_result told = replay(replay_cache, &trace, limit);
            const replay_result expected = textbook(&trace, limit);
            if (told.hits != expected.hits || told.misses != expected.misses ||
                told.evictions != expected.evictions || told.uploads != expected.uploads ||
                told.upload_bytes != expected.upload_bytes || told.refused != expected.refused) {
                fail_msg("seed %" PRIu64 ", limit %" PRIu64, seed, limit);
            }
        }
        access_trace_free(&trace);
    }
}

static void a_frame_is_hit_again_whatever_the_limit(void **state)
{
    (void)state;
    access_trace trace =
        trace_of("frame,key,bytes\n0,1,11\n0,2,12\n0,3,13\n0,1,11\n0,2,12\n0,3,13\n1,3,13\n1,2,12\n");
    const replay_result r = replay(replay_cache, &trace, 13);
    assert_int_equal(r.hits, 4); /* three repeats, and 3, the most recent of the first frame */
    assert_int_equal(r.misses, 4);
    assert_int_equal(r.uploads, 4);
    assert_int_equal(r.upload_bytes, 48);
    assert_int_equal(r.evictions, 3);
    assert_int_equal(r.peak_bytes, 36);
    assert_int_equal(r.refused, 0);
    access_trace_free(&trace);
}

static void what_is_larger_than_the_limit_is_refused_each_time(void **state)
{
    (void)state;
    access_trace trace = trace_of("frame,key,bytes\n0,1,100\n0,1,100\n0,2,12\n1,1,100\n1,2,12\n");
    const replay_result r = replay(replay_cache, &trace, 99);
    assert_int_equal(r.hits, 1);
    assert_int_equal(r.misses, 4);
    assert_int_equal(r.refused, 3);
    assert_int_equal(r.uploads, 1);
    assert_int_equal(r.upload_bytes, 12);
    assert_int_equal(r.evictions, 0);
    assert_int_equal(r.peak_bytes, 12);
    access_trace_free(&trace);
}

/* In each policy the same: nothing but the order of leaving is theirs. */
static void past_the_ceiling_uploads_are_refused_in_that_frame(void **state)
{
    (void)state;
    access_trace trace = trace_of("frame,key,bytes\n0,1,11\n0,2,12\n0,3,13\n0,2,12\n1,3,13\n1,2,12\n");
    for (const replay_policy *policy = replay_policies; policy->name != NULL; ++policy) {
        const replay_job job = {&trace, 30, 30, NULL};
        replay_result r;
        trace_error error;
        assert_true(policy->replay(&job, &r, &error));
        /* 3 finds no room in the first frame; at its end 1 leaves for it, which no policy prefers to 2 */
        assert_int_equal(r.refused, 1);
        assert_int_equal(r.hits, 2);
        assert_int_equal(r.evictions, 1);
        assert_int_equal(r.peak_bytes, 25);
    }
    access_trace_free(&trace);
}

static void images_larger_than_an_int_cost_what_they_say(void **state)
{
    (void)state;
    /* 2^31 - 1, 2^31, 3 x (2^31 - 1), 2^40 */
    access_trace trace =
        trace_of("frame,key,bytes\n0,1,2147483647\n0,2,2147483648\n1,3,6442450941\n2,4,1099511627776\n");
    const replay_result r = replay(replay_cache, &trace, UINT64_MAX);
    assert_int_equal(r.uploads, 4);
    assert_int_equal(r.refused, 0);
    assert_int_equal(r.upload_bytes, trace.image_bytes);
    assert_int_equal(r.peak_bytes, trace.image_bytes);
    access_trace_free(&trace);
}

static void what_no_texture_can_be_is_told_with_its_line(void **state)
{
    (void)state;
    access_trace trace = trace_of("frame,key,bytes\n0,1,11\n0,2,4294967311\n"); /* a prime above 2^32 */
    const replay_job job = {&trace, 100, SIZE_MAX, NULL};
    replay_result r;
    trace_error error = {0};
    assert_false(replay_cache(&job, &r, &error));
    assert_int_equal(error.line, 3);
    assert_non_null(strstr(error.text, "no texture can have 4294967311 bytes"));
    access_trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_access_a_frame_is_the_textbooks_lru),
        cmocka_unit_test(a_frame_is_hit_again_whatever_the_limit),
        cmocka_unit_test(what_is_larger_than_the_limit_is_refused_each_time),
        cmocka_unit_test(past_the_ceiling_uploads_are_refused_in_that_frame),
        cmocka_unit_test(images_larger_than_an_int_cost_what_they_say),
        cmocka_unit_test(what_no_texture_can_be_is_told_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temporary_folder);
}

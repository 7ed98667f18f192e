/* The policies to compare with, against plain models: a list that is searched from one end to the other. */
#include "traces.h"

typedef struct model model;

/* Chooses who leaves: an index of the list. now = the index of the next access. */
typedef size_t (*choose_fn)(model *m, size_t now);

typedef struct resident {
    uint32_t image;
    bool used; /* again, since its upload or since the hand passed */
} resident;

struct model {
    const access_trace *trace;
    resident list[512]; /* the oldest upload first */
    size_t count;
    size_t hand;
    uint64_t used_bytes;
};

static size_t find(const model *m, uint32_t image)
{
    size_t i = 0;
    while (i < m->count && m->list[i].image != image) {
        ++i;
    }
    return i;
}

static size_t choose_oldest(model *m, size_t now)
{
    (void)m;
    (void)now;
    return 0;
}

/* After its choice leaves, the hand's index is that of who came behind it. */
static size_t choose_unused(model *m, size_t now)
{
    (void)now;
    for (m->hand = m->hand >= m->count ? 0 : m->hand; m->list[m->hand].used;) {
        m->list[m->hand].used = false;
        m->hand = m->hand + 1 == m->count ? 0 : m->hand + 1;
    }
    return m->hand;
}

static size_t choose_farthest(model *m, size_t now)
{
    size_t best = 0;
    size_t farthest = 0;
    for (size_t i = 0; i < m->count; ++i) {
        size_t next = now;
        while (next < m->trace->access_count && m->trace->accesses[next] != m->list[i].image) {
            ++next;
        }
        if (next > farthest) {
            farthest = next;
            best = i;
        }
    }
    return best;
}

static void end_frame(model *m, size_t now, uint64_t limit, choose_fn choose, replay_result *sum)
{
    while (m->used_bytes > limit) {
        const size_t i = choose(m, now);
        m->used_bytes -= m->trace->images[m->list[i].image].bytes;
        memmove(&m->list[i], &m->list[i + 1], (m->count - i - 1) * sizeof *m->list);
        --m->count;
        ++sum->evictions;
        if (m->hand >= m->count) {
            m->hand = 0;
        }
    }
}

static replay_result run_model(const access_trace *trace, uint64_t limit, choose_fn choose)
{
    model m = {.trace = trace};
    replay_result sum = {0};
    for (size_t i = 0, frame = 0; i < trace->access_count; ++i) {
        const uint32_t image = trace->accesses[i];
        const size_t at = find(&m, image);
        if (at < m.count) {
            m.list[at].used = true;
            ++sum.hits;
        } else {
            const uint64_t bytes = trace->images[image].bytes;
            ++sum.misses;
            if (bytes > limit) {
                ++sum.refused;
            } else {
                assert_true(m.count < COUNT_OF(m.list));
                m.list[m.count++] = (resident){image, false};
                m.used_bytes += bytes;
                sum.upload_bytes += bytes;
                ++sum.uploads;
                sum.peak_bytes = m.used_bytes > sum.peak_bytes ? m.used_bytes : sum.peak_bytes;
            }
        }
        if (i + 1 == trace->frame_ends[frame]) {
            end_frame(&m, i + 1, limit, choose, &sum);
            ++frame;
        }
    }
    return sum;
}

static const random_trace kinds[] = {{40, 2000, 1, distinct_bytes}, {60, 2000, 12, distinct_bytes},
                                     {50, 2000, 30, wide_bytes},    {30, 2000, 7, two_bytes},
                                     {40, 2000, 9, equal_bytes},    {1, 20, 3, equal_bytes}};

/* Of images that are never used again it does not matter who leaves, but for who is resident meanwhile. */
static void assert_like_model(const char *name, choose_fn choose, bool whole)
{
    const replay_fn policy = replay_policy_find(name, strlen(name))->replay;
    for (uint64_t i = 0; i < 2 * COUNT_OF(kinds); ++i) {
        const uint64_t seed = test_seed(2000 + i);
        uint64_t random = seed;
        access_trace trace = make_random_trace(&kinds[i % COUNT_OF(kinds)], &random);
        for (int k = 0; k < 8; ++k) {
            const uint64_t limit = 1 + below(&random, trace.image_bytes + 10);
            const replay_result told = replay(policy, &trace, limit);
            const replay_result expected = run_model(&trace, limit, choose);
            const bool same = told.hits == expected.hits && told.misses == expected.misses &&
                              told.uploads == expected.uploads &&
                              told.upload_bytes == expected.upload_bytes && told.refused == expected.refused;
            if (!same ||
                (whole && (told.evictions != expected.evictions || told.peak_bytes != expected.peak_bytes))) {
                fail_msg("%s: seed %" PRIu64 ", limit %" PRIu64, name, seed, limit);
            }
        }
        access_trace_free(&trace);
    }
}

static void fifo_evicts_the_oldest_uploads(void **state)
{
    (void)state;
    assert_like_model("fifo", choose_oldest, true);
}

static void sieve_evicts_what_was_not_used_since_the_hand_passed(void **state)
{
    (void)state;
    assert_like_model("sieve", choose_unused, true);
}

static void belady_evicts_what_is_used_again_last(void **state)
{
    (void)state;
    assert_like_model("belady", choose_farthest, false);
}

static void with_equal_sizes_nobody_hits_more_than_belady(void **state)
{
    (void)state;
    uint64_t more = 0;
    for (uint64_t i = 0; i < 12; ++i) {
        const uint64_t seed = test_seed(3000 + i);
        uint64_t random = seed;
        const random_trace kind = {30 + (uint32_t)i, 2000, 1 + (uint32_t)i * 3, equal_bytes};
        access_trace trace = make_random_trace(&kind, &random);
        for (uint64_t limit = 64; limit <= trace.image_bytes; limit += 256) {
            const uint64_t most = replay(replay_belady, &trace, limit).hits;
            for (const replay_policy *policy = replay_policies; policy->name != NULL; ++policy) {
                const uint64_t hits = replay(policy->replay, &trace, limit).hits;
                if (hits > most) {
                    fail_msg("%s: seed %" PRIu64 ", limit %" PRIu64, policy->name, seed, limit);
                }
                more += most - hits;
            }
        }
        access_trace_free(&trace);
    }
    assert_true(more > 0);
}

static void policies_are_found_by_their_whole_names(void **state)
{
    (void)state;
    assert_ptr_equal(replay_policy_find("lru", 3)->replay, replay_cache);
    assert_ptr_equal(replay_policy_find("sieve,lru", 5)->replay, replay_sieve);
    assert_null(replay_policy_find("lru", 2));
    assert_null(replay_policy_find("lruu", 4));
    assert_null(replay_policy_find("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifo_evicts_the_oldest_uploads),
        cmocka_unit_test(sieve_evicts_what_was_not_used_since_the_hand_passed),
        cmocka_unit_test(belady_evicts_what_is_used_again_last),
        cmocka_unit_test(with_equal_sizes_nobody_hits_more_than_belady),
        cmocka_unit_test(policies_are_found_by_their_whole_names),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temporary_folder);
}

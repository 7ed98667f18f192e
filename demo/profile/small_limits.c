/* An access to image X, with R the images that were more recently used when the last frame ended. At a limit C the
 * images of R that are larger than C are not there, so what X needs depends on the limit:
 *
 *     g(C) = bytes of X + sum of the bytes of those in R that have at most C
 *
 * and the access hits at C exactly if X has at most C bytes and g(C) <= C. From the largest of R on, g is what
 * pxe_curve calls the need. Below, g is a staircase that the line C crosses now and then. To find where, jump:
 *
 *   1 start at C = bytes of X
 *   2 g(C) > C: no limit from C to g(C) - 1 hits, because g never falls; go on at C = g(C)
 *   3 g(C) <= C: all hit from C up to the next size in R above C, where g rises; go on there
 *
 * until C reaches the need. Of the sum only as much is asked as is more than twice C; a part of g(C) that is above C is
 * as good for step 2 as the whole. So a jump either doubles the limit, or it has taken in all of g(C), and the next one
 * can grow by images only that are larger than the limit before: limits grow like Fibonacci numbers at least, and jumps
 * are few.
 */
#include "small_limits.h"

/* Where the search is. */
typedef struct search {
    use_part parts[USE_MOST_CLASSES]; /* R, by class */
    size_t class_count;
    size_t next_class;    /* all before it are at most limit_bytes */
    uint64_t sum_bytes;   /* of X and those classes */
    uint64_t limit_bytes; /* C */
} search;

/* Moves whole classes that the limit does not refuse any more into the sum. */
static void take_classes(search *s)
{
    while (s->next_class < s->class_count && s->parts[s->next_class].largest_bytes <= s->limit_bytes) {
        s->sum_bytes += s->parts[s->next_class++].sum_bytes;
    }
}

/* g(C), or a part of it that is above 2 C, and the next size above C; the class in which C lies is not whole. */
static use_question ask(const use_order *order, uint32_t image, const search *s)
{
    const use_part *part = &s->parts[s->next_class];
    use_question q = {.image = image,
                      .size_class = s->next_class,
                      .limit_bytes = s->limit_bytes,
                      .sum_bytes = s->sum_bytes,
                      .next_bytes = part->smallest_bytes};
    if (part->smallest_bytes <= s->limit_bytes) {
        use_order_ask(order, &q);
    }
    return q;
}

void small_limits_add(const use_order *order, const small_access *access, steps *out)
{
    search s;
    s.class_count = use_order_newer(order, access->image, s.parts);
    s.next_class = 0;
    s.sum_bytes = s.limit_bytes = access->bytes;
    while (s.limit_bytes < access->need_bytes) {
        take_classes(&s);
        if (s.next_class == s.class_count) {
            return; /* the sum is the need */
        }
        if (s.sum_bytes > s.limit_bytes) {
            s.limit_bytes = s.sum_bytes;
            continue;
        }
        const use_question q = ask(order, access->image, &s);
        if (q.sum_bytes > s.limit_bytes) {
            s.limit_bytes = q.sum_bytes;
            continue;
        }
        steps_add(out, (step){s.limit_bytes, 1, 0 - access->bytes});
        steps_add(out, (step){q.next_bytes, UINT64_MAX, access->bytes});
        s.limit_bytes = q.next_bytes;
    }
}

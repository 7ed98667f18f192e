/* pixcache-profile replay: a row for each limit and policy. */
#include "arguments.h"
#include "output.h"
#include "profile.h"
#include "replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "TRACE.csv --limit 32M,64M [options]\n"
    "\n"
    "Replays a trace through the cache itself, without a GPU, and tells what it would have\n"
    "done at each limit. A miss uploads; at the end of a frame images leave until the\n"
    "limit holds. What alone is larger than the limit is refused, a miss each time.\n"
    "\n"
    "  --limit L,L...    video memory at the end of a frame; K, M and G are known\n"
    "  --policy P,P...   lru, the cache itself (default), or what to compare with it, by\n"
    "                    the same rules: fifo (the oldest uploads go), sieve (of those\n"
    "                    the ones without use), belady (those go that are used again\n"
    "                    last, which only a trace can tell: no cache has fewer misses\n"
    "                    while all images are of one size)\n"
    "  --ceiling SIZE    bound inside a frame: uploads past it are refused (none)\n"
    "  --csv F.csv       write the same, exactly: limit_bytes,policy,accesses,hits,misses,\n"
    "                    hit_rate,evictions,uploads,upload_bytes,peak_bytes,refused\n"
    "  --help, --version\n"
    "\n"
    "TRACE.csv, - for standard input: frame,key,bytes and perhaps name, a row an access,\n"
    "in the order of use, as --record writes it. Frames never go down. The same key with\n"
    "another size is another image. Frames without accesses are not counted.\n"
    "Exit status: 0, or 2 after a line that says why.\n";

enum { MOST_POLICIES = 16 };

typedef struct policy_list {
    const replay_policy *policies[MOST_POLICIES];
    size_t count;
} policy_list;

typedef struct replay_row {
    uint64_t limit_bytes;
    const replay_policy *policy;
    replay_result result;
} replay_row;

typedef struct replay_table {
    access_trace trace;
    replay_row *rows;
    size_t count;
} replay_table;

static bool read_policies(const char *text, void *out)
{
    policy_list *list = out;
    list->count = 0;
    for (const char *at = text;; ++at) {
        const size_t bytes = strcspn(at, ",");
        const replay_policy *policy = replay_policy_find(at, bytes);
        if (policy == NULL || list->count == MOST_POLICIES) {
            return false;
        }
        list->policies[list->count++] = policy;
        at += bytes;
        if (*at == '\0') {
            return true;
        }
    }
}

static double hit_rate(const replay_table *table, const replay_row *row)
{
    return (double)row->result.hits / (double)table->trace.access_count;
}

static void write_csv(FILE *file, const void *data)
{
    const replay_table *table = data;
    fputs("limit_bytes,policy,accesses,hits,misses,hit_rate,evictions,uploads,upload_bytes,peak_bytes,"
          "refused\n",
          file);
    for (size_t i = 0; i < table->count; ++i) {
        const replay_row *row = &table->rows[i];
        const replay_result *r = &row->result;
        fprintf(file, "%" PRIu64 ",%s,%zu,%" PRIu64 ",%" PRIu64 ",%.6f,", row->limit_bytes, row->policy->name,
                table->trace.access_count, r->hits, r->misses, hit_rate(table, row));
        fprintf(file, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", r->evictions,
                r->uploads, r->upload_bytes, r->peak_bytes, r->refused);
    }
}

static void print_head(void)
{
    printf("%10s  %-6s %12s %12s %12s %9s %11s %10s %10s %10s %9s\n", "limit", "policy", "accesses", "hits",
           "misses", "hit rate", "evictions", "uploaded", "per frame", "peak", "refused");
}

static void print_row(const replay_table *table, const replay_row *row)
{
    const replay_result *r = &row->result;
    char text[8][OUTPUT_TEXT];
    printf("%10s  %-6s %12s %12s %12s", output_bytes(text[0], (double)row->limit_bytes), row->policy->name,
           output_count(text[1], table->trace.access_count), output_count(text[2], r->hits),
           output_count(text[3], r->misses));
    printf(" %7.3f %%", 100 * hit_rate(table, row));
    printf(" %11s %10s %10s", output_count(text[4], r->evictions),
           output_bytes(text[5], (double)r->upload_bytes),
           output_bytes(text[6], (double)r->upload_bytes / (double)table->trace.frame_count));
    printf(" %10s %9s\n", output_bytes(text[7], (double)r->peak_bytes), output_count(text[0], r->refused));
    fflush(stdout); /* the next may take a while */
}

static bool replay_rows(replay_table *table, uint64_t ceiling_bytes, trace_error *error)
{
    print_head();
    for (size_t i = 0; i < table->count; ++i) {
        replay_row *row = &table->rows[i];
        progress shown = progress_start(row->policy->name);
        const replay_job job = {&table->trace, row->limit_bytes, ceiling_bytes, &shown};
        const bool done = row->policy->replay(&job, &row->result, error);
        progress_end(&shown);
        if (!done) {
            return false;
        }
        print_row(table, row);
    }
    return true;
}

static bool make_rows(replay_table *table, const profile_limits *limits, const policy_list *policies)
{
    table->rows = calloc(limits->count * policies->count, sizeof *table->rows);
    if (table->rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < limits->count; ++i) {
        for (size_t k = 0; k < policies->count; ++k) {
            table->rows[table->count++] =
                (replay_row){.limit_bytes = limits->bytes[i], .policy = policies->policies[k]};
        }
    }
    return true;
}

int profile_replay(int argc, char **argv)
{
    profile_limits limits = {0};
    policy_list policies = {{&replay_policies[0]}, 1};
    uint64_t ceiling_bytes = SIZE_MAX;
    const char *csv = NULL;
    const profile_option options[] = {
        {"--limit", PROFILE_WANTED_LIMITS, profile_read_limits, &limits},
        {"--policy", "policies between commas, of lru, fifo, sieve and belady", read_policies, &policies},
        {"--ceiling", DEMO_WANTED_BYTES, profile_read_bytes, &ceiling_bytes},
        {"--csv", "a file name", NULL, &csv},
    };
    const profile_command command = {"replay", usage, "TRACE.csv", options, sizeof options / sizeof *options};
    const char *path = NULL;
    const demo_parse parse = profile_parse(argc, argv, &command, &path);
    if (parse != DEMO_RUN) {
        return parse == DEMO_EXIT_OK ? 0 : 2;
    }
    if (limits.count == 0) {
        demo_complain(profile_program, "replay needs --limit, such as --limit 32M,64M");
        return 2;
    }
    if (!output_is_apart(csv, path, NULL)) {
        return 2;
    }
    replay_table table = {0};
    trace_error error;
    bool done = access_trace_read(path, &table.trace, &error);
    if (done && !make_rows(&table, &limits, &policies)) {
        done = trace_fail(&error, 0, "no memory for the table");
    }
    done = done && replay_rows(&table, ceiling_bytes, &error);
    int status = done ? 0 : profile_complain(path, &error);
    if (done && csv != NULL && !output_file(csv, write_csv, &table)) {
        status = 2;
    }
    free(table.rows);
    access_trace_free(&table.trace);
    return status;
}

/* The record of frames of the benchmark of loading, and what is said of them. */
#include "loading.h"

#include <stdlib.h>

/* The budget that the cache has by default for a frame: pxc_config.upload_us_per_frame. */
static const double budget_ms = 2.0;

void loading_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench_loading: %s: %s\n", what, why);
    exit(1);
}

void loading_record_open(loading_record *record, size_t capacity)
{
    *record = (loading_record){.frames = calloc(capacity, sizeof *record->frames), .capacity = capacity};
    if (record->frames == NULL) {
        loading_fail("the record of frames", "no memory");
    }
}

void loading_record_close(loading_record *record)
{
    free(record->frames);
    *record = (loading_record){0};
}

void loading_record_add(loading_record *record, const loading_frame *frame)
{
    if (record->count == record->capacity) {
        loading_fail("the record of frames", "it is full, and not all pictures are resident");
    }
    record->frames[record->count++] = *frame;
}

void loading_record_write(const loading_record *record, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        loading_fail(path, "can not be written");
    }
    fputs("frame,frame_ms,work_ms,cpu_ms,sections_ms,ready\n", file);
    for (size_t i = 0; i < record->count; ++i) {
        const loading_frame *it = &record->frames[i];
        fprintf(file, "%zu,%.3f,%.3f,%.3f,%.3f,%u\n", i, it->frame_ms, it->work_ms, it->cpu_ms,
                it->sections_ms, it->ready);
    }
    if (fclose(file) != 0) {
        loading_fail(path, "can not be written");
    }
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The smallest value that at least `permille` of the sorted values do not exceed. */
static double nearest_rank(const double *sorted, size_t count, size_t permille)
{
    const size_t rank = (count * permille + 999) / 1000;
    return sorted[rank == 0 ? 0 : rank - 1];
}

/* Which of a frame's figures: an offset, so that one function serves all. */
static double *sorted_values(const loading_record *record, size_t offset)
{
    double *values = malloc(record->count * sizeof *values);
    if (values == NULL) {
        loading_fail("the record of frames", "no memory");
    }
    for (size_t i = 0; i < record->count; ++i) {
        values[i] = *(const double *)((const char *)&record->frames[i] + offset);
    }
    qsort(values, record->count, sizeof *values, compare_doubles);
    return values;
}

static void print_work(const loading_record *record, const char *name, size_t offset)
{
    double *sorted = sorted_values(record, offset);
    size_t above = 0;
    while (above < record->count && sorted[record->count - 1 - above] > budget_ms) {
        ++above;
    }
    printf("%s_above %zu\n", name, above);
    printf("%s_within_percent %.3f\n", name, 100.0 * (double)(record->count - above) / (double)record->count);
    printf("%s_median_ms %.3f\n", name, nearest_rank(sorted, record->count, 500));
    printf("%s_p999_ms %.3f\n", name, nearest_rank(sorted, record->count, 999));
    printf("%s_max_ms %.3f\n", name, sorted[record->count - 1]);
    free(sorted);
}

void loading_record_print(const loading_record *record)
{
    if (record->count == 0) {
        loading_fail("the record of frames", "it is empty");
    }
    double *sorted = sorted_values(record, offsetof(loading_frame, frame_ms));
    printf("frames %zu\n", record->count);
    printf("frame_median_ms %.3f\n", nearest_rank(sorted, record->count, 500));
    printf("frame_p99_ms %.3f\n", nearest_rank(sorted, record->count, 990));
    printf("frame_max_ms %.3f\n", sorted[record->count - 1]);
    free(sorted);
    print_work(record, "work", offsetof(loading_frame, work_ms));
    print_work(record, "cpu", offsetof(loading_frame, cpu_ms));
    print_work(record, "sections", offsetof(loading_frame, sections_ms));
}

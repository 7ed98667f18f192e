/* Each picture is a job: what to paint, and its number. A sheet's frames are cells, painted one after the other into the
 * same floats. Jobs live as long as the images, whose workers read them; they are never written after they are made.
 */
#include "gallery.h"

#include <stdio.h>
#include <stdlib.h>

typedef enum job_kind {
    JOB_SPECIES,
    JOB_WATER,
    JOB_PLANT,
    JOB_HUNTER,
    JOB_MINNOW,
    JOB_SMALL,
    JOB_FISH
} job_kind;

struct gallery_job {
    uint64_t seed;
    job_kind kind;
    uint32_t number;
    int cell_width, cell_height, frames;
};

enum {
    JOBS = SIM_SPECIES + SEA_COLUMNS * SEA_ROWS + SEA_PLANTS + SIM_HUNTER_KINDS * GALLERY_LOOKS +
           GALLERY_MINNOWS + SMALL_COUNT + 1
};

static void paint_cell_of(const gallery_job *job, paint_cell *cell, int frame)
{
    const int number = (int)job->number;
    const float wave = job->frames == 1 ? 0 : (float)(frame - 1);
    species_genes genes;
    switch (job->kind) {
    case JOB_SPECIES:
        genes = species_genes_of(job->seed, job->number, frame);
        species_paint(cell, &genes);
        break;
    case JOB_WATER:
        sea_paint_tile(cell, job->seed, number % SEA_COLUMNS, number / SEA_COLUMNS);
        break;
    case JOB_PLANT:
        sea_paint_plant(cell, job->seed, job->number);
        break;
    case JOB_HUNTER:
        beast_paint(cell, number / GALLERY_LOOKS, job->number % GALLERY_LOOKS, wave);
        break;
    case JOB_MINNOW:
        small_paint_minnow(cell, job->seed, job->number, wave);
        break;
    case JOB_SMALL:
        small_paint(cell, (small_picture)number);
        break;
    default:
        beast_fish(cell, wave);
    }
}

static bool paint_job(void *user, unsigned char *pixels, int width, int height, pxe_error *error)
{
    const gallery_job *job = user;
    for (int frame = 0; frame < job->frames; ++frame) {
        paint_cell cell;
        if (!paint_begin(&cell, job->cell_width, height)) {
            return pxe_fail(error, "no memory to paint it");
        }
        paint_cell_of(job, &cell, frame);
        paint_write(&cell, pixels, width, frame * job->cell_width);
        paint_end(&cell);
    }
    return true;
}

static pxe_image hang(gallery *g, pxe_images *images, const char *room, gallery_job job)
{
    char name[64];
    snprintf(name, sizeof name, "%s %u", room, (unsigned)job.number);
    job.seed = g->seed;
    g->jobs[g->count] = job;
    const pxe_painting painting = {.width = job.cell_width * job.frames,
                                   .height = job.cell_height,
                                   .paint = paint_job,
                                   .user = &g->jobs[g->count]};
    const pxe_image image = pxe_images_paint(images, name, &painting, NULL);
    g->count += image.id != 0;
    return image;
}

static void hang_living(gallery *g, pxe_images *images)
{
    gallery_job job = {.kind = JOB_SPECIES,
                       .cell_width = ART_CREATURE_PX,
                       .cell_height = ART_CREATURE_PX,
                       .frames = ART_FRAMES};
    for (job.number = 0; job.number < SIM_SPECIES; ++job.number) {
        g->species[job.number] = hang(g, images, "species", job);
    }
    job = (gallery_job){
        .kind = JOB_HUNTER, .cell_width = ART_HUNTER_PX, .cell_height = ART_HUNTER_PX, .frames = ART_FRAMES};
    for (job.number = 0; job.number < SIM_HUNTER_KINDS * GALLERY_LOOKS; ++job.number) {
        g->hunters[job.number / GALLERY_LOOKS][job.number % GALLERY_LOOKS] = hang(g, images, "hunter", job);
    }
    job = (gallery_job){.kind = JOB_MINNOW, .cell_width = 32, .cell_height = 16, .frames = ART_FRAMES};
    for (job.number = 0; job.number < GALLERY_MINNOWS; ++job.number) {
        g->minnows[job.number] = hang(g, images, "minnow", job);
    }
    job = (gallery_job){
        .kind = JOB_FISH, .cell_width = ART_FISH_PX, .cell_height = ART_FISH_PX, .frames = ART_FRAMES};
    g->fish = hang(g, images, "fish", job);
}

static void hang_scenery(gallery *g, pxe_images *images)
{
    gallery_job job = {.kind = JOB_WATER, .cell_width = SEA_TILE_PX, .cell_height = SEA_TILE_PX, .frames = 1};
    for (job.number = 0; job.number < SEA_COLUMNS * SEA_ROWS; ++job.number) {
        g->water[job.number] = hang(g, images, "water", job);
    }
    job = (gallery_job){
        .kind = JOB_PLANT, .cell_width = SEA_PLANT_WIDTH_PX, .cell_height = SEA_PLANT_HEIGHT_PX, .frames = 1};
    for (job.number = 0; job.number < SEA_PLANTS; ++job.number) {
        g->plants[job.number] = hang(g, images, "plant", job);
    }
    job = (gallery_job){.kind = JOB_SMALL, .frames = 1};
    for (job.number = 0; job.number < SMALL_COUNT; ++job.number) {
        small_size((small_picture)job.number, &job.cell_width, &job.cell_height);
        g->small[job.number] = hang(g, images, "small", job);
    }
}

bool gallery_create(gallery *g, pxe_images *images, uint64_t seed)
{
    *g = (gallery){.seed = seed};
    g->jobs = calloc(JOBS, sizeof *g->jobs);
    if (g->jobs == NULL) {
        return false;
    }
    hang_living(g, images);
    hang_scenery(g, images);
    return g->count == JOBS;
}

void gallery_destroy(gallery *g)
{
    free(g->jobs);
    *g = (gallery){.count = 0};
}

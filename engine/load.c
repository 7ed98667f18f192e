/* One source on its way, from being asked for until the last of its pictures is uploaded. */
#include "loader.h"

#include <stdlib.h>
#include <string.h>

void pxe_load_add(pxe_load *load, uint32_t image, const pxe_image_options *options)
{
    load->deliveries[load->count++] = (pxe_delivery){.load = load, .image = image, .options = *options};
}

pxe_load *pxe_load_create(pxe_source *source, uint32_t image, const pxe_image_options *options)
{
    pxe_load *load = calloc(1, sizeof *load);
    if (load != NULL) {
        load->source = source;
        atomic_init(&load->stage, PXE_LOAD_QUEUED);
        atomic_init(&load->asked_frame, 0);
        pxe_load_add(load, image, options);
    }
    return load;
}

void pxe_load_fail(pxe_load *load, const pxe_error *error)
{
    load->failure = malloc(strlen(error->text) + 1);
    if (load->failure != NULL) {
        memcpy(load->failure, error->text, strlen(error->text) + 1);
    }
}

void pxe_load_free(pxe_load *load)
{
    pxe_deliveries_free(load->deliveries, load->count);
    free(load->failure);
    free(load);
}

/* One source on its way, from being asked for until the last of its pictures is uploaded; and queues of such. */
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

void pxe_loads_append(pxe_loads *to, pxe_load *load)
{
    load->next = NULL;
    load->prev = to->last;
    *(to->last == NULL ? &to->first : &to->last->next) = load;
    to->last = load;
}

void pxe_loads_put_first(pxe_loads *to, pxe_load *load)
{
    load->prev = NULL;
    load->next = to->first;
    *(to->first == NULL ? &to->last : &to->first->prev) = load;
    to->first = load;
}

void pxe_loads_unlink(pxe_loads *from, pxe_load *load)
{
    *(load->prev == NULL ? &from->first : &load->prev->next) = load->next;
    *(load->next == NULL ? &from->last : &load->next->prev) = load->prev;
}

void pxe_loads_insert(pxe_loads *into, pxe_load *before, pxe_load *load)
{
    load->prev = before;
    load->next = before->next;
    *(before->next == NULL ? &into->last : &before->next->prev) = load;
    before->next = load;
}

pxe_load *pxe_loads_pop(pxe_loads *from)
{
    pxe_load *load = from->first;
    if (load != NULL) {
        pxe_loads_unlink(from, load);
    }
    return load;
}

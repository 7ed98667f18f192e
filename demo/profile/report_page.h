/* The parts of the page that C writes. */
#ifndef PROFILE_REPORT_PAGE_H
#define PROFILE_REPORT_PAGE_H

#include "frame_notes.h"

#include <stdio.h>

typedef struct report {
    const char *title, *source;
    const frame_csv *csv;
    const frame_notes *notes;
    double *times; /* room for csv->rows */
} report;

/* Checking what it writes is its caller's: see ferror. */
void report_write_page(FILE *page, const report *it);

/* report_tables.c: readable without JavaScript. */
void report_write_summary(FILE *page, const report *it);
void report_write_slow(FILE *page, const report *it);
void report_write_pictures(FILE *page, const report *it);

/* report_data.c: for page.js. */
void report_write_data(FILE *page, const report *it);

/* page.html, page.css and the .js, one after the other, as embed.cmake makes them. */
extern const char report_html[], report_css[], report_js[];

#endif

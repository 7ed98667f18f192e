/* Texts and figures for a page: what a file says is data, whatever it looks like. */
#ifndef PROFILE_REPORT_TEXT_H
#define PROFILE_REPORT_TEXT_H

#include <stdint.h>
#include <stdio.h>

/* As HTML text, or within a quoted attribute. What is no UTF-8 is shown as U+FFFD, a control character as its
 * picture. */
void put_html(FILE *page, const char *text);

/* As a JSON string with its quotes, which may stand within a script element. Likewise. */
void put_json(FILE *page, const char *text);

/* For people: 1,234,567; 12.345 or 1,234.5 milliseconds without their unit; 1.50 MiB; 99.1 %. */
void put_count(FILE *page, double count);
void put_ms(FILE *page, double ms);
void put_bytes(FILE *page, double bytes);
void put_percent(FILE *page, double part, double whole);

#endif

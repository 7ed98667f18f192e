/* Bytes, rates and names as text. Only ASCII is added: the built-in font has no more. */
#include "hud.h"

#include "font.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

pxe_hud_word pxe_hud_bytes(uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    pxe_hud_word word;
    double amount = (double)bytes / 1024;
    int unit = 0;
    while (unit < 3 && amount >= 1000) { /* not 1024: four digits are hard to compare */
        amount /= 1024;
        ++unit;
    }
    const int decimals = unit == 0 || amount >= 100 ? 0 : 1;
    snprintf(word.text, sizeof word.text, "%.*f %s", decimals, amount, units[unit]);
    return word;
}

pxe_hud_word pxe_hud_doubling(int log2_bytes)
{
    static const char units[] = {' ', 'K', 'M', 'G', 'T', 'P'};
    pxe_hud_word word;
    snprintf(word.text, sizeof word.text, "%d %ciB", 1 << log2_bytes % 10, units[log2_bytes / 10]);
    return word;
}

/* 100 % only if nothing was missed. */
pxe_hud_word pxe_hud_percent(double rate)
{
    pxe_hud_word word = {"-"};
    if (rate >= 0) {
        const double percent = rate * 100;
        snprintf(word.text, sizeof word.text, "%.1f %%", percent < 100 && percent > 99.9 ? 99.9 : percent);
    }
    return word;
}

uint64_t pxe_hud_mib_up(uint64_t bytes)
{
    return (bytes >> 20) + ((bytes & 0xFFFFF) != 0 ? 1 : 0);
}

static bool breaks_lines(char byte)
{
    return (unsigned char)byte < 0x20 || byte == 0x7F;
}

static void copy_part(const char *from, size_t bytes, char *to)
{
    memcpy(to, from, bytes);
    to[bytes] = '\0';
    for (size_t i = 0; i < bytes; ++i) {
        if (breaks_lines(to[i])) {
            to[i] = '?';
        }
    }
}

/* Of the character at *at, which moves on. */
static float advance(pxe_font *font, float size_px, const char **at)
{
    const uint32_t character = pxe_utf8_next(at);
    return pxe_font_letter(font, character < 0x20 || character == 0x7F ? '?' : character).advance * size_px;
}

static float width_of(pxe_font *font, float size_px, const char *text)
{
    float width = 0;
    while (*text != '\0') {
        width += advance(font, size_px, &text);
    }
    return width;
}

/* A file's name says more than its folder: the end gets the larger part. */
void pxe_hud_shorten(pxe_font *font, float size_px, float width_px, const char *name,
                     char out[PXE_HUD_NAME_BYTES])
{
    enum { HEAD_BYTES = 80, TAIL_BYTES = 160 };
    static const char dots[] = "...";
    const float head_share = 0.2F;
    const float width = width_of(font, size_px, name);
    const size_t bytes = strlen(name);
    if (width <= width_px && bytes < PXE_HUD_NAME_BYTES) {
        copy_part(name, bytes, out);
        return;
    }
    const float room = width_px - width_of(font, size_px, dots);
    const char *head_end = name;
    float taken = 0;
    for (const char *at = name; *at != '\0';) {
        taken += advance(font, size_px, &at);
        if (taken > room * head_share || at - name > HEAD_BYTES) {
            break;
        }
        head_end = at;
    }
    const char *tail = name; /* never before the head's end: the name is wider, or longer, than both */
    for (float left = width;
         *tail != '\0' && (left > room * (1 - head_share) || bytes - (size_t)(tail - name) > TAIL_BYTES);) {
        left -= advance(font, size_px, &tail);
    }
    const size_t head_bytes = (size_t)(head_end - name);
    copy_part(name, head_bytes, out);
    copy_part(dots, sizeof dots - 1, out + head_bytes);
    copy_part(tail, strlen(tail), out + head_bytes + sizeof dots - 1);
}

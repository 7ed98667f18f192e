/* UTF-8, of which strings from anywhere may be only almost. Pure. Thread: any. */
#ifndef PXE_UTF8_H
#define PXE_UTF8_H

#include <stdint.h>

#define PXE_NOT_UTF8 UINT32_MAX

/* The character at *at, which moves on; *at must not be at the end. What is not UTF-8 gives PXE_NOT_UTF8,
 * once for each byte that begins nothing and once for each beginning that does not go on: the Unicode
 * Standard's advice (15.0, section 3.9, "U+FFFD Substitution of Maximal Subparts"). Overlong forms,
 * surrogates and what is above U+10FFFF are not UTF-8. */
static inline uint32_t pxe_utf8_next(const char **at)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    const uint32_t first = bytes[0];
    ++*at;
    if (first < 0x80) {
        return first;
    }
    if (first < 0xC2 || first > 0xF4) {
        return PXE_NOT_UTF8;
    }
    /* The second byte's bounds keep out overlong forms, surrogates and what is too large. */
    const uint32_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const uint32_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    const int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t character = first & (0x3FU >> more);
    for (int i = 1; i <= more; ++i) {
        const uint32_t next = bytes[i]; /* the end of the string is a byte that does not go on */
        if (next < (i == 1 ? low : 0x80U) || next > (i == 1 ? high : 0xBFU)) {
            return PXE_NOT_UTF8;
        }
        character = character << 6 | (next & 0x3F);
        ++*at;
    }
    return character;
}

#endif

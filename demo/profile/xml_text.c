/* File names are bytes. In an XML file one that is no UTF-8 would make the whole file unreadable.
 * Source: Extensible Markup Language (XML) 1.0, section 2.2, for what is a character. */
#include "xml_text.h"

#include <stdbool.h>
#include <stdint.h>

static const char replacement[] = "\xEF\xBF\xBD";

/* How many bytes the character at text has, by its first byte; 0 = none begins so. *least = the smallest that needs
 * them. */
static int length_of(unsigned char first, uint32_t *least)
{
    *least = first < 0x80 ? 0 : first < 0xE0 ? 0x80 : first < 0xF0 ? 0x800 : 0x10000;
    return first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
}

static bool is_xml(uint32_t character)
{
    return character >= 0x20 && !(character >= 0x7F && character < 0xA0) &&
           !(character >= 0xD800 && character < 0xE000) && character != 0xFFFE && character != 0xFFFF &&
           character <= 0x10FFFF;
}

/* The bytes of the character at text; 0 if it is none that may stand in XML. A NUL ends the text and is none. */
static int character_at(const char *text)
{
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t least = 0;
    const int length = length_of((unsigned char)*text, &least);
    uint32_t character = (unsigned char)*text & first_bits[length];
    for (int i = 1; i < length; ++i) {
        const unsigned char next = (unsigned char)text[i];
        if ((next & 0xC0) != 0x80) {
            return 0;
        }
        character = character << 6 | (next & 0x3F);
    }
    return character >= least && is_xml(character) ? length : 0;
}

static void write_character(FILE *file, const char *text, int length)
{
    const char *name = length != 1     ? NULL
                       : *text == '<'  ? "&lt;"
                       : *text == '>'  ? "&gt;"
                       : *text == '&'  ? "&amp;"
                       : *text == '"'  ? "&quot;"
                       : *text == '\'' ? "&#39;"
                                       : NULL;
    if (length == 0) {
        fputs(replacement, file);
    } else if (name != NULL) {
        fputs(name, file);
    } else {
        fwrite(text, 1, (size_t)length, file);
    }
}

void xml_write_text(FILE *file, const char *text, int most_characters)
{
    for (int i = 0; *text != '\0'; ++i) {
        if (i == most_characters) {
            fputs("\xE2\x80\xA6", file);
            return;
        }
        const int length = character_at(text);
        write_character(file, text, length);
        text += length == 0 ? 1 : length;
    }
}

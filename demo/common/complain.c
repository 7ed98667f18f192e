/* One line, whatever the text holds: scripts read stderr by lines, and a terminal must not obey a file's name. */
#include "complain.h"

#include <stdarg.h>
#include <stdio.h>

void demo_complain(const char *program, const char *format, ...)
{
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (char *c = line; *c != '\0'; ++c) { /* file names may hold line breaks and escapes */
        if ((unsigned char)*c < 0x20 || *c == 0x7F) {
            *c = '?';
        }
    }
    fprintf(stderr, "%s: %s\n", program, line);
}

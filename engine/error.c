/* The text of a failure. */
#include <pxe/error.h>

#include <stdarg.h>
#include <stdio.h>

bool pxe_fail(pxe_error *error, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        for (char *c = error->text; *c != '\0';
             ++c) { /* parts may come from files: no line breaks, no escapes */
            if ((unsigned char)*c < 0x20 || *c == 0x7F) {
                *c = '?';
            }
        }
    }
    return false;
}

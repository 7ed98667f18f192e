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
    }
    return false;
}

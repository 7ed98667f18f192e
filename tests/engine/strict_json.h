/* A small strict JSON reader (RFC 8259): is it well-formed, where is a member's value, and what does a string say? */
#ifndef PIXCACHE_TESTS_STRICT_JSON_H
#define PIXCACHE_TESTS_STRICT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static inline const char *json_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* Each returns what follows, or NULL if it is not one. */
static inline const char *json_value(const char *at, int depth);

static inline const char *json_string(const char *at)
{
    if (*at++ != '"') {
        return NULL;
    }
    while (*at != '"') {
        if ((unsigned char)*at < 0x20) {
            return NULL; /* the end, too */
        }
        if (*at == '\\') {
            ++at;
            if (*at == 'u') {
                if (strspn(at + 1, "0123456789abcdefABCDEF") < 4) {
                    return NULL;
                }
                at += 4;
            } else if (*at == '\0' || strchr("\"\\/bfnrt", *at) == NULL) {
                return NULL;
            }
        }
        ++at;
    }
    return at + 1;
}

static inline const char *json_digits(const char *at)
{
    const size_t count = strspn(at, "0123456789");
    return count == 0 ? NULL : at + count;
}

static inline const char *json_number(const char *at)
{
    at += *at == '-' ? 1 : 0;
    at = *at == '0' ? at + 1 : json_digits(at);
    if (at != NULL && *at == '.') {
        at = json_digits(at + 1);
    }
    if (at != NULL && (*at == 'e' || *at == 'E')) {
        ++at;
        at = json_digits(at + (*at == '+' || *at == '-' ? 1 : 0));
    }
    return at;
}

/* The inside of an object or an array behind its opening bracket. */
static inline const char *json_members(const char *at, bool object, int depth)
{
    const char close = object ? '}' : ']';
    at = json_space(at);
    if (*at == close) {
        return at + 1;
    }
    for (;;) {
        at = json_space(at);
        if (object) {
            at = json_string(at);
            at = at == NULL ? NULL : json_space(at);
            if (at == NULL || *at++ != ':') {
                return NULL;
            }
        }
        at = json_value(json_space(at), depth);
        if (at == NULL) {
            return NULL;
        }
        at = json_space(at);
        if (*at == close) {
            return at + 1;
        }
        if (*at++ != ',') {
            return NULL;
        }
    }
}

static inline const char *json_value(const char *at, int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    if (depth > 64) {
        return NULL;
    }
    if (*at == '{' || *at == '[') {
        return json_members(at + 1, *at == '{', depth + 1);
    }
    if (*at == '"') {
        return json_string(at);
    }
    for (size_t i = 0; i < 3; ++i) {
        if (strncmp(at, words[i], strlen(words[i])) == 0) {
            return at + strlen(words[i]);
        }
    }
    return json_number(at);
}

static inline bool json_is_well_formed(const char *text)
{
    const char *end = json_value(json_space(text), 0);
    return end != NULL && *json_space(end) == '\0';
}

/* The value of this member of a well-formed object, NULL if it has none. */
static inline const char *json_member(const char *object, const char *name)
{
    const size_t length = strlen(name);
    const char *at = json_space(object + 1);
    while (*at == '"') {
        const char *after = json_string(at);
        const bool found = (size_t)(after - at) == length + 2 && strncmp(at + 1, name, length) == 0;
        at = json_space(json_space(after) + 1); /* behind the colon */
        if (found) {
            return at;
        }
        at = json_space(json_value(at, 0));
        at = *at == ',' ? json_space(at + 1) : at;
    }
    return NULL;
}

/* The first value of an array; NULL = it is empty. */
static inline const char *json_first(const char *array)
{
    const char *at = json_space(array + 1);
    return *array != '[' || *at == ']' ? NULL : at;
}

/* The value behind this one in an array; NULL = it was the last. */
static inline const char *json_next(const char *value)
{
    const char *at = json_space(json_value(value, 0));
    return *at == ',' ? json_space(at + 1) : NULL;
}

/* A string's text without its quotes and escapes, cut to size; "" if it is no string. Escapes give UTF-8, halves of
 * a pair one by one. */
static inline const char *json_text(const char *at, char *out, size_t size)
{
    static const char letters[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";
    size_t length = 0;
    out[0] = '\0';
    if (at == NULL || *at != '"') {
        return out;
    }
    for (++at; *at != '"' && length + 4 < size; ++at) {
        unsigned code = (unsigned char)*at;
        if (*at == '\\') {
            const char *letter = *++at == '\0' ? NULL : strchr(letters, *at);
            code = letter != NULL ? (unsigned char)meant[letter - letters] : (unsigned char)*at;
            if (*at == 'u') {
                char digits[5] = {at[1], at[2], at[3], at[4], '\0'};
                code = (unsigned)strtoul(digits, NULL, 16);
                at += 4;
                if (code >= 0x800) {
                    out[length++] = (char)(0xE0 | code >> 12);
                    out[length++] = (char)(0x80 | (code >> 6 & 0x3F));
                    code = 0x80 | (code & 0x3F);
                } else if (code >= 0x80) {
                    out[length++] = (char)(0xC0 | code >> 6);
                    code = 0x80 | (code & 0x3F);
                }
            }
        }
        out[length++] = (char)code;
    }
    out[length] = '\0';
    return out;
}

#endif

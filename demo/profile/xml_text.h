/* Any bytes as text of an XML file. */
#ifndef PROFILE_XML_TEXT_H
#define PROFILE_XML_TEXT_H

#include <stdio.h>

/* Writes at most so many characters of it, and an ellipsis if there are more. What is no UTF-8, or no character of XML,
 * becomes U+FFFD. */
void xml_write_text(FILE *file, const char *text, int most_characters);

#endif

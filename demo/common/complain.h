/* How all demos say what is wrong. */
#ifndef DEMO_COMPLAIN_H
#define DEMO_COMPLAIN_H

/* One line on stderr: "program: " and the text. */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
void demo_complain(const char *program, const char *format, ...);

#endif

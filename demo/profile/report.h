/* pixcache-profile report: a frame CSV as a page. */
#ifndef PROFILE_REPORT_H
#define PROFILE_REPORT_H

/* argv[0] is "report". Result: the program's exit status. */
int profile_report(int argc, char **argv);

#endif

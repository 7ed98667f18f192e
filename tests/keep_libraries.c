/* Takes the place of the C library's dlclose, for SDL and EGL too: libraries stay loaded. Graphics drivers keep tables
 * in their static variables for the life of the process, and SDL unloads them before its end; what those variables hold
 * would then look like a leak, in a library that is gone and so has no name to suppress it by.
 *
 * Linked into the tests that open a window, and preloaded into the programs that tests start.
 */
int dlclose(void *library);

int dlclose(void *library)
{
    (void)library;
    return 0;
}

/* Makes every fsync of a process 10 ms slower (LD_PRELOAD), as a cheap card or a busy disk would. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int after_a_moment(const char *name, int file)
{
    struct timespec moment = {0, 10 * 1000 * 1000};
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    nanosleep(&moment, 0);
    return real(file);
}

int fsync(int file) { return after_a_moment("fsync", file); }
int fdatasync(int file) { return after_a_moment("fdatasync", file); }

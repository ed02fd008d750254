// To be preloaded: makes calls that write or sync files of one folder fail, counted over all threads. strace would
// count within each thread, and the sync of a commit could not be hit alone.
//
// FAULT_FOLDER; FAULT_CALL, the call that fails; FAULT_ERROR, a number; FAULT_FIRST, FAULT_LAST, FAULT_STEP, which
// of its calls; FAULT_NOTE, a file that gets "." for each that was counted and "x" for each that failed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static bool is_meant(int file, const char *call) {
    const char *meant = getenv("FAULT_CALL"), *folder = getenv("FAULT_FOLDER");
    if (meant == NULL || folder == NULL || strcmp(meant, call) != 0) return false;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    size_t inside = strlen(folder);
    return length >= (ssize_t)inside && strncmp(path, folder, inside) == 0
        && (length == (ssize_t)inside || path[inside] == '/');
}

static bool fails(int file, const char *call) {
    if (!is_meant(file, call)) return false;
    long at = atomic_fetch_add(&calls, 1) + 1, first = number("FAULT_FIRST");
    bool now = first > 0 && at >= first && at <= number("FAULT_LAST") && (at - first) % number("FAULT_STEP") == 0;
    int note = open(getenv("FAULT_NOTE"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (note >= 0) {
        // Past the functions below, which would count it.
        syscall(SYS_write, note, now ? "x" : ".", 1);
        close(note);
    }
    if (now) errno = (int)number("FAULT_ERROR");
    return now;
}

#define FAILING(type, name, call, parameters, arguments)                                                            \
    type name parameters {                                                                                         \
        static type(*next) parameters;                                                                             \
        if (next == NULL) next = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                      \
        return fails(file, call) ? -1 : next arguments;                                                            \
    }

FAILING(ssize_t, write, "write", (int file, const void *bytes, size_t size), (file, bytes, size))
FAILING(ssize_t, pwrite, "pwrite", (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at))
FAILING(ssize_t, pwrite64, "pwrite", (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at))
FAILING(int, ftruncate, "ftruncate", (int file, off_t size), (file, size))
FAILING(int, ftruncate64, "ftruncate", (int file, off64_t size), (file, size))
FAILING(int, fsync, "fsync", (int file), (file))
FAILING(int, fdatasync, "fdatasync", (int file), (file))

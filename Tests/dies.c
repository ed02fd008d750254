// To be preloaded: kills the process just before its n-th write or sync to disk (DIES_AT), counted over all of
// its threads, and notes which call that was (DIES_NOTE). Sockets, pipes and terminals do not count.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;

static void count(const char *call) {
    const char *at = getenv("DIES_AT"), *path = getenv("DIES_NOTE");
    if (at == NULL || atomic_fetch_add(&calls, 1) + 1 != atol(at)) return;
    int note = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (note >= 0) {
        // Past the functions below, which would count it.
        syscall(SYS_write, note, call, strlen(call));
        syscall(SYS_write, note, "\n", 1);
    }
    kill(getpid(), SIGKILL);
}

static void count_file(int file, const char *call) {
    struct stat status;
    if (fstat(file, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) count(call);
}

#define COUNTED(type, name, parameters, arguments)                                                                 \
    type name parameters {                                                                                         \
        static type(*next) parameters;                                                                             \
        if (next == NULL) next = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                      \
        count_file(file, #name);                                                                                   \
        return next arguments;                                                                                     \
    }

COUNTED(ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size))
COUNTED(ssize_t, pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at))
COUNTED(ssize_t, pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at))
COUNTED(int, ftruncate, (int file, off_t size), (file, size))
COUNTED(int, ftruncate64, (int file, off64_t size), (file, size))
COUNTED(int, fsync, (int file), (file))
COUNTED(int, fdatasync, (int file), (file))

int rename(const char *from, const char *to) {
    static int (*next)(const char *, const char *);
    if (next == NULL) next = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    count("rename");
    return next(from, to);
}

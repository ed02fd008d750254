// To be preloaded: records what is written to the files of one folder, with the data and in its order, so that the
// disk can be made anew as a power cut would have left it.
//
// RECORD_FOLDER; RECORD_LOG, a file outside of it. A record is a header (struct record), the path or paths, each
// ended by a zero, and the data. A sync has two, before and after it: it covers what was recorded before the first.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// What is done to: c a file that is new, w bytes of it at an offset, t its length, r a name that becomes another,
// u a name, b the begin and e the end of a sync, of a folder as well, l a second name, d a folder that is new.
struct record {
    uint32_t magic;
    uint32_t kind;
    uint64_t file;   // its inode
    uint64_t offset; // or length
    uint32_t paths;
    uint32_t size;
    uint64_t serial; // of a sync
};

static void put(struct record record, const char *first, const char *second, const void *data, size_t size) {
    static const uint32_t magic = 0x52435244;
    int log = open(getenv("RECORD_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) abort();
    record.magic = magic;
    record.paths = (uint32_t)((first ? strlen(first) + 1 : 0) + (second ? strlen(second) + 1 : 0));
    record.size = (uint32_t)size;
    struct iovec parts[] = {
        {&record, sizeof record},
        {(void *)first, first ? strlen(first) + 1 : 0},
        {(void *)second, second ? strlen(second) + 1 : 0},
        {(void *)data, size},
    };
    // One call: the records of several threads and processes do not mingle.
    if (syscall(SYS_writev, log, parts, 4) != (long)(sizeof record + record.paths + size)) abort();
    close(log);
}

static bool is_inside(const char *path) {
    const char *folder = getenv("RECORD_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    return length && getenv("RECORD_LOG") && strncmp(path, folder, length) == 0
        && (path[length] == '/' || path[length] == 0);
}

static bool path_of(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return false;
    path[length] = 0;
    return is_inside(path);
}

// The whole path of a name; what is opened and renamed here is named by whole paths or from the working folder.
static bool whole(const char *name, char *path) {
    char folder[PATH_MAX];
    if (name[0] == '/') snprintf(path, PATH_MAX, "%s", name);
    else if (getcwd(folder, sizeof folder)) snprintf(path, 2 * PATH_MAX, "%s/%s", folder, name);
    else return false;
    return is_inside(path);
}

static uint64_t inode(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 ? status.st_ino : 0;
}

#define NEXT(type, name, parameters)                                                                               \
    static type(*next) parameters;                                                                                 \
    if (next == NULL) next = (type(*) parameters)dlsym(RTLD_NEXT, #name)

static int opened(int file, const char *path, bool inside, int flags, uint64_t before) {
    struct stat status;
    if (file < 0 || !inside || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return file;
    if ((flags & O_CREAT) && status.st_ino != before)
        put((struct record){.kind = 'c', .file = status.st_ino}, path, NULL, NULL, 0);
    else if (flags & O_TRUNC)
        put((struct record){.kind = 't', .file = status.st_ino}, NULL, NULL, NULL, 0);
    return file;
}

#define OPENING(name)                                                                                              \
    int name(const char *file, int flags, ...) {                                                                   \
        NEXT(int, name, (const char *, int, ...));                                                                 \
        va_list rest;                                                                                              \
        va_start(rest, flags);                                                                                     \
        mode_t mode = va_arg(rest, mode_t);                                                                        \
        va_end(rest);                                                                                              \
        char path[2 * PATH_MAX];                                                                                   \
        bool inside = whole(file, path);                                                                           \
        uint64_t before = inside && (flags & O_CREAT) ? inode(path) : 0;                                           \
        return opened(next(file, flags, mode), path, inside, flags, before);                                       \
    }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name)                                                                                           \
    int name(int at, const char *file, int flags, ...) {                                                           \
        NEXT(int, name, (int, const char *, int, ...));                                                            \
        va_list rest;                                                                                              \
        va_start(rest, flags);                                                                                     \
        mode_t mode = va_arg(rest, mode_t);                                                                        \
        va_end(rest);                                                                                              \
        char path[2 * PATH_MAX];                                                                                   \
        bool inside = whole(file, path);                                                                           \
        uint64_t before = inside && (flags & O_CREAT) ? inode(path) : 0;                                           \
        return opened(next(at, file, flags, mode), path, inside, flags, before);                                   \
    }
OPENING_AT(openat)
OPENING_AT(openat64)

static void written(int file, ssize_t size, uint64_t offset, const void *bytes) {
    char path[PATH_MAX];
    struct stat status;
    if (size <= 0 || !path_of(file, path) || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return;
    put((struct record){.kind = 'w', .file = status.st_ino, .offset = offset}, NULL, NULL, bytes, (size_t)size);
}

ssize_t write(int file, const void *bytes, size_t size) {
    NEXT(ssize_t, write, (int, const void *, size_t));
    ssize_t done = next(file, bytes, size);
    char path[PATH_MAX];
    if (done > 0 && path_of(file, path)) written(file, done, (uint64_t)(lseek(file, 0, SEEK_CUR) - done), bytes);
    return done;
}

#define WRITING_AT(name, offset)                                                                                   \
    ssize_t name(int file, const void *bytes, size_t size, offset at) {                                            \
        NEXT(ssize_t, name, (int, const void *, size_t, offset));                                                  \
        ssize_t done = next(file, bytes, size, at);                                                                \
        written(file, done, (uint64_t)at, bytes);                                                                  \
        return done;                                                                                               \
    }
WRITING_AT(pwrite, off_t)
WRITING_AT(pwrite64, off64_t)

#define CUTTING(name, type)                                                                                        \
    int name(int file, type length) {                                                                              \
        NEXT(int, name, (int, type));                                                                              \
        int done = next(file, length);                                                                             \
        char path[PATH_MAX];                                                                                       \
        struct stat status;                                                                                        \
        if (done == 0 && path_of(file, path) && fstat(file, &status) == 0)                                         \
            put((struct record){.kind = 't', .file = status.st_ino, .offset = (uint64_t)length}, NULL, NULL, NULL, \
                0);                                                                                                \
        return done;                                                                                               \
    }
CUTTING(ftruncate, off_t)
CUTTING(ftruncate64, off64_t)

#define SYNCING(name)                                                                                              \
    int name(int file) {                                                                                           \
        NEXT(int, name, (int));                                                                                    \
        char path[PATH_MAX];                                                                                       \
        struct stat status;                                                                                        \
        if (!path_of(file, path) || fstat(file, &status) != 0) return next(file);                                  \
        static _Atomic uint64_t serials;                                                                           \
        uint64_t serial = ((uint64_t)getpid() << 32) + ++serials;                                                  \
        put((struct record){.kind = 'b', .file = status.st_ino, .serial = serial}, path, NULL, NULL, 0);           \
        int done = next(file);                                                                                     \
        if (done == 0)                                                                                             \
            put((struct record){.kind = 'e', .file = status.st_ino, .serial = serial}, path, NULL, NULL, 0);       \
        return done;                                                                                               \
    }
SYNCING(fsync)
SYNCING(fdatasync)

int rename(const char *from, const char *to) {
    NEXT(int, rename, (const char *, const char *));
    char first[2 * PATH_MAX], second[2 * PATH_MAX];
    bool inside = whole(from, first) && whole(to, second);
    int done = next(from, to);
    if (done == 0 && inside) put((struct record){.kind = 'r'}, first, second, NULL, 0);
    return done;
}

int link(const char *from, const char *to) {
    NEXT(int, link, (const char *, const char *));
    char first[2 * PATH_MAX], second[2 * PATH_MAX];
    bool inside = whole(from, first) && whole(to, second);
    int done = next(from, to);
    if (done == 0 && inside) put((struct record){.kind = 'l'}, first, second, NULL, 0);
    return done;
}

#define REMOVING(name)                                                                                             \
    int name(const char *file) {                                                                                   \
        NEXT(int, name, (const char *));                                                                           \
        char path[2 * PATH_MAX];                                                                                   \
        bool inside = whole(file, path);                                                                           \
        int done = next(file);                                                                                     \
        if (done == 0 && inside) put((struct record){.kind = 'u'}, path, NULL, NULL, 0);                           \
        return done;                                                                                               \
    }
REMOVING(unlink)
REMOVING(remove)

int mkdir(const char *file, mode_t mode) {
    NEXT(int, mkdir, (const char *, mode_t));
    char path[2 * PATH_MAX];
    bool inside = whole(file, path);
    int done = next(file, mode);
    if (done == 0 && inside) put((struct record){.kind = 'd'}, path, NULL, NULL, 0);
    return done;
}

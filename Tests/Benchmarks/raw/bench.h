/* What the baselines have in common: a clock, a generator, percentiles, and SQLite that must not fail. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static inline uint64_t chance(void) {
    static uint64_t state = 0x9e3779b97f4a7c15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static inline void fill(unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) bytes[i] = (unsigned char)chance();
}

/* Words of lower-case letters, with a gap after each five, as the edits have them. */
static inline void words(char *text, int letters) {
    for (int i = 0; i < letters; i++) text[i] = i % 6 == 5 ? ' ' : (char)('a' + chance() % 26);
    text[letters] = 0;
}

static inline int rising(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

#ifdef SQLITE_VERSION
static sqlite3 *db;

static inline void check(int result, const char *what) {
    if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE) return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static inline void run(const char *sql) { check(sqlite3_exec(db, sql, NULL, NULL, NULL), sql); }

static inline sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), sql);
    return statement;
}

/* Executes a bound statement once, and makes it ready for the next time. */
static inline void step(sqlite3_stmt *statement) {
    check(sqlite3_step(statement), sqlite3_sql(statement));
    check(sqlite3_reset(statement), sqlite3_sql(statement));
}

static inline void open_durably(const char *path) {
    check(sqlite3_open(path, &db), path);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
}
#endif

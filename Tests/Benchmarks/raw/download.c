/* download SOURCE TARGET: writes the log and the read model of a replica's database into a new one with the
   same tables, a thousand changes to a commit, durable. Computes nothing. Prints changes per second. */
#include <sqlite3.h>
#include "bench.h"

/* The statements that make SOURCE's tables and indexes, without those that FTS makes itself. */
static void copy_schema(void) {
    sqlite3_stmt *list = prepare(
        "SELECT sql FROM source.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'search_%' ORDER BY rowid");
    while (sqlite3_step(list) == SQLITE_ROW) run((const char *)sqlite3_column_text(list, 0));
    sqlite3_finalize(list);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    remove(arguments[2]);
    open_durably(arguments[2]);
    run("PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON");
    sqlite3_stmt *attach = prepare("ATTACH ? AS source");
    sqlite3_bind_text(attach, 1, arguments[1], -1, SQLITE_STATIC);
    step(attach);
    copy_schema();
    sqlite3_stmt *last = prepare("SELECT max(id) FROM source.change");
    check(sqlite3_step(last), "count");
    sqlite3_int64 rows = sqlite3_column_int64(last, 0);
    sqlite3_reset(last);
    /* The source has them by record only; in the order of the log they are read as they were written. */
    run("CREATE TEMP TABLE touches AS SELECT * FROM source.touch ORDER BY change");
    run("CREATE INDEX temp.touchesChange ON touches (change)");
    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
    sqlite3_stmt *changes = prepare("INSERT INTO change SELECT * FROM source.change WHERE id > ? AND id <= ?");
    sqlite3_stmt *touches = prepare(
        "INSERT INTO touch SELECT * FROM temp.touches t WHERE t.change > ? AND t.change <= ?");
    double start = seconds(CLOCK_MONOTONIC);
    for (sqlite3_int64 row = 0; row < rows; row += 1000) {
        step(begin);
        sqlite3_bind_int64(changes, 1, row);
        sqlite3_bind_int64(changes, 2, row + 1000);
        step(changes);
        sqlite3_bind_int64(touches, 1, row);
        sqlite3_bind_int64(touches, 2, row + 1000);
        step(touches);
        step(commit);
    }
    step(begin);
    run("INSERT INTO record SELECT * FROM source.record");
    run("INSERT INTO search (rowid, title, body) SELECT rowid, title, body FROM source.search");
    step(commit);
    printf("rate %f\n", (double)rows / (seconds(CLOCK_MONOTONIC) - start));
    return 0;
}

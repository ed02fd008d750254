/* rows DATABASE COUNT: inserts rows of 84 bytes (replica 16, number, body 60), a hundred to a commit, replica
   by replica, with the unique key that a log needs; each commit waits for the disk. Prints rows per second. */
#include <sqlite3.h>
#include "bench.h"

int main(int count, char **arguments) {
    if (count != 3) return 2;
    remove(arguments[1]);
    open_durably(arguments[1]);
    run("CREATE TABLE change (id INTEGER PRIMARY KEY, replica BLOB, number INTEGER, body BLOB, "
        "UNIQUE (replica, number))");
    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
    sqlite3_stmt *insert = prepare("INSERT INTO change (replica, number, body) VALUES (?, ?, ?)");
    unsigned char replica[16], body[60];
    fill(body, sizeof body);
    int rows = atoi(arguments[2]);
    double start = seconds(CLOCK_MONOTONIC);
    for (int row = 0; row < rows; row++) {
        if (row % 100 == 0) step(begin);
        if (row % 1000 == 0) fill(replica, sizeof replica);
        memcpy(body, &row, sizeof row);
        sqlite3_bind_blob(insert, 1, replica, sizeof replica, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 2, row % 1000 + 1);
        sqlite3_bind_blob(insert, 3, body, sizeof body, SQLITE_STATIC);
        step(insert);
        if (row % 100 == 99) step(commit);
    }
    printf("rate %f\n", rows / (seconds(CLOCK_MONOTONIC) - start));
    return 0;
}

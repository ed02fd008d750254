/* opening DATABASE: opens a replica's database and reads the first page of nominations. Prints ms. */
#include <sqlite3.h>
#include "bench.h"

int main(int count, char **arguments) {
    if (count != 2) return 2;
    double start = seconds(CLOCK_MONOTONIC);
    open_durably(arguments[1]);
    sqlite3_stmt *page = prepare("SELECT * FROM record WHERE kind = 'nomination' ORDER BY title LIMIT 20");
    int rows = 0;
    while (sqlite3_step(page) == SQLITE_ROW) rows++;
    double elapsed = seconds(CLOCK_MONOTONIC) - start;
    if (rows != 20) return 1;
    printf("first %f\n", elapsed * 1000);
    return 0;
}

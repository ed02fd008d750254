/* edits DATABASE COUNT: in a replica's own database, writes what one edit of a field writes: the change, which
   record it touches, the record's row, its words in the search index, the end of the chain, and the replica's
   state; one transaction for each, durable. Computes nothing. Prints the median and the 99th percentile, us. */
#include <sqlite3.h>
#include "bench.h"

enum { most = 100000, lettersOfBody = 65 };

int main(int count, char **arguments) {
    if (count != 3) return 2;
    open_durably(arguments[1]);
    run("PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON");
    static sqlite3_int64 ids[1000];
    static unsigned char records[1000][16];
    int known = 0;
    char audience[100] = "";
    sqlite3_int64 number = 0;
    unsigned char replica[16];
    sqlite3_stmt *list = prepare("SELECT r.id, r.record, a.name, p.replica, a.id FROM record r, replica p, "
                                 "audience a WHERE r.kind = 'example' AND a.id = r.audience LIMIT 1000");
    while (sqlite3_step(list) == SQLITE_ROW) {
        ids[known] = sqlite3_column_int64(list, 0);
        memcpy(records[known++], sqlite3_column_blob(list, 1), 16);
        snprintf(audience, sizeof audience, "%s", (const char *)sqlite3_column_text(list, 2));
        memcpy(replica, sqlite3_column_blob(list, 3), 16);
        number = sqlite3_column_int64(list, 4);
    }
    sqlite3_finalize(list);
    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
    sqlite3_stmt *change = prepare(
        "INSERT INTO change (replica, number, audience, state, bytes, inner, previous) "
        "VALUES (?, ?, ?, 1, ?, ?, ?)");
    sqlite3_stmt *touch = prepare("INSERT INTO touch (audience, record, change) VALUES (?, ?, ?)");
    sqlite3_stmt *record = prepare("UPDATE record SET title = ?, folded = ?, isPending = 1 WHERE id = ?");
    sqlite3_stmt *forget = prepare("DELETE FROM search WHERE rowid = ?");
    sqlite3_stmt *index = prepare("INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)");
    sqlite3_stmt *chain = prepare(
        "INSERT INTO chain (replica, audience, hash) VALUES (?, ?, ?) "
        "ON CONFLICT (replica, audience) DO UPDATE SET hash = excluded.hash");
    sqlite3_stmt *state = prepare("UPDATE replica SET number = ?, clock = ?, version = version + 1");
    int edits = atoi(arguments[2]);
    if (edits > most || known == 0) return 2;
    static double times[most];
    unsigned char bytes[170], hash[32];
    char title[32], body[100];
    for (int edit = 0; edit < edits; edit++) {
        int which = (int)(chance() % (unsigned)known);
        fill(bytes, sizeof bytes);
        fill(hash, sizeof hash);
        words(title, 24);
        words(body, lettersOfBody);
        double start = seconds(CLOCK_MONOTONIC);
        step(begin);
        sqlite3_bind_blob(change, 1, replica, 16, SQLITE_STATIC);
        sqlite3_bind_int64(change, 2, edit + 1);
        sqlite3_bind_int64(change, 3, number);
        sqlite3_bind_blob(change, 4, bytes, sizeof bytes, SQLITE_STATIC);
        sqlite3_bind_blob(change, 5, hash, sizeof hash, SQLITE_STATIC);
        sqlite3_bind_blob(change, 6, hash, sizeof hash, SQLITE_STATIC);
        step(change);
        sqlite3_bind_int64(touch, 1, number);
        sqlite3_bind_blob(touch, 2, records[which], 16, SQLITE_STATIC);
        sqlite3_bind_int64(touch, 3, sqlite3_last_insert_rowid(db));
        step(touch);
        sqlite3_bind_text(record, 1, title, -1, SQLITE_STATIC);
        sqlite3_bind_text(record, 2, title, -1, SQLITE_STATIC);
        sqlite3_bind_int64(record, 3, ids[which]);
        step(record);
        sqlite3_bind_int64(forget, 1, ids[which]);
        step(forget);
        sqlite3_bind_int64(index, 1, ids[which]);
        sqlite3_bind_text(index, 2, title, -1, SQLITE_STATIC);
        sqlite3_bind_text(index, 3, body, -1, SQLITE_STATIC);
        step(index);
        sqlite3_bind_blob(chain, 1, replica, 16, SQLITE_STATIC);
        sqlite3_bind_text(chain, 2, audience, -1, SQLITE_STATIC);
        sqlite3_bind_blob(chain, 3, hash, sizeof hash, SQLITE_STATIC);
        step(chain);
        sqlite3_bind_int64(state, 1, edit + 1);
        sqlite3_bind_int64(state, 2, edit);
        step(state);
        step(commit);
        times[edit] = (seconds(CLOCK_MONOTONIC) - start) * 1e6;
    }
    qsort(times, (size_t)edits, sizeof *times, rising);
    printf("p50 %f\np99 %f\n", times[edits / 2], times[edits / 100 * 99]);
    return 0;
}

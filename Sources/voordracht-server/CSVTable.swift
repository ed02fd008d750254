import SyncServer

/// A table in a text file (RFC 4180), with commas or, as Dutch spreadsheets write, with semicolons.
struct CSVTable {
    struct Row: Hashable {
        /// Where it begins, from 1.
        let line: Int
        /// As many as the first line has.
        let cells: [String]
    }

    let header: [String]
    let rows: [Row]

    /// - Throws: `file.text`, `table.empty` or `table.cells`, naming the file and the line.
    init(_ bytes: [UInt8], file: String) throws(AdministrationError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AdministrationError(.fileText, file, place: file)
        }
        var scalars = Array(text.unicodeScalars)
        if scalars.first?.value == 0xfeff { scalars.removeFirst() }
        var found = Self.split(scalars)
        guard !found.isEmpty else {
            throw AdministrationError(.tableEmpty, file, place: file)
        }
        header = found.removeFirst().cells.map { $0.lowercased() }
        for row in found where row.cells.count != header.count {
            let place = "\(file):\(row.line)"
            throw AdministrationError(.tableCells, place, place: place)
        }
        rows = found
    }

    func column(_ name: String) -> Int? { header.firstIndex(of: name) }

    /// Lines without any text are no rows.
    private static func split(_ scalars: [Unicode.Scalar]) -> [Row] {
        let first = scalars.prefix { $0 != "\n" && $0 != "\r" }
        let separator: Unicode.Scalar = first.contains(";") && !first.contains(",") ? ";" : ","
        var rows: [Row] = []
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var (line, start) = (1, 1)
        func isBlank() -> Bool { cells.isEmpty && cell.isEmpty }
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if scalar == "\n" { line += 1 }
            if isQuoted {
                guard scalar == "\"" else {
                    cell.unicodeScalars.append(scalar)
                    continue
                }
                if index < scalars.count, scalars[index] == "\"" {
                    cell.unicodeScalars.append(scalar)
                    index += 1
                } else {
                    isQuoted = false
                }
                continue
            }
            switch scalar {
            case "\"": isQuoted = true
            case separator:
                cells.append(trimmed(cell))
                cell = ""
            case "\r": continue
            case "\n":
                if !isBlank() { rows.append(Row(line: start, cells: cells + [trimmed(cell)])) }
                (cells, cell, start) = ([], "", line)
            default: cell.unicodeScalars.append(scalar)
            }
        }
        if !isBlank() { rows.append(Row(line: start, cells: cells + [trimmed(cell)])) }
        return rows
    }

    private static func trimmed(_ cell: String) -> String {
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

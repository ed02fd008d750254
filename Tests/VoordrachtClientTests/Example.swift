// A program of twenty lines on the library, with one import. The tests compile it and run it.
import VoordrachtClient

/// Nominates a municipality with an example, edits the motivation in a form, and tells how it went.
func example(link: String, folder: String, nominee: String) async throws -> [String] {
    let voordracht = try await Voordracht.enrol(link, at: folder, deviceName: "laptop")
    try await voordracht.sync()
    let nomination = try await voordracht.nominate(nominee, motivation: "Omdat het werkt.").record
    try await voordracht.addExample(to: nomination, title: "Buurthuis", description: "Open voor iedereen.")

    var form = try await voordracht.open(nomination)
    try await form.write("motivation", "Omdat het al jaren werkt.")
    try await form.set("relation", to: Relation.client.rawValue)
    try await voordracht.submit(nomination)

    let report = try await voordracht.sync()
    for conflict in try await voordracht.conflicts().conflicts {
        try await voordracht.resolve(conflict.id, by: .keep("c1"))
    }
    return try await voordracht.nominations().map { "\($0.title): \($0.state)" } + ["\(report.accepted)"]
}

import ChangeLog
import Nominations

extension Voordracht {
    /// Everything that this replica knows about one nominee of an edition, merged.
    ///
    /// - Parameters:
    ///   - nominee: a name, an alias or a code.
    ///   - edition: a year, a name or an id; nil for the only open one.
    ///   - language: of the reasons in it.
    public func review(
        _ nominee: String, edition: String? = nil, in language: Language = .english
    ) async throws -> Dossier {
        try await read { try Dossier(of: nominee, edition: edition, in: $0, language) }
    }
}

extension Voordracht {
    /// Who is nominated, as far as this replica holds it, and how far the own reviews are.
    public func nominees() async throws -> NomineeList {
        try await read { try NomineeList(in: $0) }
    }
}

extension NomineeList: Documented {
    public var json: JSON {
        .object([
            JSON.Member(
                "items",
                .array(
                    items.map { item in
                        [
                            "nominee": .string(item.nominee), "name": .string(item.name),
                            "edition": item.edition.json(letter: "r"),
                            "nominations": .array(item.nominations.map(\.json)),
                            "review": JSON(item.review), "reviews": JSON(item.reviews),
                        ]
                    }))
        ])
    }
}

extension NominationList.Item {
    fileprivate var json: JSON {
        [
            "record": .string("r" + record), "organisation": organisation.json(letter: "r"),
            "state": .string(state),
        ]
    }
}

extension Dossier: Documented {
    public var json: JSON {
        [
            "nominee": nominee.json, "edition": edition.json(letter: "r"),
            "nominations": .array(nominations.map(\.json)),
            "examplesByCriterion": .object(examplesByCriterion.members),
            "annotations": .array(annotations.map(\.json)),
            "counterEvidence": .array(counterEvidence.map(\.json)),
            "reviews": .array(reviews.map(\.json)),
            "recused": .array(recused.map { $0.json(letter: "p") }),
            "conflicts": .array(conflicts.map(\.json)), "history": .array(history.map(\.json)),
        ]
    }
}

extension NamedRecord {
    fileprivate func json(letter: String) -> JSON {
        ["record": .string(letter + record), "name": .string(name)]
    }
}

extension NomineeView {
    fileprivate var json: JSON {
        [
            "id": .string(id), "kind": .string(kind), "name": .string(name), "code": .string(code),
            "referenceDate": .string(referenceDate), "members": JSON(members), "notes": JSON(notes),
            "today": JSON(today),
        ]
    }
}

extension DossierNomination {
    fileprivate var json: JSON {
        [
            "record": .string("r" + record), "organisation": organisation.json(letter: "r"),
            "state": .string(state), "submission": JSON(submission.map { "r" + $0 }),
            "submitted": JSON(submitted), "witnessed": JSON(witnessed), "submissions": JSON(submissions),
            "title": JSON(title),
            "motivation": JSON(motivation), "relation": JSON(relation), "strengths": JSON(strengths),
            "contactPerson": JSON(contactPerson),
            "contributors": .array(contributors.map { $0.json(letter: "p") }), "examples": JSON(examples),
            "conflicts": JSON(conflicts),
        ]
    }
}

extension ExamplesByCriterion {
    /// The name of each criterion once, with its examples; "" for those without one.
    fileprivate var members: [JSON.Member] {
        var members: [JSON.Member] = []
        for group in groups {
            let name = group.criterion?.name ?? ""
            let bytes = Array(name.utf8)
            guard !members.contains(where: { Array($0.key.utf8) == bytes }) else { continue }
            let alike = groups.filter { Array(($0.criterion?.name ?? "").utf8) == bytes }
            members.append(JSON.Member(name, .array(alike.flatMap(\.examples).map(\.json))))
        }
        return members
    }
}

extension DossierExample {
    fileprivate var json: JSON {
        [
            "record": .string("r" + record), "nomination": .string("r" + nomination),
            "organisation": organisation.json(letter: "r"), "title": JSON(title),
            "description": JSON(description), "criteria": .array(criteria.map { $0.json(letter: "r") }),
            "place": JSON(place), "period": JSON(period), "evidence": JSON(evidence),
        ]
    }
}

extension AnnotationView {
    fileprivate var json: JSON {
        [
            "record": .string("r" + record), "visibility": .string(visibility),
            "author": author?.json(letter: "p") ?? .null, "time": .string(time),
            "targetKind": .string(targetKind),
            "target": .string(targetKind == "nominee" ? target : "r" + target), "stance": JSON(stance),
            "body": .string(body), "quote": JSON(quote),
            "criteria": .array(criteria.map { $0.json(letter: "r") }),
        ]
    }
}

extension DossierReview {
    fileprivate var json: JSON {
        [
            "record": .string("r" + record), "reviewer": reviewer.json(letter: "p"), "state": .string(state),
            "revisions": JSON(revisions), "advice": JSON(advice), "motivation": JSON(motivation),
            "scores": .array(
                scores.map { score in
                    [
                        "criterion": score.criterion.json(letter: "r"),
                        "score": score.score.map { .int(Int64($0)) } ?? .null,
                        "remark": JSON(score.remark),
                    ]
                }),
        ]
    }
}

extension ConflictView {
    /// As in the list of conflicts: candidates are named in their order.
    fileprivate var json: JSON {
        let shownIndex = candidates.firstIndex { $0.id.utf8.elementsEqual(shown.utf8) }
        return [
            "id": .string(id), "record": .string("r" + record),
            "nomination": JSON(nomination.map { "r" + $0 }),
            "organisation": organisation?.json(letter: "r") ?? .null, "field": JSON(field),
            "kind": .string(kind), "base": base?.value.json ?? .null,
            "shown": JSON(shownIndex.map { "c\($0 + 1)" }), "rule": .string(rule),
            "assignee": JSON(assignee.map { "p" + $0.record }),
            "candidates": .array(candidates.enumerated().map { $0.element.json(at: $0.offset) }),
        ]
    }
}

extension ConflictView.Candidate {
    fileprivate func json(at index: Int) -> JSON {
        [
            "id": .string("c\(index + 1)"), "value": value?.value.json ?? .null,
            "person": JSON(person.map { "p" + $0 }), "personName": .string(name),
            "device": JSON(device.map { "r" + $0 }), "time": .string(time), "position": JSON(position),
            "role": .string(role), "change": ChangeID(id)?.json ?? .null,
        ]
    }
}

extension DossierHistory {
    fileprivate var json: JSON {
        [
            "year": JSON(year), "event": .string(event), "relation": .string(relation),
            "name": .string(name), "keywords": JSON(keywords), "certainty": JSON(certainty),
            "notes": JSON(notes),
        ]
    }
}

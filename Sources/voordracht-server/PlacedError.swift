import Nominations

/// What the domain does not take, and where in a file it stands.
struct PlacedError: Error {
    let error: NominationError
    /// `file:line`.
    let place: String
}

/// A value of a result that may be absent, and is then written as null: keys never vanish.
@propertyWrapper
public struct Nullable<Wrapped: Encodable & Hashable & Sendable>: Encodable, Hashable, Sendable {
    public var wrappedValue: Wrapped?

    public init(wrappedValue: Wrapped?) { self.wrappedValue = wrappedValue }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue {
            try container.encode(wrappedValue)
        } else {
            try container.encodeNil()
        }
    }
}

/// Every bound of the change log, with its unit.
public enum Limits {
    /// One text value or one inserted text, UTF-8 bytes.
    public static let textBytes = 1 << 20
    /// One change whole, with envelope and salt, bytes in canonical form.
    public static let changeBytes = 2 << 20
    /// An index into a text, Unicode scalars: a merged text may be longer than any that was inserted.
    static let textIndex = 1 << 31 - 1
    /// Operations in one change.
    public static let operations = 4096
    /// Edits in one text operation.
    public static let textEdits = 65_536
    /// Changes that one change may name in a resolution.
    public static let resolvedChanges = 1024
    /// Values in a natural key.
    public static let keyValues = 8
    /// How deep lists may stand in lists.
    public static let listDepth = 8
    /// Changes in one group.
    public static let groupChanges = 16
    /// The name of a record kind or a field, bytes.
    public static let nameBytes = 64
    /// The name of an audience, bytes.
    public static let audienceBytes = 80
}

extension Role {
    /// What people call it.
    public func word(_ language: Language) -> String {
        guard language == .dutch else { return rawValue }
        return switch self {
        case .secretariat: "secretariaat"
        case .member: "lid"
        case .contact: "contactpersoon"
        case .workgroup: "werkgroep"
        case .reviewer: "beoordelaar"
        case .auditor: "toezichthouder"
        }
    }
}

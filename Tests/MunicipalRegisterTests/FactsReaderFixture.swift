@testable import MunicipalRegister

/// Registers with made-up municipalities, for situations that the real one does not have.
enum FactsReaderFixture {
    static let twoOfOneName = FactsReader.read(
        """
        #municipalities
        GM9001|Linde|Drenthe||2018-01-01|||
        GM9002|Linde|Drenthe|2019-01-01||||
        """)

    /// Region XA lists two that merge; XB and XC list one each of two that merge with each other.
    static let mergedAfterTheList = FactsReader.read(
        """
        #municipalities
        GM9002|Anna|Drenthe||2025-01-01|||
        GM9003|Berta|Drenthe||2025-01-01|||
        GM9004|Cato|Drenthe|2025-01-01||||
        GM9006|Dora|Drenthe||2025-01-01|||
        GM9007|Els|Drenthe||2025-01-01|||
        GM9008|Floor|Drenthe|2025-01-01||||
        #municipal-changes
        2025-01-01|opgegaan in|GM9002|GM9004|1.0
        2025-01-01|opgegaan in|GM9003|GM9004|1.0
        2025-01-01|opgegaan in|GM9006|GM9008|1.0
        2025-01-01|opgegaan in|GM9007|GM9008|1.0
        #regions
        COROP|XA|A|2024|GM9002
        COROP|XA|A|2024|GM9003
        COROP|XB|B|2024|GM9006
        COROP|XC|C|2024|GM9007
        """)
}

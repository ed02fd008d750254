/// Where a history that is made up as it goes takes its decisions from.
package protocol Choices {
    /// A number below another one.
    mutating func below(_ limit: Int) -> Int
}

/// Decisions at random, which one seed repeats.
///
/// Source: Steele, Lea & Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
package struct RandomChoices: Choices {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed >> 31
        return Int(mixed.multipliedFullWidth(by: UInt64(limit)).high)
    }
}

/// All decisions there are, one series of them after the other: what was made up of one is made up anew of the next.
package struct EveryChoice: Choices {
    private var digits: [(value: Int, limit: Int)] = []
    private var place = 0

    package init() {}

    package mutating func below(_ limit: Int) -> Int {
        if place == digits.count { digits.append((0, limit)) }
        place += 1
        return digits[place - 1].value
    }

    /// Begins the next series; false where there is none.
    package mutating func advance() -> Bool {
        place = 0
        while let last = digits.popLast() {
            if last.value + 1 < last.limit {
                digits.append((last.value + 1, last.limit))
                return true
            }
        }
        return false
    }
}

import ChangeLog
import Merging
import Testing

@Suite("What is shown does not go by arrival")
struct ArrivalTests {
    // P-054
    @Test func whatWasWrittenLastIsShownAlsoWhenItArrivedFirst() {
        var story = Story()
        story.write("a", create())
        let last = story.write("b", seeing: 1, stamp: 900, write("name", .text("written last")))
        story.write("c", seeing: 1, stamp: 500, write("name", .text("arrived last")))
        let name = story.merged()["name"]
        #expect(name?.value == .text("written last"))
        #expect(name?.state == .disputed)
        #expect(name?.conflicts.first?.shown == last)
    }
}

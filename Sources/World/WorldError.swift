/// Why a demo world could not be built, run or believed; said in words, printed once at the top.
package struct WorldError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}

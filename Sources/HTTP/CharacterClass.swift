/// Sets of ASCII characters, kept together in one table of a byte for each character.
struct CharacterClass: OptionSet {
    let rawValue: UInt8

    /// What methods and field names are made of (RFC 9110 section 5.6.2).
    static let token = CharacterClass(rawValue: 1)
    /// What a registered name in an authority is made of (RFC 3986 section 3.2.2).
    static let registeredName = CharacterClass(rawValue: 2)
    /// Visible ASCII but `#`, which starts a fragment, and that never travels.
    static let target = CharacterClass(rawValue: 4)

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        Self.table[Int(byte)] & rawValue != 0
    }

    /// The classes of each byte. It is made once and never freed; a pointer, since a scan asks it
    /// once a byte and an array would check its bounds as often.
    nonisolated(unsafe) static let table: UnsafePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        table.initialize(repeating: 0, count: 256)
        func add(_ characters: CharacterClass, _ bytes: some Sequence<UInt8>) {
            for byte in bytes { table[Int(byte)] |= characters.rawValue }
        }
        let alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
        add([.token, .registeredName], alphanumeric)
        add(.token, "!#$%&'*+-.^_`|~".utf8)
        add(.registeredName, "-._~%!$&'()*+,;=".utf8)
        add(.target, 0x21...0x7E)
        table[Int(UInt8(ascii: "#"))] &= ~CharacterClass.target.rawValue
        return UnsafePointer(table)
    }()
}

@testable import Probes
import Testing

@Suite struct `SCRAM-SHA-256` {
    private let serverFirst =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"

    private func exchange() -> SCRAM {
        SCRAM(user: "user", password: "pencil", nonce: "rOprNGfwEbeRWgbNEkqO")
    }

    /// RFC 7677 section 3.
    @Test func `speaks as in the example of its RFC`() throws {
        var scram = exchange()
        #expect(scram.first == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
        #expect(
            try scram.final(after: serverFirst)
                == "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        )
        try scram.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }

    @Test func `finds out a server that does not know the password`() throws {
        var scram = exchange()
        _ = try scram.final(after: serverFirst)
        let failure = #expect(throws: SCRAM.Failure.self) {
            try scram.verify("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
        }
        #expect(failure?.isForged == true)
        #expect(throws: SCRAM.Failure.self) { try exchange().verify("v=") }
    }

    @Test(arguments: [
        "", "r=other,s=W22Z,i=4096", "r=rOprNGfwEbeRWgbNEkqO,s=W22Z,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOx,s=*,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=0",
        "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=99999999999", "r=rOprNGfwEbeRWgbNEkqOx,s=W22Z,i=2000000",
    ])
    func `refuses a first message that is not fair`(message: String) {
        var scram = exchange()
        #expect(throws: SCRAM.Failure.self) { try scram.final(after: message) }
    }
}

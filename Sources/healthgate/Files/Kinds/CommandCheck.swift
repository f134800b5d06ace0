import YAML

extension YAMLSection {
    /// What `exec:` runs: a program with its arguments, no line for a shell.
    func command() -> [String]? {
        refuse("expect", "a command says by its exit code how it is")
        return required(
            "command",
            YAMLValue<[String]>.list(of: .word, atLeast: 1).map { command throws(YAMLMismatch) in
                guard command.first?.isEmpty == false else {
                    throw YAMLMismatch("the program has no name")
                }
                return command
            }
        )
    }
}

import Loop
import TestSupport

/// A reader of bytes from outside, and what must hold of it for any input.
@EventLoop
protocol FuzzTarget {
    /// What it is called on the command line.
    static var name: String { get }
    /// Inputs to start from.
    var seeds: [[UInt8]] { get }
    /// No input is longer.
    var maxLength: Int { get }
    init()
    /// What is wrong with the way this input is read; nil if nothing is. That it traps, hangs or
    /// reads beyond the input is found by libFuzzer.
    mutating func fault(with input: [UInt8]) -> String?
    /// The input with a change that knows the language.
    mutating func mutated(_ input: [UInt8]) -> [UInt8]
}

/// One whose language is known as words and marks.
@EventLoop
protocol TextTarget: FuzzTarget {
    var mutator: Mutator { get set }
}

extension TextTarget {
    var seeds: [[UInt8]] { mutator.seeds }
    var maxLength: Int { 1024 }
    mutating func mutated(_ input: [UInt8]) -> [UInt8] { mutator.mutated(input) }
}

@EventLoop let fuzzTargets: [any FuzzTarget.Type] =
    [
        RequestTarget.self, ResponseTarget.self, YAMLTarget.self, DrainStateTarget.self,
        GRPCFramingTarget.self, HealthMessageTarget.self, DescriptorTarget.self,
        DynamicMessageTarget.self, ProtoTarget.self, SuiteTarget.self, PostgresTarget.self,
        MySQLTarget.self, RedisTarget.self, MemcachedTarget.self, AMQPTarget.self,
        MongoTarget.self, KafkaTarget.self, NameServerTarget.self, ContainerTarget.self,
        ClustersTarget.self,
    ] + internalTargets + probePartTargets

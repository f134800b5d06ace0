// swift-tools-version: 6.3
import PackageDescription

// The targets stand in ladder order: each may depend only on those above it.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func module(
    _ name: String,
    _ dependencies: Target.Dependency...,
    and extra: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + extra)
}

/// The modules of the hot path run on one thread alone; the dynamic checks of exclusive access
/// cost a quarter of a poll there. Debug builds, and so all tests, keep them.
let hot: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

func tests(
    _ name: String,
    _ dependencies: Target.Dependency...,
    without files: [String] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["TestSupport"],
        exclude: files,
        swiftSettings: settings
    )
}

let package = Package(
    name: "healthgate",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .systemLibrary(
            name: "CLibevent",
            pkgConfig: "libevent_pthreads",
            providers: [.apt(["libevent-dev"])]
        ),
        .systemLibrary(
            name: "CNghttp2",
            pkgConfig: "libnghttp2",
            providers: [.apt(["libnghttp2-dev"])]
        ),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        module("YAML", "CYaml"),
        module("Health"),
        module("Loop", "CLibevent", "COpenSSL", and: hot),
        module("HTTP", "Loop", "CNghttp2", and: hot),
        module("GRPC", "HTTP", "Loop", "CZlib"),
        module("Probes", "Health", "GRPC", "HTTP", "Loop"),
        module("Gateway", "Health", "Probes", "GRPC", "HTTP", "Loop", and: hot),
        module("Suites", "YAML", "GRPC", "HTTP", "Loop"),
        module("Release", "Suites", "Health", "GRPC", "HTTP", "Loop"),
        .executableTarget(
            name: "healthgate",
            dependencies: [
                "Gateway", "Release", "Suites", "Probes", "Health", "HTTP", "Loop", "YAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        // The demo world: sample apps, an exact load, real Envoys. It uses healthgate from outside.
        module("World", "GRPC", "HTTP", "Loop"),
        .executableTarget(
            name: "healthgate-demo",
            dependencies: [
                "World", "Loop",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Probes", "Health", "HTTP", "GRPC", "Loop"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        // Whatever reads bytes from outside, against libFuzzer: make fuzz.
        .executableTarget(
            name: "healthgate-fuzz",
            dependencies: [
                "TestSupport", "Gateway", "Suites", "Probes", "Health", "GRPC", "HTTP", "Loop",
                "YAML",
            ],
            path: "Tests/Fuzz",
            swiftSettings: settings
        ),
        tests("YAMLTests", "YAML"),
        tests("HealthTests", "Health"),
        tests("LoopTests", "Loop"),
        tests(
            "HTTPTests",
            "HTTP",
            "Loop",
            without: ["HTTP1/differential.py", "HTTP2/Conformance"]
        ),
        tests("GRPCTests", "GRPC", "HTTP", "Loop"),
        tests("ProbesTests", "Probes", "Health", "GRPC", "HTTP", "Loop"),
        tests("GatewayTests", "Gateway", "Probes", "Health", "GRPC", "HTTP", "Loop"),
        tests(
            "SuitesTests",
            "Suites",
            "YAML",
            "GRPC",
            "HTTP",
            "Loop",
            without: [
                "Messages/messages.py", "Calls/Servers", "Proto/Corpus",
                "Proto/protoc.py", "Suite/shop.proto", "Run/Servers", "Run/Interop",
            ]
        ),
        tests("ReleaseTests", "Release", "Suites", "Health", "HTTP", "Loop"),
        tests(
            "HealthgateTests",
            "healthgate",
            "Gateway",
            "Release",
            "Probes",
            "Health",
            "HTTP",
            "Loop",
            "YAML"
        ),
        tests("WorldTests", "World", "GRPC", "HTTP", "Loop"),
    ],
    swiftLanguageModes: [.v6]
)

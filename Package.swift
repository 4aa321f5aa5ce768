// swift-tools-version: 6.2

import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error), .swiftLanguageMode(.v6),
    // Loops share nothing, and the tests run with these checks; on the data path they cost 7 % of a request over HTTP/2.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// One module of the house: its sources, and a test target beside it.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], tests: [Target.Dependency] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.byName(name: name)] + dependencies + tests,
            path: "Tests/\(name)",
            swiftSettings: strict
        ),
    ]
}

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

// Each line may import what it names and nothing else. The first group is pure:
// no NIO, no C module (checked by Tests/house.sh).
let pure: [Target] =
    module("Basics")
    + module("Wire", ["Basics"], tests: [nioCore, nioEmbedded, nioHTTP1])
    + module("Gate", ["Basics"])
    + module("OAuth", ["Basics"])
    + module("Settings", ["Basics", yams])
    + module("Metrics")

let effects: [Target] =
    module("TLS", ["COpenSSL", "Basics", nioCore, nioPosix], tests: [nioEmbedded])
    + module("HTTP2", ["CNghttp2", "Basics"])
    + module("Sessions", ["COpenSSL", "Basics"])
    + module("Stores", ["CHiredis", "TLS", "Sessions", "Basics", nioCore, nioPosix, logging], tests: ["RedisServer"])
    + module("Provider", ["CCurl", "OAuth", "Sessions", "Settings", "Basics", nioPosix], tests: ["Simulator"])
    + module("JOSE", ["COpenSSL", "Provider", "Sessions", "Settings", "Basics"], tests: ["Simulator"])
    + module(
        "Authority", ["JOSE", "Provider", "Gate", "Sessions", "OAuth", "Settings", "Basics", logging], tests: ["Stores"]
    )
    + module(
        "Edge",
        [
            "CMalloc", "TLS", "HTTP2", "Wire", "Gate", "OAuth", "Sessions", "Metrics", "Basics", nioCore, nioPosix,
            logging,
        ],
        tests: [nioEmbedded, "Simulator"])
    + module("Admin", ["Metrics", "OAuth", "Basics", nioCore, nioPosix, nioHTTP1, logging])
    + module("Simulator", ["TLS", "Basics", "COpenSSL", nioCore, nioPosix, nioHTTP1])

/// Rules for any bytes, shared by the tests and the fuzzer. The fuzzer itself is built by Tests/Fuzz/run.sh only.
let fuzzing: [Target] =
    [
        .target(
            name: "Invariants",
            dependencies: [
                "Authority", "JOSE", "Stores", "Sessions", "Settings", "OAuth", "HTTP2", "Wire", "Basics",
            ],
            path: "Tests/Fuzz/Invariants", swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["Invariants"], path: "Tests/Fuzz/Replay", swiftSettings: strict),
    ]
    + (ProcessInfo.processInfo.environment["LAKEGATE_FUZZ"] == "1"
        ? [
            .executableTarget(
                name: "Fuzzer", dependencies: ["Invariants"], path: "Tests/Fuzz/Fuzzer",
                swiftSettings: strict + [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])],
                linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
        ] : [])

/// A Redis for the tests of several modules.
let testing: [Target] = [.target(name: "RedisServer", path: "Tests/RedisServer", swiftSettings: strict)]

let package = Package(
    name: "lakegate",
    products: [.executable(name: "lakegate", targets: ["lakegate"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: pure + effects + fuzzing + testing + [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
        .executableTarget(
            name: "lakegate",
            dependencies: [
                "Edge", "Admin", "Authority", "JOSE", "Provider", "Stores", "Simulator", "Settings", "Sessions", "TLS",
                "Gate",
                "OAuth", "Metrics", "Basics", nioPosix,
                arguments, lifecycle, signals, logging, nioCore,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "lakegate", "Edge", "HTTP2", "Simulator", "Sessions", "Settings", "Metrics", "TLS", "Basics", nioCore,
                nioPosix, logging, "RedisServer",
            ], path: "Tests/Integration", swiftSettings: strict
        ),
        .testTarget(
            name: "lakegateTests",
            dependencies: [
                "lakegate", "Authority", "Settings", "Sessions", "Stores", "Basics", "RedisServer", nioPosix,
            ],
            path: "Tests/lakegate",
            swiftSettings: strict
        ),
    ]
)

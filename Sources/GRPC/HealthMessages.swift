/// The messages of `grpc.health.v1`, written and read by hand: two fields need no generator.
package enum HealthMessages {
    package static let check = "/grpc.health.v1.Health/Check"
    package static let watch = "/grpc.health.v1.Health/Watch"
    package static let list = "/grpc.health.v1.Health/List"

    /// `HealthCheckRequest`: the service in field 1, absent for "".
    package static func request(_ service: String) -> [UInt8] {
        service.isEmpty ? [] : ProtoFields.field(1, service.utf8)
    }

    package static func service(_ request: [UInt8]) throws(GRPCStatus) -> String {
        var service = ""
        for case (1, .bytes(let bytes)) in try ProtoFields.read(request) {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw GRPCStatus(.invalidArgument, "the service is not UTF-8")
            }
            service = text
        }
        return service
    }

    /// `HealthCheckResponse`: the status in field 1, absent for `UNKNOWN`.
    package static func response(_ status: ServingStatus) -> [UInt8] {
        status.rawValue == 0 ? [] : [0x08] + ProtoFields.varint(status.rawValue)
    }

    package static func status(_ response: [UInt8]) throws(GRPCStatus) -> ServingStatus {
        var status = ServingStatus.unknown
        for case (1, .number(let number)) in try ProtoFields.read(response) {
            status = ServingStatus(rawValue: number)
        }
        return status
    }

    /// `HealthListResponse`: in field 1 a map from service to response.
    package static func list(_ statuses: [(service: String, status: ServingStatus)]) -> [UInt8] {
        statuses.flatMap { entry in
            ProtoFields.field(
                1,
                ProtoFields.field(1, entry.service.utf8)
                    + ProtoFields.field(2, response(entry.status))
            )
        }
    }

    package static func statuses(
        _ list: [UInt8]
    ) throws(GRPCStatus) -> [(service: String, status: ServingStatus)] {
        var statuses: [(String, ServingStatus)] = []
        for case (1, .bytes(let entry)) in try ProtoFields.read(list) {
            var status = ServingStatus.unknown
            for case (2, .bytes(let bytes)) in try ProtoFields.read(Array(entry)) {
                status = try self.status(Array(bytes))
            }
            statuses.append((try service(Array(entry)), status))
        }
        return statuses
    }
}

/// `ServingStatus` of `grpc.health.v1`; a newer peer may send a number we do not know.
package struct ServingStatus: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package static let unknown = ServingStatus(rawValue: 0)
    package static let serving = ServingStatus(rawValue: 1)
    package static let notServing = ServingStatus(rawValue: 2)
    /// Sent on Watch alone.
    package static let serviceUnknown = ServingStatus(rawValue: 3)

    package var description: String {
        switch rawValue {
        case 0: "UNKNOWN"
        case 1: "SERVING"
        case 2: "NOT_SERVING"
        case 3: "SERVICE_UNKNOWN"
        default: "STATUS_\(rawValue)"
        }
    }
}

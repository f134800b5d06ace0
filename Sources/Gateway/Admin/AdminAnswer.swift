import HTTP

/// The forms of answers on the admin port. Each carries what keeps a browser from making anything
/// of it for another site.
enum AdminAnswer {
    /// No script, no style, no frame, nothing from elsewhere; and no CORS field ever, so that a
    /// page of another site can read nothing.
    static let safety: HTTPHeaders = [
        "content-security-policy":
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    ]

    static func headers(_ type: String) -> HTTPHeaders {
        var headers: HTTPHeaders = ["content-type": type, "cache-control": "no-store"]
        for (name, value) in safety { headers.add(name, value) }
        return headers
    }

    static func json(_ json: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status,
            headers: headers("application/json"),
            body: json.bytes + [UInt8(ascii: "\n")]
        )
    }

    static func problem(_ status: Int, _ text: String) -> HTTPResponse {
        json(.members(["error": .string(text)]), status: status)
    }

    static func text(
        _ text: String,
        type: String = "text/plain; charset=utf-8",
        status: Int = 200
    ) -> HTTPResponse {
        HTTPResponse(status, headers: headers(type), body: Array(text.utf8))
    }
}

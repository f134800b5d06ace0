import HTTP
import Testing

@Suite struct `An HTTP message` {
    @Test func `finds its fields in any case, and joins repeated ones`() {
        var headers: HTTPHeaders = ["Accept": "a", "x": "1", "ACCEPT": "b"]
        #expect(headers["accept"] == "a, b")
        #expect(headers.values("Accept") == ["a", "b"])
        #expect(headers.map(\.name) == ["accept", "x", "accept"])
        headers["aCCept"] = "c"
        #expect(headers.map(\.value) == ["c", "1"])
        headers["new"] = "n"
        headers["x"] = nil
        #expect(headers == ["accept": "c", "new": "n"])
        #expect(headers["x"] == nil)
        #expect(headers.contains("New"))
    }

    @Test func `splits its path from its query`() {
        let request = HTTPRequest("/drain/me?owner=on%2Dcall+x&flag&a=b=c&owner=2&=v&bad=%4&e=")
        #expect(request.pathOnly == "/drain/me")
        #expect(request.query("owner") == "on-call x")
        #expect(request.query("flag") == "")
        #expect(request.query("a") == "b=c")
        #expect(request.query("bad") == "%4")
        #expect(request.query("e") == "")
        #expect(request.query("nothing") == nil)
        #expect(HTTPRequest("/plain").query("a") == nil)
        #expect(HTTPRequest("/a?\u{301}=x").pathOnly == "/a")
    }
}

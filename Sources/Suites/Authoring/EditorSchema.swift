/// A JSON Schema of suite files, for editors: `healthgate apitest schema`.
package enum EditorSchema {
    package static let text = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "healthgate API test suites",
          "type": "array",
          "minItems": 1,
          "items": { "$ref": "#/$defs/suite" },
          "$defs": {
            "words": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
            "duration": { "type": "string", "pattern": "^([0-9.]+(ms|s|m|h))+$" },
            "suite": {
              "type": "object",
              "required": ["testName", "serviceName", "cases"],
              "oneOf": [{ "required": ["proto"] }, { "required": ["descriptors"] }, { "required": ["reflection"] }],
              "additionalProperties": false,
              "properties": {
                "testName": { "type": "string" },
                "proto": { "$ref": "#/$defs/words", "description": "Path of a .proto, relative to this file." },
                "importPaths": { "$ref": "#/$defs/words" },
                "descriptors": { "type": "string", "description": "Path of a FileDescriptorSet." },
                "reflection": { "type": "boolean", "description": "Ask the server for its types." },
                "serviceName": { "type": "string", "description": "With its package, or without where that is plain." },
                "authority": { "type": "string", "description": "What :authority says for its calls." },
                "tags": { "$ref": "#/$defs/words" },
                "timeout": { "$ref": "#/$defs/duration" },
                "vars": { "type": "object" },
                "metadata": { "type": "object" },
                "contract": {
                  "type": "object",
                  "required": ["field", "allow"],
                  "additionalProperties": false,
                  "properties": {
                    "field": { "type": "string" },
                    "allow": { "oneOf": [{ "type": ["string", "number"] }, { "type": "array", "items": { "type": ["string", "number"] } }] },
                    "without": { "$ref": "#/$defs/words", "description": "Methods that need no account." }
                  }
                },
                "setup": { "type": "array", "items": { "$ref": "#/$defs/case" } },
                "cases": { "type": "array", "items": { "$ref": "#/$defs/case" } },
                "teardown": { "type": "array", "items": { "$ref": "#/$defs/case" } }
              }
            },
            "case": {
              "type": "object",
              "required": ["name", "methodName"],
              "additionalProperties": false,
              "properties": {
                "name": { "type": "string" },
                "methodName": { "type": "string" },
                "tags": { "$ref": "#/$defs/words" },
                "timeout": { "$ref": "#/$defs/duration" },
                "each": { "type": "array", "minItems": 1, "items": { "type": "object" } },
                "eventually": {
                  "type": "object",
                  "required": ["within"],
                  "additionalProperties": false,
                  "properties": { "within": { "$ref": "#/$defs/duration" }, "every": { "$ref": "#/$defs/duration" } }
                },
                "detail": { "$ref": "#/$defs/detail" }
              }
            },
            "detail": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "metadata": { "type": "object" },
                "requests": { "type": "array" },
                "responses": { "type": "array" },
                "stream": {
                  "type": "array",
                  "items": {
                    "oneOf": [
                      { "enum": ["close", "cancel"] },
                      { "type": "object", "required": ["send"], "additionalProperties": false, "properties": { "send": {} } },
                      {
                        "type": "object", "required": ["expect"], "additionalProperties": false,
                        "properties": { "expect": {}, "within": { "$ref": "#/$defs/duration" } }
                      },
                      { "type": "object", "required": ["until"], "additionalProperties": false, "properties": { "until": { "type": "integer" } } },
                      { "type": "object", "required": ["close"], "additionalProperties": false, "properties": { "close": {} } },
                      { "type": "object", "required": ["cancel"], "additionalProperties": false, "properties": { "cancel": {} } }
                    ]
                  }
                },
                "error": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "code": { "type": ["string", "integer"] },
                    "message": { "type": "string" },
                    "details": { "type": "array", "items": { "type": "object", "required": ["@type"] } }
                  }
                },
                "headers": { "type": "object" },
                "trailers": { "type": "object" },
                "capture": { "type": "object", "additionalProperties": { "type": "string" } },
                "gzip": { "type": "boolean" }
              }
            }
          }
        }
        """
}

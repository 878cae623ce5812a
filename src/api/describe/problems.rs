//! Problem documents in the description: their schema, and one answer for each status.

use serde_json::{Map, Value, json};

use super::object;
use crate::api::problem::codes::{self, CODES, FIELD_CODES};

/// Adds the schemas `Problem` and `FieldProblem`, and the answers that refer to them.
pub(super) fn describe(components: &mut Map<String, Value>) {
    let words: Vec<_> = CODES.iter().map(|code| code.word).collect();
    let meanings: Vec<_> =
        CODES.iter().map(|code| format!("- `{}` ({}): {}", code.word, code.status, code.meaning)).collect();
    let field_words: Vec<_> = codes::field_words().collect();
    let field_meanings: Vec<_> = FIELD_CODES.iter().map(|(word, meaning)| format!("- `{word}`: {meaning}")).collect();
    let text = |meaning: &str| json!({"type": "string", "description": meaning});
    let schemas = object(components.entry("schemas").or_insert_with(|| json!({})));
    let problem = json!({
        "type": "object",
        "description": "What went wrong (RFC 9457). Its `type` is `about:blank`; `code` tells problems apart.",
        "required": ["title", "status", "detail", "code"],
        "additionalProperties": false,
        "properties": {
            "title": text("HTTP's name of the status"),
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text("What to do about it, for people"),
            "code": {"type": "string", "enum": words, "description": meanings.join("\n")},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
            "request_id": text("Finds the log lines of the request; not inside of a bulk's items"),
        },
    });
    let field = json!({
        "type": "object",
        "description": "One field at fault",
        "required": ["field", "code", "message"],
        "additionalProperties": false,
        "properties": {
            "field": text("Its path, such as `captions[2].text`; empty for the body as a whole"),
            "code": {
                "type": "string",
                "enum": field_words,
                "description": format!("{}\n- or the problem's own code", field_meanings.join("\n")),
            },
            "message": text("What to do about it, for people"),
        },
    });
    schemas.insert("Problem".to_owned(), problem);
    schemas.insert("FieldProblem".to_owned(), field);

    let responses = object(components.entry("responses").or_insert_with(|| json!({})));
    let mut statuses: Vec<_> = CODES.iter().map(|code| code.status).collect();
    statuses.dedup();
    for status in statuses {
        let words: Vec<_> = CODES.iter().filter(|code| code.status == status).map(|code| code.word).collect();
        let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
        for name in headers_of(status) {
            headers[name] = json!({"$ref": format!("#/components/headers/{name}")});
        }
        let reference = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
        let response = json!({
            "description": format!("One of: {}", words.join(", ")),
            "headers": headers,
            "content": {"application/problem+json": reference},
        });
        responses.insert(name(status), response);
    }
}

/// Headers that the problems of a status have beside `X-Request-Id`.
fn headers_of(status: u16) -> &'static [&'static str] {
    match status {
        401 => &["WWW-Authenticate"],
        429 => &["Retry-After", "RateLimit", "RateLimit-Policy"],
        503 => &["Retry-After"],
        _ => &[],
    }
}

/// The name of the answer under `components.responses`.
pub(super) fn name(status: u16) -> String {
    format!("Problem{status}")
}

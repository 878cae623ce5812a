//! Examples made of schemas, so that none of them can grow old.

use serde_json::{Map, Value, json};

/// How deep an example goes; references may go round in a circle.
const DEEPEST: usize = 6;

/// A value that fits `schema`: what must be there, or, where nothing must, the first few fields that may.
pub(super) fn of(document: &Value, schema: &Value) -> Value {
    at(document, schema, 0)
}

fn at(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = super::page::resolved(document, schema);
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(given) = schema["examples"].get(0).or_else(|| schema["enum"].get(0)) {
        return given.clone();
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return Value::Object(all_of(document, parts, depth));
    }
    let alternatives = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(one) = alternatives.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return at(document, one, depth + 1);
    }
    match schema["type"].as_str().or_else(|| schema["type"][0].as_str()) {
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("array") => json!([at(document, &schema["items"], depth + 1)]),
        Some("string") if schema["format"] == "date-time" => json!("2026-03-02T10:00:00Z"),
        Some("string") => json!("…"),
        Some("object") | None => Value::Object(object(document, schema, &required(schema), depth)),
        Some(_) => Value::Null,
    }
}

/// The fields of one part, of which other parts say what must be there.
fn all_of(document: &Value, parts: &[Value], depth: usize) -> Map<String, Value> {
    let parts: Vec<&Value> = parts.iter().map(|part| super::page::resolved(document, part)).collect();
    let names = parts.iter().flat_map(|part| {
        let form = part["anyOf"].get(0).map(required).unwrap_or_default();
        required(part).into_iter().chain(form)
    });
    let names: Vec<&str> = names.collect();
    let objects = parts.iter().filter(|part| part["properties"].is_object());
    objects.flat_map(|part| object(document, part, &names, depth)).collect()
}

fn required(schema: &Value) -> Vec<&str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Fields that are shown of an object in which none must be there.
const A_FEW: usize = 3;

fn object(document: &Value, schema: &Value, names: &[&str], depth: usize) -> Map<String, Value> {
    let fields = schema["properties"].as_object();
    let fields = fields.into_iter().flatten().filter(|(name, _)| names.is_empty() || names.contains(&name.as_str()));
    let most = if names.is_empty() { A_FEW } else { usize::MAX };
    fields.take(most).map(|(name, field)| (name.clone(), at(document, field, depth + 1))).collect()
}

//! What schemas have in common, and derived ones do not say.

use serde_json::{Map, Value, json};

use crate::api::lists::MAX_LIMIT;

/// Corrects the schemas as they were derived.
pub(super) fn complete(schemas: &mut Map<String, Value>) {
    let names: Vec<_> = schemas.keys().cloned().collect();
    for (name, schema) in schemas.iter_mut() {
        // What refuses unknown fields is asked of us; what does not is an answer, and whole: a field
        // that has no value is null.
        if schema.get("additionalProperties").is_none()
            && let Some(fields) = schema["properties"].as_object()
        {
            let all: Vec<_> = fields.keys().cloned().collect();
            schema["required"] = json!(all);
        }
        // The generator writes an entry out again in each list.
        if let Some(entry) = name.strip_prefix("Listed_").filter(|entry| names.iter().any(|name| name == entry)) {
            schema["properties"]["items"]["items"] = json!({"$ref": format!("#/components/schemas/{entry}")});
            schema["properties"]["items"]["maxItems"] = json!(MAX_LIMIT);
        }
    }
}

/// A field that is left out stays as it is: that is no default value, though Rust's field has one.
pub(super) fn without_empty_defaults(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            if entries.get("default").is_some_and(Value::is_null) {
                entries.remove("default");
            }
            entries.values_mut().for_each(without_empty_defaults);
        }
        Value::Array(entries) => entries.iter_mut().for_each(without_empty_defaults),
        _ => {}
    }
}

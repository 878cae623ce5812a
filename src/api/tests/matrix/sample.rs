//! Bodies that fit a schema, and the ids in them.

use std::fmt;

use super::*;

/// What an id names: the prefix of its pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id([u8; 3]);

impl Id {
    /// Reads it from a schema, whose pattern begins with `^adv_`.
    pub(super) fn of(document: &Value, schema: &Value) -> Option<Self> {
        let schema = resolved(document, schema);
        if let Some(pattern) = schema["pattern"].as_str() {
            let (prefix, rest) = pattern.strip_prefix('^')?.split_once('_')?;
            return rest.contains('{').then(|| prefix.as_bytes().try_into().ok().map(Self)).flatten();
        }
        alternatives(schema).iter().find_map(|one| Self::of(document, one))
    }

    pub(super) fn prefix(&self) -> &str {
        std::str::from_utf8(&self.0).expect("prefixes are ASCII")
    }
}

/// Where in a body a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place(Vec<String>);

impl Place {
    pub(super) fn of<const N: usize>(steps: [&str; N]) -> Self {
        Self(steps.map(str::to_owned).into())
    }

    /// The field of the body that holds it.
    pub(super) fn first(&self) -> &str {
        &self.0[0]
    }

    pub(super) fn is_in_a_list(&self) -> bool {
        self.0.iter().any(|step| step == "0")
    }

    /// The body with this value there.
    pub(super) fn set(&self, mut body: Value, value: &str) -> Value {
        let mut slot = &mut body;
        for step in &self.0 {
            slot = if step == "0" {
                if !slot.is_array() {
                    *slot = json!([]);
                }
                let list = slot.as_array_mut().expect("made a list above");
                if list.is_empty() {
                    list.push(json!({}));
                }
                &mut list[0]
            } else {
                &mut slot[step.as_str()]
            };
        }
        *slot = json!(value);
        body
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(".").replace(".0", "[0]"))
    }
}

/// Every id that a body of this schema can hold.
pub(super) fn ids_of_body(document: &Value, schema: &Value) -> Vec<(Place, Id)> {
    let mut found = Vec::new();
    walk(document, schema, &mut Vec::new(), &mut found);
    found
}

fn walk(document: &Value, schema: &Value, steps: &mut Vec<String>, found: &mut Vec<(Place, Id)>) {
    let schema = resolved(document, schema);
    if let Some(id) = schema["pattern"].as_str().and_then(|_| Id::of(document, schema)) {
        let place = Place(steps.clone());
        if !found.iter().any(|(known, _)| *known == place) {
            found.push((place, id));
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        steps.push(name.clone());
        walk(document, property, steps, found);
        steps.pop();
    }
    if let Some(items) = schema.get("items") {
        steps.push("0".to_owned());
        walk(document, items, steps, found);
        steps.pop();
    }
    for part in alternatives(schema).iter().chain(schema["allOf"].as_array().into_iter().flatten()) {
        walk(document, part, steps, found);
    }
}

/// A small body that fits: what must be there, and every id that may be.
pub(super) fn sample(document: &Value, schema: &Value, ids: &Ids) -> Value {
    sample_for(document, schema, ids, "")
}

/// The same with the field `wanted`, for a body that has it in one of its forms alone.
pub(super) fn sample_for(document: &Value, schema: &Value, ids: &Ids, wanted: &str) -> Value {
    let schema = resolved(document, schema);
    if let Some(parts) = schema["allOf"].as_array() {
        return merged(document, parts, ids, wanted);
    }
    if let Some(id) = Id::of(document, schema) {
        return json!(ids.of(id));
    }
    if let Some(one) = alternatives(schema).iter().find(|one| one["type"] != "null") {
        return sample(document, one, ids);
    }
    if let Some(word) = schema["enum"].get(0).or_else(|| schema["examples"].get(0)) {
        return word.clone();
    }
    match schema["type"].as_str().or_else(|| schema["type"][0].as_str()) {
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("array") => json!([sample(document, &schema["items"], ids)]),
        Some("string") => json!("text"),
        _ => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let wanted = properties.filter(|(name, property)| {
                let is_required = schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
                is_required || Id::of(document, property).is_some()
            });
            let fields = wanted.map(|(name, property)| (name.clone(), field(document, name, property, ids)));
            Value::Object(fields.collect())
        }
    }
}

/// All parts together: the fields of one, and which of them must be there from another.
fn merged(document: &Value, parts: &[Value], ids: &Ids, wanted: &str) -> Value {
    let properties = parts.iter().find_map(|part| resolved(document, part)["properties"].as_object());
    let properties = properties.expect("one part has the fields");
    let required = parts.iter().flat_map(|part| {
        let part = resolved(document, part);
        let forms = part["anyOf"].as_array().into_iter().flatten().filter_map(|form| form["required"].as_array());
        let form = forms.clone().find(|names| names.contains(&json!(wanted))).or(forms.clone().next());
        let names = part["required"].as_array().into_iter().chain(form).flatten();
        names.filter_map(Value::as_str)
    });
    let fields = required.map(|name| (name.to_owned(), field(document, name, &properties[name], ids)));
    Value::Object(fields.collect())
}

/// A field's value: another one than the last for what must not be there twice, and what no schema says.
fn field(document: &Value, name: &str, property: &Value, ids: &Ids) -> Value {
    match name {
        "email" => json!(format!("{:x}@example.com", rand::random::<u64>())),
        "url" => json!(format!("http://127.0.0.1/{:x}", rand::random::<u64>())),
        "name" => json!(format!("{:x}", rand::random::<u64>())),
        "events" => json!(["link.created"]),
        "expires_at" => json!("2026-09-01T00:00:00Z"),
        _ => sample(document, property, ids),
    }
}

fn alternatives(schema: &Value) -> &[Value] {
    schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()).map_or(&[], Vec::as_slice)
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(target) => resolved(document, document.pointer(&target[1..]).expect("a reference that leads somewhere")),
        None => schema,
    }
}

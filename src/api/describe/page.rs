//! The description for people: one page, rendered once, without script and without another host.

use askama::Template;
use serde_json::Value;

pub(super) const STYLE: &str = "\
body{margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1a1a1a;background:#fff}\n\
body{font:1rem/1.5 system-ui,sans-serif}\n\
h1,h2,h3{line-height:1.2}h3{font-size:1rem;margin:1.5rem 0 .3rem}\n\
code{font-size:.9em;overflow-wrap:anywhere}pre{white-space:pre-wrap}\n\
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}\n\
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #bbb}\n\
summary{cursor:pointer;padding:.3rem 0}.method{display:inline-block;min-width:4rem;font-weight:600}\n\
.meaning{white-space:pre-line}\n\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#9cf}th,td{border-color:#555}}\n";

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }} API {{ version }}</title><link rel="stylesheet" href="{{ style }}"></head><body>
<h1>{{ title }} API {{ version }}</h1>
<p class="meaning">{{ introduction }}</p>
<p>For programs: <a href="{{ document }}">{{ document }}</a> (OpenAPI 3.1).
Send a token with every request: <code>Authorization: Bearer rls_…</code></p>
{% for group in groups %}<h2 id="{{ group.name }}">{{ group.name }}</h2><p>{{ group.meaning }}</p>
{% for operation in group.operations %}<details id="{{ operation.id }}"><summary>
<span class="method">{{ operation.method }}</span>
<code>{{ operation.path }}</code> {{ operation.summary }}</summary>
<h3>Parameters</h3><table><tr><th>Name</th><th>Where</th><th>Form</th><th>Meaning</th></tr>
{% for parameter in operation.parameters %}{{ parameter|safe }}{% endfor %}</table>
{% if !operation.body.is_empty() %}<h3>Body</h3><p>{{ operation.body|safe }}</p>{% endif %}
<h3>Answers</h3><table><tr><th>Status</th><th>Body</th><th>Meaning</th></tr>
{% for answer in operation.answers %}{{ answer|safe }}{% endfor %}</table></details>
{% endfor %}{% endfor %}<h2 id="schemas">Schemas</h2>
{% for schema in schemas %}<details id="schema-{{ schema.name }}"><summary><code>{{ schema.name }}</code></summary>
<p class="meaning">{{ schema.meaning }}</p><p>{{ schema.form|safe }}</p>
{% if !schema.fields.is_empty() %}<table><tr><th>Field</th><th>Form</th><th>Meaning</th></tr>
{% for field in schema.fields %}{{ field|safe }}{% endfor %}</table>{% endif %}</details>
{% endfor %}</body></html>
"##
)]
struct Page<'a> {
    title: &'a str,
    version: &'a str,
    introduction: &'a str,
    style: &'static str,
    document: &'static str,
    groups: Vec<Group<'a>>,
    schemas: Vec<Shown<'a>>,
}

struct Group<'a> {
    name: &'a str,
    meaning: &'a str,
    operations: Vec<Operation<'a>>,
}

struct Operation<'a> {
    id: &'a str,
    method: String,
    path: &'a str,
    summary: &'a str,
    parameters: Vec<String>,
    body: String,
    answers: Vec<String>,
}

struct Shown<'a> {
    name: &'a str,
    meaning: &'a str,
    form: String,
    fields: Vec<String>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = "<tr>{% for cell in cells %}<td class=\"meaning\">{{ cell|safe }}</td>{% endfor %}</tr>"
)]
struct Row {
    cells: Vec<String>,
}

#[derive(Template)]
#[template(ext = "html", source = "{{ text }}")]
struct Escaped<'a> {
    text: &'a str,
}

#[derive(Template)]
#[template(ext = "html", source = "<a href=\"#schema-{{ name }}\">{{ name }}</a>")]
struct Reference<'a> {
    name: &'a str,
}

/// The page of a document.
pub(super) fn render(document: &Value) -> String {
    let tags = document["tags"].as_array().map_or(&[][..], Vec::as_slice);
    let page = Page {
        title: text(&document["info"]["title"]),
        version: text(&document["info"]["version"]),
        introduction: text(&document["info"]["description"]),
        style: super::STYLE,
        document: super::DOCUMENT,
        groups: tags.iter().map(|tag| group(document, tag)).collect(),
        schemas: entries(&document["components"]["schemas"]).map(|(name, schema)| shown(name, schema)).collect(),
    };
    page.render().expect("texts can be written into a text")
}

fn group<'a>(document: &'a Value, tag: &'a Value) -> Group<'a> {
    let of_tag = |operation: &Value| operation["tags"].as_array().is_some_and(|tags| tags.contains(&tag["name"]));
    let operations = entries(&document["paths"])
        .flat_map(|(path, methods)| entries(methods).map(move |(method, operation)| (path, method, operation)))
        .filter(|(.., operation)| of_tag(operation))
        .map(|(path, method, operation)| self::operation(document, path, method, operation))
        .collect();
    Group { name: text(&tag["name"]), meaning: text(&tag["description"]), operations }
}

fn operation<'a>(document: &'a Value, path: &'a str, method: &'a str, operation: &'a Value) -> Operation<'a> {
    let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let parameters = parameters.iter().map(|parameter| {
        let parameter = resolved(document, parameter);
        let needed = if parameter["required"] == true { ", required" } else { "" };
        let place = format!("{}{needed}", text(&parameter["in"]));
        row([
            escaped(text(&parameter["name"])),
            escaped(&place),
            form(&parameter["schema"]),
            escaped(text(&parameter["description"])),
        ])
    });
    let answers = entries(&operation["responses"]).map(|(status, answer)| {
        let answer = resolved(document, answer);
        let body = entries(&answer["content"]).next().map_or_else(String::new, |(_, content)| form(&content["schema"]));
        row([escaped(status), body, escaped(text(&answer["description"]))])
    });
    let body = entries(&operation["requestBody"]["content"]).next();
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path,
        summary: text(&operation["summary"]),
        parameters: parameters.collect(),
        body: body.map_or_else(String::new, |(_, content)| form(&content["schema"])),
        answers: answers.collect(),
    }
}

fn shown<'a>(name: &'a str, schema: &'a Value) -> Shown<'a> {
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let fields = entries(&schema["properties"]).map(|(name, field)| {
        let needed = if required(name) { " (required)" } else { "" };
        row([escaped(&format!("{name}{needed}")), form(field), escaped(text(&field["description"]))])
    });
    Shown { name, meaning: text(&schema["description"]), form: form(schema), fields: fields.collect() }
}

/// What a value looks like, in a few words, with references as links.
fn form(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap_or_default();
        return Reference { name }.render().expect("texts can be written into a text");
    }
    for (key, joint) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(parts) = schema[key].as_array() {
            return parts.iter().map(form).collect::<Vec<_>>().join(joint);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return escaped(&words.iter().map(Value::to_string).collect::<Vec<_>>().join(", "));
    }
    let kinds: Vec<_> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect(),
        kind => vec![text(kind)],
    };
    let mut form = escaped(&kinds.join(" or "));
    if let Some(items) = schema.get("items") {
        form = format!("{form} of {}", self::form(items));
    }
    if let Some(names) = schema["required"].as_array().filter(|_| kinds == [""]) {
        form = format!("with {}", escaped(&names.iter().map(text).collect::<Vec<_>>().join(", ")));
    }
    for key in ["format", "pattern", "minimum", "maximum", "minLength", "maxLength", "maxItems", "maxProperties"] {
        match &schema[key] {
            Value::Null => {}
            Value::String(limit) => form = format!("{form}, {key} <code>{}</code>", escaped(limit)),
            limit => form = format!("{form}, {key} {}", escaped(&limit.to_string())),
        }
    }
    form
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
    target.and_then(|target| document.pointer(target)).unwrap_or(value)
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn row<const N: usize>(cells: [String; N]) -> String {
    Row { cells: cells.into() }.render().expect("texts can be written into a text")
}

fn escaped(text: &str) -> String {
    Escaped { text }.render().expect("texts can be written into a text")
}

//! The description for people: one page, rendered once, without script and without another host.

use askama::Template;
use serde_json::Value;

use super::example;
use super::prose::{line, prose};

pub(super) const STYLE: &str = "\
:root{--ink:#1a1a1a;--paper:#fff;--quiet:#5a5a5a;--line:#d5d5d5;--shade:#f4f4f2;--link:#0b57a4}\n\
@media(prefers-color-scheme:dark){:root{--ink:#eee;--paper:#161616;--quiet:#aaa;--line:#444;--shade:#222;--link:#9cf}}\n\
*{box-sizing:border-box}html{scroll-behavior:smooth;scroll-padding-top:1rem}\n\
body{margin:0;color:var(--ink);background:var(--paper);font:1rem/1.5 system-ui,sans-serif}\n\
a{color:var(--link)}h1,h2,h3{line-height:1.2}h2{margin-top:2.5rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}\n\
nav{padding:1rem;border-bottom:1px solid var(--line)}nav ul{list-style:none;margin:0;padding:0}\n\
nav li{display:inline-block;margin-right:.8rem}main{max-width:60rem;padding:0 1rem 4rem}\n\
@media(min-width:60rem){body{display:grid;grid-template-columns:14rem 1fr}\n\
nav{position:sticky;top:0;height:100vh;overflow:auto;border:0;border-right:1px solid var(--line)}\n\
nav li{display:block;margin:.15rem 0}main{padding:0 2.5rem 4rem}}\n\
code{font-size:.9em;overflow-wrap:anywhere;background:var(--shade);padding:.1em .25em;border-radius:.2em}\n\
pre{white-space:pre-wrap;background:var(--shade);padding:.6rem .8rem;border-radius:.3rem;overflow:auto}\n\
pre code{padding:0;background:none}p{margin:.4rem 0}ul{margin:.3rem 0;padding-left:1.3rem}\n\
table{border-collapse:collapse;width:100%;margin:.3rem 0 1rem}\n\
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}td p{margin:0}\n\
details{border-bottom:1px solid var(--line);padding:.1rem 0}details[open]{padding-bottom:1rem}\n\
summary{cursor:pointer;padding:.4rem 0}summary:hover{background:var(--shade)}summary .what{color:var(--quiet)}\n\
.method{display:inline-block;min-width:4.5rem;font-weight:600;font-size:.9em}\n\
.get{color:#0b6e4f}.post{color:#0b57a4}.put,.patch{color:#8a5a00}.delete{color:#a31515}\n\
@media(prefers-color-scheme:dark){.get{color:#6fd3a9}.post{color:#9cf}.put,.patch{color:#e8b84a}.delete{color:#ff8f8f}}\n";

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }} API {{ version }}</title><link rel="stylesheet" href="{{ style }}"></head><body>
<nav aria-label="Contents"><ul><li><a href="#start">Start</a></li>
{% for group in groups %}<li><a href="#{{ group.name }}">{{ group.name }}</a></li>{% endfor %}
<li><a href="#schemas">Schemas</a></li></ul></nav><main>
<h1 id="start">{{ title }} API {{ version }}</h1>
{{ introduction|safe }}
<p>For programs: <a href="{{ document }}">{{ document }}</a> (OpenAPI 3.1).
Send a token with every request, from <code>relais token create</code> or <code>POST /api/v1/tokens</code>:</p>
<pre><code>curl -H "Authorization: Bearer $TOKEN" "$RELAIS/api/v1/me"</code></pre>
{% for group in groups %}<h2 id="{{ group.name }}">{{ group.name }}</h2>{{ group.meaning|safe }}
{% for operation in group.operations %}<details id="{{ operation.id }}"><summary>
<span class="method {{ operation.kind }}">{{ operation.method }}</span>
<code>{{ operation.path }}</code> <span class="what">{{ operation.summary|safe }}</span></summary>
{{ operation.meaning|safe }}<pre><code>{{ operation.example }}</code></pre>
<h3>Parameters</h3><table><tr><th>Name</th><th>Where</th><th>Form</th><th>Meaning</th></tr>
{% for parameter in operation.parameters %}{{ parameter|safe }}{% endfor %}</table>
{% if !operation.body.is_empty() %}<h3>Body</h3><p>{{ operation.body|safe }}</p>{% endif %}
<h3>Answers</h3><table><tr><th>Status</th><th>Body</th><th>Meaning</th></tr>
{% for answer in operation.answers %}{{ answer|safe }}{% endfor %}</table></details>
{% endfor %}{% endfor %}<h2 id="schemas">Schemas</h2>
{% for schema in schemas %}<details id="schema-{{ schema.name }}"><summary><code>{{ schema.name }}</code></summary>
{{ schema.meaning|safe }}<p>{{ schema.form|safe }}</p>
{% if !schema.fields.is_empty() %}<table><tr><th>Field</th><th>Form</th><th>Meaning</th></tr>
{% for field in schema.fields %}{{ field|safe }}{% endfor %}</table>{% endif %}</details>
{% endfor %}</main></body></html>
"##
)]
struct Page<'a> {
    title: &'a str,
    version: &'a str,
    introduction: String,
    style: &'static str,
    document: &'static str,
    groups: Vec<Group<'a>>,
    schemas: Vec<Shown<'a>>,
}

struct Group<'a> {
    name: &'a str,
    meaning: String,
    operations: Vec<Operation<'a>>,
}

struct Operation<'a> {
    id: &'a str,
    /// As the style sheet calls it.
    kind: &'a str,
    method: String,
    path: &'a str,
    summary: String,
    meaning: String,
    /// For a command line.
    example: String,
    parameters: Vec<String>,
    body: String,
    answers: Vec<String>,
}

struct Shown<'a> {
    name: &'a str,
    meaning: String,
    form: String,
    fields: Vec<String>,
}

#[derive(Template)]
#[template(ext = "html", source = "<tr>{% for cell in cells %}<td>{{ cell|safe }}</td>{% endfor %}</tr>")]
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
        introduction: prose(text(&document["info"]["description"])),
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
    Group { name: text(&tag["name"]), meaning: prose(text(&tag["description"])), operations }
}

fn operation<'a>(document: &'a Value, path: &'a str, method: &'a str, operation: &'a Value) -> Operation<'a> {
    let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let parameters = parameters.iter().map(|parameter| {
        let parameter = resolved(document, parameter);
        let needed = if parameter["required"] == true { ", required" } else { "" };
        let place = format!("{}{needed}", text(&parameter["in"]));
        row([
            format!("<code>{}</code>", escaped(text(&parameter["name"]))),
            escaped(&place),
            form(&parameter["schema"]),
            prose(text(&parameter["description"])),
        ])
    });
    let answers = entries(&operation["responses"]).map(|(status, answer)| {
        let answer = resolved(document, answer);
        let body = entries(&answer["content"]).next().map_or_else(String::new, |(_, content)| form(&content["schema"]));
        row([escaped(status), body, prose(text(&answer["description"]))])
    });
    let bodies = entries(&operation["requestBody"]["content"]).map(|(kind, content)| match kind {
        "application/json" => form(&content["schema"]),
        kind => format!("<code>{}</code>: {}", escaped(kind), form(&content["schema"])),
    });
    Operation {
        id: text(&operation["operationId"]),
        kind: method,
        method: method.to_uppercase(),
        path,
        summary: line(text(&operation["summary"])),
        meaning: prose(text(&operation["description"])),
        example: command(document, path, method, operation),
        parameters: parameters.collect(),
        body: bodies.collect::<Vec<_>>().join(", or "),
        answers: answers.collect(),
    }
}

/// The operation as somebody types it.
fn command(document: &Value, path: &str, method: &str, operation: &Value) -> String {
    let method = if method == "get" { String::new() } else { format!(" -X {}", method.to_uppercase()) };
    let content = &operation["requestBody"]["content"];
    let body = if let Some(json) = content.get("application/json") {
        let example = example::of(document, &json["schema"]);
        format!(" \\\n  -H \"Content-Type: application/json\" -d '{example}'")
    } else if content.get("multipart/form-data").is_some() {
        " -F file=@bundle.zip".to_owned()
    } else {
        String::new()
    };
    format!("curl{method} -H \"Authorization: Bearer $TOKEN\" \"$RELAIS{path}\"{body}")
}

fn shown<'a>(name: &'a str, schema: &'a Value) -> Shown<'a> {
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let fields = entries(&schema["properties"]).map(|(name, field)| {
        let needed = if required(name) { " (required)" } else { "" };
        row([format!("<code>{}</code>{needed}", escaped(name)), form(field), prose(text(&field["description"]))])
    });
    Shown { name, meaning: prose(text(&schema["description"])), form: form(schema), fields: fields.collect() }
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

pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
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

//! A writer of small files in MaxMind's format, version 2.0, for tests.
//!
//! Source: <https://maxmind.github.io/MaxMind-DB/>. An IPv6 tree with 32-bit records, IPv4 below
//! `::/96`, values without pointers.

use std::net::IpAddr;

use serde_json::Value;

/// The bytes of a file that holds `records`: network, prefix length, and what is known of it.
pub(super) fn write(database_type: &str, records: &[(&str, u8, Value)]) -> Vec<u8> {
    let mut tree = vec![[Slot::Empty; 2]];
    let mut data = Vec::new();
    for (network, prefix, value) in records {
        let offset = data.len();
        encode(value, &mut data);
        insert(&mut tree, network.parse().expect("an address"), *prefix, offset);
    }
    let mut file = Vec::new();
    let nodes = u32::try_from(tree.len()).expect("a small tree");
    for slot in tree.iter().flatten() {
        let pointer = match slot {
            Slot::Empty => nodes,
            Slot::Node(index) => u32::try_from(*index).expect("a small tree"),
            Slot::Data(offset) => nodes + 16 + u32::try_from(*offset).expect("little data"),
        };
        file.extend(pointer.to_be_bytes());
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    encode_metadata(database_type, nodes, &mut file);
    file
}

#[derive(Clone, Copy)]
enum Slot {
    Empty,
    Node(usize),
    Data(usize),
}

fn insert(tree: &mut Vec<[Slot; 2]>, network: IpAddr, prefix: u8, offset: usize) {
    let (bits, length) = match network {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 96 + usize::from(prefix)),
        IpAddr::V6(v6) => (u128::from(v6), usize::from(prefix)),
    };
    let mut node = 0;
    for depth in 0..length {
        let side = usize::from(bits >> (127 - depth) & 1 == 1);
        if depth + 1 == length {
            tree[node][side] = Slot::Data(offset);
        } else if let Slot::Node(next) = tree[node][side] {
            node = next;
        } else {
            tree.push([Slot::Empty; 2]);
            let next = tree.len() - 1;
            tree[node][side] = Slot::Node(next);
            node = next;
        }
    }
}

fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            head(2, text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Number(number) => {
            let bytes = u32::try_from(number.as_u64().expect("a small number")).expect("a small number").to_be_bytes();
            head(6, 4, out);
            out.extend(bytes);
        }
        Value::Bool(value) => head(14, usize::from(*value), out),
        Value::Array(values) => {
            head(11, values.len(), out);
            values.iter().for_each(|value| encode(value, out));
        }
        Value::Object(fields) => {
            head(7, fields.len(), out);
            for (name, value) in fields {
                encode(&Value::String(name.clone()), out);
                encode(value, out);
            }
        }
        Value::Null => panic!("the format has no null"),
    }
}

/// The control byte and what follows it: type and size.
fn head(kind: u8, size: usize, out: &mut Vec<u8>) {
    assert!(size < 285, "this writer makes small files");
    let (low, more) = if size < 29 { (size, None) } else { (29, Some(size - 29)) };
    let low = u8::try_from(low).expect("five bits");
    if kind < 8 {
        out.push(kind << 5 | low);
    } else {
        out.extend([low, kind - 7]);
    }
    out.extend(more.map(|more| u8::try_from(more).expect("one byte")));
}

fn encode_metadata(database_type: &str, nodes: u32, out: &mut Vec<u8>) {
    let text = |text: &str, out: &mut Vec<u8>| encode(&Value::String(text.to_owned()), out);
    let small = |number: u16, out: &mut Vec<u8>| {
        head(5, 2, out);
        out.extend(number.to_be_bytes());
    };
    head(7, 9, out);
    text("node_count", out);
    head(6, 4, out);
    out.extend(nodes.to_be_bytes());
    text("record_size", out);
    small(32, out);
    text("ip_version", out);
    small(6, out);
    text("database_type", out);
    text(database_type, out);
    text("languages", out);
    encode(&serde_json::json!(["en"]), out);
    text("binary_format_major_version", out);
    small(2, out);
    text("binary_format_minor_version", out);
    small(0, out);
    text("build_epoch", out);
    head(9, 8, out);
    out.extend(1_772_000_000_u64.to_be_bytes());
    text("description", out);
    encode(&serde_json::json!({"en": "a test"}), out);
}

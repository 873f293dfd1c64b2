//! The data files against what is promised of them: docs/data.md column by column, and the JSON Schema of findings.

use std::fs::{self, File};
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;

use crate::program::{home, samples_consolidated, scratch, tonghop};

/// The first column of the first table under a heading of docs/data.md.
fn promised(heading: &str) -> Vec<String> {
    let text = fs::read_to_string(home().join("docs/data.md")).unwrap();
    let part = text.split("\n## ").find(|part| part.starts_with(heading)).unwrap();
    let rows =
        part.lines().skip_while(|line| !line.starts_with("|---")).skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).unwrap().to_owned()).collect()
}

fn columns(file: &Path) -> Vec<String> {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    schema.columns().iter().map(|column| column.name().to_owned()).collect()
}

fn header(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    text.trim_start_matches('\u{feff}').lines().next().unwrap().split(',').map(str::to_owned).collect()
}

#[test]
fn every_data_file_has_the_columns_that_are_promised() {
    let folder = scratch("data");
    let (entries, consolidated) = (promised("entries"), promised("consolidated.csv"));
    assert_eq!((entries.len(), consolidated.len()), (12, 8));
    for name in ["entries.csv", "entries.json", "entries.parquet", "set"] {
        let out = folder.join(name);
        let said =
            tonghop(home(), ["entries", "samples/quang-minh/2023-Q3", "--quiet", "--out", out.to_str().unwrap()]);
        assert_eq!(said.exit, 0, "{}", said.err);
    }
    assert_eq!(header(&folder.join("entries.csv")), entries);
    assert_eq!(columns(&folder.join("entries.parquet")), entries);
    let json: Value = serde_json::from_slice(&fs::read(folder.join("entries.json")).unwrap()).unwrap();
    let keys = json[0].as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(keys, entries.iter().cloned().collect());
    let mut place = folder.join("set");
    let mut in_names = Vec::new();
    while let Some(inner) = fs::read_dir(&place).ok().and_then(|mut entries| entries.next()) {
        place = inner.unwrap().path();
        let name = place.file_name().unwrap().to_string_lossy().into_owned();
        in_names.extend(name.split_once('=').map(|(key, _)| key.to_owned()));
    }
    assert_eq!(in_names, ["form", "period", "province"]);
    let inside = entries.iter().filter(|column| !in_names.contains(column)).cloned();
    assert_eq!(columns(&place), inside.chain(promised("A data set")).collect::<Vec<_>>());
    assert_eq!(header(&samples_consolidated().join("consolidated.csv")), consolidated);
    assert_eq!(columns(&samples_consolidated().join("entries.parquet")), entries);
}

#[test]
fn findings_keep_their_schema() {
    let schema: Value = serde_json::from_slice(&fs::read(home().join("docs/findings.schema.json")).unwrap()).unwrap();
    let findings = fs::read(samples_consolidated().join("findings.json")).unwrap();
    let findings: Value = serde_json::from_slice(&findings).unwrap();
    assert!(!findings["findings"].as_array().unwrap().is_empty());
    let mut wrong = Vec::new();
    keeps(&findings, &schema, &schema, "", &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What it refuses.
    for (at, value) in
        [("/files/0/verdict", "lost"), ("/findings/0/severity", "grave"), ("/schema", "tonghop.findings/0")]
    {
        let mut other = findings.clone();
        *other.pointer_mut(at).unwrap() = value.into();
        let mut wrong = Vec::new();
        keeps(&other, &schema, &schema, "", &mut wrong);
        assert_eq!(wrong.len(), 1, "{at}: {wrong:?}");
    }
    let mut other = findings;
    other["findings"][0].as_object_mut().unwrap().remove("rule").unwrap();
    let mut wrong = Vec::new();
    keeps(&other, &schema, &schema, "", &mut wrong);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
}

/// The part of JSON Schema that ours uses; any other word of it is an error here.
fn keeps(value: &Value, schema: &Value, whole: &Value, at: &str, wrong: &mut Vec<String>) {
    let empty = serde_json::Map::new();
    for (word, says) in schema.as_object().unwrap_or(&empty) {
        let holds = match word.as_str() {
            "$schema" | "$id" | "title" | "description" | "$defs" => true,
            "$ref" => {
                let target = whole.pointer(says.as_str().unwrap().trim_start_matches('#')).unwrap();
                keeps(value, target, whole, at, wrong);
                true
            }
            "type" => {
                let is = |name: &Value| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("a type {other}"),
                };
                says.as_array().map_or_else(|| is(says), |all| all.iter().any(is))
            }
            "const" => value == says,
            "enum" => says.as_array().unwrap().contains(value),
            "minimum" => value.as_i64().is_none_or(|n| n >= says.as_i64().unwrap()),
            "minItems" => value.as_array().is_none_or(|all| all.len() as u64 >= says.as_u64().unwrap()),
            "pattern" => value.as_str().is_none_or(|text| matches(text, says.as_str().unwrap())),
            "required" => {
                let names = says.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                value.as_object().is_none_or(|object| names.clone().all(|name| object.contains_key(name)))
            }
            "properties" => {
                for (name, inner) in says.as_object().unwrap() {
                    if let Some(own) = value.get(name) {
                        keeps(own, inner, whole, &format!("{at}/{name}"), wrong);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object().unwrap();
                says != &Value::Bool(false) || value.as_object().is_none_or(|o| o.keys().all(|k| known.contains_key(k)))
            }
            "items" => {
                for (nr, own) in value.as_array().into_iter().flatten().enumerate() {
                    keeps(own, says, whole, &format!("{at}/{nr}"), wrong);
                }
                true
            }
            "anyOf" | "oneOf" => says.as_array().unwrap().iter().any(|one| {
                let mut others = Vec::new();
                keeps(value, one, whole, at, &mut others);
                others.is_empty()
            }),
            other => panic!("a word {other} of JSON Schema that this test does not know"),
        };
        if !holds {
            wrong.push(format!("{at}: {word} {says}"));
        }
    }
}

/// The patterns of our schema, told by what they are for.
fn matches(text: &str, pattern: &str) -> bool {
    match pattern {
        p if p.contains("Q[1-4]") => text.parse::<tonghop::Period>().is_ok(),
        p if p.contains("0-9") => text.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || c == '.'),
        other => panic!("a pattern {other} that this test does not know"),
    }
}

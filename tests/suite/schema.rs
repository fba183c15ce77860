//! The schemas of what commands print: each held to its snapshot, and what commands print on the examples to them.

use crate::harness::{Workspace, examples};
use insta::assert_snapshot;
use serde_json::Value;

/// Every name with a schema.
fn names() -> Vec<String> {
    let listed = Workspace::empty().qd(&["export", "schema"]).exits(0).stdout;
    listed.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

fn schema(name: &str) -> Value {
    Workspace::empty().qd(&["export", "schema", name]).exits(0).json()
}

/// An object must be what its schema says, and have no key that the schema does not name.
#[track_caller]
fn fits(name: &str, object: &Value) {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("schema.json", closed(schema(name))).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(object, index) {
        panic!("`{name}` does not fit its schema: {error:#}\n{object:#}");
    }
}

/// The same schema with no more keys than it names, in every object of named keys.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(fields) => {
            let open = fields.contains_key("properties") && !fields.contains_key("additionalProperties");
            for field in fields.values_mut() {
                *field = closed(field.take());
            }
            if open {
                fields.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|each| *each = closed(each.take())),
        _ => {}
    }
    schema
}

/// Keys are stable once released: a schema that moves is a decision, not an accident.
#[test]
fn each_schema_is_its_snapshot() {
    let names = names();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let text = Workspace::empty().qd(&["export", "schema", &name]).exits(0).stdout;
        assert_snapshot!(format!("schema_{name}"), text);
    }
}

#[test]
fn a_schema_that_is_not_there() {
    assert_snapshot!("schema_unknown", Workspace::empty().qd(&["export", "schema", "chekc"]).exits(2).shown());
    Workspace::empty().qd(&["export", "json", "check"]).exits(2);
    let all = Workspace::empty().qd(&["export", "schema", "--json"]).exits(0).json();
    assert_eq!(all.as_object().unwrap().len(), names().len());
}

#[test]
fn what_commands_print_fits() {
    for name in examples() {
        let example = Workspace::example(&name);
        let model = example.qd(&["export", "json"]).exits(0).json();
        fits("model", &model);
        fits("check", &example.qd(&["check", "--json"]).exits(0).json());
        fits("fmt", &example.qd(&["fmt", "--check", "--json"]).exits(0).json());
        fits("tree", &example.qd(&["tree", "--json"]).exits(0).json());
        fits("spec", &example.qd(&["spec", "--all", "--json"]).exits(0).json());
        fits("spec-files", &example.qd(&["spec", "--all", "-o", "specs", "--json"]).exits(0).json());
        let metric = model["model"]["metrics"].as_object().unwrap().keys().next().unwrap().clone();
        fits("series", &example.qd(&["series", &metric, "--json"]).exits(0).json());
        fits("forecast", &example.qd(&["forecast", &metric, "--json"]).exits(0).json());
    }
    let grocery = Workspace::example("grocery");
    fits("propose", &grocery.qd(&["propose", "--dry-run", "--json"]).exits(0).json());
    fits("backtest", &grocery.qd(&["backtest", "--json"]).exits(0).json());
    fits("northstar", &grocery.qd(&["northstar", "--json"]).exits(0).json());
    fits("funnel", &grocery.qd(&["funnel", "--json"]).exits(0).json());
    fits("initiatives", &grocery.qd(&["initiatives", "--json"]).exits(0).json());
    fits("tree-validate", &grocery.qd(&["tree", "--validate", "--json"]).exits(0).json());
    fits("whatif", &grocery.qd(&["whatif", "--json"]).exits(0).json());
    let empty = Workspace::empty();
    fits("explain", &empty.qd(&["explain", "--json"]).exits(0).json());
    fits("explain-code", &empty.qd(&["explain", "E101", "--json"]).exits(0).json());
    fits("error", &empty.qd(&["check", "--json"]).exits(2).json());
}

#[test]
fn what_is_said_of_mistakes_fits() {
    let shop = Workspace::shop();
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders / order");
    let object = shop.qd(&["check", "--json"]).exits(2).json();
    assert_eq!(object["diagnostics"][0]["severity"], "error");
    fits("check", &object);
    fits("error", &shop.qd(&["export", "json", "--json"]).exits(2).json());
    shop.change("metrics/shop.qd", "metric", "metrik");
    fits("fmt", &shop.qd(&["fmt", "--json"]).exits(2).json());
}

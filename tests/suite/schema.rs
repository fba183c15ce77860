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

/// What was held to its schema.
#[derive(Default)]
struct Held(std::collections::BTreeSet<String>);

impl Held {
    /// Runs a command, which must end well, and holds what it prints to a schema.
    #[track_caller]
    fn fits(&mut self, name: &str, workspace: &Workspace, args: &[&str]) -> Value {
        let object = workspace.qd(args).exits(0).json();
        fits(name, &object);
        self.0.insert(name.to_owned());
        object
    }
}

/// Every command's real output fits its schema, and no schema is left that nothing was held to.
#[test]
fn what_commands_print_fits() {
    let mut held = Held::default();
    for name in examples() {
        let example = Workspace::example(&name);
        let model = held.fits("model", &example, &["export", "json"]);
        held.fits("check", &example, &["check", "--json"]);
        held.fits("fmt", &example, &["fmt", "--check", "--json"]);
        held.fits("tree", &example, &["tree", "--json"]);
        held.fits("spec", &example, &["spec", "--all", "--json"]);
        held.fits("spec-files", &example, &["spec", "--all", "-o", "specs", "--json"]);
        let metric = model["model"]["metrics"].as_object().unwrap().keys().next().unwrap().clone();
        held.fits("series", &example, &["series", &metric, "--json"]);
        held.fits("series-sql", &example, &["series", &metric, "--sql", "--json"]);
        held.fits("forecast", &example, &["forecast", &metric, "--json"]);
    }
    let grocery = Workspace::example("grocery");
    held.fits("propose", &grocery, &["propose", "--dry-run", "--json"]);
    held.fits("backtest", &grocery, &["backtest", "--json"]);
    held.fits("northstar", &grocery, &["northstar", "--json"]);
    held.fits("funnel", &grocery, &["funnel", "--json"]);
    held.fits("initiatives", &grocery, &["initiatives", "--json"]);
    held.fits("tree-validate", &grocery, &["tree", "--validate", "--json"]);
    held.fits("whatif", &grocery, &["whatif", "--json"]);
    held.fits("whatif", &grocery, &["whatif", "--set", "on_time_rate=95%", "--target", "weekly_orders=12k", "--json"]);
    held.fits("plan", &grocery, &["plan", "2027-Q3", "--json"]);
    let empty = Workspace::empty();
    held.fits("welcome", &empty, &["--json"]);
    held.fits("explain", &empty, &["explain", "--json"]);
    held.fits("explain-code", &empty, &["explain", "E101", "--json"]);
    held.fits("completions", &empty, &["completions", "bash", "--json"]);
    held.fits("add-list", &empty, &["add", "--json"]);
    fits("error", &empty.qd(&["check", "--json"]).exits(2).json());
    held.0.insert("error".to_owned());
    empty.write("rides.csv", "day,rides\n2024-01-01,10\n2024-01-02,12\n2024-01-03,11\n");
    held.fits("import", &empty, &["init", "ours", "--from", "rides.csv", "--as", "2024-Q2", "--json"]);
    held.fits("init", &empty, &["init", "theirs", "--json"]);
    held.fits("add", &empty, &["add", "nps", "-C", "ours", "--json"]);
    what_a_quarter_prints_fits(&mut held);
    let left: Vec<String> = names().into_iter().filter(|name| !held.0.contains(name)).collect();
    assert!(left.is_empty(), "nothing was held to {left:?}");
}

/// A quarter from its proposal to its closing.
fn what_a_quarter_prints_fits(held: &mut Held) {
    let shop = Workspace::shop();
    shop.git(&["init", "-q"]).git(&["add", "."]).git(&["commit", "-q", "-m", "The shop opens"]);
    held.fits("propose", &shop, &["propose", "2024-Q4", "--as-of", "2024-09-30", "--json"]);
    held.fits("review", &shop, &["review", "--reject", "late_share", "--because", "Later.", "--json"]);
    held.fits("accept", &shop, &["accept", "orders", "--by", "Ada", "--role", "owner", "--json"]);
    held.fits("accept", &shop, &["accept", "--by", "Ada", "--json"]);
    held.fits("amend", &shop, &["amend", "orders", "--to", "650", "--by", "Ada", "--because", "Rain.", "--json"]);
    held.fits("drop", &shop, &["drop", "revenue", "--by", "Ada", "--because", "The oven broke.", "--json"]);
    held.fits("justify", &shop, &["justify", "2024-Q4", "--json"]);
    held.fits("justify-text", &shop, &["justify", "2024-Q4", "-o", "-", "--format", "text", "--json"]);
    held.fits("verify", &shop, &["verify", "--json"]);
    held.fits("diff", &shop, &["diff", "--json"]);
    held.fits(
        "note",
        &shop,
        &["note", "orders", "Two riders are ill.", "--by", "Ada", "--as-of", "2024-11-10", "--json"],
    );
    held.fits("track", &shop, &["track", "--as-of", "2024-11-17", "--json"]);
    held.fits("close", &shop, &["close", "2024-Q4", "--json"]);
    held.fits("close", &shop, &["close", "--json"]);
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

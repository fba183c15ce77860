//! A small workspace, its data, and a way to propose from them that depends on every number of both.
//!
//! The way to propose is made up (the real one lives in its own module and tests): what counts here is that the same inputs
//! give the same proposal, and that any other input gives another one.

use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::{History, Partial, QuarterValue};
use quarterdeck_lang::model::Better;
use quarterdeck_lang::{Model, TextFile, check};
use quarterdeck_plan::ledger::{
    Accepted, Approval, Frozen, FrozenTexts, Ledger, LedgerError, Now, Verification, accept, data_hash, verify,
};
use quarterdeck_plan::proposal::{
    Actual, AtLeast, ClaimRecord, Cover, Detail, Fan, Flag, GuardRow, Joint, MethodRow, Offer, Offers, State,
    TargetProposal, Variant,
};
use quarterdeck_plan::{Inputs, Odds, PlanError, Proposal};
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub const VERSION: &str = "0.1.0";
pub const PATH: &str = "targets/2025-Q1.toml";
pub type Histories = BTreeMap<String, History>;

pub fn period() -> Period {
    "2025-Q1".parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The model of a text.
pub fn model_of(text: &str) -> Model {
    let text = TextFile::new("metrics/kitchen.qd", text);
    let checked = check(None, vec![text]);
    let errors: Vec<_> = checked.errors().collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.model
}

pub const TEXT: &str = include_str!("kitchen.qd");

pub fn model() -> Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| model_of(TEXT)).clone()
}

pub fn histories() -> Histories {
    let series = |start: &str, count: usize, level: f64| {
        let start: Period = start.parse().unwrap();
        let values = (0..count).map(|at| if at == 3 { None } else { Some(level + 7.25 * (at * at % 11) as f64) });
        History {
            grain: start.grain(),
            start,
            values: values.collect(),
            weights: vec![],
            partial: None,
            quarters: vec![],
        }
    };
    let mut orders = series("2020-W50", 9, 9902.0);
    orders.partial = Some(Partial { value: 1234.5, weight: None, through: day("2021-02-12") });
    let quarter = |value, through: &str, complete, weight| {
        let period = if complete { "2020-Q4" } else { "2021-Q1" }.parse().unwrap();
        QuarterValue { period, value, weight, through: day(through), complete }
    };
    orders.quarters = vec![quarter(9_911.125, "2020-12-31", true, None), quarter(9_950.1, "2021-02-12", false, None)];
    let mut rate = series("2020-08", 6, 0.0);
    rate.values = [0.91, 0.93, 1.0 / 3.0, 0.1 + 0.2, 0.95, 0.94].map(Some).to_vec();
    rate.weights = [100.0, 110.0, 120.0, 0.0, 125.5, 130.0].map(Some).to_vec();
    rate.partial = Some(Partial { value: 0.9, weight: Some(60.0), through: day("2021-02-12") });
    rate.quarters = vec![quarter(0.94, "2020-12-31", true, Some(255.5))];
    let mut york = series("2020-W50", 9, 120.0);
    york.partial = Some(Partial { value: 12.0, weight: None, through: day("2021-02-12") });
    let mut tickets = series("2020-09", 0, 0.0);
    tickets.values.clear();
    [
        ("weekly_orders", orders),
        ("on_time_rate", rate),
        ("on_time_orders", series("2020-08", 6, 90.0)),
        ("delivered_orders", series("2020-08", 6, 100.0)),
        ("weekly_orders[city = \"York, UK\"]", york),
        ("tickets", tickets),
    ]
    .map(|(name, history)| (name.to_owned(), history))
    .into()
}

/// A number from 0 to 1 that depends on all of a text.
fn mixed(text: &str) -> f64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// A proposal in which every number depends on the definitions, the inputs, the day, the seed and the number of paths.
pub fn propose(inputs: &Inputs<'_>, period: Period) -> Result<Proposal, PlanError> {
    let calendar = &inputs.model.settings.calendar;
    let plan = &inputs.model.plans[&period];
    let all = format!("{:?} {} {} {}", inputs.histories, inputs.as_of, inputs.seed, inputs.paths);
    let mut targets = Vec::new();
    for target in &plan.targets {
        let slice = target.slice.as_ref().map(|slice| slice.text.clone());
        let metric = &inputs.model.metrics[&target.metric];
        let name = slice.as_ref().map_or(target.metric.clone(), |slice| format!("{}[{slice}]", target.metric));
        let history = &inputs.histories[&name];
        let number = |what: &str| {
            let facts = (history, inputs.as_of, inputs.seed, inputs.paths, &metric.reads, &metric.measure);
            mixed(&format!("{name} {what} {facts:?} {:?}", metric.guards)) * 100.0
        };
        let offer = |what: &str| {
            Some(Offer {
                value: number(what),
                p_hit: Some(number(&format!("{what} p")) / 100.0),
                p_hit_without_plan: Some(number(&format!("{what} q")) / 100.0),
            })
        };
        let methods = ["trend", "benchmark", "market", "initiatives", "objective"].map(|method| match method {
            "trend" | "initiatives" => MethodRow::Given {
                name: method.to_owned(),
                p10: number(method) - 1.0,
                p50: number(method),
                p90: number(method) + 1.0,
                variants: ["as it goes", "with +1pp a month"]
                    .map(|label| Variant {
                        label: label.to_owned(),
                        p10: number(label),
                        p50: number(label),
                        p90: number(label),
                        workings: Vec::new(),
                    })
                    .to_vec(),
            },
            _ => MethodRow::Missing { name: method.to_owned(), missing: "no input".to_owned() },
        });
        targets.push(TargetProposal {
            metric: target.metric.clone(),
            unit: metric.unit.text.clone(),
            better: "higher".to_owned(),
            owner: metric.owner.clone(),
            reads: "average week".to_owned(),
            last_actual: Some(Actual { period: "2020-Q4".parse().unwrap(), value: number("last") }),
            forecast: slice.is_none().then(|| {
                let p50 = number("forecast");
                Fan { p10: p50 - 2.0, p30: p50 - 1.0, p50, p70: p50 + 1.0, p90: p50 + 2.0 }
            }),
            methods: methods.to_vec(),
            proposed: Offers { commit: offer("commit"), target: offer("target"), stretch: offer("stretch") },
            confidence: target.confidence,
            claims: Some(ClaimRecord {
                n: 9,
                quarters: vec!["2020-Q3".parse().unwrap(), "2020-Q4".parse().unwrap()],
                expected: 5.4,
                hit: 5,
                low: 3,
                high: 8,
                level: 0.6,
                source: "backtest".to_owned(),
            }),
            guards: metric
                .guards
                .iter()
                .map(|guard| GuardRow {
                    metric: guard.metric.clone(),
                    limit: Some(500.0),
                    p_breach: Some(number("breach") / 100.0),
                    p_breach_without_plan: None,
                    at_most: true,
                    false_alarms: None,
                    owner: None,
                    rule: "at most 500".to_owned(),
                    label: String::new(),
                    unit: None,
                })
                .collect(),
            because: target.because.clone(),
            known_by: calendar.starts(period) + chrono::Days::new(40),
            flags: vec![Flag { code: "one_legged".to_owned(), message: "A single \"method\"\nspeaks.".to_owned() }],
            state: State::Proposed,
            revision: metric.definition.revision.clone(),
            data_hash: data_hash(history),
            findings: Default::default(),
            detail: Detail {
                odds: Odds::from_paths(
                    &(0..100).map(|at| number("draws") + f64::from(at)).collect::<Vec<_>>(),
                    &(0..100).map(|at| number("draws") + 0.9 * f64::from(at)).collect::<Vec<_>>(),
                    Better::Higher,
                ),
                ..Detail::default()
            },
            slice,
        });
    }
    let joint = Joint {
        p_all: Some(mixed(&format!("{all} all"))),
        p_all_without_plan: Some(mixed(&format!("{all} without"))),
        p_at_least: (1..=3).map(|k| AtLeast { k, p: mixed(&format!("{all} {k}")) }).collect(),
        excluded: vec!["tickets".to_owned()],
        p_all_independent: Some(0.25),
        p_all_more_dependent: None,
        conditional: Vec::new(),
    };
    Ok(Proposal {
        period,
        starts: calendar.starts(period),
        ends: calendar.ends(period),
        as_of: inputs.as_of,
        seed: inputs.seed,
        version: inputs.version.to_owned(),
        targets,
        joint,
        paths: inputs.paths,
        cover: Cover { revision: plan.revision.clone(), ..Cover::default() },
    })
}

/// The same at the values that count.
pub fn propose_beside(inputs: &Inputs<'_>, period: Period, in_force: Option<&Model>) -> verify::Both {
    let beside = in_force.map(|model| propose(&Inputs { model, ..inputs.clone() }, period)).transpose()?;
    Ok((propose(inputs, period)?, beside))
}

/// What is proposed from a model and its data.
pub fn proposal(model: &Model, histories: &Histories, as_of: &str) -> Proposal {
    let inputs = Inputs { model, histories, as_of: day(as_of), seed: 7, paths: 2000, version: VERSION };
    propose(&inputs, period()).unwrap()
}

pub fn dana(on: &str) -> Approval {
    Approval { by: "Dana Holm".to_owned(), role: Some("CFO".to_owned()), on: day(on) }
}

/// The files of an accepted ledger.
#[derive(Clone)]
pub struct Files {
    pub ledger: String,
    pub inputs: String,
    pub definitions: String,
}

impl Files {
    /// Everything accepted at once.
    pub fn accepted() -> Files {
        static FILES: OnceLock<Files> = OnceLock::new();
        FILES.get_or_init(|| Files::take(None, &model(), &histories(), "2021-02-12", &[]).unwrap()).clone()
    }

    /// Proposes and accepts some targets, beside those that are accepted already.
    pub fn take(
        before: Option<&Files>,
        model: &Model,
        histories: &Histories,
        as_of: &str,
        metrics: &[&str],
    ) -> Result<Files, LedgerError> {
        let standing = before.map(|files| Ledger::from_toml(PATH, &files.ledger).unwrap());
        let proposed = Ledger::from_proposal(&proposal(model, histories, as_of), standing.as_ref(), None);
        let metrics: Vec<String> = metrics.iter().map(|metric| (*metric).to_owned()).collect();
        let Accepted { mut ledger, .. } = accept(standing.as_ref(), &proposed, &dana("2024-12-20"), &metrics)?;
        let texts =
            before.map(|files| FrozenTexts { inputs: files.inputs.clone(), definitions: files.definitions.clone() });
        let FrozenTexts { inputs, definitions } = ledger.freeze(histories, model, texts.as_ref())?;
        Ok(Files { ledger: ledger.to_toml(), inputs, definitions })
    }

    pub fn frozen(&self) -> Frozen<'_> {
        Frozen {
            period: period(),
            ledger: &self.ledger,
            ledger_path: PATH,
            inputs: &self.inputs,
            definitions: &self.definitions,
        }
    }

    pub fn verify(&self, now: &Now<'_>) -> Result<Verification, LedgerError> {
        verify::verify_with(&self.frozen(), now, propose_beside)
    }

    /// Verifies offline.
    pub fn offline(&self) -> Result<Verification, LedgerError> {
        self.verify(&Now { model: None, histories: None, version: VERSION, strict: false })
    }
}

/// Differences as a table, with what they are.
pub fn shown(verification: &Verification) -> String {
    let mut text = String::new();
    for difference in &verification.differences {
        let (what, kind) = (&difference.what, difference.kind);
        text += &format!("{kind:?} {} {what}: {} -> {}\n", difference.file, difference.written, difference.recomputed);
    }
    for note in &verification.notes {
        text += &format!("note: {note}\n");
    }
    text
}

/// A text with its hashes and revisions as numbers, so that a snapshot does not depend on how they are made.
pub fn masked(text: &str) -> String {
    let mut known: Vec<&str> = Vec::new();
    let mut masked = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '.') {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_hash =
            [12, 16].contains(&bare.len()) && bare.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
        if is_hash {
            let at = known.iter().position(|other| *other == bare).unwrap_or_else(|| {
                known.push(bare);
                known.len() - 1
            });
            masked += &format!("<hash {at}>{}", &word[bare.len()..]);
        } else {
            masked += word;
        }
    }
    masked
}

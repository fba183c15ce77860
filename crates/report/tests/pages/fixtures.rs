//! Proposals as a plan makes them, built by hand: a grocery's quarter with five targets, a quarter without a plan, a target
//! without history, and one whose words are hostile.

use chrono::{Days, NaiveDate};
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::{Claim, Dependence, ModelReport, PairDependence};
use quarterdeck_lang::model::{Estimate, Grade, Tier, Unit, UnitForm};
use quarterdeck_plan::proposal::*;
use quarterdeck_report::Standing;
use std::collections::BTreeMap;

pub fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn quarter(year: i32, number: u32) -> Period {
    Period::new(Grain::Quarter, year, number)
}

pub fn unit(text: &str, form: UnitForm) -> Unit {
    Unit { text: text.to_owned(), form, parts: BTreeMap::new(), format: None }
}

pub fn range(low: f64, mid: f64, high: f64) -> Estimate {
    Estimate { low, mid, high, level: 0.8, from_range: true }
}

/// A fan around a middle, symmetric, `half` from the median to the 90th percentile.
pub fn fan(mid: f64, half: f64) -> Fan {
    Fan { p10: mid - half, p30: mid - 0.41 * half, p50: mid, p70: mid + 0.41 * half, p90: mid + half }
}

pub fn offer(value: f64, p: f64, without: f64) -> Option<Offer> {
    Some(Offer { value, p_hit: Some(p), p_hit_without_plan: Some(without) })
}

/// A wave that repeats every year and looks like data, without a random number.
pub fn wobble(at: usize) -> f64 {
    let t = at as f64;
    libm::sin(t * 0.1208) + 0.45 * libm::sin(t * 1.7) + 0.3 * libm::sin(t * 2.9 + 1.0)
}

pub fn history(last: f64, slope: f64, wave: f64, weeks: usize, as_of: NaiveDate) -> Vec<(NaiveDate, f64)> {
    (0..weeks)
        .map(|at| {
            let back = (weeks - 1 - at) as f64;
            let start = as_of - Days::new(7 * (weeks - 1 - at) as u64 + 6);
            (start, last - slope * back + wave * (wobble(at) - wobble(weeks - 1)))
        })
        .collect()
}

pub fn fan_ahead(from: f64, to: Fan, weeks: usize, as_of: NaiveDate) -> Vec<(NaiveDate, Fan)> {
    (0..weeks)
        .map(|at| {
            let part = ((at + 1) as f64 / weeks as f64).min(1.0);
            let wide = part.sqrt();
            let mid = from + (to.p50 - from) * part;
            let at_level = |p: f64| mid + (p - to.p50) * wide * 1.25;
            let fan = Fan {
                p10: at_level(to.p10),
                p30: at_level(to.p30),
                p50: mid,
                p70: at_level(to.p70),
                p90: at_level(to.p90),
            };
            (as_of + Days::new(7 * at as u64 + 1), fan)
        })
        .collect()
}

/// Past quarters and what was claimed for them; `misses` lie outside.
pub fn record(values: &[f64], half: f64, misses: &[usize]) -> (Vec<Actual>, Vec<Claim>) {
    let period = |at: usize| {
        // The last one is 2026-Q3.
        let index = 2026 * 4 + 2 + at + 1 - values.len();
        quarter((index / 4) as i32, (index % 4) as u32 + 1)
    };
    let quarters = values.iter().enumerate().map(|(at, v)| Actual { period: period(at), value: *v }).collect();
    let claims = values
        .iter()
        .enumerate()
        .skip(1)
        .map(|(at, actual)| {
            let off = if misses.contains(&at) { 1.5 } else { 0.55 * libm::sin(at as f64 * 1.3) };
            let mid = actual - off * half;
            let fan = fan(mid, half);
            Claim {
                period: period(at),
                origin: date(2026, 6, 30) - Days::new(91 * (values.len() - 1 - at) as u64),
                quantiles: [fan.p10, fan.p30, fan.p50, fan.p70, fan.p90],
                actual: *actual,
                pit: 0.5,
            }
        })
        .collect();
    (quarters, claims)
}

pub fn given(name: &str, mid: f64, half: f64, label: &str, workings: &[&str]) -> MethodRow {
    let variant = Variant {
        label: label.to_owned(),
        p10: mid - half,
        p50: mid,
        p90: mid + half,
        workings: workings.iter().map(|step| (*step).to_owned()).collect(),
    };
    MethodRow::Given { name: name.to_owned(), p10: mid - half, p50: mid, p90: mid + half, variants: vec![variant] }
}

pub fn missing(name: &str, why: &str) -> MethodRow {
    MethodRow::Missing { name: name.to_owned(), missing: why.to_owned() }
}

pub fn step(label: &str, value: f64, kind: BridgeKind) -> BridgeStep {
    BridgeStep { label: label.to_owned(), value, kind }
}

pub fn claims(n: usize, hit: usize, expected: f64, low: usize, high: usize) -> Option<ClaimRecord> {
    let quarters = vec![quarter(2024, 1); n];
    Some(ClaimRecord { n, quarters, expected, hit, low, high, level: 0.6, source: "backtest".to_owned() })
}

pub fn flag(code: &str, message: &str) -> Flag {
    Flag { code: code.to_owned(), message: message.to_owned() }
}

const AS_OF: (i32, u32, u32) = (2026, 9, 30);

/// A target with nothing in it.
pub fn bare(metric: &str) -> TargetProposal {
    TargetProposal {
        metric: metric.to_owned(),
        slice: None,
        unit: String::new(),
        better: "higher".to_owned(),
        owner: None,
        reads: "whole".to_owned(),
        last_actual: None,
        forecast: None,
        methods: ["trend", "benchmark", "market", "initiatives", "objective"]
            .map(|name| missing(name, &format!("the target names no {name}")))
            .into(),
        proposed: Offers::default(),
        confidence: 0.6,
        claims: None,
        guards: Vec::new(),
        because: None,
        known_by: date(2027, 4, 2),
        flags: Vec::new(),
        state: State::Proposed,
        revision: "9f31c04be2a7".to_owned(),
        data_hash: "4be1d09ac3f2775e".to_owned(),
        findings: Default::default(),
        detail: Detail::default(),
    }
}

/// Weekly orders: more is better, a count, everything there.
pub fn orders() -> TargetProposal {
    let as_of = date(AS_OF.0, AS_OF.1, AS_OF.2);
    let (quarters, record) = record(
        &[6120.0, 6480.0, 6710.0, 6690.0, 7240.0, 7510.0, 7830.0, 7790.0, 8320.0, 8610.0, 8940.0, 9066.0],
        420.0,
        &[4, 8],
    );
    let everything = fan(10_510.0, 1_180.0);
    TargetProposal {
        unit: "orders".to_owned(),
        owner: Some("logistics@grocer.example".to_owned()),
        reads: "average week".to_owned(),
        last_actual: quarters.last().copied(),
        forecast: Some(fan(9_840.0, 1_050.0)),
        methods: vec![
            given("trend", 10_390.0, 1_150.0, "stretched by the initiatives", &["The middle quarter without the plan is 9,840.", "The initiatives add 550."]),
            missing("benchmark", "a benchmark of the metric"),
            MethodRow::Given {
                name: "market".to_owned(),
                p10: 9_700.0,
                p50: 10_640.0,
                p90: 11_500.0,
                variants: vec![
                    Variant { label: "10 % of TAM by 2028-Q4, linear".to_owned(), p10: 10_900.0, p50: 11_200.0, p90: 11_500.0, workings: vec!["50,000 of 1,000,000 households today, 100,000 wanted at the end of 2028-Q4.".to_owned()] },
                    Variant { label: "10 % of TAM by 2028-Q4, exponential".to_owned(), p10: 9_700.0, p50: 10_100.0, p90: 10_600.0, workings: vec![] },
                    Variant { label: "10 % of TAM by 2028-Q4, logistic".to_owned(), p10: 9_900.0, p50: 10_640.0, p90: 11_000.0, workings: vec![] },
                ],
            },
            given("initiatives", 10_410.0, 1_160.0, "forecast and three initiatives", &[]),
            given("objective", 10_800.0, 0.0, "revenue +4 % at 0.25 % per 1 %, stretched by 1 %", &["4 % / 0.25 % per 1 % = 16 %.", "16 % + 1 % = 17 %."]),
        ],
        proposed: Offers { commit: offer(9_700.0, 0.81, 0.56), target: offer(10_300.0, 0.61, 0.34), stretch: offer(11_100.0, 0.29, 0.12) },
        claims: claims(11, 7, 6.6, 4, 9),
        guards: vec![
            GuardRow { metric: "tickets_per_order".to_owned(), limit: Some(0.118), p_breach: Some(0.08), p_breach_without_plan: Some(0.05), at_most: true, false_alarms: None, owner: Some("support@grocer.example".to_owned()), rule: "at most 5 % above same quarter last year".to_owned(), label: "Support tickets per order".to_owned(), unit: Some(unit("tickets per order", UnitForm::Amount)) },
            GuardRow { metric: "cost_per_delivery".to_owned(), limit: Some(5.4), p_breach: Some(0.23), p_breach_without_plan: Some(0.18), at_most: true, false_alarms: None, owner: None, rule: "alarms 1 per year".to_owned(), label: "Cost per delivery".to_owned(), unit: Some(unit("GBP", UnitForm::Money)) },
        ],
        because: Some("On-time delivery is what churned customers name first.".to_owned()),
        flags: vec![flag("methods_disagree", "The objective asks for 10,800, the initiatives carry to 10,410; the ranges overlap by less than half.")],
        findings: Default::default(),
        detail: Detail {
            label: "Weekly orders delivered on time".to_owned(),
            why: Some("A household got its groceries when it was promised them.".to_owned()),
            unit: Some(unit("orders", UnitForm::Amount)),
            reads_phrase: "a week on average".to_owned(),
            range: None,
            history: history(9_140.0, 19.5, 240.0, 156, as_of),
            quarters,
            fan: fan_ahead(9_140.0, everything, 26, as_of),
            states: Some(States { without_plan: fan(9_840.0, 1_050.0), with_plan: fan(10_610.0, 1_170.0), with_judgement: everything }),
            cap: Some(("SOM of the households".to_owned(), 52_000.0, 60_000.0)),
            bridge: vec![
                step("Last actual, 2026-Q3", 9_066.0, BridgeKind::Level),
                step("Trend", 910.0, BridgeKind::Forecast),
                step("Season", -136.0, BridgeKind::Forecast),
                step("Second depot in Leeds", 420.0, BridgeKind::Initiative),
                step("Guest checkout", 230.0, BridgeKind::Initiative),
                step("Route planner", 120.0, BridgeKind::Initiative),
                step("Driver shortage in February", -80.0, BridgeKind::Risk),
                step("Two bank holidays", -104.0, BridgeKind::Judgement),
                step("Caution: from the middle to 60 %", -210.0, BridgeKind::Confidence),
                step("Unexplained", 144.0, BridgeKind::Unexplained),
                step("Target, 2027-Q1", 10_300.0, BridgeKind::Level),
            ],
            implied: vec![
                Implied { metric: "ordering_customers".to_owned(), label: "Customers who order in a week".to_owned(), unit: unit("customers", UnitForm::Amount), last: Some(5_210.0), needed: 5_640.0, expected: 5_640.0, alone: None, p_reach: None, inputs: Vec::new(), percentile: Some(1.0), n: 12 },
                Implied { metric: "orders_per_customer".to_owned(), label: "Orders per customer".to_owned(), unit: unit("orders per customer", UnitForm::Amount), last: Some(1.93), needed: 1.95, expected: 1.95, alone: None, p_reach: None, inputs: Vec::new(), percentile: Some(0.75), n: 12 },
                Implied { metric: "on_time_rate".to_owned(), label: "Orders delivered on time".to_owned(), unit: unit("share", UnitForm::Share), last: Some(0.902), needed: 0.936, expected: 0.936, alone: None, p_reach: None, inputs: Vec::new(), percentile: Some(0.9167), n: 12 },
            ],
            market: Some(MarketDetail {
                label: "Households in our six cities".to_owned(),
                unit: unit("households", UnitForm::Amount),
                tiers: vec![(Tier::Tam, Estimate::point(1_000_000.0)), (Tier::Sam, range(550_000.0, 598_000.0, 650_000.0)), (Tier::Som, Estimate::point(100_000.0))],
                implied_share: (0.0168, 0.0172, 0.0176),
                implied_of: Vec::new(),
                share_now: Some(0.0151),
                source: Some("Census 2025, table H1".to_owned()),
                date: Some(date(2025, 11, 30)),
            }),
            initiatives: vec![
                InitiativeRow { name: "leeds_depot".to_owned(), label: "Second depot in Leeds".to_owned(), owner: Some("ops@grocer.example".to_owned()), ships: 0.8, starts: date(2027, 2, 1), adds: 420.0, range: (0.0, 810.0), evidence: Some((Grade::Pilot, "York depot, 2026-Q2".to_owned())), shrunk: 0.85, cost: Some(range(110_000.0, 120_000.0, 140_000.0)) },
                InitiativeRow { name: "guest_checkout".to_owned(), label: "Guest checkout".to_owned(), owner: Some("checkout@grocer.example".to_owned()), ships: 0.9, starts: date(2027, 1, 15), adds: 230.0, range: (60.0, 390.0), evidence: Some((Grade::Experiment, "checkout test 14".to_owned())), shrunk: 0.97, cost: None },
                InitiativeRow { name: "route_planner".to_owned(), label: "Route planner".to_owned(), owner: None, ships: 0.6, starts: date(2027, 1, 1), adds: 120.0, range: (-20.0, 270.0), evidence: None, shrunk: 0.3, cost: Some(Estimate::point(45_000.0)) },
            ],
            judgements: vec![("−1 %".to_owned(), "Two bank holidays fall on delivery days".to_owned(), Some("ops@grocer.example".to_owned()))],
            risks: vec![RiskRow { label: "Driver shortage in February".to_owned(), chance: 0.25, adds: -320.0, sign: Some("agency fill rate below 80 %".to_owned()), owner: Some("ops@grocer.example".to_owned()) }],
            quotes: vec![("I stopped ordering because I never knew when to be home.".to_owned(), Some("churn interviews, 2026-09".to_owned()))],
            models: vec![
                ModelReport { name: "ets".to_owned(), weight: 0.38, mase: Some(0.84), coverage80: Some(0.79) },
                ModelReport { name: "theta".to_owned(), weight: 0.35, mase: Some(0.86), coverage80: Some(0.76) },
                ModelReport { name: "seasonal-naive".to_owned(), weight: 0.27, mase: Some(1.0), coverage80: None },
            ],
            calibration: "Widened by a tenth, learnt from 11 past quarters.".to_owned(),
            record,
            agreement: "The market's linear path asks for more than the forecast carries; the other methods lie within its range".to_owned(),
            worth: Some(range(150_000.0, 183_000.0, 220_000.0)),
            unknowns: vec!["Whether the Leeds depot gets its planning permission before February".to_owned(), "How much of the guest checkout's effect the weekly numbers already hold".to_owned()],
            no_p_hit: None,
            rule: "Below 9,700 after six weeks, the Leeds budget goes to the York depot".to_owned(),
            pace: None,
            odds: None,
        },
        ..bare("weekly_orders")
    }
}

/// A share whose target a board has set.
pub fn on_time() -> TargetProposal {
    let as_of = date(AS_OF.0, AS_OF.1, AS_OF.2);
    let (quarters, record) = record(&[0.881, 0.884, 0.879, 0.892, 0.894, 0.889, 0.897, 0.902], 0.012, &[3]);
    let everything = fan(0.926, 0.021);
    TargetProposal {
        unit: "share".to_owned(),
        owner: Some("logistics@grocer.example".to_owned()),
        last_actual: quarters.last().copied(),
        forecast: Some(fan(0.908, 0.017)),
        methods: vec![
            given("trend", 0.908, 0.017, "the forecast", &[]),
            given(
                "benchmark",
                0.9407,
                0.0,
                "two thirds of the gap to Competitor A by 2027-Q4",
                &["96.0 % − 90.2 % = 5.8 pp.", "Two thirds of it are 3.9 pp."],
            ),
            missing("market", "a market linked to the metric"),
            given("initiatives", 0.926, 0.021, "forecast and two initiatives", &[]),
            missing("objective", "a parent with a slope"),
        ],
        proposed: Offers { commit: None, target: offer(0.945, 0.13, 0.02), stretch: None },
        claims: claims(7, 2, 4.2, 2, 6),
        because: Some("Board commitment of 2026-10-12.".to_owned()),
        flags: vec![flag("unexplained_gap", "1.9 pp of the way from 90.2 % to 94.5 % have no initiative behind them")],
        state: State::Accepted,
        findings: Default::default(),
        detail: Detail {
            label: "Orders delivered on time".to_owned(),
            unit: Some(unit("share", UnitForm::Share)),
            history: history(0.903, 0.0002, 0.008, 104, as_of),
            quarters,
            fan: fan_ahead(0.903, everything, 26, as_of),
            states: Some(States { without_plan: fan(0.908, 0.017), with_plan: everything, with_judgement: everything }),
            cap: Some(("A share ends at".to_owned(), 1.0, 1.0)),
            bridge: vec![
                step("Last actual, 2026-Q3", 0.902, BridgeKind::Level),
                step("Trend and season", 0.006, BridgeKind::Forecast),
                step("Second depot in Leeds", 0.014, BridgeKind::Initiative),
                step("Route planner", 0.004, BridgeKind::Initiative),
                step("Unexplained", 0.019, BridgeKind::Unexplained),
                step("Target, 2027-Q1", 0.945, BridgeKind::Level),
            ],
            record,
            agreement: "The benchmark asks for more than the initiatives carry".to_owned(),
            unknowns: vec!["Whether drivers can be hired in February".to_owned()],
            ..Detail::default()
        },
        ..bare("on_time_rate")
    }
}

/// Money, less is better.
pub fn cost() -> TargetProposal {
    let as_of = date(AS_OF.0, AS_OF.1, AS_OF.2);
    let (quarters, record) = record(&[5.61, 5.55, 5.58, 5.42, 5.38, 5.31], 0.16, &[]);
    let everything = fan(5.18, 0.19);
    TargetProposal {
        unit: "GBP per delivery".to_owned(),
        better: "lower".to_owned(),
        owner: Some("finance@grocer.example".to_owned()),
        last_actual: quarters.last().copied(),
        forecast: Some(fan(5.24, 0.2)),
        methods: vec![
            given("trend", 5.24, 0.2, "the forecast", &[]),
            missing("benchmark", "a benchmark of the metric"),
            missing("market", "a market linked to the metric"),
            given("initiatives", 5.18, 0.19, "forecast and one initiative", &[]),
            missing("objective", "a parent with a slope"),
        ],
        proposed: Offers {
            commit: offer(5.31, 0.82, 0.66),
            target: offer(5.22, 0.6, 0.45),
            stretch: offer(5.1, 0.29, 0.18),
        },
        claims: claims(5, 5, 3.0, 1, 5),
        flags: vec![],
        findings: Default::default(),
        detail: Detail {
            label: "Cost per delivery".to_owned(),
            unit: Some(unit("GBP per delivery", UnitForm::Money)),
            history: history(5.3, -0.004, 0.05, 78, as_of),
            quarters,
            fan: fan_ahead(5.3, everything, 26, as_of),
            states: Some(States { without_plan: fan(5.24, 0.2), with_plan: everything, with_judgement: everything }),
            bridge: vec![
                step("Last actual, 2026-Q3", 5.31, BridgeKind::Level),
                step("Trend", -0.07, BridgeKind::Forecast),
                step("Route planner", -0.06, BridgeKind::Initiative),
                step("Caution: from the middle to 60 %", 0.04, BridgeKind::Confidence),
                step("Target, 2027-Q1", 5.22, BridgeKind::Level),
            ],
            record,
            unknowns: vec!["Fuel prices".to_owned()],
            ..Detail::default()
        },
        ..bare("cost_per_delivery")
    }
}

/// Best inside a range, in minutes.
pub fn minutes() -> TargetProposal {
    let as_of = date(AS_OF.0, AS_OF.1, AS_OF.2);
    let (quarters, _) = record(&[44.0, 46.5, 43.0], 4.0, &[]);
    TargetProposal {
        unit: "minutes".to_owned(),
        better: "between".to_owned(),
        reads: "average month".to_owned(),
        last_actual: quarters.last().copied(),
        forecast: Some(fan(45.0, 5.0)),
        methods: vec![
            given("trend", 45.0, 5.0, "the forecast", &[]),
            missing("benchmark", "a benchmark of the metric"),
            missing("market", "a market linked to the metric"),
            missing("initiatives", "an initiative that moves the metric"),
            missing("objective", "a parent with a slope"),
        ],
        proposed: Offers { commit: None, target: offer(45.0, 0.74, 0.74), stretch: None },
        flags: vec![flag(
            "one_legged",
            "Only the trend has input; a second method would show whether it can be believed",
        )],
        findings: Default::default(),
        detail: Detail {
            label: "Minutes from door to fridge".to_owned(),
            unit: Some(unit("minutes", UnitForm::Time)),
            reads_phrase: "a month on average".to_owned(),
            range: Some((40.0, 50.0)),
            history: history(43.5, 0.0, 2.0, 40, as_of),
            quarters,
            fan: fan_ahead(43.5, fan(45.0, 5.0), 26, as_of),
            states: Some(States {
                without_plan: fan(45.0, 5.0),
                with_plan: fan(45.0, 5.0),
                with_judgement: fan(45.0, 5.0),
            }),
            ..Detail::default()
        },
        ..bare("door_to_fridge")
    }
}

/// No history at all: other methods give the number, nothing gives a chance.
pub fn unborn() -> TargetProposal {
    TargetProposal {
        unit: "members".to_owned(),
        reads: "last".to_owned(),
        owner: Some("growth@grocer.example".to_owned()),
        methods: vec![
            missing("trend", "at least 4 values; there are none"),
            missing("benchmark", "a benchmark of the metric"),
            given(
                "market",
                12_400.0,
                2_600.0,
                "2 % of SAM by 2027-Q4, logistic",
                &["598,000 households of the SAM.", "2 % of it are 11,960."],
            ),
            missing("initiatives", "a forecast to add to"),
            missing("objective", "a parent with a slope"),
        ],
        proposed: Offers {
            commit: None,
            target: Some(Offer { value: 12_000.0, p_hit: None, p_hit_without_plan: None }),
            stretch: None,
        },
        flags: vec![
            flag("too_little_history", "The metric has no value yet"),
            flag("one_legged", "Only the market has input"),
        ],
        findings: Default::default(),
        detail: Detail {
            label: "Members of the plus programme".to_owned(),
            unit: Some(unit("members", UnitForm::Amount)),
            reads_phrase: "at the end".to_owned(),
            no_p_hit: Some("the metric has no value yet; a chance needs at least 4 quarters".to_owned()),
            unknowns: vec!["Everything about how members behave".to_owned()],
            ..Detail::default()
        },
        ..bare("plus_members")
    }
}

/// The grocery's quarter: five targets and a plan.
pub fn grocery() -> Proposal {
    let targets = vec![cost(), minutes(), on_time(), unborn(), orders()];
    let edge =
        |parent: &str, child: &str, exact| TreeEdge { parent: parent.to_owned(), child: child.to_owned(), exact };
    let scenario = |label: &str, p: [Option<f64>; 5]| {
        let medians = [Some(5.24), Some(45.0), Some(0.908), None, Some(9_840.0)];
        let targets = targets.iter().zip(medians).zip(p).map(|((t, m), p)| (t.metric.clone(), m, p)).collect();
        ScenarioRow { label: label.to_owned(), targets }
    };
    Proposal {
        period: quarter(2027, 1),
        starts: date(2027, 1, 1),
        ends: date(2027, 3, 31),
        as_of: date(AS_OF.0, AS_OF.1, AS_OF.2),
        seed: 1,
        version: "0.1.0".to_owned(),
        joint: Joint {
            p_all: Some(0.047),
            p_all_without_plan: Some(0.004),
            p_at_least: [(1, 0.97), (2, 0.76), (3, 0.36), (4, 0.047)].map(|(k, p)| AtLeast { k, p }).into(),
            excluded: vec!["plus_members".to_owned()],
            p_all_independent: Some(0.035),
            p_all_more_dependent: Some(0.061),
            conditional: Vec::new(),
        },
        paths: 10_000,
        cover: Cover {
            workspace: "Grocer".to_owned(),
            currency: "GBP".to_owned(),
            title: "Reliable before bigger".to_owned(),
            objective: Some("Every household can plan its evening around our delivery".to_owned()),
            approver: Some("vp-product@grocer.example".to_owned()),
            revision: "c7710be94d02".to_owned(),
            north_star: Some("weekly_orders".to_owned()),
            tree: vec![
                edge("weekly_orders", "ordering_customers", true),
                edge("weekly_orders", "orders_per_customer", true),
                edge("weekly_orders", "on_time_rate", true),
                edge("ordering_customers", "plus_members", false),
                edge("orders_per_customer", "basket_gap_days", false),
                edge("on_time_rate", "door_to_fridge", false),
                edge("on_time_rate", "driver_hours", false),
                edge("revenue", "weekly_orders", false),
                edge("revenue", "average_order_value", true),
                edge("cost_per_delivery", "driver_hours", true),
            ],
            milestones: vec![MilestoneRow {
                label: "SOC 2 report".to_owned(),
                by: date(2027, 3, 31),
                chance: Some(0.7),
                owner: Some("security@grocer.example".to_owned()),
            }],
            scenarios: vec![
                scenario("Doing nothing", [Some(0.45), Some(0.74), Some(0.02), None, Some(0.34)]),
                scenario("cautious", [Some(0.55), Some(0.74), Some(0.05), None, Some(0.48)]),
            ],
            dependence: Dependence {
                pairs: vec![
                    PairDependence {
                        a: "cost_per_delivery".to_owned(),
                        b: "on_time_rate".to_owned(),
                        correlation: -0.31,
                        origins: 9,
                    },
                    PairDependence {
                        a: "on_time_rate".to_owned(),
                        b: "weekly_orders".to_owned(),
                        correlation: 0.44,
                        origins: 0,
                    },
                ],
            },
            learn: vec![("new_feature_users".to_owned(), "a baseline".to_owned(), date(2027, 2, 28))],
            notes: vec!["A benchmark dated after the as-of date was ignored".to_owned()],
        },
        targets,
    }
}

/// Four years of totals in the hundreds of millions, without a plan.
pub fn ridership() -> Proposal {
    let values: Vec<f64> =
        (0..16).map(|at| 2.9e8 - 1.6e8 * libm::exp(-(at as f64) * 0.25) + 6e6 * wobble(at * 13)).collect();
    let (mut quarters, mut record) = record(&values, 1.1e7, &[2, 9]);
    let index = |period: Period| period.year() * 4 + period.number() as i32 - 1;
    let offset = index(quarter(2024, 4)) - index(quarters.last().unwrap().period);
    let moved = |period: Period| {
        let at = index(period) + offset;
        quarter(at / 4, (at % 4) as u32 + 1)
    };
    quarters.iter_mut().for_each(|actual| actual.period = moved(actual.period));
    record.iter_mut().for_each(|claim| {
        claim.period = moved(claim.period);
        claim.origin = claim.origin - Days::new(91 * 7);
    });
    let quarter_fan = fan(2.81e8, 1.3e7);
    let target = TargetProposal {
        unit: "rides".to_owned(),
        reads: "total".to_owned(),
        last_actual: quarters.last().copied(),
        forecast: Some(quarter_fan),
        methods: vec![
            given("trend", 2.81e8, 1.3e7, "the forecast", &[]),
            missing("benchmark", "a benchmark of the metric"),
            missing("market", "a market linked to the metric"),
            missing("initiatives", "a plan for the period"),
            missing("objective", "a parent with a slope"),
        ],
        proposed: Offers {
            commit: offer(2.72e8, 0.81, 0.81),
            target: offer(2.78e8, 0.62, 0.62),
            stretch: offer(2.87e8, 0.28, 0.28),
        },
        claims: claims(15, 9, 9.0, 6, 12),
        flags: vec![flag("one_legged", "Only the trend has input")],
        findings: Default::default(),
        detail: Detail {
            label: "Subway rides".to_owned(),
            unit: Some(unit("rides", UnitForm::Amount)),
            reads_phrase: "in total".to_owned(),
            quarters,
            states: Some(States { without_plan: quarter_fan, with_plan: quarter_fan, with_judgement: quarter_fan }),
            cap: Some(("Rides before the pandemic".to_owned(), 3.9e8, 4.3e8)),
            bridge: vec![
                step("Last actual, 2024-Q4", *values.last().unwrap(), BridgeKind::Level),
                step("Trend", 4.2e6, BridgeKind::Forecast),
                step("Season", 2.78e8 - 4.2e6 - values.last().unwrap() + 2.5e6, BridgeKind::Forecast),
                step("Caution: from the middle to 60 %", -2.5e6, BridgeKind::Confidence),
                step("Target, 2025-Q1", 2.78e8, BridgeKind::Level),
            ],
            record,
            unknowns: vec!["Whether fares rise in the quarter".to_owned()],
            ..Detail::default()
        },
        ..bare("subway_rides")
    };
    Proposal {
        period: quarter(2025, 1),
        starts: date(2025, 1, 1),
        ends: date(2025, 3, 31),
        as_of: date(2024, 12, 31),
        joint: Joint {
            p_all: Some(0.62),
            p_all_without_plan: Some(0.62),
            p_at_least: vec![AtLeast { k: 1, p: 0.62 }],
            ..Joint::default()
        },
        cover: Cover { workspace: "Ridership".to_owned(), currency: "USD".to_owned(), ..Cover::default() },
        targets: vec![target],
        ..grocery()
    }
}

const HOSTILE: &str = "</script></svg><img src=x onerror=alert(1)> | `code` **bold** [a](https://evil.example) & \"quoted\" 'x' @all\n# not a heading";

/// Words that try to be markup, everywhere a person writes.
pub fn hostile() -> Proposal {
    let evil = || HOSTILE.to_owned();
    let mut proposal = grocery();
    proposal.cover.title = evil();
    proposal.cover.objective = Some(evil());
    proposal.cover.approver = Some(evil());
    proposal.cover.workspace = evil();
    proposal.cover.notes = vec![evil()];
    proposal.cover.learn[0].1 = evil();
    proposal.cover.milestones[0].label = evil();
    proposal.cover.scenarios[0].label = evil();
    proposal.cover.tree[0].child = evil();
    for target in &mut proposal.targets {
        target.owner = Some(evil());
        target.because = Some(evil());
        target.slice = Some("country = \"UK\" | <b>".to_owned());
        target.flags = vec![flag("<b>", HOSTILE)];
        target.detail.label = evil();
        target.detail.rule = evil();
        target.detail.agreement = evil();
        target.detail.unknowns = vec![evil(), evil()];
        target.detail.quotes = vec![(evil(), Some(evil()))];
        target.detail.calibration = evil();
        if let Some(unit) = &mut target.detail.unit {
            unit.text = "<i>things".to_owned();
        }
        if let Some(cap) = &mut target.detail.cap {
            cap.0 = evil();
        }
        target.detail.bridge.iter_mut().for_each(|step| step.label = evil());
        target.detail.implied.iter_mut().for_each(|input| input.label = evil());
        target.detail.risks.iter_mut().for_each(|risk| risk.label = evil());
        target.detail.initiatives.iter_mut().for_each(|row| row.label = evil());
        target.guards.iter_mut().for_each(|guard| guard.label = evil());
        if let Some(market) = &mut target.detail.market {
            market.label = evil();
            market.source = Some(evil());
        }
    }
    proposal
}

/// The same proposal with every text of a person very long.
pub fn wordy() -> Proposal {
    let long = || {
        "An endless sentence that somebody wrote into the plan without ever asking who would have to read it ".repeat(6)
    };
    let mut proposal = grocery();
    proposal.cover.objective = Some(long());
    proposal.cover.notes = vec![long(); 9];
    for target in &mut proposal.targets {
        target.because = Some(long());
        target.flags = vec![flag("moonshot", &long()); 4];
        target.detail.label =
            "Members of the loyalty programme who ordered at least twice in the four weeks before".to_owned();
        target.detail.rule = long();
        target.detail.agreement = long();
        target.detail.unknowns = vec![long(); 8];
        let risk = RiskRow {
            label: "A risk with a name nobody can remember".to_owned(),
            chance: 0.2,
            adds: -0.01,
            sign: Some(long()),
            owner: None,
        };
        target.detail.risks = vec![risk; 5];
        for step in &mut target.detail.bridge {
            step.label = format!("{} and a label that goes on and on and on", step.label);
        }
        if let Some(market) = &mut target.detail.market {
            market.source = Some(long());
        }
        let guards = target.guards.clone();
        target.guards.extend(guards);
    }
    proposal
}

pub fn draft() -> Standing {
    Standing { draft: true, command: "qd justify 2027-Q1".to_owned(), ..Standing::default() }
}

pub fn accepted() -> Standing {
    Standing {
        draft: false,
        approvals: vec!["ana@grocer.example (VP product), 12 days into the quarter".to_owned()],
        states: ["weekly_orders", "on_time_rate"].map(|key| (key.to_owned(), State::Accepted)).into(),
        verify_id: "7c1e52".to_owned(),
        command: "qd justify 2027-Q1 --for leadership".to_owned(),
    }
}

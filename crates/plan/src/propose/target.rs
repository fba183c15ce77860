//! One target: every method, the offers, guards, flags, and all its page says.

use super::States;
use crate::claim;
use crate::detail::{self, Stage};
use crate::effect::Kind;
use crate::flag::{self, Judged};
use crate::guard::{self, Watch};
use crate::implied::{self, Ground};
use crate::known::{Known, known};
use crate::ledger::data_hash;
use crate::method::{self, Case};
use crate::offer::{Draws, Odds, offers, three, tidy};
use crate::outlook::percentiles;
use crate::proposal::{
    BridgeKind, Budget, Detail, Findings, Flag, GuardRow, Implied, MethodRow, Offer, Offers, State, States as Fans,
    TargetProposal,
};
use crate::{smart, verdict, wording};
use quarterdeck_lang::model::{Better, Metric};

/// The draws of a target's number in three states.
struct Three {
    without: Draws,
    plan: Draws,
    everything: Draws,
}

/// Proposes one target.
pub fn target(case: &Case<'_>, states: &States<'_>) -> TargetProposal {
    let metric = case.metric;
    // A target needs a direction; where the model has none, more counts as better.
    let better = metric.better.unwrap_or(Better::Higher);
    let draws = draws(case, states);
    let (methods, of_methods) = method::rows(case);
    let confidence = case.target.confidence.clamp(0.01, 0.99);
    let proposed = match &draws {
        Some(draws) => offers(&draws.everything, &draws.without, better, confidence, case.target.set),
        None => without_chance(case, &methods, better),
    };
    let with = draws.as_ref().map(|draws| &draws.everything);
    let forecast = case.outlook.get(case.name).filter(|_| draws.is_some());
    let claims = forecast.and_then(|forecast| claim::record(&forecast.claims, better, case.target.confidence));
    let judged = Judged { case, target: proposed.target, with, methods: &methods, better, claims: claims.as_ref() };
    let ground = Ground { inputs: case.inputs, world: case.world, facts: case.facts, moved: &states.everything };
    let node = case.world.place(case.name).filter(|_| draws.is_some());
    let implied = node
        .zip(proposed.target)
        .map(|(node, offer)| implied::implied(&ground, node, better, offer.value))
        .unwrap_or_default();
    let mut flags = flag::flags(&judged, of_methods);
    flags.extend(out_of_reach(case, &implied));
    let after = case.world.place(case.name).map(|node| states.everything.get(node)).unwrap_or_default();
    let known = match proposed.target.filter(|_| draws.is_some()) {
        Some(offer) => known(case, better, offer.value, after),
        None => {
            let rule = format!("Nothing before {} tells: there is no forecast to compare with.", case.window.1);
            Known { by: case.window.1, rule }
        }
    };
    let disagree = flags.iter().any(|flag| flag.code == "methods_disagree");
    let history = case.inputs.histories.get(case.name);
    TargetProposal {
        metric: metric.name.clone(),
        slice: case.target.slice.as_ref().map(|slice| slice.text.clone()),
        unit: metric.unit.text.clone(),
        better: better_word(better).into(),
        owner: case.target.owner.clone().or_else(|| metric.owner.clone()),
        reads: wording::reads(metric.reads),
        last_actual: case.past().and_then(|facts| facts.last),
        forecast: draws.as_ref().map(|draws| draws.without.fan()),
        findings: Findings {
            verdicts: verdict::verdicts(&judged, &flags),
            smart: smart::smart(case, proposed.target, &methods, known.by),
            reconcile: proposed.target.map(|offer| method::reconcile(case, &methods, offer.value)).unwrap_or_default(),
            implied: implied.clone(),
            budget: case.target.budget.map(|value| budget(&draws, better, value)),
            goals: proposed.target.map(|offer| detail::longer(case, offer.value)).unwrap_or_default(),
        },
        detail: Detail { implied, ..details(case, states, &draws, better, &proposed, &methods, disagree, known.rule) },
        methods,
        proposed,
        confidence: case.target.confidence,
        claims,
        guards: guards(case, states),
        because: case.target.because.clone(),
        known_by: known.by,
        flags,
        state: State::Proposed,
        revision: metric.definition.revision.clone(),
        data_hash: history.map(data_hash).unwrap_or_default(),
    }
}

/// What the budget counts on, and how likely that is.
fn budget(draws: &Option<Three>, better: Better, value: f64) -> Budget {
    let of = |draws: &Draws| three(draws.chance(better, value));
    Budget {
        value,
        p_hit: draws.as_ref().map(|draws| of(&draws.everything)),
        p_hit_without_plan: draws.as_ref().map(|draws| of(&draws.without)),
        middle_above: draws.as_ref().map(|draws| tidy(draws.everything.at(0.5) - value)),
    }
}

/// Names the inputs that cannot be expected to be what the target takes.
fn out_of_reach(case: &Case<'_>, implied: &[Implied]) -> Option<Flag> {
    let named: Vec<String> = implied::out_of_reach(implied)
        .into_iter()
        .map(|input| {
            let level = |value: f64| wording::level(value, &input.unit);
            let p = wording::chance(input.p_reach.unwrap_or(0.0));
            format!(
                "{} would have to be {}, where {} is expected ({p})",
                input.label,
                level(input.needed),
                level(input.expected)
            )
        })
        .collect();
    let message = format!("With the least effort {}.", wording::list(&named));
    (!named.is_empty() && case.target.slice.is_none()).then(|| Flag { code: "input_out_of_reach".into(), message })
}

fn draws(case: &Case<'_>, states: &States<'_>) -> Option<Three> {
    let node = case.world.place(case.name)?;
    Some(Three {
        without: Draws::new(states.base.get(node))?,
        plan: Draws::new(states.plan.get(node))?,
        everything: Draws::new(states.everything.get(node))?,
    })
}

fn better_word(better: Better) -> &'static str {
    match better {
        Better::Higher => "higher",
        Better::Lower => "lower",
        Better::Between(..) => "between",
    }
}

/// Without a forecast: the set value, or the middle of the methods that have input, to three significant digits towards the
/// easier side.
fn without_chance(case: &Case<'_>, methods: &[MethodRow], better: Better) -> Offers {
    let middles: Vec<f64> = methods
        .iter()
        .filter_map(|row| match row {
            MethodRow::Given { p50, .. } => Some(*p50),
            MethodRow::Missing { .. } => None,
        })
        .collect();
    let middle = (!middles.is_empty()).then(|| method::middle(middles));
    let value = case.target.set.or_else(|| middle.map(|middle| three_digits(middle, better)));
    let value = value.filter(|value| value.is_finite());
    Offers { target: value.map(|value| Offer { value, p_hit: None, p_hit_without_plan: None }), ..Offers::default() }
}

fn three_digits(value: f64, better: Better) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let places = 2 - libm::floor(libm::log10(value.abs())) as i32;
    let power = libm::pow(10.0, f64::from(places.abs()));
    let steps = if places >= 0 { value * power } else { value / power };
    // What lies on a step but for its last bits stays there.
    let near = (steps - libm::round(steps)).abs() < 1e-6;
    let steps = match better {
        _ if near => libm::round(steps),
        Better::Higher => libm::floor(steps),
        Better::Lower => libm::ceil(steps),
        Better::Between(..) => libm::round(steps),
    };
    if places >= 0 { steps / power } else { steps * power }
}

/// The metric's guards and the target's own.
fn guards(case: &Case<'_>, states: &States<'_>) -> Vec<GuardRow> {
    let watch = Watch {
        inputs: case.inputs,
        period: case.period,
        outlook: case.outlook,
        facts: case.facts,
        world: case.world,
        alone: case.alone,
        moved: &states.everything,
    };
    guard::rows(&watch, case.metric.guards.iter().chain(&case.target.guards))
}

#[expect(clippy::too_many_arguments, reason = "each is a part of the answer that was worked out before")]
fn details(
    case: &Case<'_>,
    states: &States<'_>,
    draws: &Option<Three>,
    better: Better,
    proposed: &Offers,
    methods: &[MethodRow],
    disagree: bool,
    rule: String,
) -> Detail {
    let metric = case.metric;
    let facts = case.past();
    let forecast = case.outlook.get(case.name).filter(|_| draws.is_some());
    let node = case.world.place(case.name);
    let after = node.map(|node| states.everything.get(node)).unwrap_or_default();
    let target = proposed.target;
    Detail {
        label: metric.label.clone(),
        why: metric.why.clone(),
        unit: Some(metric.unit.clone()),
        reads_phrase: wording::reads_phrase(metric.reads, case.period.grain().word()),
        range: match better {
            Better::Between(low, high) => Some((low, high)),
            _ => None,
        },
        history: detail::history(case),
        quarters: facts.map(|facts| facts.quarters.clone()).unwrap_or_default(),
        fan: if draws.is_some() { detail::fan(case, after) } else { Vec::new() },
        states: draws.as_ref().map(|draws| Fans {
            without_plan: draws.without.fan(),
            with_plan: draws.plan.fan(),
            with_judgement: draws.everything.fan(),
        }),
        cap: cap(case, metric),
        bridge: target.map(|target| bridge(case, states, better, target, draws)).unwrap_or_default(),
        implied: Vec::new(),
        market: target.and_then(|target| detail::market(case, target.value)),
        initiatives: detail::initiatives(case),
        judgements: detail::judgements(case),
        risks: detail::risks(case),
        quotes: quotes(case),
        models: forecast.map(|forecast| forecast.models.clone()).unwrap_or_default(),
        calibration: forecast.map(|forecast| forecast.calibration.note.clone()).unwrap_or_default(),
        record: forecast.map(|forecast| forecast.claims.clone()).unwrap_or_default(),
        agreement: detail::agreement(case, methods, disagree),
        worth: target.and_then(|target| detail::worth(case, target.value)),
        unknowns: detail::unknowns(case),
        no_p_hit: case.no_forecast.map(str::to_owned),
        rule,
        pace: target.filter(|_| draws.is_some()).and_then(|target| detail::pace(case, target.value, after)),
        odds: draws.as_ref().map(|draws| Odds::new(&draws.everything, &draws.without, better)),
    }
}

fn cap(case: &Case<'_>, metric: &Metric) -> Option<(String, f64, f64)> {
    let link = metric.market.as_ref()?;
    let market = case.inputs.model.markets.get(&link.market)?;
    let scale = link.per * case.past().map_or(1.0, |facts| facts.per_window);
    let (low, _, high) = percentiles(&market.tam.size);
    Some((market.label.clone().unwrap_or_else(|| market.name.clone()), low * scale, high * scale))
}

fn quotes(case: &Case<'_>) -> Vec<(String, Option<String>)> {
    let quotes = case.plan.into_iter().flat_map(|plan| &plan.quotes);
    let about = quotes.filter(|quote| quote.about.contains(&case.metric.name));
    about.map(|quote| (quote.text.clone(), quote.from.clone())).collect()
}

fn bridge(
    case: &Case<'_>,
    states: &States<'_>,
    better: Better,
    target: Offer,
    draws: &Option<Three>,
) -> Vec<crate::proposal::BridgeStep> {
    let with = draws.as_ref().map(|draws| &draws.everything);
    let Some(node) = case.world.place(case.name) else { return detail::bridge(case, better, target, with, &[]) };
    let label = |place: usize| {
        let group = case.world.groups().get(place).filter(|group| group.kind == Kind::Initiative)?;
        let plan = case.plan?;
        plan.initiatives.iter().find(|initiative| initiative.name == group.name).map(|found| found.label.as_str())
    };
    let mut stages: Vec<Stage<'_>> = Vec::new();
    let mut before: &[f64] = case.base;
    for (place, moved) in &states.one_by_one {
        let values = moved.get(node);
        if values != before {
            stages.push(Stage { label: label(*place).unwrap_or("Initiative"), kind: BridgeKind::Initiative, values });
        }
        before = values;
    }
    for (label, kind, moved) in
        [("Risks", BridgeKind::Risk, &states.plan), ("Judgement", BridgeKind::Judgement, &states.everything)]
    {
        let values = moved.get(node);
        if values != before {
            stages.push(Stage { label, kind, values });
        }
        before = values;
    }
    detail::bridge(case, better, target, with, &stages)
}

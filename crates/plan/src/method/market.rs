//! A share of a market by a date, along three paths side by side.
//!
//! From a now to b in N months, at month m: linear a + (b − a)·m/N; exponential a·(b/a)^(m/N); logistic with the whole market K
//! as its ceiling, whose logit ln(x / (K − x)) goes in a straight line. The market's size is a range, so each path has one too.

use super::{Case, Method, Said};
use crate::effect::{logistic, logit};
use crate::outlook::percentiles;
use crate::proposal::{Flag, Variant};
use crate::wording::{months, number, percent};
use chrono::NaiveDate;
use quarterdeck_lang::model::{Estimate, Market as Declared, Method as Written, Tier};

/// The method.
pub struct Market;

/// How a share is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pathway {
    /// The same amount each month.
    Linear,
    /// The same percentage each month.
    Exponential,
    /// Fast in the middle, slow towards the ceiling.
    Logistic,
}

/// Where a pathway from `now` to `then` stands after a part (0 to 1) of the time, under a ceiling; `None` where it has no such
/// path (from nothing, or from or to the ceiling).
pub fn along(pathway: Pathway, now: f64, then: f64, part: f64, ceiling: f64) -> Option<f64> {
    let inside = |value: f64| value > 0.0 && value < ceiling;
    let value = match pathway {
        Pathway::Linear => now + (then - now) * part,
        Pathway::Exponential if now > 0.0 && then > 0.0 => now * libm::pow(then / now, part),
        Pathway::Logistic if inside(now) && inside(then) => {
            let (from, to) = (logit(now / ceiling), logit(then / ceiling));
            ceiling * logistic(from + (to - from) * part)
        }
        _ => return None,
    };
    value.is_finite().then_some(value)
}

impl Method for Market {
    fn name(&self) -> &'static str {
        "market"
    }

    fn say(&self, case: &Case<'_>) -> Result<Said, String> {
        let link = case.metric.market.as_ref().ok_or("the metric has no market")?;
        let market = case.inputs.model.markets.get(&link.market).ok_or("the metric's market is unknown")?;
        let mut said = Said::default();
        let mut missing = format!("the plan names no share of it: add `method: market 10% of tam by {}`", case.period);
        for method in &case.target.methods {
            let Written::Market { share, of, by } = method else { continue };
            match size(market, *of) {
                Some(size) => paths(case, market, *share, (*of, size), *by, &mut said),
                None => missing = format!("the market has no {}", tier_word(*of)),
            }
        }
        if said.asked.is_empty() { Err(missing) } else { Ok(said) }
    }
}

/// A tier's size.
fn size(market: &Declared, tier: Tier) -> Option<Estimate> {
    match tier {
        Tier::Tam => Some(market.tam.size),
        Tier::Sam => market.sam.as_ref().map(|sam| sam.size),
        Tier::Som => market.som.as_ref().map(|som| som.size),
    }
}

fn tier_word(tier: Tier) -> &'static str {
    match tier {
        Tier::Tam => "tam",
        Tier::Sam => "sam",
        Tier::Som => "som",
    }
}

fn paths(case: &Case<'_>, market: &Declared, share: f64, of: (Tier, Estimate), by: NaiveDate, said: &mut Said) {
    let per = case.metric.market.as_ref().map_or(1.0, |link| link.per);
    let scale = per * case.past().map_or(1.0, |facts| facts.per_window);
    // Without a history the metric starts from nothing now.
    let (now, since) = case.standing().unwrap_or((0.0, case.inputs.as_of));
    let (far, near) = (months(since, by), months(since, case.window.1));
    let part = if far > 0.0 { (near / far).clamp(0.0, 1.0) } else { 1.0 };
    let (tiers, tams) = (three(&of.1, scale), three(&market.tam.size, scale));
    let word = tier_word(of.0);
    let name = market.label.as_deref().unwrap_or(&market.name);
    for (pathway, label) in
        [(Pathway::Linear, "linear"), (Pathway::Exponential, "exponential"), (Pathway::Logistic, "logistic")]
    {
        let ends = tiers.iter().zip(tams).map(|(tier, tam)| along(pathway, now, share * tier, part, tam));
        let Some(mut ends) = ends.collect::<Option<Vec<f64>>>() else { continue };
        let [_, middle, _] = ends[..] else { continue };
        ends.sort_by(f64::total_cmp);
        let [p10, _, p90] = ends[..] else { continue };
        let mut workings = vec![
            format!(
                "{} of the {word} of {name} ({}) is {}.",
                percent(share),
                case.level(tiers[1]),
                case.level(share * tiers[1])
            ),
            format!(
                "From {} it takes {} months to {by}; the period ends after {}.",
                case.level(now),
                number(far),
                number(near)
            ),
            format!("On the {label} path that is {} more, {}.", number(middle - now), case.level(middle)),
        ];
        if pathway == Pathway::Logistic {
            workings.push(format!("Its ceiling is the whole market, {}.", case.level(tams[1])));
        }
        let label = format!("{label}: {} of {word} by {by}", percent(share));
        said.asked.push(Variant { label, p10, p50: middle, p90, workings });
    }
    if share * tiers[0] > tams[1] {
        let message = format!(
            "{} of the {word} of {name} is more than the whole market of {}.",
            percent(share),
            case.level(tams[1])
        );
        said.flags.push(Flag { code: "past_cap".into(), message });
    }
}

fn three(size: &Estimate, scale: f64) -> [f64; 3] {
    let (low, middle, high) = percentiles(size);
    [low * scale, middle * scale, high * scale]
}

//! A share of a market by a date, along three paths side by side.
//!
//! From a now to b in N months, at month m: linear a + (b − a)·m/N; exponential a·(b/a)^(m/N); logistic with the whole market K
//! as its ceiling, whose logit ln(x / (K − x)) goes in a straight line. The market's sizes are ranges, drawn so that SOM ≤ SAM ≤
//! TAM on every draw, so each path is a range too.

use super::{Case, Method, Said, spread};
use crate::effect::{logistic, logit};
use crate::nested::{Nest, word};
use crate::proposal::Flag;
use crate::wording::{months, number, percent};
use chrono::NaiveDate;
use quarterdeck_lang::model::{Market as Declared, Method as Written, Tier};

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
        let nest = Nest::draw(market, case.inputs.seed);
        for method in &case.target.methods {
            let Written::Market { share, of, by } = method else { continue };
            match nest.of(*of) {
                Some(_) => paths(case, market, &nest, (*share, *of, *by), &mut said),
                None => missing = format!("the market has no {}", word(*of)),
            }
        }
        if said.asked.is_empty() { Err(missing) } else { Ok(said) }
    }

    fn meet(&self, case: &Case<'_>, value: f64) -> Vec<String> {
        let link = case.metric.market.as_ref();
        let Some(market) = link.and_then(|link| case.inputs.model.markets.get(&link.market)) else { return Vec::new() };
        let nest = Nest::draw(market, case.inputs.seed);
        let scale = link.map_or(1.0, |link| link.per) * case.past().map_or(1.0, |facts| facts.per_window);
        let (now, since) = case.standing().unwrap_or((0.0, case.inputs.as_of));
        let of = |method: &Written| {
            let Written::Market { share, of, by } = method else { return None };
            let [_, size, _] = nest.percentiles(*of)?;
            let (far, near) = (months(since, *by), months(since, case.window.1));
            let part = if far > 0.0 { (near / far).clamp(0.0, 1.0) } else { 1.0 };
            let needed = (now + (value - now) / part) / (size * scale);
            needed.is_finite().then(|| {
                if needed <= 0.0 {
                    let word = word(*of);
                    return format!(
                        "Market: no share of the {word} need be won by {by}: it lies below where it stands."
                    );
                }
                format!(
                    "Market: {} of the {} by {by} instead of {}, on a straight path.",
                    percent(needed),
                    word(*of),
                    percent(*share)
                )
            })
        };
        case.target.methods.iter().filter_map(of).collect()
    }
}

fn paths(case: &Case<'_>, market: &Declared, nest: &Nest, asked: (f64, Tier, NaiveDate), said: &mut Said) {
    let (share, tier, by) = asked;
    let per = case.metric.market.as_ref().map_or(1.0, |link| link.per);
    let window = case.past().map_or(1.0, |facts| facts.per_window);
    let scale = per * window;
    // Without a history the metric starts from nothing now.
    let (now, since) = case.standing().unwrap_or((0.0, case.inputs.as_of));
    let (far, near) = (months(since, by), months(since, case.window.1));
    let part = if far > 0.0 { (near / far).clamp(0.0, 1.0) } else { 1.0 };
    let (Some(tiers), Some(tams)) = (nest.of(tier), nest.of(Tier::Tam)) else { return };
    let (Some(size), Some(tam)) = (nest.percentiles(tier), nest.percentiles(Tier::Tam)) else { return };
    let ([_, size, _], [_, whole, _]) = (size.map(|size| size * scale), tam.map(|size| size * scale));
    let (word, name) = (word(tier), market.label.as_deref().unwrap_or(&market.name));
    for (pathway, label) in
        [(Pathway::Linear, "linear"), (Pathway::Exponential, "exponential"), (Pathway::Logistic, "logistic")]
    {
        let on = |(tier, tam): (&f64, &f64)| along(pathway, now, share * tier * scale, part, tam * scale);
        let values: Vec<f64> = tiers.iter().zip(tams).filter_map(on).collect();
        // A path that only some sizes of the market allow is no path.
        if (values.len() as f64) < 0.8 * tiers.len() as f64 {
            continue;
        }
        let mut workings = vec![
            format!(
                "{} of the {word} of {name} ({}) is {}.",
                percent(share),
                case.level(size),
                case.level(share * size)
            ),
            format!(
                "From {} it takes {} months to {by}; the period ends after {}.",
                case.level(now),
                number(far),
                number(near)
            ),
        ];
        workings.extend(bridge(case, market, per, window, size));
        if pathway == Pathway::Logistic {
            workings.push(format!("Its ceiling is the whole market, {}.", case.level(whole)));
        }
        let label = format!("{label}: {} of {word} by {by}", percent(share));
        let Some(mut variant) = spread(label, &values, Vec::new()) else { continue };
        workings.push(format!(
            "On this path that is {} more, {}: {} of the {word} and {} of the tam.",
            crate::wording::difference(variant.p50 - now, &case.metric.unit),
            case.level(variant.p50),
            percent(variant.p50 / size),
            percent(variant.p50 / whole)
        ));
        variant.workings = workings;
        said.asked.push(variant);
    }
    let beyond = tiers.iter().zip(tams).filter(|(tier, tam)| share * **tier > **tam).count() as f64;
    if beyond > 0.5 * tiers.len() as f64 {
        let message = format!(
            "{} of the {word} of {name} is more than the whole market of {}.",
            percent(share),
            case.level(whole)
        );
        said.flags.push(Flag { code: "past_cap".into(), message });
    }
}

/// How a size in the market's unit became one in the metric's.
fn bridge(case: &Case<'_>, market: &Declared, per: f64, window: f64, size: f64) -> Option<String> {
    let scale = per * window;
    if scale == 1.0 {
        return None;
    }
    let period = match window {
        1.0 => String::new(),
        window => format!(" × {} {}s a {}", number(window), case.metric.grain, case.period.grain().word()),
    };
    Some(format!(
        "{} {} × {} {} each{period} = {}.",
        number(size / scale),
        market.unit.text,
        number(per),
        case.metric.unit.text,
        case.level(size)
    ))
}

//! The forecast plus each initiative that reaches the metric, directly or through an identity.

use super::{Case, Method, Said, spread};
use crate::effect::Kind;
use crate::offer::Draws;
use crate::wording::difference;

/// The method.
pub struct Initiatives;

impl Method for Initiatives {
    fn name(&self) -> &'static str {
        "initiatives"
    }

    fn say(&self, case: &Case<'_>) -> Result<Said, String> {
        let none = "no initiative of the plan moves it";
        let plan = case.plan.filter(|plan| !plan.initiatives.is_empty()).ok_or(none)?;
        let node = case.world.place(case.name).filter(|_| !case.base.is_empty());
        let Some((node, draws)) = node.zip(Draws::new(case.base)) else {
            let why = case.no_forecast.unwrap_or("it has no history");
            return Err(format!("initiatives add to a forecast, and there is none: {why}"));
        };
        let before = draws.at(0.5);
        let mut beside = Vec::new();
        let mut steps = vec![format!("The forecast without the plan: {}.", case.level(before))];
        for (place, group) in case.world.groups().iter().enumerate() {
            if group.kind != Kind::Initiative {
                continue;
            }
            let Some(moved) = case.alone.get(place).filter(|moved| moved.reached(node)) else { continue };
            let label = plan.initiatives.iter().find(|initiative| initiative.name == group.name);
            let label = label.map_or(group.name.as_str(), |initiative| initiative.label.as_str());
            let adds = moved.get(node).iter().zip(case.base).map(|(after, before)| after - before).sum::<f64>()
                / case.base.len() as f64;
            steps.push(format!("{label}: {} on average over all paths.", difference(adds, &case.metric.unit)));
            beside.extend(spread(format!("with {label} alone"), moved.get(node), Vec::new()));
        }
        if beside.is_empty() {
            return Err(none.into());
        }
        let asked: Vec<_> = spread("with every initiative", case.with_initiatives, steps).into_iter().collect();
        let beside = if beside.len() > 1 { beside } else { Vec::new() };
        Ok(Said { asked, beside, flags: Vec::new() })
    }
}

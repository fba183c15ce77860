//! One day's view of a period: the forecast, the past of every series, and everything the plan can do to them.

use crate::effect::{self, Kind, Lined, Moved, World};
use crate::facts::Facts;
use crate::offer::Draws;
use crate::outlook::{self, Inputs};
use quarterdeck_calendar::Period;
use quarterdeck_forecast::Outlook;
use quarterdeck_lang::model::Plan;
use std::collections::BTreeMap;

/// What is known of a period on one day.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    /// What it is made from.
    pub inputs: &'a Inputs<'a>,
    /// The period.
    pub period: Period,
    /// The joint forecast.
    pub outlook: Outlook,
    /// The past of every series.
    pub facts: BTreeMap<String, Facts>,
    /// Numbers of the period and what moves them.
    pub world: World,
}

impl<'a> Scene<'a> {
    /// The scene of a period that is not over on the inputs' as-of date.
    pub fn new(inputs: &'a Inputs<'a>, period: Period) -> Scene<'a> {
        let outlook = outlook::forecast(inputs, &[period]);
        let facts = Facts::all(inputs, period);
        let world = effect::build(inputs, period, &outlook, &facts, inputs.model.plans.get(&period), &[]);
        Scene { inputs, period, outlook, facts, world }
    }

    /// The same forecast with another plan.
    pub fn world_with(&self, plan: &Plan) -> World {
        effect::build(self.inputs, self.period, &self.outlook, &self.facts, Some(plan), &[])
    }

    /// The numbers with everything: initiatives, risks, judgements.
    pub fn everything(&self) -> Moved<'_> {
        with_everything(&self.world)
    }

    /// The numbers with initiatives and risks, without judgements.
    pub fn planned(&self) -> Moved<'_> {
        self.world.with(&self.world.choose(&[Kind::Initiative, Kind::Risk]), Lined::Up)
    }

    /// The numbers without the plan.
    pub fn base(&self) -> Moved<'_> {
        self.world.with(&[], Lined::Up)
    }
}

/// A world's numbers with initiatives, risks and judgements.
pub fn with_everything(world: &World) -> Moved<'_> {
    world.with(&world.choose(&[Kind::Initiative, Kind::Risk, Kind::Judgement]), Lined::Up)
}

/// The draws of a series' number; `None` where it has no forecast.
pub fn draws(moved: &Moved<'_>, world: &World, name: &str) -> Option<Draws> {
    Draws::new(moved.get(world.place(name)?))
}

//! What every section of a target's page is told with: the target, the audience, the budget, and how its levels look.

use super::budget::Budget;
use crate::number::Levels;
use crate::words::{Audience, chance_phrase, quarter_names};
use crate::{Standing, target_key};
use quarterdeck_plan::proposal::{Fan, MethodRow, Offer, Proposal, State, TargetProposal};

/// The teller of one target's page.
pub(crate) struct Voice<'a> {
    pub proposal: &'a Proposal,
    pub target: &'a TargetProposal,
    pub standing: &'a Standing,
    pub audience: Audience,
    pub budget: Budget,
    /// How this metric's levels are written all over the page.
    pub levels: Levels,
}

impl<'a> Voice<'a> {
    pub fn new(
        proposal: &'a Proposal,
        target: &'a TargetProposal,
        standing: &'a Standing,
        audience: Audience,
        budget: Budget,
    ) -> Voice<'a> {
        Voice { proposal, target, standing, audience, budget, levels: levels(proposal, target) }
    }

    /// The quarter with everything in it; the forecast without the plan where that is all there is.
    pub fn quarter(&self) -> Option<Fan> {
        quarter(self.target)
    }

    pub fn label(&self) -> String {
        label(self.target)
    }

    pub fn state(&self) -> State {
        state(self.standing, self.target)
    }

    pub fn currency(&self) -> &str {
        &self.proposal.cover.currency
    }

    /// What is aimed at as a phrase: `10,400 orders a week on average`.
    pub fn phrase(&self, value: f64) -> String {
        let level = self.goal_with_unit(value);
        match self.target.detail.reads_phrase.as_str() {
            "" => level,
            phrase => format!("{level} {phrase}"),
        }
    }

    /// What is aimed at, alone: the target's level, or the range it is to stay inside.
    pub fn goal(&self, value: f64) -> String {
        match self.target.detail.range {
            Some((low, high)) => self.levels.range(low, high),
            None => self.levels.level(value),
        }
    }

    /// What is aimed at, with the noun it counts.
    pub fn goal_with_unit(&self, value: f64) -> String {
        match self.target.detail.range {
            Some((low, high)) => format!("{} to {}", self.levels.level(low), self.levels.with_unit(high)),
            None => self.levels.with_unit(value),
        }
    }

    /// The bad, the middle and the good quarter (the low, middle and high one for a range), worst first.
    pub fn named(&self, fan: (f64, f64, f64)) -> [(&'static str, f64); 3] {
        let [low, middle, high] = quarter_names(&self.target.better);
        let (p10, p50, p90) = fan;
        if self.target.better == "lower" {
            [(high, p90), (middle, p50), (low, p10)]
        } else {
            [(low, p10), (middle, p50), (high, p90)]
        }
    }

    /// An offer's chance in words; why not where there is none.
    pub fn chance_of(&self, offer: &Offer) -> String {
        offer.p_hit.map_or_else(|| "no chance can be given".to_owned(), chance_phrase)
    }
}

/// How a target's levels are written: fit to its spread, its offers whole.
pub(crate) fn levels(proposal: &Proposal, target: &TargetProposal) -> Levels {
    let spread = quarter(target).or(target.forecast).map(|fan| fan.p90 - fan.p10).or_else(|| methods_spread(target));
    let offers = &target.proposed;
    let mut exact: Vec<f64> =
        [offers.commit, offers.target, offers.stretch].into_iter().flatten().map(|offer| offer.value).collect();
    exact.extend(target.detail.range.into_iter().flat_map(|(low, high)| [low, high]));
    if exact.is_empty() && spread.is_none() {
        exact.extend(target.last_actual.map(|actual| actual.value));
    }
    let levels = Levels::new(target.detail.unit.as_ref(), &proposal.cover.currency, spread, &exact);
    match (exact.is_empty(), target.last_actual) {
        (true, Some(actual)) => levels.sized_for(actual.value),
        _ => levels,
    }
}

/// The widest range that any method gives, where no forecast says how wide one should be.
fn methods_spread(target: &TargetProposal) -> Option<f64> {
    let width = |row: &MethodRow| match row {
        MethodRow::Given { p10, p90, .. } => (p90 - p10).abs(),
        MethodRow::Missing { .. } => 0.0,
    };
    target.methods.iter().map(width).max_by(f64::total_cmp).filter(|width| width.is_finite() && *width > 0.0)
}

/// The quarter with everything in it.
pub(crate) fn quarter(target: &TargetProposal) -> Option<Fan> {
    target.detail.states.map(|states| states.with_judgement).or(target.forecast)
}

/// The metric's label, with the slice where the target is of a part.
pub(crate) fn label(target: &TargetProposal) -> String {
    let label = if target.detail.label.is_empty() { &target.metric } else { &target.detail.label };
    match &target.slice {
        Some(slice) => format!("{label}, {slice}"),
        None => label.clone(),
    }
}

/// A target's state in the ledger.
pub(crate) fn state(standing: &Standing, target: &TargetProposal) -> State {
    standing.states.get(&target_key(target)).copied().unwrap_or(target.state)
}

/// A state in a word.
pub(crate) fn state_word(state: State) -> &'static str {
    match state {
        State::Proposed => "proposed",
        State::Rejected => "rejected",
        State::Accepted => "accepted",
        State::Stale => "stale: its definition has changed",
        State::Amended => "amended",
        State::Dropped => "dropped",
        State::Closed => "closed",
    }
}

/// The mark of a state.
pub(crate) fn state_status(state: State) -> crate::words::Status {
    use crate::words::Status;
    match state {
        State::Accepted | State::Closed => Status::Good,
        State::Proposed => Status::Unknown,
        State::Stale | State::Amended => Status::Watch,
        State::Dropped | State::Rejected => Status::Bad,
    }
}

/// A sentence of what a person wrote: with a full stop where it has none.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    match text.chars().last() {
        None => String::new(),
        Some('.' | '!' | '?' | '…') => text.to_owned(),
        Some(_) => format!("{text}."),
    }
}

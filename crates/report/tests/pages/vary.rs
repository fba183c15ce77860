//! Puts other numbers into a proposal, everywhere one stands.

use quarterdeck_plan::proposal::{Actual, Fan, MethodRow, Offer, Proposal};

/// Replaces every number, each as `change` says.
pub fn numbers(proposal: &mut Proposal, change: &mut dyn FnMut(f64) -> f64) {
    let joint = &mut proposal.joint;
    let chances = [
        &mut joint.p_all,
        &mut joint.p_all_without_plan,
        &mut joint.p_all_independent,
        &mut joint.p_all_more_dependent,
    ];
    chances.into_iter().flatten().for_each(|p| *p = change(*p));
    joint.p_at_least.iter_mut().for_each(|each| each.p = change(each.p));
    proposal.cover.milestones.iter_mut().for_each(|each| each.chance = each.chance.map(&mut *change));
    for scenario in &mut proposal.cover.scenarios {
        for (_, median, p) in &mut scenario.targets {
            *median = median.map(&mut *change);
            *p = p.map(&mut *change);
        }
    }
    proposal.cover.dependence.pairs.iter_mut().for_each(|pair| pair.correlation = change(pair.correlation));
    for target in &mut proposal.targets {
        if let Some(Actual { value, .. }) = &mut target.last_actual {
            *value = change(*value);
        }
        target.forecast.iter_mut().for_each(|each| fan(each, change));
        for row in &mut target.methods {
            if let MethodRow::Given { p10, p50, p90, variants, .. } = row {
                [p10, p50, p90].into_iter().for_each(|v| *v = change(*v));
                for variant in variants {
                    [&mut variant.p10, &mut variant.p50, &mut variant.p90].into_iter().for_each(|v| *v = change(*v));
                }
            }
        }
        let offers = [&mut target.proposed.commit, &mut target.proposed.target, &mut target.proposed.stretch];
        for Offer { value, p_hit, p_hit_without_plan } in offers.into_iter().flatten() {
            *value = change(*value);
            *p_hit = p_hit.map(&mut *change);
            *p_hit_without_plan = p_hit_without_plan.map(&mut *change);
        }
        for guard in &mut target.guards {
            guard.limit = guard.limit.map(&mut *change);
            guard.p_breach = guard.p_breach.map(&mut *change);
        }
        target.claims.iter_mut().for_each(|claims| claims.expected = change(claims.expected));
        detail(&mut target.detail, change);
    }
}

fn detail(detail: &mut quarterdeck_plan::proposal::Detail, change: &mut dyn FnMut(f64) -> f64) {
    detail.history.iter_mut().for_each(|(_, value)| *value = change(*value));
    detail.quarters.iter_mut().for_each(|actual| actual.value = change(actual.value));
    detail.fan.iter_mut().for_each(|(_, each)| fan(each, change));
    if let Some(states) = &mut detail.states {
        [&mut states.without_plan, &mut states.with_plan, &mut states.with_judgement]
            .into_iter()
            .for_each(|each| fan(each, change));
    }
    if let Some((_, low, high)) = &mut detail.cap {
        *low = change(*low);
        *high = change(*high);
    }
    if let Some((low, high)) = &mut detail.range {
        *low = change(*low);
        *high = change(*high);
    }
    detail.bridge.iter_mut().for_each(|step| step.value = change(step.value));
    for input in &mut detail.implied {
        input.last = input.last.map(&mut *change);
        input.needed = change(input.needed);
        input.percentile = input.percentile.map(&mut *change);
    }
    if let Some(market) = &mut detail.market {
        market.implied_share = (change(0.1), change(0.2), change(0.3));
        market.share_now = market.share_now.map(&mut *change);
        market.tiers.iter_mut().for_each(|(_, size)| size.mid = change(size.mid));
    }
    for row in &mut detail.initiatives {
        row.adds = change(row.adds);
        row.range = (change(row.range.0), change(row.range.1));
        row.shrunk = change(row.shrunk);
    }
    detail.risks.iter_mut().for_each(|risk| risk.adds = change(risk.adds));
    detail.models.iter_mut().for_each(|model| model.mase = model.mase.map(&mut *change));
    detail.worth.iter_mut().for_each(|worth| worth.low = change(worth.low));
    for claim in &mut detail.record {
        claim.actual = change(claim.actual);
        claim.quantiles = claim.quantiles.map(&mut *change);
    }
}

fn fan(fan: &mut Fan, change: &mut dyn FnMut(f64) -> f64) {
    [&mut fan.p10, &mut fan.p30, &mut fan.p50, &mut fan.p70, &mut fan.p90].into_iter().for_each(|v| *v = change(*v));
}

//! What is frozen beside what there is today.

use super::expected::Recomputed;
use super::frozen::Files;
use super::written::Written;
use super::{Difference, Kind, Now, Report, changed, restated};

/// Compares version, seed, definitions and data of today with what is frozen.
pub fn compare(written: &Written, again: &[Recomputed<'_>], files: &Files, now: &Now<'_>, report: &mut Report) {
    // Today's data is read as of the newest basis; an earlier one may reach further.
    let read_to = again.first().map(|newest| newest.basis.facts.as_of);
    for one in again {
        if one.basis.facts.version != now.version {
            version_differs(one, written, now, report);
        }
        // What only replaced targets stood on is history, and need not agree with today.
        if one.basis.number.is_some() && !written.targets.iter().any(|target| target.basis == one.basis.number) {
            continue;
        }
        if let Some(model) = now.model {
            let (used, today) = (one.basis.facts.seed, model.settings.forecast.seed);
            if used != today {
                report.notes.push(format!("It was made with seed {used}; the workspace's is {today} today."));
            }
            changed::compare(one, written, model, report);
        }
        if let (Some(live), Some(read_to)) = (now.histories, read_to) {
            restated::compare(one, live, read_to, files, report);
        }
    }
    report.notes.dedup();
}

fn version_differs(one: &Recomputed<'_>, written: &Written, now: &Now<'_>, report: &mut Report) {
    let version = one.basis.facts.version.clone();
    if now.strict {
        report.differences.push(Difference {
            file: written.path.clone(),
            what: format!("{}.version", one.basis.path),
            written: version,
            recomputed: now.version.to_owned(),
            kind: Kind::Version,
        });
    } else {
        report.notes.push(format!("It was made by qd {version}; this is qd {}.", now.version));
    }
}

//! All series of a workspace at once.

use crate::outlook::{Dependence, Forecast, Job, NamedForecast, Outlook};
use crate::single;
use rayon::prelude::*;

/// Forecasts every series of a job, each on its own draws.
pub fn forecast(job: &Job<'_>) -> Outlook {
    let mut forecasts: Vec<NamedForecast> = job
        .series
        .par_iter()
        .map(|series| {
            let forecast = single::forecast(series, job).map(|single| Forecast {
                steps: single.steps,
                paths: single.paths,
                windows: single.windows,
                order: (0..job.paths.max(1) as u32).collect(),
                models: single.models,
                calibration: single.calibration,
                claims: single.past.into_iter().map(|past| past.claim).collect(),
                notes: single.notes,
            });
            NamedForecast { name: series.name.clone(), forecast }
        })
        .collect();
    forecasts.sort_by(|a, b| a.name.cmp(&b.name));
    Outlook { forecasts, dependence: Dependence::default() }
}

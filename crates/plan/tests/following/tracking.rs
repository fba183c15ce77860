//! Following: chances are those of the same forecast, paths end where they must, guards and notes show.

use crate::bakery::*;
use quarterdeck_plan::Inputs;
use quarterdeck_plan::ledger::{Ledger, Stand};
use quarterdeck_plan::pace::Pace;
use quarterdeck_plan::propose;
use quarterdeck_plan::track::compute::Arrived;
use quarterdeck_plan::track::{Colour, Day, Log, Reading, Track, track};
use std::collections::BTreeMap;

/// The bakery's first quarter of 2026 on a day.
struct Scene {
    ledger: Ledger,
    stands: Vec<Stand>,
    paces: BTreeMap<String, Pace>,
    log: Log,
    arrived: BTreeMap<String, Arrived>,
}

impl Scene {
    fn new() -> Scene {
        let model = model(TEXT);
        let (ledger, stands) = accepted(&model, "2026-Q1", "2025-12-28");
        let histories = histories("2025-12-28", 1.0);
        let proposal = propose(&inputs(&model, &histories, "2025-12-28"), ledger.period).unwrap();
        let paces = proposal.targets.into_iter().map(|target| (target.metric, target.detail.pace.unwrap())).collect();
        Scene { ledger, stands, paces, log: Log::default(), arrived: BTreeMap::new() }
    }

    fn on(&self, today: &Inputs<'_>, week_ago: Option<&Inputs<'_>>) -> Track {
        let Scene { ledger, stands, paces, log, arrived } = self;
        track(ledger, stands, &Day { inputs: today, week_ago, log, paces, arrived })
    }
}

fn p(track: &Track, metric: &str) -> f64 {
    track.targets.iter().find(|target| target.metric == metric).unwrap().p_hit.unwrap()
}

#[test]
fn on_the_day_of_the_proposal_chances_are_those_proposed() {
    let (scene, model, histories) = (Scene::new(), model(TEXT), histories("2025-12-28", 1.0));
    let track = scene.on(&inputs(&model, &histories, "2025-12-28"), None);
    assert_eq!((track.day, track.days), (-3, 90));
    for target in &track.targets {
        assert_eq!(target.p_hit, target.p_hit_accepted, "{}", target.metric);
        assert_eq!((target.actual_so_far, target.change), (None, None));
    }
}

#[test]
fn inside_the_period() {
    let (scene, model) = (Scene::new(), model(TEXT));
    let (now, before) = (histories("2026-02-15", 0.9), histories("2026-02-08", 0.9));
    let (now, before) = (inputs(&model, &now, "2026-02-15"), inputs(&model, &before, "2026-02-08"));
    let track = scene.on(&now, Some(&before));
    let earlier = scene.on(&before, None);
    for target in &track.targets {
        // What is said of a week ago is what was said a week ago.
        assert_eq!(target.p_hit_week_ago, Some(p(&earlier, &target.metric)));
        assert!(target.p_hit.unwrap() < target.p_hit_accepted.unwrap(), "a tenth less came: {target:?}");
        assert_eq!(target.through, Some(day("2026-02-15")));
        assert!(target.actual_so_far.unwrap() < target.plan_so_far.unwrap());
        let detail = &target.detail;
        let end = |values: &[(chrono::NaiveDate, f64)]| *values.last().unwrap();
        assert_eq!(end(&detail.path).0, day("2026-03-31"));
        assert!((end(&detail.path).1 - target.target).abs() < 1e-6 * target.target);
        // The fan ends on the landing, the actual line where the number so far is.
        let (last, fan) = detail.fan.last().unwrap();
        let landing = target.landing.unwrap();
        assert_eq!(*last, day("2026-03-31"));
        assert!((fan.p50 - landing.p50).abs() < 0.01 * (landing.p90 - landing.p10), "{fan:?} {landing:?}");
        let (through, value) = end(&detail.actual);
        assert_eq!(through, day("2026-02-15"));
        assert!((value - target.actual_so_far.unwrap()).abs() < 1e-6 * value, "{value} {:?}", target.actual_so_far);
        // What is required and what came so far meet the target together.
        let required = target.required.unwrap();
        let total = target.actual_so_far.unwrap() + required.needed * 44.0 / 7.0;
        assert!((total - target.target).abs() < 1e-6 * target.target, "{total}");
    }
    assert!(track.targets.windows(2).all(|pair| pair[0].colour <= pair[1].colour));
}

#[test]
fn once_it_is_over_the_number_decides() {
    let (scene, model) = (Scene::new(), model(TEXT));
    for (factor, chance, colour) in [(0.8, 0.0, Colour::Red), (1.3, 1.0, Colour::Green)] {
        let histories = histories("2026-04-05", factor);
        let track = scene.on(&inputs(&model, &histories, "2026-04-05"), None);
        for target in &track.targets {
            assert_eq!(
                (target.p_hit, target.colour, target.required),
                (Some(chance), colour, None),
                "{}",
                target.metric
            );
        }
    }
}

#[test]
fn an_unrelated_metric_moves_no_chance() {
    let (scene, model) = (Scene::new(), model(TEXT));
    let all = histories("2026-02-15", 0.95);
    let mut without = all.clone();
    without.remove("cakes");
    let chances = |histories: &Histories| {
        let track = scene.on(&inputs(&model, histories, "2026-02-15"), None);
        track.targets.into_iter().map(|target| (target.metric, target.p_hit, target.landing)).collect::<Vec<_>>()
    };
    assert_eq!(chances(&all), chances(&without));
}

#[test]
fn a_guard_that_sounds_makes_its_metric_red() {
    let (scene, model) = (Scene::new(), model(TEXT));
    let mut histories = histories("2026-02-15", 1.3);
    let calm = scene.on(&inputs(&model, &histories, "2026-02-15"), None);
    assert!(calm.targets.iter().all(|target| target.colour == Colour::Green), "{calm:#?}");
    // The third week of the year and the last two are over 30 returns: two alarms, for two in a row are one.
    let returns = histories.get_mut("returns").unwrap();
    let count = returns.values.len();
    for at in [count - 5, count - 2, count - 1] {
        returns.values[at] = Some(45.0);
    }
    let track = scene.on(&inputs(&model, &histories, "2026-02-15"), None);
    for target in &track.targets {
        let guard = &target.guards[0];
        assert_eq!(
            (target.colour, guard.colour, guard.alarms, guard.latest),
            (Colour::Red, Colour::Red, 2, Some(45.0))
        );
        assert_eq!((guard.p_breach, guard.limit), (Some(1.0), Some(30.0)));
        assert_eq!(target.why, "Its guard Returns sounds: above 30 returns.");
    }
}

#[test]
fn notes_and_missing_data_are_shown() {
    let (mut scene, model) = (Scene::new(), model(TEXT));
    let histories = histories("2026-02-15", 1.0);
    let note = Reading {
        id: String::new(),
        on: day("2026-01-18"),
        target: "orders".into(),
        p_hit: Some(0.62),
        colour: Colour::Green,
        note: Some("Ask the landlord".into()),
        by: Some("Ann".into()),
        owner: Some("Bob".into()),
        due: Some(day("2026-02-01")),
        done: None,
    };
    scene.log.add(note);
    scene.arrived.insert("orders".into(), Arrived { last: day("2026-02-01"), fresh: None, due: None });
    // Rows of revenue arrive three weeks late.
    let due = Some(day("2026-01-25"));
    scene.arrived.insert("revenue".into(), Arrived { last: day("2026-01-22"), fresh: None, due });
    let track = scene.on(&inputs(&model, &histories, "2026-02-15"), None);
    let of = |metric: &str| track.targets.iter().find(|target| target.metric == metric).unwrap().clone();
    let orders = of("orders");
    assert_eq!(orders.no_new_data_since, Some(day("2026-02-01")));
    assert_eq!(of("revenue").no_new_data_since, None);
    assert_eq!((orders.notes.len(), orders.notes[0].overdue, orders.colour_before), (1, true, Some(Colour::Green)));
    assert_eq!(of("revenue").notes, []);
}

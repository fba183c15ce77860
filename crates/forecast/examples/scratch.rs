#![allow(warnings)]
use chrono::NaiveDate;
use quarterdeck_calendar::*;
use quarterdeck_forecast::*;
use std::time::Instant;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let grain = args[2].as_str();
    let as_of: Option<NaiveDate> = args.get(3).and_then(|x| x.parse().ok());
    let mut rows: Vec<(NaiveDate, f64)> = text.lines().skip(1).filter_map(|l| { let mut p = l.split(','); let d = p.next()?; let d = if d.len()==7 {format!("{d}-01")} else {d.to_string()}; Some((d.parse().ok()?, p.next()?.parse().ok()?)) }).collect();
    let cal = Calendar::default();
    let g = Grain::from_word(grain).unwrap();
    let start = cal.period_of(g, rows[0].0);
    let n = cal.distance(start, cal.period_of(g, rows[rows.len()-1].0)) as usize + 1;
    let mut values = vec![None; n];
    for (d, v) in &rows { values[cal.distance(start, cal.period_of(g, *d)) as usize] = Some(*v); }
    let last = cal.ends(cal.shift(start, n as i64 - 1));
    let as_of = as_of.unwrap_or(last);
    let keep = (0..n).filter(|i| cal.ends(cal.shift(start, *i as i64)) <= as_of).count();
    values.truncate(keep);
    let copies: usize = args.get(4).and_then(|x| x.parse().ok()).unwrap_or(1);
    let roll = match g { Grain::Day => Roll::Total, _ => Roll::Last };
    let nature = if g == Grain::Day { Nature::Flow } else { Nature::Level };
    let cap = args.get(5).map(|c| Cap { label: "cap".into(), low: c.split(':').next().unwrap().parse().unwrap(), high: c.split(':').nth(1).unwrap().parse().unwrap() });
    let series: Vec<Series> = (0..copies).map(|k| Series { name: format!("m{k}"), grain: g, start, values: values.clone(), partial: None, weights: vec![], nature, roll, bounds: Bounds { low: Some(0.0), high: None }, quarters: vec![], breaks: vec![], events: vec![], cap: cap.clone() }).collect();
    let w0 = cal.shift(cal.period_of(Grain::Quarter, as_of), 1);
    let windows = [w0, cal.shift(w0, 1)];
    let t = Instant::now();
    let out = forecast(&Job { series: &series, identities: &[], windows: &windows, as_of, calendar: &cal, seed: 1, paths: 10_000 });
    eprintln!("{:?}", t.elapsed());
    let f = out.forecasts[0].forecast.as_ref().unwrap();
    for w in &f.windows { let s = distribution::sorted(&w.values); println!("{} {:?}", w.period, [0.1,0.3,0.5,0.7,0.9].map(|p| (distribution::quantile_sorted(&s, p).unwrap()).round())); }
    println!("{:?}", f.calibration);
    for m in &f.models { println!("{m:?}"); }
    for c in &f.claims { println!("{} {:?} actual {} pit {:.3}", c.period, c.quantiles.map(|q| q.round()), c.actual.round(), c.pit); }
    for n in &f.notes { println!("- {n}"); }
    println!("{:?}", out.dependence);
}

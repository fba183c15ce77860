//! Initiatives on the terminal, the best per week of work first.

use super::table::{Align, Table, cut, wrap};
use anstyle::{AnsiColor, Style};
use quarterdeck_plan::gains::{Gain, Money, Ranking, TeamLoad};
use quarterdeck_report::number;

/// The whole ranking, at most `width` columns wide.
pub fn text(ranking: &Ranking, width: usize) -> String {
    let bold = Style::new().bold();
    let (from, to) = (number::day(ranking.starts), number::day(ranking.ends));
    let mut text = format!("{bold}{}{bold:#} ({from} to {to}) · initiatives\n", ranking.period);
    text.push_str(&format!("as of {} · seed {}\n", ranking.as_of, ranking.seed));
    if !ranking.initiatives.is_empty() {
        let all = ranking.p_all.map(|p| format!("; all of them with a chance of {}", number::chance(p)));
        let met = format!(
            "The plan meets {} targets on average{}. By the targets each adds per week of work:",
            decimals(ranking.targets_met, 2),
            all.unwrap_or_default()
        );
        text.push_str(&format!("{}\n\n", wrap(&met, width, 0)));
        text.push_str(&table(ranking, width));
        for gain in &ranking.initiatives {
            text.push_str(&details(gain, ranking, width));
        }
    }
    if !ranking.teams.is_empty() {
        text.push('\n');
    }
    for team in &ranking.teams {
        text.push_str(&load(team, width));
    }
    for note in &ranking.notes {
        text.push_str(&format!("- {}\n", wrap(note, width.saturating_sub(2), 2)));
    }
    text
}

fn table(ranking: &Ranking, width: usize) -> String {
    let columns = [
        ("", Align::Left),
        ("targets", Align::Right),
        ("weeks", Align::Right),
        ("per week", Align::Right),
        ("cost", Align::Right),
        ("per 10k", Align::Right),
        ("if 4 weeks late", Align::Right),
    ];
    let mut table = Table::new(&columns);
    for (at, gain) in ranking.initiatives.iter().enumerate() {
        let room = (width / 3).saturating_sub(3);
        let none = || "–".to_owned();
        table.row([
            format!("{}. {}", at + 1, cut(&gain.label, room)),
            signed(gain.gain, 2),
            gain.effort.map_or_else(none, |effort| decimals(effort.mid, 0)),
            gain.per_week.map_or_else(none, |per| signed(per, 3)),
            gain.cost.map_or_else(none, |cost| number::money(cost.mid, &ranking.currency)),
            gain.per_10k.map_or_else(none, |per| signed(per, 3)),
            gain.late_loss.map_or_else(none, |loss| signed(-loss, 2)),
        ]);
    }
    table.text()
}

fn details(gain: &Gain, ranking: &Ranking, width: usize) -> String {
    let bold = Style::new().bold();
    let mut said: Vec<String> = Vec::new();
    for target in &gain.targets {
        said.push(format!("{} {} → {}", target.label, number::chance(target.p_without), number::chance(target.p_with)));
    }
    if let Some(all) = gain.p_all_gain.filter(|all| all.abs() >= 0.005) {
        let sign = if all > 0.0 { "+" } else { "−" };
        said.push(format!("all together {sign}{}", number::chance_gap(all, 0.0)));
    }
    if let Some(Money { low, high, .. }) = gain.worth {
        let money = |value: f64| number::money(value, &ranking.currency);
        said.push(format!("worth {} to {} in the period", money(low), money(high)));
    }
    if ranking.ship_date.as_deref() == Some(gain.name.as_str()) {
        said.push(format!("its date, {}, carries the most: watch it first", number::day(gain.starts)));
    }
    let owner = gain.owner.as_deref().map(|owner| format!(" · {owner}")).unwrap_or_default();
    let ships = format!("ships with {}, from {}", number::chance(gain.ships), number::day(gain.starts));
    let head = wrap(&format!("{bold}{}{bold:#} ({ships}){owner}", gain.label), width, 2);
    let words = if said.is_empty() { "moves the chance of no target".to_owned() } else { said.join("; ") };
    format!("\n{head}\n  {}\n", wrap(&words, width.saturating_sub(2), 2))
}

fn load(team: &TeamLoad, width: usize) -> String {
    let range = if team.effort.low == team.effort.high {
        decimals(team.effort.mid, 0)
    } else {
        format!(
            "{} ({} to {})",
            decimals(team.effort.mid, 0),
            decimals(team.effort.low, 0),
            decimals(team.effort.high, 0)
        )
    };
    let (mark, against) = match team.capacity {
        Some(capacity) if team.effort.mid > capacity => {
            let style = AnsiColor::Red.on_default();
            (format!("{style}✗{style:#}"), format!("of {}: over capacity", decimals(capacity, 0)))
        }
        Some(capacity) if team.effort.high > capacity => {
            ("!".to_owned(), format!("of {}: over it in a bad case", decimals(capacity, 0)))
        }
        Some(capacity) => ("✓".to_owned(), format!("of {}", decimals(capacity, 0))),
        None => ("?".to_owned(), "(quarterdeck.toml states no capacity)".to_owned()),
    };
    let unsized_work = match team.unsized_work.as_slice() {
        [] => String::new(),
        some => format!("; without an effort: {}", some.join(", ")),
    };
    let line = format!("{mark} Team {}: {range} person-weeks {against}{unsized_work}", team.team);
    format!("{}\n", wrap(&line, width, 2))
}

fn signed(value: f64, places: usize) -> String {
    let text = decimals(value.abs(), places);
    let nothing = text.chars().all(|letter| matches!(letter, '0' | '.'));
    match value {
        _ if nothing => decimals(0.0, places),
        value if value > 0.0 => format!("+{text}"),
        _ => format!("−{text}"),
    }
}

fn decimals(value: f64, places: usize) -> String {
    format!("{value:.places$}")
}

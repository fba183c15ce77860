//! Conversions, funnels, retention and churn as one query: who enters, who of them arrives, and how many that is of all.

use super::Asked;
use crate::engine::quote;
use crate::query::filter::{Sql, Type, quote_day};
use crate::query::journey::{Side, common_keys, goal_table, trail_of};
use crate::query::node::{Leaf, Node, What};
use crate::query::run::strip;
use crate::source::dates::date_of;
use quarterdeck_calendar::Grain;
use quarterdeck_lang::model::{Filter, Journey, Length};

/// The query of a measure that follows keys; `None` where it is another, or one that SQL cannot say plainly.
pub(super) fn sql(asked: &Asked<'_>, node: &Node) -> Option<String> {
    let Node::Counted { inner, .. } = node else { return None };
    let (arrivals, is_count) = match &**inner {
        Node::Leaf(leaf) => (*leaf, true),
        Node::Div(above, _) => match **above {
            Node::Leaf(leaf) => (leaf, false),
            _ => return None,
        },
        _ => return None,
    };
    let leaf = asked.leaves.get(arrivals).filter(|leaf| matches!(leaf.what, What::Arrivals(_)))?;
    let period = quote(asked.grain.word());
    let text = Text { asked, leaf, period };
    let journey = &trail_of(leaf)?.journey;
    let (parts, within) = match journey {
        Journey::Churn { per, .. } => return if *per == asked.grain { text.churn() } else { None },
        Journey::Funnel { steps, within, .. } => {
            let filters: Vec<&Filter> = steps.iter().map(|step| &step.filter).collect();
            (text.funnel(&filters, *within)?, vec![interval(*within)])
        }
        Journey::Conversion { from, to, within, .. } => {
            let first = if from.source == to.source { ">" } else { ">=" };
            let from = format!("\"goals\".\"time\" {first} \"entered\"");
            (text.arrived(&from, &[interval(*within)])?, vec![interval(*within)])
        }
        Journey::Retention { after, lasting, .. } => {
            let (after, lasting) = (interval(*after), interval(*lasting));
            let from = format!("\"goals\".\"time\" > \"entered\" AND \"goals\".\"time\" >= \"entered\" + {after}");
            (text.arrived(&from, &[after.clone(), lasting.clone()])?, vec![after, lasting])
        }
    };
    Some(text.share(&parts, &within, is_count))
}

/// What a query is written from.
struct Text<'a> {
    asked: &'a Asked<'a>,
    leaf: &'a Leaf,
    /// What the column of periods is called.
    period: String,
}

impl Text<'_> {
    fn entering(&self) -> Option<Side<'_>> {
        let journey = &trail_of(self.leaf)?.journey;
        let chosen = (journey.key(), self.leaf.filter.as_ref());
        Side::new(self.asked.scopes, self.leaf, &self.leaf.table, chosen).ok()
    }

    fn last(&self) -> String {
        quote_day(date_of(self.asked.as_of))
    }

    /// Each key with its first row in each period; `only` chooses among its rows.
    fn entries(&self, side: &Side<'_>, key: &str, time: &str, only: Option<String>) -> Option<String> {
        let day = side.scope.day(&side.table.time).ok()?;
        Some(format!(
            "SELECT {} AS {}, {key} AS \"key\", min({time}) AS \"entered\"\nFROM {}\nWHERE {}\nGROUP BY 1, 2",
            self.asked.start(self.asked.grain, &day),
            self.period,
            quote(&side.table.source),
            self.rows(side, only)?
        ))
    }

    /// The condition of the rows that count.
    fn rows(&self, side: &Side<'_>, only: Option<String>) -> Option<String> {
        let day = side.scope.day(&side.table.time).ok()?;
        let known = format!("{} IS NOT NULL AND {day} <= {}", side.key.text, self.last());
        let parts: Vec<String> = side.filter.clone().into_iter().chain(only).chain([known]).collect();
        Some(parts.join(" AND "))
    }

    /// The entries, and those of them with a row of the goal from some moment on and before the end of what follows it.
    fn arrived(&self, from: &str, until: &[String]) -> Option<Vec<(String, String)>> {
        let own = self.entering()?;
        let goal_rows = trail_of(self.leaf)?.journey.goal()?;
        let table = goal_table(own.scope.model, goal_rows);
        let key = trail_of(self.leaf)?.journey.key();
        let goal = Side::new(self.asked.scopes, self.leaf, &table, (key, goal_rows.filter.as_ref())).ok()?;
        // A time compared with a day is compared by its day.
        let days = own.time.gives == Type::Day || goal.time.gives == Type::Day;
        let (own_key, goal_key) = common_keys(&own, &goal).ok()?;
        let entries = self.entries(&own, &own_key, &moment(&own.time, days), None)?;
        let rows = self.rows(&goal, None)?;
        let (goals, time) = (quote(&goal.table.source), moment(&goal.time, days));
        let arrived = format!(
            "SELECT DISTINCT \"entries\".{0}, \"entries\".\"key\"\nFROM \"entries\"\n\
             JOIN (SELECT {goal_key} AS \"key\", {time} AS \"time\" FROM {goals} WHERE {rows}) AS \"goals\"\n  \
             ON \"goals\".\"key\" = \"entries\".\"key\" AND {from}\n  AND \"goals\".\"time\" < \"entered\" + {1}",
            self.period,
            until.join(" + ")
        );
        Some(vec![("entries".to_owned(), entries), ("arrived".to_owned(), arrived)])
    }

    /// The entries, each step after them, and those who took the last.
    fn funnel(&self, steps: &[&Filter], within: Length) -> Option<Vec<(String, String)>> {
        let side = self.entering()?;
        let (key, time) = (side.key.text.clone(), side.time.text.clone());
        let condition = |step: &Filter| side.scope.condition(step).ok();
        let (first, rest) = steps.split_first()?;
        let mut parts = vec![("entries".to_owned(), self.entries(&side, &key, &time, Some(condition(first)?))?)];
        let (mut before, mut at) = ("entries".to_owned(), "entered");
        for (number, step) in rest.iter().enumerate() {
            let rows = self.rows(&side, Some(condition(step)?))?;
            let name = if number + 1 == rest.len() { "arrived".to_owned() } else { format!("step_{}", number + 2) };
            let text = format!(
                "SELECT \"before\".{0}, \"before\".\"key\", \"before\".\"entered\", min(\"rows\".\"time\") AS \"at\"\n\
                 FROM {1} AS \"before\"\n\
                 JOIN (SELECT {key} AS \"key\", {time} AS \"time\" FROM {2} WHERE {rows}) AS \"rows\"\n  \
                 ON \"rows\".\"key\" = \"before\".\"key\" AND \"rows\".\"time\" > \"before\".\"{at}\"\n  \
                 AND \"rows\".\"time\" < \"before\".\"entered\" + {3}\nGROUP BY 1, 2, 3",
                self.period,
                quote(&before),
                quote(&side.table.source),
                interval(within)
            );
            parts.push((name.clone(), text));
            (before, at) = (name, "at");
        }
        (parts.len() > 1).then_some(parts)
    }

    /// How many of the entries whose time is over arrived, or which share.
    fn share(&self, parts: &[(String, String)], within: &[String], is_count: bool) -> String {
        let tables: Vec<String> = parts.iter().map(|(name, text)| format!("{} AS (\n{text}\n)", quote(name))).collect();
        let arrived = "CAST(count(\"arrived\".\"key\") AS DOUBLE)";
        let value = if is_count { arrived.to_owned() } else { format!("{arrived} / CAST(count(*) AS DOUBLE)") };
        format!(
            "WITH {}\nSELECT \"entries\".{1}, {value} AS \"value\"\nFROM \"entries\"\n\
             LEFT JOIN \"arrived\" ON \"arrived\".{1} = \"entries\".{1} AND \"arrived\".\"key\" = \"entries\".\"key\"\n\
             WHERE \"entries\".\"entered\" + {2} <= {3} + INTERVAL '1' DAY\nGROUP BY 1\nORDER BY 1",
            tables.join(",\n"),
            self.period,
            within.join(" + "),
            self.last()
        )
    }

    /// Who of a period is not there in the next.
    fn churn(&self) -> Option<String> {
        let side = self.entering()?;
        let next = interval(Length::Grains(1, self.asked.grain));
        let entries = self.entries(&side, &side.key.text, &side.time.text, None)?;
        Some(format!(
            "WITH \"present\" AS (\n{entries}\n)\n\
             SELECT \"now\".{0}, CAST(count(*) FILTER (WHERE \"next\".\"key\" IS NULL) AS DOUBLE) / CAST(count(*) AS DOUBLE) AS \"value\"\n\
             FROM \"present\" AS \"now\"\n\
             LEFT JOIN \"present\" AS \"next\" ON \"next\".\"key\" = \"now\".\"key\" AND \"next\".{0} = \"now\".{0} + {next}\n\
             WHERE \"now\".{0} + {next} + {next} <= {1} + INTERVAL '1' DAY\nGROUP BY 1\nORDER BY 1",
            self.period,
            self.last()
        ))
    }
}

/// A time as it is compared.
fn moment(time: &Sql, days: bool) -> String {
    let text = strip(&time.text);
    if days && time.gives == Type::Moment { format!("CAST({text} AS DATE)") } else { text.to_owned() }
}

/// A length of time.
fn interval(length: Length) -> String {
    let (count, unit) = match length {
        Length::Minutes(count) => (count, "MINUTE"),
        Length::Grains(count, Grain::Day) => (count, "DAY"),
        Length::Grains(count, Grain::Week) => (count.saturating_mul(7), "DAY"),
        Length::Grains(count, Grain::Month) => (count, "MONTH"),
        Length::Grains(count, Grain::Quarter) => (count.saturating_mul(3), "MONTH"),
        Length::Grains(count, Grain::Half) => (count.saturating_mul(6), "MONTH"),
        Length::Grains(count, Grain::Year) => (count, "YEAR"),
    };
    format!("INTERVAL '{count}' {unit}")
}

//! The fields of a block: that required ones stand there, that none stands twice, that each has the form its key takes.

use super::context::{Context, error};
use crate::Spanned;
use crate::codes::resolve::{KEY_MISSING, KEY_TWICE, WRONG_FORM};
use crate::keys::{self, Type};
use crate::syntax::tree::{Block, BlockKind, Field};
use crate::syntax::value::{Path, Value};

/// The fields of one block, or of several read as one.
pub(super) struct Fields<'a> {
    fields: Vec<&'a Field>,
}

/// Opens a block: reports missing and repeated keys, and keeps the fields that can be used.
pub(super) fn open<'a>(cx: &mut Context<'a>, block: &'a Block) -> Fields<'a> {
    let fields: Vec<&Field> = block.fields().collect();
    let known: Vec<_> = fields.iter().map(|field| keys::find(block.kind.node, &field.key.node)).collect();
    for key in keys::of(block.kind.node) {
        let is = |known: &Option<&keys::Key>| known.is_some_and(|known| std::ptr::eq(known, key));
        let mut found = fields.iter().zip(&known).filter(|(_, known)| is(known)).map(|(field, _)| field);
        let Some(first) = found.next() else {
            let written = key.name == "value" && block.kind.node == BlockKind::Column;
            if key.required && !written && !block.damaged {
                missing(cx, block, key);
            }
            continue;
        };
        if let (Some(second), false) = (found.next(), key.repeatable) {
            let message = format!("`{}:` stands twice in {}", key.name, name_of(block));
            cx.report(
                error(&KEY_TWICE, second.key.span, message)
                    .note("again here")
                    .label(first.key.span, "first here")
                    .hint("keep one of them"),
            );
        }
    }
    Fields { fields: usable(cx, fields.into_iter().zip(known)) }
}

fn missing(cx: &mut Context<'_>, block: &Block, key: &keys::Key) {
    let message = format!("{} has no `{}:`", name_of(block), key.name);
    let place = block.head.name.as_ref().map_or(block.kind.span, |name| name.span);
    let hint = format!("add `{}: …`: {}", key.name, lower_first(key.doc));
    cx.report(error(&KEY_MISSING, place, message).note(format!("`{}:` is required", key.name)).hint(hint));
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The fields whose values have the form the table gives; the rest are reported, unless the parser already did.
fn usable<'a>(
    cx: &mut Context<'a>,
    fields: impl ExactSizeIterator<Item = (&'a Field, Option<&'static keys::Key>)>,
) -> Vec<&'a Field> {
    let mut kept = Vec::with_capacity(fields.len());
    for (field, key) in fields {
        match (key, &field.value.node) {
            (_, Value::Broken) | (None, _) => {}
            (Some(key), value) if fits(key.ty, value) => kept.push(field),
            (Some(key), _) => {
                let message = format!("`{}:` cannot take this value", key.name);
                cx.report(error(&WRONG_FORM, field.value.span, message).hint(key.doc));
            }
        }
    }
    kept
}

/// How a block is called in a message: "the metric `weekly_orders`".
pub(super) fn name_of(block: &Block) -> String {
    let word = block.kind.node.word();
    match (&block.head.name, &block.head.period, &block.head.date) {
        (Some(name), _, _) => format!("the {word} `{}`", name.node),
        (None, Some(period), _) => format!("the {word} {}", period.node),
        (None, None, Some(date)) => format!("`{word} {}`", date.node),
        (None, None, None) => format!("this {word}"),
    }
}

/// Whether a value is of the variant a type names.
fn fits(ty: Type, value: &Value) -> bool {
    match ty {
        Type::Text => matches!(value, Value::Text(_)),
        Type::Texts => matches!(value, Value::Texts(_)),
        Type::Name => matches!(value, Value::Names(names) if names.len() == 1),
        Type::Names => matches!(value, Value::Names(_)),
        Type::Word(words) => matches!(value, Value::Word(word) if words.contains(&word.as_str())),
        Type::Number => matches!(value, Value::Number(_)),
        Type::Part => matches!(value, Value::Part(_)),
        Type::Duration => matches!(value, Value::Duration(_)),
        Type::Date => matches!(value, Value::Date(_)),
        Type::Dates => matches!(value, Value::Dates(_)),
        Type::When => matches!(value, Value::When(_)),
        Type::Unit => matches!(value, Value::Unit(_)),
        Type::Amount => matches!(value, Value::Amount(_)),
        Type::Level => matches!(value, Value::Level { .. }),
        Type::Bounds => matches!(value, Value::Bounds(..)),
        Type::Better => matches!(value, Value::Better(_)),
        Type::Change => matches!(value, Value::Change(_)),
        Type::Moves => matches!(value, Value::Moves { .. }),
        Type::Overlaps => matches!(value, Value::Overlaps { .. }),
        Type::Reads => matches!(value, Value::Reads(_)),
        Type::Measure => matches!(value, Value::Measure(_)),
        Type::Formula => matches!(value, Value::Formula(_)),
        Type::Condition => matches!(value, Value::Conditions(all) if all.len() == 1),
        Type::Conditions => matches!(value, Value::Conditions(_)),
        Type::Drives => matches!(value, Value::Drives { .. }),
        Type::Guard => matches!(value, Value::Guard(_)),
        Type::MarketLink => matches!(value, Value::MarketLink { .. }),
        Type::From => matches!(value, Value::From(_)),
        Type::Join => matches!(value, Value::Join { .. }),
        Type::Arrives => matches!(value, Value::Arrives { .. }),
        Type::Skip => matches!(value, Value::Skip(_)),
        Type::Rates => matches!(value, Value::Rates(_)),
        Type::Method => matches!(value, Value::Method(_)),
        Type::Learn => matches!(value, Value::Learn { .. }),
        Type::Evidence => matches!(value, Value::Evidence { .. }),
        Type::Outcome => matches!(value, Value::Outcome { .. }),
        Type::Until => matches!(value, Value::Until { .. }),
        Type::Attested => matches!(value, Value::Attested { .. }),
        Type::Allow => matches!(value, Value::Allow { .. }),
    }
}

impl<'a> Fields<'a> {
    /// These, and of another block those whose key does not stand here: what an initiative takes over.
    pub fn or(mut self, other: &Fields<'a>, except: &str) -> Fields<'a> {
        let own: Vec<&str> = self.fields.iter().map(|field| field.key.node.as_str()).collect();
        let taken =
            other.fields.iter().filter(|field| field.key.node != except && !own.contains(&field.key.node.as_str()));
        let taken: Vec<_> = taken.copied().collect();
        self.fields.extend(taken);
        self
    }

    /// The field of a key.
    pub fn get(&self, key: &str) -> Option<&'a Field> {
        self.fields.iter().find(|field| field.key.node == key).copied()
    }

    /// Every field of a key, in order.
    pub fn all(&self, key: &'static str) -> impl Iterator<Item = &'a Field> + use<'a, '_> {
        self.fields.iter().filter(move |field| field.key.node == key).copied()
    }

    /// Every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a Field> + use<'a, '_> {
        self.fields.iter().copied()
    }

    /// The text of a key.
    pub fn text(&self, key: &str) -> Option<String> {
        match &self.get(key)?.value.node {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The texts of a key; none where it does not stand.
    pub fn texts(&self, key: &str) -> Vec<String> {
        match self.get(key).map(|field| &field.value.node) {
            Some(Value::Texts(texts)) => texts.iter().map(|text| text.node.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// The word of a key.
    pub fn word(&self, key: &str) -> Option<&'a str> {
        match &self.get(key)?.value.node {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The names of a key; none where it does not stand.
    pub fn names(&self, key: &str) -> &'a [Spanned<Path>] {
        match self.get(key).map(|field| &field.value.node) {
            Some(Value::Names(names)) => names,
            _ => &[],
        }
    }

    /// The single name of a key, dots and all.
    pub fn name(&self, key: &str) -> Option<Spanned<String>> {
        self.names(key).first().map(dotted)
    }
}

/// A path as one text.
pub(super) fn dotted(path: &Spanned<Path>) -> Spanned<String> {
    Spanned::new(path.node.parts.join("."), path.span)
}

//! The codes of the syntax: E001 to E099.

use super::Code;

/// A character the language does not know.
pub const UNREADABLE: &str = "E001";
/// Quotes a word processor made.
pub const SMART_QUOTES: &str = "E002";
/// A dash or minus sign that is not the one on the keyboard.
pub const DASH: &str = "E003";
/// A space that only looks like one.
pub const INVISIBLE: &str = "E004";
/// A text without its closing quote.
pub const UNTERMINATED: &str = "E005";
/// A backslash before something else than a quote or a backslash.
pub const ESCAPE: &str = "E006";
/// Letters that touch a number.
pub const TOUCHING: &str = "E007";
/// Commas inside a number.
pub const COMMA_NUMBER: &str = "E008";
/// A currency's sign.
pub const CURRENCY_SIGN: &str = "E009";
/// A range written with a dash.
pub const DASH_RANGE: &str = "E010";
/// A number too long or too large.
pub const HUGE_NUMBER: &str = "E011";
/// A day or period that does not exist, or is written in another way.
pub const NO_SUCH_DAY: &str = "E012";
/// An operator of another language.
pub const FOREIGN: &str = "E013";
/// A `%` or `pp` apart from its number.
pub const APART: &str = "E014";
/// A word that opens no block.
pub const UNKNOWN_BLOCK: &str = "E020";
/// A block where it cannot stand.
pub const MISPLACED_BLOCK: &str = "E021";
/// A block without `{`.
pub const NO_OPENING: &str = "E022";
/// A block without `}`.
pub const NO_CLOSING: &str = "E023";
/// A `}` that closes nothing, or a `{` that opens nothing.
pub const STRAY_BRACE: &str = "E024";
/// What stands before `{` is not what the block takes.
pub const HEADER: &str = "E025";
/// A name that is none.
pub const NAME: &str = "E026";
/// Neither a field nor a block.
pub const NO_ENTRY: &str = "E027";
/// A field the block does not take.
pub const UNKNOWN_FIELD: &str = "E028";
/// A key without its colon.
pub const NO_COLON: &str = "E029";
/// A key without a value.
pub const NO_VALUE: &str = "E030";
/// A value of another kind than the key takes.
pub const VALUE: &str = "E031";
/// A word that is not one of the few a key takes.
pub const WORD: &str = "E032";
/// A text without quotes.
pub const UNQUOTED: &str = "E033";
/// A range whose ends are the wrong way round, or do not fit together.
pub const RANGE: &str = "E034";
/// A chance or part that is not between 0 % and 100 %.
pub const PART: &str = "E035";
/// A formula that can be read in two ways.
pub const AMBIGUOUS: &str = "E036";
/// Something after the end of a value.
pub const LEFT_OVER: &str = "E037";
/// A unit where the value is in the metric's own.
pub const OWN_UNIT: &str = "E038";
/// A function that is none, or is given the wrong arguments.
pub const FUNCTION: &str = "E039";
/// Two comparisons in a row, or a comparison with null.
pub const COMPARISON: &str = "E040";
/// A parenthesis without its other half.
pub const PARENTHESIS: &str = "E041";
/// Brackets or blocks too deep inside one another.
pub const TOO_DEEP: &str = "E050";
/// A file too long to read.
pub const TOO_LONG: &str = "E051";
/// An expression with too many operators.
pub const TOO_MANY_OPERATORS: &str = "E052";
/// More mistakes than one file is worth listing.
pub const TOO_MANY: &str = "E053";

/// What there is to say about each.
pub const CODES: &[Code] = &[];

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
/// A range whose numbers do not fit together as written.
pub const RANGE: &str = "E034";
/// A formula that can be read in two ways.
pub const AMBIGUOUS: &str = "E035";
/// Something after the end of a value.
pub const LEFT_OVER: &str = "E036";
/// A unit where the value is in the metric's own.
pub const OWN_UNIT: &str = "E037";
/// A function that is none, or is given the wrong arguments.
pub const FUNCTION: &str = "E038";
/// Two comparisons in a row, or a comparison with null.
pub const COMPARISON: &str = "E039";
/// A parenthesis without its other half.
pub const PARENTHESIS: &str = "E040";
/// Brackets or blocks too deep inside one another.
pub const TOO_DEEP: &str = "E050";
/// A file too long to read.
pub const TOO_LONG: &str = "E051";
/// An expression with too many operators.
pub const TOO_MANY_OPERATORS: &str = "E052";
/// More mistakes than one file is worth listing.
pub const TOO_MANY: &str = "E053";

/// What there is to say about each.
pub const CODES: &[Code] = &[
    Code {
        code: UNREADABLE,
        title: "a character the language does not know",
        explanation: "The language is made of words, numbers, texts in quotes and a few signs. Whatever else is to be said belongs into a text in quotes or, as a note to other readers, after a `#`.",
        wrong: "metric m { unit: orders; grain: week }",
        right: "metric m { unit: orders  grain: week }",
    },
    Code {
        code: SMART_QUOTES,
        title: "typographic or single quotes",
        explanation: "A word processor or a chat replaces the quotes of the keyboard by curly ones. Texts stand in straight double quotes.",
        wrong: "metric m { why: “Orders are sales.” }",
        right: "metric m { why: \"Orders are sales.\" }",
    },
    Code {
        code: DASH,
        title: "a typographic dash",
        explanation: "A long dash or a mathematical minus looks like the minus sign of the keyboard and is another character.",
        wrong: "metric m { bounds: −100 to 100 }",
        right: "metric m { bounds: -100 to 100 }",
    },
    Code {
        code: INVISIBLE,
        title: "an invisible character",
        explanation: "Text copied from a document or a web page can bring spaces that are none, or characters without any shape. They make two texts differ that look alike.",
        wrong: "metric m { unit:\u{a0}orders }",
        right: "metric m { unit: orders }",
    },
    Code {
        code: UNTERMINATED,
        title: "a text without its closing quote",
        explanation: "A text starts and ends on the same line. A quote inside a text is written \\\".",
        wrong: "metric m { why: \"Orders are sales. }",
        right: "metric m { why: \"Orders are sales.\" }",
    },
    Code {
        code: ESCAPE,
        title: "a backslash that protects nothing",
        explanation: "Inside a text a backslash stands before a quote or another backslash only. Paths are written with /.",
        wrong: "source s { from: \"data\\orders.csv\" }",
        right: "source s { from: \"data/orders.csv\" }",
    },
    Code {
        code: TOUCHING,
        title: "letters that touch a number",
        explanation: "Only k (thousand), M (million), % and pp (percentage points) stand right after a number. Before a unit there is a space, and scientific notation is written out.",
        wrong: "plan 2027-Q1 { initiative i { cost: 1e6 GBP } }",
        right: "plan 2027-Q1 { initiative i { cost: 1M GBP } }",
    },
    Code {
        code: COMMA_NUMBER,
        title: "a comma or a second point inside a number",
        explanation: "Digits are grouped with underscores, and decimals follow a point, as in 1_234.5. In a list a space follows each comma.",
        wrong: "market m { tam: 1,000,000 }",
        right: "market m { tam: 1_000_000 }",
    },
    Code {
        code: CURRENCY_SIGN,
        title: "a currency's sign",
        explanation: "Amounts are written with the currency's code after the number, because many currencies share a sign.",
        wrong: "plan 2027-Q1 { initiative i { cost: £120k } }",
        right: "plan 2027-Q1 { initiative i { cost: 120k GBP } }",
    },
    Code {
        code: DASH_RANGE,
        title: "a range written with a dash",
        explanation: "A range is written with `to`. A dash between two numbers could also be a difference; that one has a space on both sides.",
        wrong: "plan 2027-Q1 { initiative i { effort: 6-8 weeks } }",
        right: "plan 2027-Q1 { initiative i { effort: 6 to 8 weeks } }",
    },
    Code {
        code: HUGE_NUMBER,
        title: "a number that is too long or too large",
        explanation: "Numbers have at most 40 characters and stay below 1_000_000_000M, so that all arithmetic with them is exact.",
        wrong: "market m { tam: 9999999999999999 }",
        right: "market m { tam: 9999M }",
    },
    Code {
        code: NO_SUCH_DAY,
        title: "not a day or a period",
        explanation: "Days are written 2027-02-01; periods 2027-Q1, 2027-H1, 2027, 2027-02, 2027-P02 or 2027-W06, with a capital letter. The day or period has to exist.",
        wrong: "plan 2027-Q5 { objective: \"More\" }",
        right: "plan 2027-Q4 { objective: \"More\" }",
    },
    Code {
        code: FOREIGN,
        title: "a sign of another language",
        explanation: "Equal is `=`, not equal `!=`, at least `>=`; conditions are joined by `and` and `or`; a comment starts with `#`.",
        wrong: "segment s of orders { where: country == \"UK\" }",
        right: "segment s of orders { where: country = \"UK\" }",
    },
    Code {
        code: APART,
        title: "a % or pp apart from its number",
        explanation: "`%` and `pp` belong to their number and stand right after it.",
        wrong: "metric m { bounds: 0 to 5 % }",
        right: "metric m { bounds: 0 to 5% }",
    },
    Code {
        code: UNKNOWN_BLOCK,
        title: "a word that opens no block",
        explanation: "At the top of a file stand source, segment, metric, market, event and plan; each takes blocks of its own inside.",
        wrong: "metrc m { unit: orders }",
        right: "metric m { unit: orders }",
    },
    Code {
        code: MISPLACED_BLOCK,
        title: "a block where it cannot stand",
        explanation: "Targets, initiatives, judgements, quotes, risks, milestones and scenarios stand inside a plan; columns inside a source; benchmarks and tests inside a metric; `changed` inside either. Often a `}` before it is one too many.",
        wrong: "target m { set: 5 }",
        right: "plan 2027-Q1 { target m { set: 5 } }",
    },
    Code {
        code: NO_OPENING,
        title: "a block without its opening brace",
        explanation: "The fields of a block stand in braces. The opening one may stand on the line after the header.",
        wrong: "metric m\n  unit: orders\n}",
        right: "metric m {\n  unit: orders\n}",
    },
    Code {
        code: NO_CLOSING,
        title: "a block without its closing brace",
        explanation: "Every `{` has its `}`. A declaration at the very start of a line ends what is still open before it.",
        wrong: "metric m {\n  unit: orders",
        right: "metric m {\n  unit: orders\n}",
    },
    Code {
        code: STRAY_BRACE,
        title: "a brace without its other half",
        explanation: "Either a brace is one too many, or the block it belongs to was closed before.",
        wrong: "metric m { unit: orders } }",
        right: "metric m { unit: orders }",
    },
    Code {
        code: HEADER,
        title: "a header the block does not take",
        explanation: "Between a block's word and its `{` stand its name and, where it has one, its label; a segment names its source, a plan its period, a change its day.",
        wrong: "segment uk { where: country = \"UK\" }",
        right: "segment uk of orders { where: country = \"UK\" }",
    },
    Code {
        code: NAME,
        title: "a name that is none",
        explanation: "Names start with a lower-case letter and hold lower-case letters, digits and underscores. Words that join others, such as `and` or `from`, are no names.",
        wrong: "metric weekly-orders { unit: orders }",
        right: "metric weekly_orders { unit: orders }",
    },
    Code {
        code: NO_ENTRY,
        title: "neither a field nor a block",
        explanation: "Inside braces stand fields (a key, a colon, a value) and blocks. A value goes on in the next line only if that line starts with and, or, where, from, over, by, within, to, on or an operator.",
        wrong: "metric m {\n  weekly orders of the house\n}",
        right: "metric m {\n  unit: orders\n}",
    },
    Code {
        code: UNKNOWN_FIELD,
        title: "a field the block does not take",
        explanation: "Each kind of block has a closed set of keys, so that a slip of the pen is found and not passed over.",
        wrong: "metric m { untis: orders }",
        right: "metric m { unit: orders }",
    },
    Code {
        code: NO_COLON,
        title: "a key without its colon",
        explanation: "A field is a key, a colon and a value.",
        wrong: "metric m { unit orders }",
        right: "metric m { unit: orders }",
    },
    Code {
        code: NO_VALUE,
        title: "a key without a value",
        explanation: "A key that has nothing to say is left out.",
        wrong: "metric m { unit: }",
        right: "metric m { unit: orders }",
    },
    Code {
        code: VALUE,
        title: "a value the key does not take",
        explanation: "Each key takes one kind of value: a number, a duration, a condition, a measure. The hint shows an example of the one that is expected.",
        wrong: "source s { fresh: soon }",
        right: "source s { fresh: 2 days }",
    },
    Code {
        code: WORD,
        title: "a word that is not one of the few a key takes",
        explanation: "Some keys take one of a few words, which the message lists.",
        wrong: "metric m { grain: weekly }",
        right: "metric m { grain: week }",
    },
    Code {
        code: UNQUOTED,
        title: "a text without quotes",
        explanation: "Words for readers stand in double quotes, so that they may hold anything.",
        wrong: "metric m { why: orders are sales }",
        right: "metric m { why: \"orders are sales\" }",
    },
    Code {
        code: RANGE,
        title: "a range whose numbers do not fit together",
        explanation: "A unit at the right end of a range covers both ends, a `k` or `M` covers its own number only, and `about` names the middle of a range that follows in parentheses.",
        wrong: "plan 2027-Q1 { initiative i { cost: 5 to 10k GBP } }",
        right: "plan 2027-Q1 { initiative i { cost: 5k to 10k GBP } }",
    },
    Code {
        code: AMBIGUOUS,
        title: "a formula that can be read in two ways",
        explanation: "`where`, `over` and `from` belong to one metric, one aggregate or one pair of parentheses. Beside arithmetic a reader could take them either way, so parentheses say which is meant.",
        wrong: "metric m { measure: revenue / orders where country = \"UK\" }",
        right: "metric m { measure: revenue / (orders where country = \"UK\") }",
    },
    Code {
        code: LEFT_OVER,
        title: "something after the end of a value",
        explanation: "The value was complete before. Several fields on one line are separated by spaces, and each has its key.",
        wrong: "metric m { unit: orders today }",
        right: "metric m { unit: orders }",
    },
    Code {
        code: OWN_UNIT,
        title: "a unit where the value is in the metric's own",
        explanation: "Targets, benchmarks, tests, guards and bounds are in the unit of their metric, which stands in one place only.",
        wrong: "plan 2027-Q1 { target m { set: 120 orders } }",
        right: "plan 2027-Q1 { target m { set: 120 } }",
    },
    Code {
        code: FUNCTION,
        title: "a function that is none, or its arguments",
        explanation: "The functions of a measure are count, count_distinct, sum, mean, min, max, median, percentile, stddev and coalesce. Conditions compare columns and call no function.",
        wrong: "metric m { measure: avg(amount) from orders }",
        right: "metric m { measure: mean(amount) from orders }",
    },
    Code {
        code: COMPARISON,
        title: "a comparison that says nothing",
        explanation: "A comparison has two sides. A missing value equals nothing, not even another; it is asked for with `is null`.",
        wrong: "segment s of orders { where: 1 < amount < 5 }",
        right: "segment s of orders { where: amount between 1 and 5 }",
    },
    Code {
        code: PARENTHESIS,
        title: "a parenthesis without its other half",
        explanation: "Every `(` has its `)` within the same value.",
        wrong: "metric m { measure: a / (b + c }",
        right: "metric m { measure: a / (b + c) }",
    },
    Code {
        code: TOO_DEEP,
        title: "brackets too deep inside one another",
        explanation: "At most 64 parentheses are open at once. Give a part of the expression a name of its own: a column, a segment or a metric.",
        wrong: "",
        right: "",
    },
    Code {
        code: TOO_LONG,
        title: "a file too long to read",
        explanation: "A file has at most 16 MiB. Definitions can be spread over any number of files, in any order.",
        wrong: "",
        right: "",
    },
    Code {
        code: TOO_MANY_OPERATORS,
        title: "an expression with too many operators",
        explanation: "A value has at most 200 operators. Long lists go into `in (…)`; parts of a formula can be columns, segments or metrics of their own.",
        wrong: "",
        right: "",
    },
    Code {
        code: TOO_MANY,
        title: "more mistakes than are listed",
        explanation: "Only the first mistakes of a file are listed; the others often follow from them.",
        wrong: "",
        right: "",
    },
];

//! Reads JSON with every number exact.
//!
//! `serde_json` reads about one number of 17 digits in ten to a neighbouring bit pattern (unless built otherwise, for every
//! crate of the program). A definition that is a bit off gives other proposals, so frozen ones are read here: into the
//! same [`Value`], numbers by the standard library, which rounds correctly.

use serde_json::{Map, Number, Value};

/// How deep values may nest.
const DEPTH: usize = 400;

/// Where and why a text is not JSON.
#[derive(Debug)]
pub(super) struct JsonError {
    /// The byte.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

/// Reads one value.
pub(super) fn parse(text: &str) -> Result<Value, JsonError> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.space();
    if parser.at == text.len() { Ok(value) } else { Err(parser.expected("the end of the text")) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> JsonError {
        JsonError { at: self.at, expected }
    }

    fn space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    /// Takes a word that is next, after any space.
    fn takes(&mut self, word: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > DEPTH {
            return Err(self.expected("less nesting"));
        }
        self.space();
        match self.rest().first().copied() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.takes("null") => Ok(Value::Null),
            _ if self.takes("true") => Ok(Value::Bool(true)),
            _ if self.takes("false") => Ok(Value::Bool(false)),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut map = Map::new();
        if self.takes("}") {
            return Ok(Value::Object(map));
        }
        loop {
            self.space();
            let key = self.string()?;
            if !self.takes(":") {
                return Err(self.expected("`:`"));
            }
            let value = self.value(depth + 1)?;
            if map.insert(key, value).is_some() {
                return Err(self.expected("each key once"));
            }
            if self.takes("}") {
                return Ok(Value::Object(map));
            }
            if !self.takes(",") {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut list = Vec::new();
        if self.takes("]") {
            return Ok(Value::Array(list));
        }
        loop {
            list.push(self.value(depth + 1)?);
            if self.takes("]") {
                return Ok(Value::Array(list));
            }
            if !self.takes(",") {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    /// A text: its end is found here, its escapes are read by `serde_json`.
    fn string(&mut self) -> Result<String, JsonError> {
        if self.rest().first() != Some(&b'"') {
            return Err(self.expected("a text in quotes"));
        }
        let mut escaped = false;
        let end = self.rest().iter().skip(1).position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        });
        let end = end.ok_or_else(|| self.expected("the end of the text in quotes"))?;
        let quoted = self.text.get(self.at..self.at + end + 2).unwrap_or_default();
        let text = serde_json::from_str(quoted).map_err(|_| self.expected("a text with JSON's escapes"))?;
        self.at += end + 2;
        Ok(text)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let byte_of_number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest().iter().take_while(byte_of_number).count();
        let text = self.text.get(self.at..self.at + length).unwrap_or_default();
        let whole = || text.parse::<u64>().map(Number::from).or_else(|_| text.parse::<i64>().map(Number::from)).ok();
        let real = || text.parse::<f64>().ok().and_then(Number::from_f64);
        let number = if text == "-0" { real() } else { whole().or_else(real) };
        let number = number.ok_or_else(|| self.expected("a number"))?;
        self.at += length;
        Ok(Value::Number(number))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_serde_json_writes() {
        let text = r#" {"a": [1, -2, 3.5, 1e300, null, true, false, {}, []], "b": "\"\\\n\u00e9ü/"} "#;
        assert_eq!(parse(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn tells_where_it_stops() {
        for (text, at, expected) in [
            ("", 0, "a value"),
            ("{\"a\" 1}", 5, "`:`"),
            ("{\"a\": 1, \"a\": 2}", 15, "each key once"),
            ("[1 2]", 3, "`,` or `]`"),
            ("[1] x", 4, "the end of the text"),
            ("\"a", 0, "the end of the text in quotes"),
            ("\"\\q\"", 0, "a text with JSON's escapes"),
            ("-", 0, "a number"),
            ("1e999", 0, "a number"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.at, error.expected), (at, expected), "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)).unwrap_err().expected, "less nesting");
    }

    proptest! {
        #[test]
        fn every_number_is_exact(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            let read = parse(&serde_json::to_string(&value).unwrap()).unwrap().as_f64().unwrap();
            prop_assert_eq!(read.to_bits(), value.to_bits());
        }

        #[test]
        fn hostile_text_never_panics(text in ".*", json in r#"[\[\]{}",:0-9eE.\\u-]*"#) {
            let _ = (parse(&text), parse(&json));
        }
    }
}

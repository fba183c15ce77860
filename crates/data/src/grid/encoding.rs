//! Text of any usual encoding as UTF-8, in bounded memory.
//!
//! A byte order mark decides. Without one, zero bytes in every second place mean UTF-16, and anything else is UTF-8 until a byte
//! that cannot be: where all before it was ASCII, which both encodings share, the text is Windows-1252; where it was not, the file
//! mixes encodings and is refused. Nothing is ever replaced by a question mark.

use super::GridError;
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{Error, ErrorKind, Read};

/// Bytes read at once.
const CHUNK: usize = 1 << 16;

/// Reads bytes in an encoding and gives UTF-8.
pub struct Decoder<R> {
    inner: R,
    state: State,
    /// What is decoded and not handed out yet.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
    /// Whether a carriage return ended the last piece: with a line feed after it, it is one end of a line.
    returned: bool,
    /// The last byte that was handed out.
    last: u8,
    /// Bytes since the last record ended: a line or a quote without an end must not fill the memory.
    since: u64,
    most: u64,
}

enum State {
    /// Valid so far; a sequence that is not whole yet; whether anything was not ASCII.
    Utf8 {
        carry: Vec<u8>,
        foreign: bool,
        declared: bool,
    },
    Other {
        decoder: encoding_rs::Decoder,
        name: &'static str,
    },
}

impl<R: Read> Decoder<R> {
    /// A decoder for an encoding by name, or for the one the bytes show; no record may be longer than `most` bytes.
    pub fn new(mut inner: R, declared: Option<&str>, most: u64) -> Result<Decoder<R>, GridError> {
        let named = declared.map(encoding_named).transpose()?;
        let mut start = Vec::with_capacity(CHUNK);
        inner.by_ref().take(CHUNK as u64).read_to_end(&mut start)?;
        let ended = start.len() < CHUNK;
        let marked = Encoding::for_bom(&start);
        if let Some((_, mark)) = marked {
            start.drain(..mark);
        }
        let encoding = marked.map(|(encoding, _)| encoding).or(named).or_else(|| utf16_of(&start)).unwrap_or(UTF_8);
        if let (Some((found, _)), Some(named)) = (marked, named)
            && found != named
        {
            let reason =
                format!("its first bytes say that it is {}, and it is declared as {}", found.name(), named.name());
            return Err(GridError::Encoding(reason));
        }
        let state = if encoding == UTF_8 {
            State::Utf8 { carry: Vec::new(), foreign: false, declared: marked.is_some() || named.is_some() }
        } else {
            State::Other { decoder: encoding.new_decoder_without_bom_handling(), name: encoding.name() }
        };
        let mut decoder =
            Decoder { inner, state, ready: Vec::new(), given: 0, ended, returned: false, last: b'\n', since: 0, most };
        decoder.decode(&start, ended)?;
        decoder.end_lines();
        Ok(decoder)
    }

    /// The encoding, as far as the text has shown.
    pub fn encoding(&self) -> &'static str {
        match &self.state {
            State::Utf8 { .. } => "UTF-8",
            State::Other { name, .. } => name,
        }
    }

    /// Says that a record has ended, so that the next one may be as long again.
    pub fn record_ended(&mut self) {
        self.since = 0;
    }

    /// Every line ends with a line feed alone, so that lines are counted alike wherever a file comes from.
    fn end_lines(&mut self) {
        let mut returned = std::mem::replace(&mut self.returned, self.ready.last() == Some(&b'\r'));
        if !returned && !self.ready.contains(&b'\r') {
            return;
        }
        let mut kept = Vec::with_capacity(self.ready.len());
        for byte in self.ready.drain(..) {
            match byte {
                b'\r' => kept.push(b'\n'),
                b'\n' if returned => {}
                other => kept.push(other),
            }
            returned = byte == b'\r';
        }
        self.ready = kept;
    }

    /// The last line ends like the others.
    fn end_text(&mut self) {
        if self.ended && self.last != b'\n' {
            self.ready = vec![b'\n'];
            self.given = 0;
        }
    }

    fn decode(&mut self, bytes: &[u8], last: bool) -> Result<(), GridError> {
        self.ready.clear();
        self.given = 0;
        match &mut self.state {
            State::Utf8 { carry, foreign, declared } => {
                carry.extend_from_slice(bytes);
                let bytes = std::mem::take(carry);
                let (valid, broken) = match std::str::from_utf8(&bytes) {
                    Ok(text) => (text.len(), false),
                    Err(error) => (error.valid_up_to(), error.error_len().is_some() || last),
                };
                let (whole, rest) = bytes.split_at(valid);
                if broken {
                    if *foreign || *declared || !whole.is_ascii() {
                        return Err(mixed(*declared));
                    }
                    self.ready.extend_from_slice(whole);
                    let decoder = WINDOWS_1252.new_decoder_without_bom_handling();
                    self.state = State::Other { decoder, name: WINDOWS_1252.name() };
                    return self.decode_more(rest, last);
                }
                *foreign |= !whole.is_ascii();
                self.ready.extend_from_slice(whole);
                carry.extend_from_slice(rest);
                Ok(())
            }
            State::Other { .. } => self.decode_more(bytes, last),
        }
    }

    fn decode_more(&mut self, bytes: &[u8], last: bool) -> Result<(), GridError> {
        let State::Other { decoder, name } = &mut self.state else { return Ok(()) };
        let name = *name;
        let mut text = String::new();
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
        text.reserve(room);
        let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, last);
        // Five bytes of Windows-1252 stand for nothing; they come as control characters.
        let control = name == WINDOWS_1252.name() && text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c));
        if !matches!(result, DecoderResult::InputEmpty) || control {
            let reason = format!(
                "it holds bytes that are no {name}; say how it is encoded with `encoding:`, or save it as CSV in UTF-8"
            );
            return Err(GridError::Encoding(reason));
        }
        self.ready.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

fn mixed(declared: bool) -> GridError {
    GridError::Encoding(if declared {
        "it says that it is UTF-8 and holds bytes that are not; save it as CSV in UTF-8".into()
    } else {
        "it is UTF-8 in one place and something else in another; say how it is encoded with `encoding:`, or save it as CSV in UTF-8".into()
    })
}

/// An encoding by a name that browsers know.
fn encoding_named(name: &str) -> Result<&'static Encoding, GridError> {
    Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| {
        GridError::Encoding(format!(
            "`{name}` is no encoding we know; write \"utf-8\", \"utf-16le\" or \"windows-1252\""
        ))
    })
}

/// UTF-16 without a mark: text of mostly Western letters and digits has a zero in every second byte.
fn utf16_of(start: &[u8]) -> Option<&'static Encoding> {
    let pairs = start.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |at: usize| start.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match (even, odd) {
        (0, odd) if odd * 2 > pairs => Some(UTF_16LE),
        (even, 0) if even * 2 > pairs => Some(UTF_16BE),
        _ => None,
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.given >= self.ready.len() && !self.ended {
            let mut chunk = Vec::with_capacity(CHUNK);
            self.inner.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
            self.ended = chunk.len() < CHUNK;
            let ended = self.ended;
            self.decode(&chunk, ended).map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
            self.end_lines();
        }
        if self.given >= self.ready.len() {
            self.end_text();
        }
        if self.since > self.most {
            let error = GridError::TooLarge {
                found: format!("it has a row of more than {} MB, or a quote that is not closed", self.most >> 20),
                limit: format!("{} MB a row", self.most >> 20),
                hint: "close the quote, or check that it is a table".into(),
            };
            return Err(Error::new(ErrorKind::InvalidData, error));
        }
        let left = self.ready.get(self.given..).unwrap_or_default();
        let length = left.len().min(into.len());
        for (to, from) in into.iter_mut().zip(left.iter().take(length)) {
            *to = *from;
        }
        self.given += length;
        self.last = left.get(length.wrapping_sub(1)).copied().unwrap_or(self.last);
        self.since += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], declared: Option<&str>) -> String {
        let decoder = Decoder::new(bytes, declared, 1 << 26);
        let mut decoder = match decoder {
            Ok(decoder) => decoder,
            Err(error) => return error.to_string(),
        };
        let mut text = String::new();
        match decoder.read_to_string(&mut text) {
            Ok(_) => format!("{}: {}", decoder.encoding(), text.trim_end_matches('\n')),
            Err(error) => GridError::from(error).to_string(),
        }
    }

    #[test]
    fn encodings_are_found_out() {
        let utf16 = |text: &str, little: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        assert_eq!(decoded(b"\xef\xbb\xbfa,\xc2\xa3", None), "UTF-8: a,£");
        assert_eq!(decoded(b"a,\xc2\xa3", None), "UTF-8: a,£");
        assert_eq!(decoded(b"J\xfcrgen,\x80 5", None), "windows-1252: Jürgen,€ 5");
        assert_eq!(decoded(&utf16("date,£", true), None), "UTF-16LE: date,£");
        assert_eq!(decoded(&utf16("\u{feff}date,£", false), None), "UTF-16BE: date,£");
        assert_eq!(decoded(b"z\xea", Some("iso-8859-2")), "ISO-8859-2: zę");
        assert!(decoded(b"\xc3\xbc and \xfc", None).starts_with("it is UTF-8 in one place"));
        assert!(decoded(b"\xef\xbb\xbf\xfc", None).starts_with("it says that it is UTF-8"));
        assert!(decoded(b"a\x81", None).starts_with("it holds bytes that are no windows-1252"));
        assert!(decoded(&[0xff, 0xfe, b'a', 0, b'b'], None).starts_with("it holds bytes that are no UTF-16LE"));
        assert!(decoded(b"a", Some("klingon")).contains("no encoding we know"));
    }

    #[test]
    fn lines_end_alike() {
        assert_eq!(decoded(b"a\r\nb\rc\nd\r\r\n", None), "UTF-8: a\nb\nc\nd");
        let mut straddling = vec![b'a'; CHUNK - 1];
        straddling.extend_from_slice(b"\r\nb");
        assert!(decoded(&straddling, None).ends_with("a\nb"));
    }

    #[test]
    fn a_sequence_may_straddle_two_chunks() {
        let mut bytes = vec![b'a'; CHUNK - 1];
        bytes.extend_from_slice("ü".as_bytes());
        assert!(decoded(&bytes, None).ends_with("aü"));
        let mut late = vec![b'a'; CHUNK + 5];
        late.push(0xfc);
        assert!(decoded(&late, None).starts_with("windows-1252") && decoded(&late, None).ends_with("aü"));
    }
}

//! A meaning as bytes to hash: every value with its form and length before it, so that no two meanings give the same bytes.
//!
//! Names of sources, segments and metrics are no part of the bytes: where one stands is, and which one is kept beside them.
//! They are told by the types of the model that hold them, never by what a text says.

use super::Subject;
use crate::resolve::Kind;
use serde::ser::{self, Serialize};
use std::fmt::{self, Display};

/// A meaning on its way to bytes.
#[derive(Debug, Default)]
pub(super) struct Digest {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What is named, in the order in which it is.
    pub refs: Vec<Subject>,
    /// Of which kind the next text is the name.
    naming: Option<Kind>,
}

/// What stands before a value, for its form.
#[derive(Clone, Copy)]
enum Form {
    False,
    True,
    Whole,
    Number,
    Text,
    Nothing,
    Something,
    Variant,
    List,
    Map,
    End,
    Name,
}

impl Digest {
    /// An empty one that need not grow for most meanings.
    pub fn with_room() -> Digest {
        Digest { bytes: Vec::with_capacity(512), ..Digest::default() }
    }

    /// Adds a value.
    pub fn add(&mut self, value: &impl Serialize) {
        // Serializing the model cannot fail: it holds no maps with keys that are no texts, and nothing that refuses.
        if value.serialize(&mut *self).is_err() {
            self.form(Form::Nothing);
        }
    }

    fn form(&mut self, form: Form) {
        self.bytes.push(form as u8);
    }

    fn sized(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(bytes);
    }

    fn variant(&mut self, name: &str) {
        self.form(Form::Variant);
        self.sized(name.as_bytes());
    }
}

/// Of which kind the text in a variant is the name.
fn named_by_variant(of: &str, variant: &str) -> Option<Kind> {
    match (of, variant) {
        ("Filter", "in_segment") => Some(Kind::Segment),
        ("Formula", "metric" | "where") => Some(Kind::Metric),
        _ => None,
    }
}

/// Whether a structure or variant names its source in its field `source`. A joined column keeps its source's name, which
/// the condition is written with.
fn names_source(of: &str, variant: &str) -> bool {
    matches!((of, variant), ("Query" | "Rows", "") | ("Measure", "stock" | "recorded"))
}

/// What cannot come up.
#[derive(Debug)]
pub(super) struct Refused;

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value refused to be written")
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: Display>(_: T) -> Refused {
        Refused
    }
}

/// The parts of a list, a map or a structure.
pub(super) struct Parts<'d> {
    digest: &'d mut Digest,
    /// Whether its field `source` is the name of one.
    sourced: bool,
    /// Of which kind its first part is the name.
    first: Option<Kind>,
}

impl<'d> Parts<'d> {
    fn new(digest: &'d mut Digest, form: Form) -> Parts<'d> {
        digest.form(form);
        Parts { digest, sourced: false, first: None }
    }

    fn part(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Refused> {
        self.digest.naming = self.first.take();
        value.serialize(&mut *self.digest)
    }

    fn field(&mut self, key: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Refused> {
        self.digest.sized(key.as_bytes());
        self.digest.naming = (self.sourced && key == "source").then_some(Kind::Source);
        value.serialize(&mut *self.digest)
    }

    fn close(self) -> Result<(), Refused> {
        self.digest.form(Form::End);
        Ok(())
    }
}

macro_rules! whole {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, value: $type) -> Result<(), Refused> {
            self.form(Form::Whole);
            self.bytes.extend_from_slice(&i128::from(value).to_le_bytes());
            Ok(())
        })*
    };
}

impl<'d> ser::Serializer for &'d mut Digest {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Parts<'d>;
    type SerializeTuple = Parts<'d>;
    type SerializeTupleStruct = Parts<'d>;
    type SerializeTupleVariant = Parts<'d>;
    type SerializeMap = Parts<'d>;
    type SerializeStruct = Parts<'d>;
    type SerializeStructVariant = Parts<'d>;

    whole!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    whole!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn serialize_bool(self, value: bool) -> Result<(), Refused> {
        self.form(if value { Form::True } else { Form::False });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Refused> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Refused> {
        self.form(Form::Number);
        // Zero is one number, whatever its sign.
        let value = if value == 0.0 { 0.0 } else { value };
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Refused> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Refused> {
        match self.naming.take() {
            Some(kind) => {
                self.form(Form::Name);
                self.refs.push(kind.subject(value));
            }
            None => {
                self.form(Form::Text);
                self.sized(value.as_bytes());
            }
        }
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Refused> {
        self.form(Form::Text);
        self.sized(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Refused> {
        self.form(Form::Nothing);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Refused> {
        self.form(Form::Something);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Refused> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Refused> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Refused> {
        self.variant(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        self.variant(variant);
        self.naming = named_by_variant(of, variant);
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'d>, Refused> {
        Ok(Parts::new(self, Form::List))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'d>, Refused> {
        Ok(Parts::new(self, Form::List))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'d>, Refused> {
        Ok(Parts::new(self, Form::List))
    }

    fn serialize_tuple_variant(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'d>, Refused> {
        self.variant(variant);
        Ok(Parts { first: named_by_variant(of, variant), ..Parts::new(self, Form::List) })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'d>, Refused> {
        Ok(Parts::new(self, Form::Map))
    }

    fn serialize_struct(self, of: &'static str, _: usize) -> Result<Parts<'d>, Refused> {
        Ok(Parts { sourced: names_source(of, ""), ..Parts::new(self, Form::Map) })
    }

    fn serialize_struct_variant(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'d>, Refused> {
        self.variant(variant);
        Ok(Parts { sourced: names_source(of, variant), ..Parts::new(self, Form::Map) })
    }
}

impl ser::SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.part(value)
    }

    fn end(self) -> Result<(), Refused> {
        self.close()
    }
}

impl ser::SerializeTuple for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.part(value)
    }

    fn end(self) -> Result<(), Refused> {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.part(value)
    }

    fn end(self) -> Result<(), Refused> {
        self.close()
    }
}

impl ser::SerializeTupleVariant for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.part(value)
    }

    fn end(self) -> Result<(), Refused> {
        self.close()
    }
}

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        self.part(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.part(value)
    }

    fn end(self) -> Result<(), Refused> {
        self.close()
    }
}

impl ser::SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Refused> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Refused> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Refused> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Refused> {
        self.close()
    }
}

//! `local_time(t)`: a time with a zone on the workspace's clock. `read_time(format, text)`: a time written as text.

use crate::DataError;
use crate::source::dates::DateReader;
use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use datafusion::arrow::array::{AsArray, TimestampMicrosecondArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use quarterdeck_calendar::Calendar;
use quarterdeck_lang::model::Place;
use std::sync::Arc;

const MOMENT: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// `local_time`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct LocalTime {
    signature: Signature,
    zone: Tz,
}

impl LocalTime {
    /// On the clock of a zone.
    pub fn new(zone: Tz) -> LocalTime {
        LocalTime { signature: Signature::any(1, Volatility::Immutable), zone }
    }
}

impl ScalarUDFImpl for LocalTime {
    fn name(&self) -> &str {
        "local_time"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(MOMENT)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(times) = args.args.first() else { return exec_err!("local_time takes a time") };
        let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let times = cast(&times.to_array(args.number_rows)?, &utc)?;
        let times = times.as_primitive::<TimestampMicrosecondType>();
        let local = |micros: i64| {
            let offset = DateTime::from_timestamp_micros(micros)
                .map_or(0, |time| self.zone.offset_from_utc_datetime(&time.naive_utc()).fix().local_minus_utc());
            micros + i64::from(offset) * 1_000_000
        };
        let moved: TimestampMicrosecondArray = times.unary(local);
        Ok(ColumnarValue::Array(Arc::new(moved.with_timezone_opt(None::<String>))))
    }
}

/// `read_time`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ReadTime {
    signature: Signature,
    zone: Tz,
    calendar: Calendar,
}

impl ReadTime {
    /// On the clock of a zone.
    pub fn new(zone: Tz, calendar: Calendar) -> ReadTime {
        let takes = vec![DataType::Utf8, DataType::Utf8];
        ReadTime { signature: Signature::exact(takes, Volatility::Immutable), zone, calendar }
    }
}

impl ScalarUDFImpl for ReadTime {
    fn name(&self) -> &str {
        "read_time"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(MOMENT)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [ColumnarValue::Scalar(ScalarValue::Utf8(Some(format))), texts] = args.args.as_slice() else {
            return exec_err!("read_time takes a format and a text");
        };
        let reader = DateReader::new(Some(format), self.zone, &self.calendar).map_err(DataFusionError::Execution)?;
        let texts = texts.to_array(args.number_rows)?;
        let mut times = Vec::new();
        for text in texts.as_string::<i32>() {
            times.push(match text.map(str::trim).filter(|text| !text.is_empty()) {
                None => None,
                Some(text) => match reader.read(text) {
                    Some((micros, _)) => Some(micros),
                    None => return Err(DataFusionError::External(Box::new(misread(&reader, text, format)))),
                },
            });
        }
        Ok(ColumnarValue::Array(Arc::new(TimestampMicrosecondArray::from(times))))
    }
}

fn misread(reader: &DateReader, text: &str, format: &str) -> DataError {
    let shown: String = text.chars().take(60).collect();
    DataError::Meaning {
        message: format!("a date column holds `{shown}`, and {} was expected", reader.expected()),
        hint: crate::source::dates::date_hint(text, format != "iso"),
        place: Place::default(),
    }
}

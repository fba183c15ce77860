//! `period_start('week', day)`: the first day of the period that holds a day, on the workspace's calendar.

use datafusion::arrow::array::{Array, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use quarterdeck_calendar::{Calendar, Grain};
use std::sync::Arc;

use crate::source::dates::{date_of, day_number};

/// The function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct PeriodStart {
    signature: Signature,
    calendar: Calendar,
}

impl PeriodStart {
    /// The function on a calendar.
    pub fn new(calendar: Calendar) -> PeriodStart {
        let form = TypeSignature::Exact(vec![DataType::Utf8, DataType::Date32]);
        PeriodStart { signature: Signature::new(form, Volatility::Immutable), calendar }
    }

    fn starts(&self, grain: Grain, days: &Date32Array) -> Date32Array {
        // Rows of one period mostly stand together, so the last answer is kept.
        let mut known = (1, 0);
        days.iter()
            .map(|day| {
                let day = day?;
                if !(known.0..=known.1).contains(&day) {
                    let period = self.calendar.period_of(grain, date_of(day));
                    known = (day_number(self.calendar.starts(period)), day_number(self.calendar.ends(period)));
                }
                Some(known.0)
            })
            .collect()
    }
}

impl ScalarUDFImpl for PeriodStart {
    fn name(&self) -> &str {
        "period_start"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Date32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [ColumnarValue::Scalar(ScalarValue::Utf8(Some(word))), days] = args.args.as_slice() else {
            return exec_err!("period_start takes the name of a grain and a day");
        };
        let Some(grain) = Grain::from_word(word) else { return exec_err!("`{word}` is no grain") };
        let days = days.to_array(args.number_rows)?;
        let Some(days) = days.as_primitive_opt::<Date32Type>() else {
            return exec_err!("period_start takes a day, not {}", days.data_type());
        };
        Ok(ColumnarValue::Array(Arc::new(self.starts(grain, days))))
    }
}

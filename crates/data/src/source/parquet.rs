//! Parquet files: the engine reads them itself, so that only the columns and rows needed are touched.

use super::column::Kind;
use super::files::{Owner, SourceFile, open};
use super::number::SCALE;
use super::text::{WantedColumn, missing_column};
use crate::DataError;
use crate::engine::quote;
use crate::query::filter::{Sql, Type, quote_text};
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::io::Read;

/// What Parquet files hold.
pub struct ParquetTable {
    /// Each wanted column as SQL.
    pub columns: BTreeMap<String, Sql>,
    /// How many rows.
    pub rows: usize,
    /// Their paths.
    pub paths: Vec<String>,
}

/// Whether a file is Parquet by its content.
pub fn is_parquet(file: &SourceFile) -> bool {
    let mut magic = [0; 4];
    let read = open(&file.path).and_then(|mut open| open.read_exact(&mut magic));
    read.is_ok() && magic == *b"PAR1"
}

/// Looks into Parquet files and finds the columns wanted; `format` is how the source writes dates in text.
pub fn open_parquet(
    owner: Owner<'_>,
    files: &[SourceFile],
    wanted: &[WantedColumn],
    format: Option<&str>,
) -> Result<ParquetTable, DataError> {
    let mut rows = 0usize;
    let mut columns = BTreeMap::new();
    let mut first: Option<(Schema, &SourceFile)> = None;
    for file in files {
        let unreadable = |reason: String| owner.unreadable(&file.shown, reason);
        let reader = open(&file.path).map_err(|error| unreadable(super::files::io_reason(&error)))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(reader)
            .map_err(|_| unreadable("it is no Parquet file, or damaged".into()))?;
        rows += usize::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
        let schema = reader.schema().as_ref().clone();
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        for column in wanted {
            let Ok(field) = schema.field_with_name(&column.name) else {
                return Err(missing_column(owner, &file.shown, column, &names));
            };
            if let Some((before, other)) = &first
                && before.field_with_name(&column.name).is_ok_and(|before| before.data_type() != field.data_type())
            {
                let reason = format!("column `{}` has another type than in `{}`", column.name, other.shown);
                return Err(unreadable(reason));
            }
            columns.insert(column.name.clone(), column_sql(owner, file, column, field.data_type(), format)?);
        }
        first.get_or_insert((schema, file));
    }
    if rows == 0 {
        return Err(owner.empty(files.first().map_or("", |file| &file.shown)));
    }
    let paths = files.iter().map(|file| file.path.to_string_lossy().into_owned()).collect();
    Ok(ParquetTable { columns, rows, paths })
}

fn column_sql(
    owner: Owner<'_>,
    file: &SourceFile,
    column: &WantedColumn,
    found: &DataType,
    format: Option<&str>,
) -> Result<Sql, DataError> {
    let name = quote(&column.name);
    let exact = || Sql { text: format!("CAST({name} AS DECIMAL(38, {SCALE}))"), gives: Type::Exact(SCALE) };
    let float = || Sql { text: format!("CAST({name} AS DOUBLE)"), gives: Type::Float };
    Ok(match found {
        DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) => {
            let whole = i32::from(*precision) - i32::from(*scale);
            if u32::try_from(*scale).is_ok_and(|scale| scale <= SCALE) && whole <= 29 { exact() } else { float() }
        }
        kind if kind.is_integer() => exact(),
        kind if kind.is_floating() => float(),
        DataType::Date32 => Sql { text: name, gives: Type::Day },
        DataType::Date64 => Sql { text: format!("CAST({name} AS DATE)"), gives: Type::Day },
        DataType::Timestamp(_, None) => Sql { text: format!("CAST({name} AS TIMESTAMP(6))"), gives: Type::Moment },
        DataType::Timestamp(_, Some(_)) => Sql { text: format!("local_time({name})"), gives: Type::Moment },
        DataType::Boolean => Sql { text: name, gives: Type::Bool },
        kind if is_text(kind) && column.kind == Kind::Time => {
            let format = quote_text(format.unwrap_or("iso"));
            Sql { text: format!("read_time({format}, CAST({name} AS VARCHAR))"), gives: Type::Moment }
        }
        kind if is_text(kind) => Sql { text: format!("CAST({name} AS VARCHAR)"), gives: Type::Text },
        other => {
            let reason =
                format!("column `{}` holds {other}, which is no number, text, date or yes and no", column.name);
            return Err(owner.unreadable(&file.shown, reason));
        }
    })
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

//! Rows that are too many for the memory wait in Parquet files in the system's folder for such, gone when the source is.

use super::ROW;
use super::column::Builder;
use crate::DataError;
use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, new_null_array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// Rows that are held in memory at once.
pub const CHUNK: usize = 1 << 20;

/// The parts of a table that were put aside.
pub struct Spill {
    folder: TempDir,
    parts: Vec<PathBuf>,
    rows: usize,
}

impl Spill {
    /// An empty folder.
    pub fn new() -> Result<Spill, DataError> {
        let folder = TempDir::new().map_err(|error| full(&error.to_string()))?;
        Ok(Spill { folder, parts: Vec::new(), rows: 0 })
    }

    /// Puts aside what columns hold, and empties them.
    pub fn put(&mut self, names: &[String], builders: &mut [Builder]) -> Result<(), DataError> {
        let mut columns = Vec::new();
        for (name, builder) in names.iter().zip(builders.iter_mut()) {
            let array = builder.take().map_err(|error| DataError::Engine(error.to_string()))?;
            columns.push((name.clone(), array));
        }
        let batch = numbered(&columns, self.rows)?;
        self.rows += batch.num_rows();
        let path = self.folder.path().join(format!("{:06}.parquet", self.parts.len()));
        write(&path, &batch.schema(), std::iter::once(Ok(batch.clone())))?;
        self.parts.push(path);
        Ok(())
    }

    /// The parts, all of one schema: a column that turned out to be another kind later is that kind from the beginning.
    pub fn finish(&mut self) -> Result<(SchemaRef, Vec<String>), DataError> {
        let mut schemas = Vec::new();
        for path in &self.parts {
            schemas.push(reader(path)?.schema().clone());
        }
        let Some(first) = schemas.first() else { return Err(DataError::Engine("nothing was put aside".into())) };
        let fields: Vec<Field> = first
            .fields()
            .iter()
            .enumerate()
            .map(|(at, field)| {
                let kinds = schemas.iter().map(|schema| schema.field(at).data_type().clone());
                let kind = kinds.reduce(wider).unwrap_or(DataType::Utf8);
                Field::new(field.name(), kind, true)
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        for (path, own) in self.parts.iter().zip(&schemas) {
            if own.fields().iter().zip(schema.fields()).any(|(own, all)| own.data_type() != all.data_type()) {
                rewrite(path, &schema)?;
            }
        }
        let paths = self.parts.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        Ok((schema, paths))
    }
}

/// Columns with the number of each row.
pub fn numbered(columns: &[(String, ArrayRef)], first: usize) -> Result<RecordBatch, DataError> {
    let rows = columns.first().map_or(0, |(_, array)| array.len());
    let mut fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let mut arrays: Vec<ArrayRef> = columns.iter().map(|(_, array)| array.clone()).collect();
    fields.push(Field::new(ROW, DataType::Int64, false));
    arrays.push(Arc::new(Int64Array::from_iter_values((first..first + rows).map(|row| row as i64))));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| DataError::Engine(error.to_string()))
}

/// The kind that holds the values of both: decimals and floats are floats, days and moments moments, and a text of nothing is whatever
/// the other is.
fn wider(a: DataType, b: DataType) -> DataType {
    match (&a, &b) {
        (DataType::Float64, _) | (_, DataType::Utf8) => a,
        (_, DataType::Float64) | (DataType::Utf8, _) => b,
        (DataType::Timestamp(..), _) => a,
        (_, DataType::Timestamp(..)) => b,
        _ => a,
    }
}

fn full(reason: &str) -> DataError {
    DataError::Engine(format!("rows that are too many for the memory could not be put aside: {reason}"))
}

fn reader(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<std::fs::File>, DataError> {
    let file = super::files::open(path).map_err(|error| full(&error.to_string()))?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| full(&error.to_string()))
}

#[allow(clippy::disallowed_methods)] // The one place where this crate writes: a folder of its own that is gone with it.
fn write(
    path: &Path,
    schema: &SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, DataError>>,
) -> Result<(), DataError> {
    let failed = |reason: String| full(&reason);
    let file = std::fs::File::create(path).map_err(|error| failed(error.to_string()))?;
    let mut writer = ArrowWriter::try_new(file, schema.clone(), None).map_err(|error| failed(error.to_string()))?;
    for batch in batches {
        writer.write(&batch?).map_err(|error| failed(error.to_string()))?;
    }
    writer.close().map(|_| ()).map_err(|error| failed(error.to_string()))
}

/// Writes a part anew in another schema.
fn rewrite(path: &Path, schema: &SchemaRef) -> Result<(), DataError> {
    let rows = reader(path)?.build().map_err(|error| full(&error.to_string()))?;
    let cast_all = |batch: RecordBatch| {
        let arrays: Result<Vec<ArrayRef>, DataError> = batch
            .columns()
            .iter()
            .zip(schema.fields())
            .map(|(array, field)| {
                // A text of nothing has no value in any kind.
                if array.null_count() == array.len() {
                    return Ok(new_null_array(field.data_type(), array.len()));
                }
                cast(array, field.data_type()).map_err(|error| DataError::Engine(error.to_string()))
            })
            .collect();
        RecordBatch::try_new(schema.clone(), arrays?).map_err(|error| DataError::Engine(error.to_string()))
    };
    let moved = path.with_extension("new");
    write(&moved, schema, rows.map(|batch| batch.map_err(|error| full(&error.to_string())).and_then(cast_all)))?;
    std::fs::rename(&moved, path).map_err(|error| full(&error.to_string()))
}

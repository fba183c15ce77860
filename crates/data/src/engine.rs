//! The embedded engine: Apache DataFusion behind blocking calls.
//!
//! The number of partitions is fixed, never that of the machine's cores; sums are exact. So the same rows give the same
//! bytes on any machine.

mod exact;
mod period;
mod time;

use crate::DataError;
use chrono_tz::Tz;
use datafusion::arrow::array::RecordBatch;
use datafusion::config::ConfigOptions;
use datafusion::datasource::MemTable;
use datafusion::execution::options::ParquetReadOptions;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use datafusion::prelude::{SessionConfig, SessionContext};
pub use exact::{Expansion, deviation_of, exact_sum, percentile};
use futures::StreamExt;
use quarterdeck_calendar::Calendar;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// Rows of a batch in memory.
const BATCH: usize = 1 << 14;
/// Rows from which a table is worked on in parallel.
const LARGE: usize = 1 << 18;
/// Parts a large table is cut into, whatever the machine.
const PARTS: usize = 4;
/// Stack of the threads that plan and run queries: planning recurses with the depth of an expression.
pub const STACK: usize = 64 << 20;

/// An engine with its tables.
pub struct Engine {
    runtime: Runtime,
    session: SessionContext,
    parts: usize,
}

impl Engine {
    /// An engine without tables.
    ///
    /// Small tables are worked on in one piece (cutting them costs more than it gains), large ones in a fixed number.
    pub fn new(calendar: &Calendar, zone: Tz, rows: usize) -> Result<Engine, DataError> {
        let parts = if rows >= LARGE { PARTS } else { 1 };
        let runtime = Builder::new_multi_thread()
            .worker_threads(std::thread::available_parallelism().map_or(1, |cores| cores.get().min(parts)))
            .thread_stack_size(STACK)
            .build()
            .map_err(|error| DataError::Engine(format!("no thread could be started: {error}")))?;
        let mut options = ConfigOptions::new();
        options.sql_parser.parse_float_as_decimal = true;
        options.sql_parser.enable_ident_normalization = false;
        options.execution.target_partitions = parts;
        options.execution.parquet.pushdown_filters = true;
        let session = SessionContext::new_with_config(SessionConfig::from(options));
        session.register_udaf(AggregateUDF::from(exact::ExactSum::new()));
        session.register_udaf(AggregateUDF::from(exact::ExactDeviation::new()));
        session.register_udaf(AggregateUDF::from(exact::ExactPercentile::new()));
        session.register_udf(ScalarUDF::from(period::PeriodStart::new(calendar.clone())));
        session.register_udf(ScalarUDF::from(time::LocalTime::new(zone)));
        session.register_udf(ScalarUDF::from(time::ReadTime::new(zone, calendar.clone())));
        Ok(Engine { runtime, session, parts })
    }

    /// Adds a table held in memory.
    pub fn add_table(&self, name: &str, batch: RecordBatch) -> Result<(), DataError> {
        let rows = batch.num_rows();
        let parts = self.parts;
        let mut partitions: Vec<Vec<RecordBatch>> = vec![Vec::new(); parts];
        for (nth, start) in (0..rows).step_by(BATCH).enumerate() {
            if let Some(part) = partitions.get_mut(nth % parts) {
                part.push(batch.slice(start, BATCH.min(rows - start)));
            }
        }
        let table = MemTable::try_new(batch.schema(), partitions).map_err(failed)?;
        self.session.register_table(quote(name), Arc::new(table)).map_err(failed)?;
        Ok(())
    }

    /// Adds a table kept in Parquet files.
    pub fn add_parquet(&self, name: &str, paths: &[String]) -> Result<(), DataError> {
        let frame = self.session.read_parquet(paths.to_vec(), ParquetReadOptions::default().file_extension(""));
        let view = self.runtime.block_on(frame).map_err(failed)?.into_view();
        self.session.register_table(quote(name), view).map_err(failed)?;
        Ok(())
    }

    /// Adds what a query gives as a table, worked out whenever it is asked.
    pub fn add_view(&self, name: &str, sql: &str) -> Result<(), DataError> {
        let frame = self.runtime.block_on(self.session.sql(sql)).map_err(failed)?;
        self.session.register_table(quote(name), frame.into_view()).map_err(failed)?;
        Ok(())
    }

    /// All rows a query gives.
    pub fn rows(&self, sql: &str) -> Result<Vec<RecordBatch>, DataError> {
        let mut all = Vec::new();
        self.stream(sql, |batch| {
            all.push(batch);
            Ok(())
        })?;
        Ok(all)
    }

    /// Hands every batch a query gives to `take`, one after the other.
    pub fn stream(
        &self,
        sql: &str,
        mut take: impl FnMut(RecordBatch) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        self.runtime.block_on(async {
            let frame = self.session.sql(sql).await.map_err(failed)?;
            let mut batches = frame.execute_stream().await.map_err(failed)?;
            while let Some(batch) = batches.next().await {
                take(batch.map_err(failed)?)?;
            }
            Ok(())
        })
    }
}

/// A name as SQL writes it.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What the engine says, or what one of our own functions said inside it.
fn failed(error: datafusion::error::DataFusionError) -> DataError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(own) = inner.downcast_ref::<DataError>() {
            return own.clone();
        }
        cause = inner.source();
    }
    DataError::Engine(error.strip_backtrace())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, Int64Array};
    use datafusion::arrow::datatypes::{Float64Type, Int64Type};
    use std::collections::BTreeMap;

    /// Bits of every answer by key, with a table in as many parts as a number of rows gets.
    fn answers(batch: &RecordBatch, rows: usize) -> BTreeMap<i64, Vec<u64>> {
        let engine = Engine::new(&Calendar::default(), Tz::UTC, rows).unwrap();
        engine.add_table("t", batch.clone()).unwrap();
        let sql = "SELECT k, exact_sum(x), exact_deviation(x), exact_percentile(x, 90) FROM t GROUP BY k";
        let mut found = BTreeMap::new();
        for answer in engine.rows(sql).unwrap() {
            let keys = answer.column(0).as_primitive::<Int64Type>();
            for row in 0..answer.num_rows() {
                let bits = (1..4).map(|at| answer.column(at).as_primitive::<Float64Type>().value(row).to_bits());
                found.insert(keys.value(row), bits.collect());
            }
        }
        found
    }

    #[test]
    fn parts_and_threads_change_no_bit() {
        let count = 3 * BATCH + 17;
        let numbers = (0..count).map(|at| ((at * 7919 % 10_007) as f64 - 5000.0) * 1.1e-3 + (at % 3) as f64 * 1e12);
        let x: ArrayRef = Arc::new(Float64Array::from_iter_values(numbers));
        let k: ArrayRef = Arc::new(Int64Array::from_iter_values((0..count).map(|at| at as i64 % 5)));
        let batch = RecordBatch::try_from_iter([("k", k), ("x", x)]).unwrap();
        let one = answers(&batch, 1);
        assert_eq!(one.len(), 5);
        assert_eq!(one, answers(&batch, LARGE));
    }

    #[test]
    fn names_are_quoted() {
        assert_eq!(quote("a\"; DROP TABLE b; --"), "\"a\"\"; DROP TABLE b; --\"");
    }
}

//! Checked rows into Arrow batches, Parquet, CSV; rejected rows into CSV.

pub(crate) mod batch;
pub(crate) mod csv;
pub(crate) mod parquet;
pub(crate) mod rejects;
pub(crate) mod schema;

//! What an engine runs over the data set of `entries --out DIR`, where one machine is outgrown.
//!
//! 1. [`VIEW`] decides which submission counts: of what a unit sent of a form for a period the newest.
//! 2. `consolidation` adds a form's figures up over periods and units.
//! 3. `checks` lists the rows on which a form's rules fail; its figures stand where `spots` says.

mod checks;
mod consolidation;
mod spots;

pub use checks::checks;
pub use consolidation::consolidation;

/// A text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The statement of the view `entries` over the data set, with how to define what it reads: which submission counts. DuckDB,
/// Spark and Trino take it alike.
pub const VIEW: &str = "\
-- The entries that count: of what a unit sent of a form for a period the newest submission. A return that was read twice,
-- or that stands in two files while they are put together, counts once.
-- DuckDB: CREATE VIEW submissions AS SELECT * FROM read_parquet('DIR/*/*/*/*.parquet', hive_partitioning = true,
--           hive_types_autocast = false);
--         CREATE VIEW entries AS followed by this statement.
-- Spark:  spark.conf.set('spark.sql.sources.partitionColumnTypeInference.enabled', 'false')
--         spark.read.parquet('DIR').createOrReplaceTempView('submissions')
--         spark.sql(this statement).createOrReplaceTempView('entries')
-- Trino:  an external table submissions over DIR with partitioned_by = ARRAY['form', 'period', 'province'],
--         then CREATE VIEW entries AS followed by this statement.
SELECT e.*
FROM submissions AS e
JOIN (
  SELECT d.province, d.form, d.period, d.unit, d.received, d.batch,
    ROW_NUMBER() OVER (
      PARTITION BY d.province, d.form, d.period, d.unit ORDER BY d.received DESC, d.batch DESC) AS place
  FROM (SELECT DISTINCT s.province, s.form, s.period, s.unit, s.received, s.batch FROM submissions AS s) AS d
) AS n
  ON n.province = e.province AND n.form = e.form AND n.period = e.period AND n.unit = e.unit
    AND n.received = e.received AND n.batch = e.batch
WHERE n.place = 1
";

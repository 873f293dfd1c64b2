//! Reports from the sample outcome.

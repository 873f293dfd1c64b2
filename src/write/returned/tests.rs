//! What goes back of a run over the samples.

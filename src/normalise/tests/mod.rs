//! What officials type, and what it must be read as.

mod code;
mod figure;
mod legacy;
mod period;
mod text;

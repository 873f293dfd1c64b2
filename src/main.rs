//! The command line of tonghop.

/// Learning forms holds millions of short texts; the system's allocator takes a quarter of the time (benches/README.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tonghop::cli::main()
}

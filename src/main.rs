//! The command line of tonghop.

/// Learning forms holds millions of short texts: GNU's allocator takes a quarter of the time (benches/README.md). Windows'
/// own stays until this one was tried there.
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tonghop::cli::main()
}

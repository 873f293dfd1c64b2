//! The command line of tonghop.

fn main() -> std::process::ExitCode {
    tonghop::cli::main()
}

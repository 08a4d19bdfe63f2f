//! The program `kefu`; what it does is in the library.

fn main() -> std::process::ExitCode {
    kefu::cli::main()
}

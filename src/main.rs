//! The program `kefu`; what it does is in the library.

/// Pages are made of many small strings: the allocator of the C library takes a third of the time of drawing one.
#[cfg(feature = "ssr")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    kefu::cli::main()
}

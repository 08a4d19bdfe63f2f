//! Puts the assets of `public/` into the binary, and sees new migrations.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    // The browser part comes out in public/: it must not wait for itself.
    if cfg!(feature = "ssr") {
        memory_serve::load_directory("./public");
    }
}

//! Puts the assets of `public/` into the binary.

fn main() {
    memory_serve::load_directory("./public");
}

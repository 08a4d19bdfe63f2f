//! Writes the module and its glue for a page: `bindgen FILE.wasm FOLDER` → `FOLDER/kefu.js` and `FOLDER/kefu_bg.wasm`.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (Some(wasm), Some(folder)) = (words.next(), words.next()) else {
        eprintln!("usage: bindgen FILE.wasm FOLDER");
        return ExitCode::from(2);
    };
    let made = Bindgen::new().input_path(wasm).out_name("kefu").typescript(false).web(true).and_then(|it| it.generate(folder));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

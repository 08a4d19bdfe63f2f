//! `kefu config export`, `plan` and `apply`: a company's configuration as a file, and the difference before anything changes.

use super::import::company_named;
use super::{ConfigVerb, Result, said};
use config::commands::{Prepared, apply, dangling, export, prepare};
use config::difference::differences;
use config::plan::{Act, Step};
use config::queries::began;
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::time::Stamp;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// The code with which `plan` ends when something would change.
const CHANGES: u8 = 2;

/// Runs one of the three; the others need no company.
pub(super) async fn run(app: &Arc<App>, verb: ConfigVerb) -> Result<ExitCode> {
    match verb {
        ConfigVerb::Check | ConfigVerb::Table => Ok(ExitCode::SUCCESS),
        ConfigVerb::Export { company, at, output } => {
            let ctx = company_named(app, &company).await?;
            let at = match at {
                Some(text) => Some(moment(&ctx, &text).await?),
                None => None,
            };
            for one in dangling(&ctx, at).await.map_err(|error| said(&error))? {
                eprintln!("names what is not in the configuration: {}", one.text(Lang::En));
            }
            let text = export(&ctx, at).await.map_err(|error| said(&error))?;
            match output {
                Some(file) => std::fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?,
                None => print!("{text}"),
            }
            Ok(ExitCode::SUCCESS)
        }
        ConfigVerb::Plan { file, company, prune } => {
            let ctx = company_named(app, &company).await?;
            let done = prepare(&ctx, &read(&file)?, prune).await.map_err(|error| said(&error))?;
            show(&done)?;
            Ok(if done.plan.steps.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(CHANGES) })
        }
        ConfigVerb::Apply { file, company, prune, yes, reason } => {
            let ctx = company_named(app, &company).await?;
            let text = read(&file)?;
            let done = prepare(&ctx, &text, prune).await.map_err(|error| said(&error))?;
            show(&done)?;
            if done.plan.steps.is_empty() {
                return Ok(ExitCode::SUCCESS);
            }
            if !yes && !is_wanted(&file)? {
                return Err("nothing was changed".to_owned());
            }
            let done = apply(&ctx, &text, prune, &done.base, &reason).await.map_err(|error| said(&error))?;
            refuse(&done)?;
            println!("Applied.");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints the plan, or says why there is none.
fn show(done: &Prepared) -> Result {
    for step in &done.plan.steps {
        print!("{}", told(step, done));
    }
    if done.plan.steps.is_empty() && done.faults.is_empty() {
        println!("Nothing to change.");
    }
    refuse(done)
}

fn refuse(done: &Prepared) -> Result {
    if done.faults.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = done.faults.iter().map(|fault| fault.text(Lang::En)).collect();
    Err(format!("the file cannot be applied, nothing was changed\n{}", lines.join("\n")))
}

/// A step as a block of lines: a sign, kind and name, then each field with its values.
fn told(step: &Step, done: &Prepared) -> String {
    let sign = match step.act {
        Act::Create => '+',
        Act::Change => '~',
        Act::Move => '^',
        Act::Delete => '-',
    };
    let mut text = format!("{sign} {} {}", step.kind.label(Lang::En), step.name).trim_end().to_owned();
    text.push('\n');
    if step.act == Act::Delete {
        return text;
    }
    if let Some(told) = step.kind.when_made(Lang::En).filter(|_| step.act == Act::Create) {
        text.push_str(&format!("    {told}\n"));
    }
    for one in differences(step.kind, &step.before, &step.after) {
        let [before, after] = one.said(step.kind, &done.names, Lang::En);
        let field = one.field(step.kind, &done.names, Lang::En);
        text.push_str(&if step.act == Act::Create {
            format!("    {field}: {after}\n")
        } else {
            format!("    {field}: {before} → {after}\n")
        });
    }
    text
}

fn read(file: &Path) -> Result<String> {
    let text = if file == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    text.map_err(|error| format!("cannot read {}: {error}", file.display()))
}

/// A moment of which something is known.
async fn moment(ctx: &Ctx, text: &str) -> Result<Stamp> {
    let at = text.parse().map(Stamp).map_err(|error| format!("--at {text}: {error}"))?;
    match began(ctx).await.map_err(|error| said(&error))? {
        Some(began) if at >= began => Ok(at),
        Some(began) => Err(format!("--at {text}: the history begins at {}", began.0)),
        None => Err(format!("--at {text}: there is no history yet")),
    }
}

/// Asks the person at the terminal.
fn is_wanted(file: &Path) -> Result<bool> {
    if file == Path::new("-") || !std::io::stdin().is_terminal() {
        return Err("nobody can be asked here: look at the plan, then say --yes".to_owned());
    }
    print!("Apply? Type yes: ");
    std::io::stdout().flush().map_err(|error| error.to_string())?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| error.to_string())?;
    Ok(answer.trim() == "yes")
}

//! 命令行: the sub-commands of `kefu` and its options. Each option is a word on the command line and a variable of the
//! environment; their help texts are the table in the README.

mod configuration;
mod import;
pub mod options;
mod switch;

use crate::start::{self, Running};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use identity::commands::company::{NewCompany, create_company};
use identity::queries::audit::audit_verify;
use kernel::app::App;
use kernel::error::{Error, Problems};
use kernel::lang::Lang;
use kernel::scope::ApiScope;
use open_api::model::AppInput;
use options::Options;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// What went wrong, with what to do about it.
type Result<T = ()> = std::result::Result<T, String>;

#[derive(Debug, Parser)]
#[command(
    name = "kefu",
    version,
    about = "客服: an open-source customer-service console. Without a command it serves.",
    max_term_width = 120
)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Prepare the database and serve until SIGTERM or Ctrl-C
    Serve,
    /// Bring the database up to this version and end
    Migrate,
    /// Companies
    #[command(subcommand)]
    Company(CompanyVerb),
    /// The demo company 演示公司, with 90 days of tickets and ratings
    #[command(subcommand)]
    Demo(DemoVerb),
    /// Applications of the open platform
    #[command(subcommand)]
    App(AppVerb),
    /// Mail
    #[command(subcommand)]
    Mail(MailVerb),
    /// Telephone switches
    #[command(subcommand)]
    Switch(SwitchVerb),
    /// Configuration
    #[command(subcommand)]
    Config(ConfigVerb),
    /// The audit trail
    #[command(subcommand)]
    Audit(AuditVerb),
    /// Data for measurements
    #[command(subcommand, hide = true)]
    Bench(BenchVerb),
}

#[derive(Debug, Subcommand)]
enum CompanyVerb {
    /// Create a company with its first super admin
    Create {
        /// Name of the company
        #[arg(long)]
        name: String,
        /// Its time zone, such as Asia/Shanghai
        #[arg(long)]
        time_zone: String,
        /// Sign-in address of the first super admin
        #[arg(long)]
        admin_email: String,
        /// File with the password of the first super admin; - reads it from standard input
        #[arg(long)]
        admin_password_file: PathBuf,
        /// Name of the first super admin; the address' first part when left out
        #[arg(long, default_value = "")]
        admin_name: String,
        /// Language of the company: zh or en
        #[arg(long, default_value = "zh")]
        lang: String,
    },
}

#[derive(Debug, Subcommand)]
enum AppVerb {
    /// Create an application and print its appid and app_key as one line of JSON; the key is not shown again
    Create {
        /// Name of the company
        #[arg(long)]
        company: String,
        /// Name of the application
        #[arg(long)]
        name: String,
        /// A scope such as ticket.read; may be given several times [default: all]
        #[arg(long = "scope")]
        scopes: Vec<String>,
        /// An address or network it may call from; may be given several times [default: anywhere]
        #[arg(long = "network")]
        networks: Vec<String>,
    },
}

#[derive(Clone, Debug, Subcommand)]
enum DemoVerb {
    /// Create the demo company; takes a minute
    Load {
        /// Language of its people's names and texts: zh or en
        #[arg(long, default_value = "zh")]
        lang: String,
    },
    /// Remove the demo company and everything in it
    Remove,
}

#[derive(Debug, Subcommand)]
enum MailVerb {
    /// Feed mails through the same pipeline as fetched ones; prints one JSON line a message
    ///
    /// Each line has file, message_id, verdict (new_ticket, appended, suppressed, quarantined), reason, ticket_number, from,
    /// from_name, subject, text (what is new, without the quoted history), attachments (name, and size in bytes), auto_reply
    /// and in_reply_to. Ids stand without angle brackets, addresses in lower case. The same file again changes nothing and
    /// prints the same lines. It works while the server runs.
    Import {
        /// Name of the company
        #[arg(long)]
        company: String,
        /// Address of the mailbox; it is made when it is missing
        #[arg(long)]
        mailbox: String,
        /// Files with one mail (.eml) or many (mbox)
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Clone, Debug, Subcommand)]
enum SwitchVerb {
    /// Add a telephone switch that tells of calls by HTTP; prints its credential as one JSON object
    ///
    /// The object has switch, key, secret and url. The secret is not shown again. Requests to the url are signed as the settings
    /// page of the switch says.
    Create {
        /// Name of the company
        #[arg(long)]
        company: String,
        /// Name of the switch
        #[arg(long)]
        name: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
enum ConfigVerb {
    /// Print every option with its value and where it comes from, secrets masked, and what is wrong with it
    Check,
    /// Print the table of options as Markdown
    Table,
    /// Write a company's configuration as a file: groups, categories, rules, mailboxes and all else that is set up, without passwords
    Export {
        /// Name of the company
        #[arg(long)]
        company: String,
        /// As it was at a moment, such as 2026-11-22T09:30:00+08:00 [default: as it is]
        #[arg(long)]
        at: Option<String>,
        /// File to write [default: standard output]
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Print what a file would change, and change nothing; ends with 0 when nothing would, with 2 when something would
    Plan {
        /// File of configuration; - reads standard input
        file: PathBuf,
        /// Name of the company
        #[arg(long)]
        company: String,
        /// Delete what the file does not name
        #[arg(long)]
        prune: bool,
    },
    /// Print what a file changes, ask, and apply it: all of it or nothing
    Apply {
        /// File of configuration; - reads standard input and needs --yes
        file: PathBuf,
        /// Name of the company
        #[arg(long)]
        company: String,
        /// Delete what the file does not name
        #[arg(long)]
        prune: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        /// Why, for the configuration history
        #[arg(long, default_value = "")]
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum AuditVerb {
    /// Compute the chain of every company's audit trail again and compare
    Verify,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum BenchVerb {
    /// Load 20,000 tickets, 5,000 customers, 50 agents and 4,000 ratings
    Load,
    /// Measure triggers over what was loaded
    Triggers,
    /// Measure how many events of telephone switches are taken in a second
    Calls,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let verb = cli.verb.unwrap_or(Verb::Serve);
    log_to(&cli.options.log, matches!(verb, Verb::Serve));
    let done = match verb {
        Verb::Config(ConfigVerb::Check) => cli.options.check(&matches).map(|()| ExitCode::SUCCESS),
        Verb::Config(ConfigVerb::Table) => {
            print!("{}", options::table());
            Ok(ExitCode::SUCCESS)
        }
        verb => runtime(&verb)
            .enable_all()
            .build()
            .map_err(|error| error.to_string())
            .and_then(|runtime| runtime.block_on(run(cli.options, verb))),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("kefu: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A command does one thing after another: threads that wake each other would take half of its time.
fn runtime(verb: &Verb) -> tokio::runtime::Builder {
    if matches!(verb, Verb::Serve) { tokio::runtime::Builder::new_multi_thread() } else { tokio::runtime::Builder::new_current_thread() }
}

async fn run(options: Options, verb: Verb) -> Result<ExitCode> {
    let running = Running::open(options.config()?, options.pg_bin.as_deref()).await?;
    if matches!(verb, Verb::Serve) {
        return start::serve(running).await.map(|()| ExitCode::SUCCESS);
    }
    let done = match verb {
        Verb::Config(verb) => configuration::run(&running.app, verb).await,
        verb => command(&running, verb).await.map(|()| ExitCode::SUCCESS),
    };
    running.close().await.and(done)
}

async fn command(running: &Running, verb: Verb) -> Result {
    let app = &running.app;
    match verb {
        Verb::Serve | Verb::Config(_) => Ok(()),
        Verb::Migrate => {
            println!("The database is at version {}.", start::version());
            Ok(())
        }
        Verb::Company(CompanyVerb::Create { name, time_zone, admin_email, admin_password_file, admin_name, lang }) => {
            let new = NewCompany {
                name,
                time_zone,
                lang: language(&lang)?,
                is_demo: false,
                email: admin_email,
                admin: admin_name,
                password: read_password(&admin_password_file)?,
            };
            let founded = create_company(app, new).await.map_err(|error| said(&error))?;
            println!("Company {} is ready; sign in at {}", founded.company, app.config.link("/sign-in"));
            Ok(())
        }
        Verb::Demo(DemoVerb::Load { lang }) => {
            crate::demo::load(app, language(&lang)?).await.map_err(|error| said(&error))?;
            println!("演示公司 is ready; enter it at {}", app.config.link("/"));
            Ok(())
        }
        Verb::Demo(DemoVerb::Remove) => crate::demo::remove(app).await.map_err(|error| said(&error)),
        Verb::App(AppVerb::Create { company, name, scopes, networks }) => {
            let ctx = import::company_named(app, &company).await?;
            let known = |key: &String| ApiScope::from_key(key).ok_or_else(|| format!("--scope {key}: there is no such scope"));
            let scopes = if scopes.is_empty() { ApiScope::ALL.to_vec() } else { scopes.iter().map(known).collect::<Result<_>>()? };
            let new = AppInput { id: None, version: 0, name, scopes, networks: networks.join("\n") };
            let keys = open_api::commands::app::create(&ctx, new).await.map_err(|error| said(&error))?;
            println!("{}", serde_json::json!({ "appid": keys.appid, "app_key": keys.app_key }));
            Ok(())
        }
        Verb::Mail(MailVerb::Import { company, mailbox, files }) => import::run(app, &company, &mailbox, &files).await,
        Verb::Switch(SwitchVerb::Create { company, name }) => switch::create(app, &company, name).await,
        Verb::Audit(AuditVerb::Verify) => verify(app).await,
        Verb::Bench(BenchVerb::Load) => crate::bench::load(app).await.map_err(|error| said(&error)),
        Verb::Bench(BenchVerb::Triggers) => {
            let system = import::company_named(app, crate::bench::COMPANY).await?;
            crate::bench::triggers::measure(app, &system).await.map_err(|error| said(&error))
        }
        Verb::Bench(BenchVerb::Calls) => {
            let system = import::company_named(app, crate::bench::COMPANY).await?;
            crate::bench::calls::measure(&system).await.map_err(|error| said(&error))
        }
    }
}

/// Prints a line for each company.
async fn verify(app: &Arc<App>) -> Result {
    let mut broken = 0;
    for company in app.companies().await.map_err(|error| said(&error))? {
        let ctx = app.system(company).await.map_err(|error| said(&error))?;
        let report = audit_verify(&ctx).await.map_err(|error| said(&error))?;
        let (name, entries) = (&ctx.company_name, report.entries);
        match report.broken_at {
            _ if report.is_whole() => println!("{name}: {entries} entries, unbroken"),
            Some(at) => println!("{name}: BROKEN after {entries} entries, near {}", at.machine()),
            None => println!("{name}: BROKEN at its end, after {entries} entries"),
        }
        broken += usize::from(!report.is_whole());
    }
    if broken == 0 { Ok(()) } else { Err(format!("{broken} audit trails are broken: somebody changed the database")) }
}

/// An error as a person at the command line reads it.
pub(crate) fn said(error: &Error) -> String {
    let words = |problems: &Problems| {
        let line = |(field, problem): &(String, kernel::error::Problem)| match field.as_str() {
            "" => problem.text(Lang::En).to_owned(),
            field => format!("{field}: {}", problem.text(Lang::En)),
        };
        problems.0.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    match error {
        Error::Problems(problems) => words(problems),
        Error::Internal(cause) => cause.clone(),
        other => other.problem().text(Lang::En).to_owned(),
    }
}

fn language(key: &str) -> Result<Lang> {
    Lang::from_key(key).ok_or(format!("--lang {key}: it is zh or en"))
}

fn read_password(file: &Path) -> Result<String> {
    let text = if file == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let text = text.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    // An editor ends the file with a line break that nobody typed as part of the password.
    Ok(text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text)).to_owned())
}

/// The server logs to standard output, as JSON unless a person is looking; other commands keep that for their answer.
fn log_to(filter: &str, serves: bool) {
    // Each asset that can be served would be a line otherwise.
    let filter = EnvFilter::try_new(format!("memory_serve=warn,{filter}")).unwrap_or_else(|error| {
        eprintln!("kefu: KEFU_LOG={filter}: {error}; using info");
        EnvFilter::new("info")
    });
    let builder = tracing_subscriber::fmt().with_env_filter(filter);
    match (serves, std::io::stdout().is_terminal()) {
        (true, true) => builder.with_target(false).init(),
        (true, false) => builder.json().flatten_event(true).init(),
        (false, _) => builder.with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init(),
    }
}

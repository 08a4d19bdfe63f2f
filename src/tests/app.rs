//! `TestApp`: a program with its own database and a clock held by the test, and people who use it.

use crate::tests::browser::Browser;
use crate::web;
use axum::Router;
use identity::commands::account::NewAgent;
use identity::commands::company::NewCompany;
use identity::model::AgentStatus;
use jiff::SignedDuration;
use kernel::app::App;
use kernel::clock::Clock;
use kernel::config::Config;
use kernel::ctx::Ctx;
use kernel::egress::Egress;
use kernel::error::{Error, Problem};
use kernel::id::{AgentId, CompanyId, GroupId, MailId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::secret::Vault;
use kernel::time::Stamp;
use object_store::memory::InMemory;
use sqlx::postgres::{PgConnectOptions, PgPool, Postgres};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use uuid::Uuid;

/// Password of every account a test makes.
pub const PASSWORD: &str = "长风破浪会有时 2026";

/// Address of the first super admin.
pub const ADMIN: &str = "admin@example.com";

/// One program under test.
pub struct TestApp {
    /// The program itself.
    pub app: Arc<App>,
    /// Its first company.
    pub company: CompanyId,
    router: Router,
    database: String,
}

fn options() -> PgConnectOptions {
    let socket = std::env::var("KEFU_TEST_SOCKET").expect("KEFU_TEST_SOCKET names the database's socket folder: start it by bin/database");
    PgConnectOptions::new().socket(socket).username("kefu").database("postgres")
}

/// Makes a database of the migrated template; the template is made once for one state of the migrations.
async fn database() -> String {
    let migrator = sqlx::migrate!("./migrations");
    let digest: Vec<u8> = migrator.iter().flat_map(|migration| migration.checksum.to_vec()).collect();
    let template = format!("kefu_template_{}", &kernel::rng::hex(&kernel::rng::sha256(&digest))[..16]);
    let mut root = PgConnection::connect_with(&options()).await.expect("the test database answers");
    sqlx::query("select pg_advisory_lock(7)").execute(&mut root).await.expect("lock");
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(&template)
        .fetch_one(&mut root)
        .await
        .expect("databases can be listed");
    if !exists {
        let building = format!("{template}_building");
        sqlx::raw_sql(AssertSqlSafe(format!("drop database if exists {building}"))).execute(&mut root).await.expect("drop");
        sqlx::raw_sql(AssertSqlSafe(format!("create database {building}"))).execute(&mut root).await.expect("create");
        let pool = PgPool::connect_with(options().database(&building)).await.expect("template answers");
        migrator.run(&pool).await.expect("the migrations run");
        pool.close().await;
        sqlx::raw_sql(AssertSqlSafe(format!("alter database {building} rename to {template}"))).execute(&mut root).await.expect("rename");
    }
    let name = format!("kefu_test_{}", Uuid::from_bytes(kernel::rng::bytes()).simple());
    sqlx::raw_sql(AssertSqlSafe(format!("create database {name} template {template}")))
        .execute(&mut root)
        .await
        .expect("a database for the test");
    name
}

/// A database without any table.
pub async fn empty_database() -> PgPool {
    let name = format!("kefu_empty_{}", Uuid::from_bytes(kernel::rng::bytes()).simple());
    let mut root = PgConnection::connect_with(&options()).await.expect("the test database answers");
    sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut root).await.expect("a database for the test");
    PgPool::connect_with(options().database(&name)).await.expect("it answers")
}

impl TestApp {
    /// A program with one company, 测试公司, and its super admin.
    pub async fn new() -> TestApp {
        TestApp::configured(|_| {}).await
    }

    /// The same, started with other options.
    pub async fn configured(change: impl FnOnce(&mut Config)) -> TestApp {
        let mut test = TestApp::started(change).await;
        test.company = test.new_company("测试公司", ADMIN).await;
        test
    }

    /// A program without any company.
    pub async fn empty() -> TestApp {
        TestApp::started(|_| {}).await
    }

    async fn started(change: impl FnOnce(&mut Config)) -> TestApp {
        let mut config = Config { worker: false, private_mail_hosts: true, ..Config::default() };
        change(&mut config);
        let name = database().await;
        // A loaded machine may be slow to give the first connection.
        let mut tries = 0;
        let pool = loop {
            match App::pool(options().database(&name), 8).await {
                Ok(pool) => break pool,
                Err(error) if tries == 10 => panic!("the app's role cannot connect: {error}"),
                Err(_) => tries += 1,
            }
        };
        let app = Arc::new(App {
            egress: Egress::new(&config),
            config,
            write: pool.clone(),
            read: pool,
            kinds: crate::configured::KINDS,
            store: Arc::new(InMemory::new()),
            clock: Clock::held(Stamp("2026-11-22T01:30:00Z".parse().expect("a time"))),
            vault: Vault::new(&[7; 32]),
            live: Default::default(),
            work: Default::default(),
            stopping: Default::default(),
        });
        TestApp { router: web::router::router(app.clone()), app, company: CompanyId(Uuid::nil()), database: name }
    }

    /// Another program over the same database, files and clock: one that was started again, or a second node.
    pub async fn another(&self) -> TestApp {
        let pool = App::pool(options().database(&self.database), 8).await.expect("the app's role can connect");
        let app = Arc::new(App {
            config: self.app.config.clone(),
            write: pool.clone(),
            read: pool,
            kinds: self.app.kinds,
            store: self.app.store.clone(),
            clock: self.app.clock.clone(),
            vault: Vault::new(&[7; 32]),
            egress: self.app.egress.clone(),
            live: Default::default(),
            work: Default::default(),
            stopping: Default::default(),
        });
        TestApp { router: web::router::router(app.clone()), app, company: self.company, database: self.database.clone() }
    }

    /// Another company with its super admin.
    pub async fn new_company(&self, name: &str, admin: &str) -> CompanyId {
        let new = NewCompany {
            name: name.to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            lang: Lang::Zh,
            is_demo: false,
            email: admin.to_owned(),
            admin: "韩梅梅".to_owned(),
            password: PASSWORD.to_owned(),
        };
        identity::commands::company::create_company(&self.app, new).await.expect("the company is created").company
    }

    /// Serves its pages on a listener: for requests that really go through the network.
    pub fn serve(&self, listener: tokio::net::TcpListener) {
        let router = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    }

    /// The program's own context in the first company.
    pub async fn system(&self) -> Ctx {
        self.app.system(self.company).await.expect("the company exists")
    }

    /// The super admin's browser, signed in.
    pub async fn super_admin(&self) -> Browser {
        self.signed_in(ADMIN).await
    }

    /// A browser of nobody.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone(), "")
    }

    /// The whole web side, to be served at an address.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// A browser of nobody, elsewhere in the network.
    pub fn visitor_from(&self, ip: [u8; 4]) -> Browser {
        let mut browser = self.visitor();
        browser.ip = IpAddr::from(ip);
        browser
    }

    /// A browser that brings cookies somebody else had.
    pub fn visitor_with(&self, cookies: &str) -> Browser {
        Browser::new(self.router.clone(), cookies)
    }

    /// A browser in which this account signed in by the form.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let browser = self.visitor();
        let answer = browser.post("/sign-in", "/do/sign_in", &[("email", email), ("password", PASSWORD), ("next", "")]).await;
        assert_eq!(answer.location(), "/", "{email} signs in: {}", answer.body);
        browser
    }

    /// An account of the first company that can sign in with the password of all tests.
    pub async fn new_agent(&self, email: &str, name: &str, role: Role, groups: Vec<GroupId>) -> AgentId {
        let new = NewAgent {
            email: email.to_owned(),
            name: name.to_owned(),
            nickname: name.to_owned(),
            phone: String::new(),
            role,
            permission_group: None,
            department: None,
            unit: None,
            groups,
            lang: None,
            status: AgentStatus::Enabled,
            password_hash: identity::password::hash(PASSWORD).await.expect("a hash"),
        };
        let mut tx = self.system().await.begin().await.expect("a transaction");
        let agent = identity::commands::account::insert(&mut tx, new).await.expect("an account");
        tx.commit().await.expect("committed");
        agent
    }

    /// The context of an account, as a request would have it.
    pub async fn ctx(&self, agent: AgentId) -> Ctx {
        let request = kernel::ctx::Request::internal(&self.app);
        identity::queries::person(&self.app, self.company, agent, request).await.expect("the account is enabled").ctx
    }

    /// The context of the account with this address, of whichever company.
    pub async fn ctx_of(&self, email: &str) -> Ctx {
        let mut tx = self.app.directory().await.expect("the directory opens");
        let row = sqlx::query("select company_id, agent_id from directory.sign_ins where email = $1")
            .bind(email)
            .fetch_one(&mut *tx)
            .await
            .expect("an account");
        let request = kernel::ctx::Request::internal(&self.app);
        identity::queries::person(&self.app, row.get(0), row.get(1), request).await.expect("the account is enabled").ctx
    }

    /// The super admin's context.
    pub async fn admin(&self) -> Ctx {
        self.ctx_of(ADMIN).await
    }

    /// One value of a statement, as the first company sees it.
    pub async fn ask<T>(&self, sql: impl Into<String>) -> T
    where
        T: for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres> + Send + Unpin,
    {
        let sql = sql.into();
        let mut tx = self.system().await.read().await.expect("a transaction");
        sqlx::query_scalar(AssertSqlSafe(sql.clone())).fetch_one(&mut *tx).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The values of a column, as the first company sees them.
    pub async fn list<T>(&self, sql: impl Into<String>) -> Vec<T>
    where
        T: for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres> + Send + Unpin,
    {
        let sql = sql.into();
        let mut tx = self.system().await.read().await.expect("a transaction");
        sqlx::query_scalar(AssertSqlSafe(sql.clone())).fetch_all(&mut *tx).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The address of its database, for a program beside the test.
    pub fn url(&self) -> String {
        let socket = std::env::var("KEFU_TEST_SOCKET").expect("the database's socket folder");
        format!("postgres://kefu@localhost/{}?host={socket}", self.database)
    }

    /// A connection of the database's owner, whom nothing stops: for looking at everything and for tampering.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect_with(&options().database(&self.database)).await.expect("the owner can connect")
    }

    /// Waits until somebody waits for a lock in its database.
    pub async fn until_somebody_waits(&self) {
        let mut owner = self.owner().await;
        let waits = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
        while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut owner).await.expect("activities can be listed") {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Does something to the database that the program could not do.
    pub async fn tamper(&self, sql: impl Into<String>) {
        let sql = sql.into();
        sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut self.owner().await).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Mails of the first company's ledger that went out to this address, oldest first.
    pub async fn sent_to(&self, address: &str) -> Vec<SentMail> {
        let ctx = self.system().await;
        let mut tx = ctx.read().await.expect("a transaction");
        let rows = sqlx::query("select id, state, subject, message_id, raw_sha256 from mails where direction = 1 and $1 = any(to_addresses) order by received_at, id")
            .bind(address)
            .fetch_all(&mut *tx)
            .await
            .expect("the ledger can be read");
        drop(tx);
        let mut mails = Vec::new();
        for row in rows {
            let sha256: Vec<u8> = row.get("raw_sha256");
            let raw = kernel::store::read(&ctx, &sha256).await.expect("the source is kept").to_vec();
            let text = mail::parse::parse(&raw).expect("our own mail can be read").text;
            let message_id: Option<String> = row.get("message_id");
            let (id, state, subject) = (row.get("id"), row.get("state"), row.get("subject"));
            mails.push(SentMail { id, state, subject, message_id: message_id.unwrap_or_default(), text, raw });
        }
        mails
    }

    /// Signs everybody in, so that they hear of everything they may see.
    pub async fn everybody_comes(&self) {
        self.tamper(
            "insert into directory.sessions (id_hash, record, company_id, agent_id, created_at, seen_at, expires_at)
            select uuid_send(gen_random_uuid()), '{}', company_id, id, now(), now(), '2100-01-01' from agents",
        )
        .await;
    }

    /// Runs everything that is due.
    pub async fn run_jobs(&self) -> usize {
        crate::worker::run_due(&self.app).await.expect("jobs run")
    }

    /// Moves the clock and runs what became due.
    pub async fn later(&self, by: SignedDuration) -> usize {
        self.app.clock.advance(by);
        self.run_jobs().await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Databases of a run are dropped by bin/test with their cluster; a long-lived cluster keeps the newest only.
        let _ = &self.database;
    }
}

/// A mail that went out, as the ledger keeps it.
#[derive(Clone, Debug)]
pub struct SentMail {
    /// Its row.
    pub id: MailId,
    /// Code of its state.
    pub state: i16,
    /// Subject.
    pub subject: String,
    /// `Message-ID`, without angle brackets.
    pub message_id: String,
    /// What it says, as text.
    pub text: String,
    /// The whole message.
    pub raw: Vec<u8>,
}

impl SentMail {
    /// The token of the link in it whose path begins so.
    pub fn token(&self, path: &str) -> String {
        token_in(&self.text, path)
    }

    /// The message as it is written, for looking for addresses and words in any header.
    pub fn source(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }
}

/// The token of the first link in a text whose path begins so.
pub fn token_in(text: &str, path: &str) -> String {
    let rest = text.split(path).nth(1).unwrap_or_else(|| panic!("no link {path} in: {text}"));
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// The problems that a command was refused with.
pub fn problems<T>(refused: kernel::error::Result<T>) -> Vec<(String, Problem)> {
    match refused {
        Ok(_) => panic!("it was not refused"),
        Err(Error::Problems(problems)) => problems.0,
        Err(other) => panic!("refused for another reason: {other:?}"),
    }
}

/// The problem of the whole form that a command was refused with.
pub fn problem<T>(refused: kernel::error::Result<T>) -> Problem {
    problems(refused).first().expect("a problem").1
}

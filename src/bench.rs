//! 测量数据: the data that `bin/bench` measures over — 20,000 tickets with 3 messages each, 5,000 customers, 50 agents,
//! 4,000 ratings. Written in bulk, past the commands, since it stands in for years of work; never for real companies.

pub mod calls;
pub mod triggers;

use identity::commands::account::{NewAgent, insert};
use identity::commands::company::{NewCompany, create_company};
use identity::model::AgentStatus;
use jiff::SignedDuration;
use kernel::app::App;
use kernel::error::Result;
use kernel::id::{AgentId, CustomerId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::rng;
use kernel::search::terms;
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// 测量公司: the company of the measured data, and its super admin.
pub const COMPANY: &str = "测量公司";
const ADMIN: &str = "admin@bench.example";
const TICKETS: usize = 20_000;
const CUSTOMERS: usize = 5_000;
const AGENTS: usize = 50;
const BATCH: usize = 1_000;

const TITLES: &[&str] = &[
    "支付成功但订单一直显示待付款",
    "发票抬头开错，需要重开",
    "退货标签在手机上打不开",
    "会员积分重复扣减",
    "关于合同盖章版本的电子存档",
    "如何导出上一季度的对账单",
    "Cannot sign in after the update",
    "Refund for order has not arrived",
    "收货地址无法修改",
    "优惠券过期时间不对",
];

/// Makes the company 测量公司 and prints address and generated password of its super admin, one a line.
///
/// # Errors
/// When the company exists already or the database refuses.
pub async fn load(app: &Arc<App>) -> Result {
    let (email, password) = (ADMIN, &rng::password());
    let new = NewCompany {
        name: COMPANY.to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        lang: Lang::Zh,
        is_demo: false,
        email: email.to_owned(),
        admin: "测量".to_owned(),
        password: password.to_owned(),
    };
    let founded = create_company(app, new).await?;
    let ctx = app.system(founded.company).await?;
    let mut tx = ctx.begin().await?;
    sqlx::raw_sql("set local statement_timeout = 0").execute(&mut *tx).await?;
    let hash = identity::password::hash(password).await?;
    let mut agents = vec![founded.agent];
    for number in 1..AGENTS {
        let agent = NewAgent {
            email: format!("agent{number}@bench.example"),
            name: format!("客服{number}"),
            nickname: format!("客服{number}"),
            phone: String::new(),
            role: Role::TicketAgent,
            permission_group: None,
            department: None,
            unit: None,
            groups: vec![founded.group],
            lang: None,
            status: AgentStatus::Enabled,
            password_hash: hash.clone(),
        };
        agents.push(insert(&mut tx, agent).await?);
    }
    let customers = customers(&mut tx).await?;
    tx.commit().await?;
    for begin in (0..TICKETS).step_by(BATCH) {
        // What the server does by itself within minutes; the plans would be those of empty tables otherwise.
        if begin <= BATCH {
            look_over(app).await?;
        }
        let mut tx = ctx.begin().await?;
        tickets(&mut tx, begin..begin + BATCH, &agents, &customers, founded.group.0).await?;
        tx.commit().await?;
    }
    look_over(app).await?;
    println!("{email}\n{password}");
    Ok(())
}

async fn look_over(app: &App) -> Result {
    let mut owner = app.write.acquire().await?;
    for statement in ["set role none", "set statement_timeout = 0", "vacuum analyze"] {
        sqlx::raw_sql(statement).execute(&mut *owner).await?;
    }
    // The role of the next one who takes it is set when a connection is opened.
    owner.close().await?;
    Ok(())
}

async fn customers(tx: &mut Tx) -> Result<Vec<CustomerId>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let mut all = Vec::with_capacity(CUSTOMERS);
    for begin in (0..CUSTOMERS).step_by(BATCH) {
        let (mut ids, mut names, mut emails) = (Vec::new(), Vec::new(), Vec::new());
        for number in begin..begin + BATCH {
            ids.push(rng::uuid_at(now));
            names.push(format!("客户{number:05}"));
            emails.push(format!("customer{number}@mail.example"));
        }
        sqlx::query(
            "insert into customers (company_id, id, nickname, vip_level, created_at, updated_at)
            select $1, id, name, (row_number() over ()) % 4, $4, $4 from unnest($2::uuid[], $3::text[]) as t (id, name)",
        )
        .bind(company)
        .bind(&ids)
        .bind(&names)
        .bind(now)
        .execute(&mut **tx)
        .await?;
        sqlx::query(
            "insert into customer_contacts (company_id, customer_id, kind, value, normal)
            select $1, id, 1, email, email from unnest($2::uuid[], $3::text[]) as t (id, email)",
        )
        .bind(company)
        .bind(&ids)
        .bind(&emails)
        .execute(&mut **tx)
        .await?;
        for (at, id) in ids.iter().enumerate() {
            let bigrams = terms([names[at].as_str(), emails[at].as_str()]);
            sqlx::query("update customers set bigrams = $3 where company_id = $1 and id = $2")
                .bind(company)
                .bind(id)
                .bind(bigrams)
                .execute(&mut **tx)
                .await?;
        }
        all.extend(ids.into_iter().map(CustomerId));
    }
    Ok(all)
}

async fn tickets(tx: &mut Tx, numbers: Range<usize>, agents: &[AgentId], customers: &[CustomerId], group: Uuid) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    // Ninety days, evenly.
    let apart = SignedDuration::from_secs(90 * 86_400 / i64::try_from(TICKETS).unwrap_or(1));
    for number in numbers {
        let at: Stamp = now.minus(apart * i32::try_from(TICKETS - number).unwrap_or(0));
        let (id, title) = (rng::uuid_at(at), format!("{} A-{:05}", TITLES[number % TITLES.len()], number));
        let status: i16 = [0, 1, 2, 3, 99][number % 5];
        let (agent, customer) = (agents[number % agents.len()], customers[number % customers.len()]);
        let solved = (status >= 3).then_some(at.plus(SignedDuration::from_hours(5)));
        sqlx::query(
            "insert into tickets (company_id, id, number, title, status, priority, source, start_type, customer_id, group_id, agent_id,
                creator_kind, creator_name, last_seq, message_count, bigrams, created_at, updated_at, solved_at)
            values ($1, $2, $3, $4, $5, $6, 12, 1, $7, $8, $9, 1, '客户', 3, 3, $10, $11, $11, $12)",
        )
        .bind(company)
        .bind(id)
        .bind(20_260_000_000_000_i64 + i64::try_from(number).unwrap_or(0))
        .bind(&title)
        .bind(status)
        .bind(i16::try_from(number % 4).unwrap_or(0))
        .bind(customer)
        .bind(group)
        .bind(agent)
        .bind(terms([title.as_str()]))
        .bind(at)
        .bind(solved)
        .execute(&mut **tx)
        .await?;
        for seq in 1..=3_i32 {
            let text = format!("{title}：第 {seq} 条消息，请尽快处理，谢谢。Message {seq} about order {number}.");
            sqlx::query(
                "insert into ticket_messages (company_id, id, ticket_id, seq, reply_type, author_kind, author_id, author_name, html, text, sanitiser, bigrams, created_at)
                values ($1, $2, $3, $4, 0, $5, $6, '作者', $7, $8, $9, $10, $11)",
            )
            .bind(company)
            .bind(rng::uuid_at(at))
            .bind(id)
            .bind(seq)
            .bind(i16::from(seq != 2))
            .bind(agent)
            .bind(format!("<p>{text}</p>"))
            .bind(&text)
            .bind(kernel::html::SANITISER)
            .bind(terms([text.as_str()]))
            .bind(at)
            .execute(&mut **tx)
            .await?;
        }
        if number.is_multiple_of(2) {
            rating(tx, Rated { ticket: id, customer, group, agent, at, number }).await?;
        }
    }
    Ok(())
}

struct Rated {
    ticket: Uuid,
    customer: CustomerId,
    group: Uuid,
    agent: AgentId,
    at: Stamp,
    number: usize,
}

/// One invitation; two of five are rated.
async fn rating(tx: &mut Tx, rated: Rated) -> Result {
    let company = tx.ctx.company;
    let id = rng::uuid_at(rated.at);
    let score = ((rated.number / 2) % 5 < 2).then(|| [5_i16, 5, 4, 3, 5, 1, 2][rated.number % 7]);
    sqlx::query(
        "insert into satisfaction_invitations (company_id, id, ticket_id, cycle, customer_id, channel, group_id, agent_id, agent_name, settings_version,
            state, created_at, send_at, sent_at, score)
        values ($1, $2, $3, 1, $4, 12, $5, $6, '客服', 0, 1, $7, $7, $7, $8)",
    )
    .bind(company)
    .bind(id)
    .bind(rated.ticket)
    .bind(rated.customer)
    .bind(rated.group)
    .bind(rated.agent)
    .bind(rated.at)
    .bind(score)
    .execute(&mut **tx)
    .await?;
    if let Some(score) = score {
        sqlx::query("insert into satisfaction_ratings (company_id, invitation_id, revision, score, rated_at) values ($1, $2, 1, $3, $4)")
            .bind(company)
            .bind(id)
            .bind(score)
            .bind(rated.at)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

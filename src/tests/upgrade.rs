//! 升级: a database of an older program, with rows in it, is brought up to this one; what a migration works out for old
//! rows is right, not only for an empty table.

use crate::tests::app::empty_database;
use sqlx::{AssertSqlSafe, PgPool};

/// Every foreign key is left out: only the rows that a migration reads are made.
async fn fill(pool: &PgPool, rows: &str) {
    let mut connection = pool.acquire().await.expect("a connection");
    let statements = format!("set session_replication_role = replica; {rows}; set session_replication_role = default;");
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut *connection).await.expect("old rows");
}

/// As the older program left it.
async fn older(pool: &PgPool, version: i64) {
    sqlx::migrate!("./migrations").run_to(version, pool).await.expect("the first migrations run");
}

async fn upgrade(pool: &PgPool) {
    sqlx::migrate!("./migrations").run(pool).await.expect("the other migrations run");
}

async fn texts(pool: &PgPool, question: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(question.to_owned())).fetch_all(pool).await.expect("an answer")
}

const COMPANY: &str = "00000000-0000-7000-8000-000000000001";

#[tokio::test]
async fn messages_learn_from_the_ledger_whom_their_mail_went_to() {
    let pool = empty_database().await;
    older(&pool, 16).await;
    let mail = |id: u8, direction: u8, to: &str| {
        format!(
            "insert into mails (company_id, id, mailbox_id, direction, state, raw_sha256, raw_size, to_addresses, received_at)
            values ('{COMPANY}', '00000000-0000-7000-8000-0000000000{id:02}', '{COMPANY}', {direction}, 2, '', 0, '{to}', now());"
        )
    };
    let message = |seq: u8, column: &str, mail: u8| {
        let (column, value) = match column {
            "" => (String::new(), String::new()),
            some => (format!(", {some}"), format!(", '00000000-0000-7000-8000-0000000000{mail:02}'")),
        };
        format!(
            "insert into ticket_messages (company_id, id, ticket_id, seq, reply_type, author_kind, author_name, html, text, sanitiser, created_at{column})
            values ('{COMPANY}', gen_random_uuid(), '{COMPANY}', {seq}, 0, 0, '李雷', '', '', 1, now(){value});"
        )
    };
    let mailbox = format!(
        "insert into mailboxes (company_id, id, address, created_at) values ('{COMPANY}', '{COMPANY}', 'service@example.com', now());"
    );
    let rows = [
        mailbox,
        mail(10, 0, "{service@example.com,other@example.com}"),
        mail(11, 1, "{he@example.com,boss@example.com,two@example.com}"),
        mail(12, 1, "{}"),
        message(1, "mail_id", 10),
        message(2, "out_mail_id", 11),
        message(3, "out_mail_id", 12),
        message(4, "", 0),
    ];
    fill(&pool, &rows.concat()).await;
    upgrade(&pool).await;
    let known =
        texts(&pool, "select seq || ' ' || sent_to || ' ' || array_to_string(sent_cc, ',') from ticket_messages order by seq").await;
    assert_eq!(known, ["1 service@example.com ", "2 he@example.com boss@example.com,two@example.com", "3  ", "4  "]);
}

#[tokio::test]
async fn invitations_learn_the_score_in_force() {
    let pool = empty_database().await;
    older(&pool, 22).await;
    let invitation = |id: u8| {
        format!(
            "insert into satisfaction_invitations (company_id, id, ticket_id, cycle, customer_id, channel, settings_version, state, created_at, send_at)
            values ('{COMPANY}', '00000000-0000-7000-8000-0000000000{id:02}', gen_random_uuid(), 1, gen_random_uuid(), 12, 1, 1, now(), now());"
        )
    };
    let rating = |id: u8, revision: u8, score: u8, is_current: bool| {
        format!(
            "insert into satisfaction_ratings (company_id, invitation_id, revision, score, rated_at, is_current)
            values ('{COMPANY}', '00000000-0000-7000-8000-0000000000{id:02}', {revision}, {score}, now(), {is_current});"
        )
    };
    let rows = [invitation(10), invitation(11), invitation(12), rating(10, 1, 2, false), rating(10, 2, 5, true), rating(11, 1, 1, true)];
    fill(&pool, &rows.concat()).await;
    upgrade(&pool).await;
    let scores = texts(&pool, "select coalesce(score::text, 'none') from satisfaction_invitations order by id").await;
    assert_eq!(scores, ["5", "1", "none"]);
}

#[tokio::test]
async fn reminders_that_were_chosen_ring_for_what_is_due_too() {
    let pool = empty_database().await;
    older(&pool, 31).await;
    let version = |version: u8, kind: &str, bell: &str| {
        format!(
            r#"insert into settings (company_id, kind, version, document, actor_kind, actor_name, created_at)
            values ('{COMPANY}', '{kind}', {version}, '{{"pop_up": {bell}, "tone": "loud"}}', 0, '韩梅梅', now());"#
        )
    };
    let rows = [version(1, "reminder", r#"["created"]"#), version(2, "reminder", r#"["urged"]"#), version(1, "other", "[]")];
    fill(&pool, &rows.concat()).await;
    upgrade(&pool).await;
    let known = texts(&pool, "select kind || ' ' || version || ' ' || (document ->> 'pop_up') from settings order by kind, version").await;
    assert_eq!(known, ["other 1 []", r#"reminder 1 ["created"]"#, r#"reminder 2 ["urged", "nearly_due", "overdue"]"#]);
}

#[tokio::test]
async fn the_history_of_settings_begins_with_their_first_version() {
    let pool = empty_database().await;
    older(&pool, 32).await;
    let saved = |version: u8, reason: &str| {
        format!(
            "insert into settings (company_id, kind, version, document, reason, actor_kind, actor_name, created_at)
            values ('{COMPANY}', 'ticket', {version}, '{{\"recent_hours\": {version}}}', '{reason}', 0, '韩梅梅', now());"
        )
    };
    fill(&pool, &[saved(1, "少提醒"), saved(2, "")].concat()).await;
    upgrade(&pool).await;
    let known = texts(
        &pool,
        "select concat_ws(' ', kind, version, actor_name, reason, document ->> 'recent_hours') from config_versions order by version",
    )
    .await;
    assert_eq!(known, ["ticket_settings 1 韩梅梅 少提醒 1", "ticket_settings 2 韩梅梅  2"]);
}

//! Writes of accounts, split by noun; and the letters with links, which the mail slice sends.

pub mod account;
pub mod activation;
pub mod company;
pub mod department;
pub mod group;
pub mod import;
pub(crate) mod membership;
pub mod password;
pub mod permission_group;
pub mod profile;
pub(crate) mod reach;
pub mod session;
pub mod sign_in;
pub mod state;

use crate::model::{AgentStatus, TokenKind};
use jiff::SignedDuration;
use kernel::error::{Error, Result};
use kernel::html::escape;
use kernel::id::AgentId;
use kernel::lang::Lang;
use kernel::rng;
use kernel::t;
use kernel::tx::Tx;

/// How long a link of activation works (S35).
pub const ACTIVATION_LASTS: SignedDuration = SignedDuration::from_hours(72);
/// How long a link of a forgotten password works (S36).
pub const RESET_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// How long the second step of an activation may take.
pub const PROFILE_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// 账号邮件: one mail to an agent, in the agent's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Address.
    pub to: String,
    /// Name of the receiver.
    pub name: String,
    /// Subject.
    pub subject: String,
    /// HTML body.
    pub html: String,
    /// The same as plain text.
    pub text: String,
    /// Language of the texts.
    pub lang: Lang,
}

/// System: a fresh link of activation and the mail that carries it; links sent before stop working. Inside the
/// caller's transaction. `None` when the account needs no activation any more.
pub async fn prepare_invitation(tx: &mut Tx, agent: AgentId) -> Result<Option<Letter>> {
    let Some(person) = addressee(tx, agent).await?.filter(|person| person.status == AgentStatus::NotActivated) else {
        return Ok(None);
    };
    revoke_tokens(tx, agent).await?;
    let token = issue_token(tx, agent, TokenKind::Activation).await?;
    let link = tx.ctx.app.config.link(&format!("/activate/{token}"));
    let (company, lang) = (tx.ctx.company_name.clone(), person.lang);
    let subject = t!(lang, "{}邀请您加入客服工作台", "{} invites you to its support console", company);
    let lines = [
        t!(lang, "{}，您好：", "Hello {},", person.nickname),
        t!(lang, "{}为您开通了客服账号，登录邮箱是 {}。", "{} created an agent account for you. You sign in as {}.", company, person.email),
        t!(
            lang,
            "请打开下面的链接，输入管理员告诉您的密码来激活账号：",
            "Open this link and enter the password your administrator gave you to activate it:"
        )
        .to_owned(),
    ];
    let foot = t!(
        lang,
        "链接 72 小时内有效，只能使用一次。如果您不认识这家公司，可以不理会这封邮件。",
        "The link works for 72 hours and only once. If you do not know this company, ignore this mail."
    );
    Ok(Some(letter(person, subject, &lines, (t!(lang, "激活账号", "Activate account"), &link), foot)))
}

/// System: a fresh link of a forgotten password and the mail that carries it. Inside the caller's transaction. `None`
/// when the account cannot sign in.
pub async fn prepare_reset(tx: &mut Tx, agent: AgentId) -> Result<Option<Letter>> {
    let Some(person) = addressee(tx, agent).await?.filter(|person| person.status == AgentStatus::Enabled) else {
        return Ok(None);
    };
    revoke_tokens(tx, agent).await?;
    let token = issue_token(tx, agent, TokenKind::Reset).await?;
    let link = tx.ctx.app.config.link(&format!("/reset/{token}"));
    let (company, lang) = (tx.ctx.company_name.clone(), person.lang);
    let subject = t!(lang, "重设{}客服工作台的密码", "Reset your password for the support console of {}", company);
    let lines = [
        t!(lang, "{}，您好：", "Hello {},", person.nickname),
        t!(
            lang,
            "有人为 {} 申请了重设密码。打开下面的链接设置新密码：",
            "Somebody asked to reset the password of {}. Open this link to choose a new one:",
            person.email
        ),
    ];
    let foot = t!(
        lang,
        "链接 30 分钟内有效，只能使用一次。如果不是您申请的，可以不理会这封邮件，密码不会改变。",
        "The link works for 30 minutes and only once. If it was not you, ignore this mail: nothing changes."
    );
    Ok(Some(letter(person, subject, &lines, (t!(lang, "重设密码", "Reset password"), &link), foot)))
}

/// System: deletes links that ran out before this moment; run daily by the worker, inside its transaction.
pub async fn forget_links(tx: &mut Tx, before: kernel::time::Stamp) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from agent_tokens where company_id = $1 and expires_at < $2", company as _, before).execute(&mut **tx).await?;
    Ok(())
}

/// Makes a link token of an account and stores its hash, bound to the account's present version.
pub(crate) async fn issue_token(tx: &mut Tx, agent: AgentId, kind: TokenKind) -> Result<String> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let lasts = match kind {
        TokenKind::Activation => ACTIVATION_LASTS,
        TokenKind::Reset => RESET_LASTS,
        TokenKind::Profile => PROFILE_LASTS,
    };
    let token = rng::link_token(company);
    sqlx::query!(
        "insert into agent_tokens (company_id, token_hash, agent_id, kind, account_version, created_at, expires_at)
        select $1, $2, id, $4, version, $5, $6
        from agents
        where company_id = $1
        and id = $3",
        company as _,
        token.hash,
        agent as _,
        kind as _,
        now,
        now.plus(lasts),
    )
    .execute(&mut **tx)
    .await?;
    Ok(token.text)
}

/// Ends every link of an account that was not used yet.
pub(crate) async fn revoke_tokens(tx: &mut Tx, agent: AgentId) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update agent_tokens set used_at = $3
        where company_id = $1
        and agent_id = $2
        and used_at is null",
        company as _,
        agent as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

struct Addressee {
    email: String,
    name: String,
    nickname: String,
    status: AgentStatus,
    lang: Lang,
}

async fn addressee(tx: &mut Tx, agent: AgentId) -> Result<Option<Addressee>> {
    let (company, company_lang) = (tx.ctx.company, tx.ctx.company_lang);
    let row = sqlx::query!(
        r#"select email, name, nickname, status as "status: AgentStatus", lang
        from agents
        where company_id = $1
        and id = $2
        for update"#,
        company as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Error::from)?;
    Ok(row.map(|row| Addressee {
        lang: row.lang.as_deref().and_then(Lang::from_key).unwrap_or(company_lang),
        email: row.email,
        name: row.name,
        nickname: row.nickname,
        status: row.status,
    }))
}

fn letter(person: Addressee, subject: String, lines: &[String], (action, link): (&str, &str), foot: &str) -> Letter {
    let paragraphs: String = lines.iter().map(|line| format!("<p>{}</p>", escape(line))).collect();
    let link_html = escape(link);
    let html = format!("{paragraphs}<p><a href=\"{link_html}\">{}</a></p><p>{link_html}</p><p>{}</p>", escape(action), escape(foot),);
    let text = format!("{}\n\n{link}\n\n{foot}\n", lines.join("\n\n"));
    Letter { to: person.email, name: person.name, subject, html, text, lang: person.lang }
}

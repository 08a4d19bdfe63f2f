//! Inputs of the forms of tickets, each with a check that finds everything at once.

use super::field::{Answers, FIELDS_MOST};
use super::{CC_MOST, HTML_MOST, Priority, Property, REASON_MOST, Source, Status, TEXT_MOST, TITLE_MOST};
use kernel::error::{Problem, Problems, Result};
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MailboxId, MessageId, TicketId};
use kernel::input::{blank, email, lines};
use serde::{Deserialize, Deserializer, Serialize};
use std::str::FromStr;

/// Characters of a field of a draft at most: more than any field takes, and no bomb.
const DRAFT_MOST: usize = 5_000;

/// 新建工单: a ticket that an agent creates, mostly on behalf of a customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateInput {
    /// The customer that was found; none creates one from the next three fields.
    #[serde(default, deserialize_with = "blank")]
    pub customer: Option<CustomerId>,
    /// 昵称 of a new customer.
    #[serde(default)]
    pub nickname: String,
    /// 邮箱 of a new customer.
    #[serde(default)]
    pub email: String,
    /// 电话 of a new customer.
    #[serde(default)]
    pub phone: String,
    /// 对接ID of a new customer.
    #[serde(default, deserialize_with = "blank")]
    pub partner_id: Option<String>,
    /// 标题.
    pub title: String,
    /// 描述 as HTML of the editor; wins over `text` when it is not empty.
    #[serde(default)]
    pub html: String,
    /// 描述 as plain text, of the same form without scripting.
    #[serde(default)]
    pub text: String,
    /// 分类, a leaf.
    #[serde(default, deserialize_with = "blank")]
    pub category: Option<CategoryId>,
    /// 优先级; medium when nothing is chosen.
    #[serde(default, deserialize_with = "blank")]
    pub priority: Option<Priority>,
    /// 来源; the ticket centre when nothing is said. Only the open platform says it.
    #[serde(default, skip)]
    pub source: Option<Source>,
    /// 受理组.
    #[serde(default, deserialize_with = "blank")]
    pub group: Option<GroupId>,
    /// 受理客服, of that group.
    #[serde(default, deserialize_with = "blank")]
    pub agent: Option<AgentId>,
    /// 抄送, one address a line.
    #[serde(default)]
    pub cc: String,
    /// 邮箱: by which mailbox replies go out.
    #[serde(default, deserialize_with = "blank")]
    pub mailbox: Option<MailboxId>,
    /// 关注人 besides the creator's own choice.
    #[serde(default)]
    pub followers: Vec<AgentId>,
    /// 自定义字段 of the category's template.
    #[serde(default, with = "kernel::field::answers", skip_serializing_if = "Answers::is_empty")]
    pub fields: Answers,
    /// Empty creates the ticket; `fields` asks for the form again, with the fields of the category that was chosen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
}

impl CreateInput {
    /// Finds everything that is wrong; whether ids exist and fit together is known to the commands.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        if self.customer.is_none() {
            problems.text(&self.nickname, "nickname", 50);
            let typed = self.email.trim();
            problems.need(typed.is_empty() || email(typed).is_some(), "email", Problem::BadEmail);
        }
        problems.text(&self.title, "title", TITLE_MOST);
        body(&mut problems, "text", &self.html, &self.text);
        cc(&mut problems, &self.cc);
        problems.need(self.followers.len() <= 50, "followers", Problem::TooLong);
        problems.need(self.fields.len() <= FIELDS_MOST, "fields", Problem::TooMany);
        problems.end()
    }

    /// Finds what is too much to be kept as a draft: what is typed may still be wrong in every other way.
    ///
    /// # Errors
    /// Problems beside their fields.
    pub fn check_draft(&self) -> Result {
        let mut problems = Problems::default();
        problems.at_most(&self.html, "html", HTML_MOST);
        problems.at_most(&self.text, "text", HTML_MOST);
        for (field, typed) in self.words() {
            problems.at_most(typed, field, DRAFT_MOST);
        }
        problems.need(self.followers.len() <= 50, "followers", Problem::TooLong);
        problems.need(self.fields.len() <= FIELDS_MOST, "fields", Problem::TooMany);
        let is_short = |value: &String| value.chars().count() <= DRAFT_MOST;
        problems.need(self.fields.values().all(|answer| answer.values().iter().all(is_short)), "fields", Problem::TooLong);
        problems.end()
    }

    /// Whether anything was written besides the description, or filled in. What else was only chosen is quickly chosen again.
    #[must_use]
    pub fn has_words(&self) -> bool {
        self.words().iter().any(|(_, typed)| !typed.trim().is_empty()) || self.fields.values().any(|answer| !answer.values().is_empty())
    }

    fn words(&self) -> [(&'static str, &str); 6] {
        [
            ("title", &self.title),
            ("nickname", &self.nickname),
            ("email", &self.email),
            ("phone", &self.phone),
            ("partner_id", self.partner_id.as_deref().unwrap_or_default()),
            ("cc", &self.cc),
        ]
    }
}

/// 修改工单: fields that are not sent stay as they are; a field that is sent empty is emptied.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditInput {
    /// Which.
    pub ticket: TicketId,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// The last `seq` of the ticket that the editor had on the screen: what was changed since stands in the history.
    #[serde(default, deserialize_with = "blank", skip_serializing_if = "Option::is_none")]
    pub seen_seq: Option<i32>,
    /// 标题.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 状态.
    #[serde(default, deserialize_with = "blank", skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// 优先级.
    #[serde(default, deserialize_with = "blank", skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// 分类; sent empty, the ticket has none.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    pub category: Option<Option<CategoryId>>,
    /// 受理组; sent empty, the ticket has none.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    pub group: Option<Option<GroupId>>,
    /// 受理客服; sent empty, nobody handles the ticket.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    pub agent: Option<Option<AgentId>>,
    /// 抄送, one address a line; sent empty, there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cc: Option<String>,
    /// 自定义字段: those that were sent.
    #[serde(default, with = "kernel::field::answers", skip_serializing_if = "Answers::is_empty")]
    pub fields: Answers,
}

impl EditInput {
    /// An edit of this ticket that changes nothing yet.
    #[must_use]
    pub const fn of(ticket: TicketId, version: i32) -> EditInput {
        EditInput {
            ticket,
            version,
            seen_seq: None,
            title: None,
            status: None,
            priority: None,
            category: None,
            group: None,
            agent: None,
            cc: None,
            fields: Answers::new(),
        }
    }

    /// What was sent of a property, as the form sends it.
    #[must_use]
    pub fn sent(&self, property: Property) -> Option<String> {
        let id = |id: Option<String>| id.unwrap_or_default();
        match property {
            Property::Title => self.title.clone(),
            Property::Status => self.status.map(|status| status.key().to_owned()),
            Property::Priority => self.priority.map(|priority| priority.key().to_owned()),
            Property::Category => self.category.map(|chosen| id(chosen.map(|chosen| chosen.to_string()))),
            Property::Group => self.group.map(|chosen| id(chosen.map(|chosen| chosen.to_string()))),
            Property::Agent => self.agent.map(|chosen| id(chosen.map(|chosen| chosen.to_string()))),
            Property::Cc => self.cc.clone(),
            _ => None,
        }
    }

    /// The same edit without a property: it stays as it is.
    #[must_use]
    pub fn without(mut self, property: Property) -> EditInput {
        match property {
            Property::Title => self.title = None,
            Property::Status => self.status = None,
            Property::Priority => self.priority = None,
            Property::Category => self.category = None,
            Property::Group => self.group = None,
            Property::Agent => self.agent = None,
            Property::Cc => self.cc = None,
            _ => {}
        }
        self
    }

    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        if let Some(title) = &self.title {
            problems.text(title, "title", TITLE_MOST);
        }
        if let Some(addresses) = &self.cc {
            cc(&mut problems, addresses);
        }
        problems.need(self.fields.len() <= FIELDS_MOST, "fields", Problem::TooMany);
        problems.end()
    }
}

/// 换客户: the ticket is another customer's.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerChange {
    /// Which ticket.
    pub ticket: TicketId,
    /// Whose it was on the screen.
    pub from: CustomerId,
    /// Whose it is.
    pub to: CustomerId,
}

/// 搜索.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindInput {
    /// What was typed.
    #[serde(default)]
    pub text: String,
}

/// 催单.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgeInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// 催单原因.
    #[serde(default)]
    pub reason: String,
}

impl UrgeInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// Problems beside `reason`.
    pub fn check(&self) -> Result {
        reason(&self.reason, Problem::UrgeReasonRequired)
    }
}

/// 激活工单.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivateInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// 激活原因.
    #[serde(default)]
    pub reason: String,
}

impl ActivateInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// Problems beside `reason`.
    pub fn check(&self) -> Result {
        reason(&self.reason, Problem::ActivationReasonRequired)
    }
}

/// One ticket, for acts that need nothing else.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketChoice {
    /// Which.
    pub ticket: TicketId,
}

/// One message, to take it back or to delete it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageChoice {
    /// Which.
    pub message: MessageId,
}

/// 关联工单, by the number people know.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// 工单号 of the other one.
    #[serde(default)]
    pub number: String,
}

/// 取消关联.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnlinkInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// The other one.
    pub other: TicketId,
}

/// A button that was pressed, of a form that says nothing else.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sure {
    /// Said by the button.
    #[serde(default)]
    pub sure: bool,
}

/// 在场: somebody has the ticket open.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresenceInput {
    /// Which ticket.
    pub ticket: TicketId,
    /// Whether they are writing.
    #[serde(default)]
    pub typing: bool,
}

/// The CC addresses of a field in their normal form, each once.
#[must_use]
pub fn addresses(field: &str) -> Vec<String> {
    let mut found = Vec::new();
    for address in lines(&field.replace([',', ';', '，', '；'], "\n")).iter().filter_map(|line| email(line)) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

fn cc(problems: &mut Problems, field: &str) {
    let typed = lines(&field.replace([',', ';', '，', '；'], "\n"));
    problems.need(typed.iter().all(|line| email(line).is_some()), "cc", Problem::BadEmail);
    problems.need(typed.len() <= CC_MOST, "cc", Problem::TooLong);
}

/// Something must be written. The text of HTML is counted by the command, which can read HTML.
pub(super) fn body(problems: &mut Problems, field: &str, html: &str, text: &str) {
    problems.need(!html.trim().is_empty() || !text.trim().is_empty(), field, Problem::Required);
    // Beside HTML the text is a copy of the same words, with a line break for each paragraph.
    let is_plain = html.trim().is_empty();
    problems.need(!is_plain || text.trim().chars().count() <= TEXT_MOST, field, Problem::DescriptionTooLong);
    problems.need(html.chars().count() <= HTML_MOST, field, Problem::DescriptionTooLong);
}

fn reason(text: &str, problem: Problem) -> Result {
    let mut problems = Problems::default();
    let length = text.trim().chars().count();
    problems.need((1..=REASON_MOST).contains(&length), "reason", problem);
    problems.end()
}

/// A field that was sent: empty is `Some(None)`. One that was not sent stays `None` by `serde(default)`.
fn sent<'de, D, T>(from: D) -> core::result::Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: core::fmt::Display,
{
    blank(from).map(Some)
}

//! Types of customers: contacts, own fields, inputs.

use kernel::error::{Problem, Problems, Result};
use kernel::field::{Answer, Asked, FieldKind};
use kernel::id::{CustomerFieldId, CustomerId, MergeId};
use kernel::input::{blank, email, lines};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ui::found::Found;

kernel::catalog! {
    /// 联系方式: how a customer can be reached.
    pub enum ContactKind {
        Phone = 0, "phone", "电话", "Phone";
        Email = 1, "email", "邮箱", "E-mail";
    }
}

/// VIP等级: 0 is nobody special.
pub const MOST_VIP: i16 = 10;

/// Contacts of one kind that one customer may have.
pub const MOST_CONTACTS: usize = 20;

/// 客户自定义字段: one field that a company defined for its customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub id: CustomerFieldId,
    /// 字段名称.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What can be chosen, for the kinds that offer a choice.
    pub options: Vec<String>,
    /// Place in the form.
    pub position: i16,
}

impl Field {
    /// What a form asks in it.
    #[must_use]
    pub fn asked(&self) -> Asked<'_> {
        Asked { label: &self.label, hint: "", kind: self.kind, options: &self.options }
    }
}

/// One row of a customer search: enough to recognise somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerHit {
    /// Which.
    pub id: CustomerId,
    /// 昵称.
    pub nickname: String,
    /// 姓名.
    pub name: String,
    /// 对接ID.
    pub partner_id: Option<String>,
    /// The first e-mail address.
    pub email: Option<String>,
    /// The first phone number, as written.
    pub phone: Option<String>,
    /// VIP等级.
    pub vip_level: i16,
}

impl CustomerHit {
    /// As a line of a list that is being typed at.
    #[must_use]
    pub fn found(self, lang: kernel::lang::Lang) -> Found {
        let name = Some(self.name).filter(|name| *name != self.nickname);
        let partner = self.partner_id.map(|id| kernel::t!(lang, "对接ID {}", "integration id {}", id));
        Found {
            href: format!("/customers/{}", self.id),
            id: self.id.to_string(),
            title: self.nickname,
            facts: [name, self.email, self.phone, partner].into_iter().flatten().filter(|fact| !fact.is_empty()).collect(),
            tag: if self.vip_level > 0 { format!("VIP {}", self.vip_level) } else { String::new() },
        }
    }
}

/// 客户资料: what a person types when creating or editing a customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerInput {
    /// The customer being edited; none creates one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<CustomerId>,
    /// The version that the editor started from; 0 for a new one.
    #[serde(default)]
    pub version: i32,
    /// 昵称: how colleagues call the customer, 1 to 50 characters.
    pub nickname: String,
    /// 姓名.
    #[serde(default)]
    pub name: String,
    /// 邮箱, one a line.
    #[serde(default)]
    pub emails: String,
    /// 电话, one a line.
    #[serde(default)]
    pub phones: String,
    /// 对接ID.
    #[serde(default, deserialize_with = "blank")]
    pub partner_id: Option<String>,
    /// VIP等级, 0 to 10.
    #[serde(default)]
    pub vip_level: i16,
    /// 所属企业.
    #[serde(default)]
    pub organisation: String,
    /// 备注.
    #[serde(default)]
    pub remark: String,
    /// Answers to own fields, by the field's id.
    #[serde(default, with = "kernel::field::answers")]
    pub fields: BTreeMap<CustomerFieldId, Answer>,
}

impl CustomerInput {
    /// Finds everything that is wrong; whether phones are phones and own fields fit their kind is known to the
    /// commands, which have the number plan and the definitions.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.nickname, "nickname", 50);
        problems.at_most(&self.name, "name", 50);
        problems.at_most(self.partner_id.as_deref().unwrap_or(""), "partner_id", 100);
        problems.need((0..=MOST_VIP).contains(&self.vip_level), "vip_level", Problem::BadChoice);
        problems.at_most(&self.organisation, "organisation", 100);
        problems.at_most(&self.remark, "remark", 1000);
        let emails = lines(&self.emails);
        problems.need(emails.iter().all(|line| email(line).is_some()), "emails", Problem::BadEmail);
        problems.need(emails.len() <= MOST_CONTACTS, "emails", Problem::TooLong);
        problems.need(lines(&self.phones).len() <= MOST_CONTACTS, "phones", Problem::TooLong);
        problems.end()
    }
}

/// The address of the list: what is searched, filtered, and where the page begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CustomerFilter {
    /// Words of a name, a number, an address, a note.
    #[serde(default)]
    pub q: String,
    /// VIP等级: at least this one.
    #[serde(default, deserialize_with = "blank")]
    pub vip: Option<i16>,
    /// Cursor.
    #[serde(default)]
    pub at: Option<String>,
}

/// A customer field as defined by an administrator.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldInput {
    /// The field being edited; none adds one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<CustomerFieldId>,
    /// 字段名称, 1 to 20 characters (400029).
    pub label: String,
    /// 字段类型; it stays what it was when a field is edited.
    #[serde(default, deserialize_with = "blank")]
    pub kind: Option<FieldKind>,
    /// 选项, one a line; paths for a cascade.
    #[serde(default)]
    pub options: String,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl FieldInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.label, "label", 20);
        problems.need(self.kind.is_some(), "kind", Problem::Required);
        if let Some(kind) = self.kind {
            let _ = kind.options(&self.options, &mut problems);
        }
        problems.end()
    }
}

/// One field of the list: to remove it or to move it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChoice {
    /// Which.
    pub id: CustomerFieldId,
}

/// What was typed into a box that finds a customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupInput {
    /// A name, a number, an address, an integration id; or a part of one.
    pub text: String,
}

/// 合并客户: which one remains and which one goes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// The one that remains.
    pub keep: CustomerId,
    /// The one that is merged into it.
    pub gone: CustomerId,
}

/// A merge to be undone.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeChoice {
    /// Which merge.
    pub merge: MergeId,
}

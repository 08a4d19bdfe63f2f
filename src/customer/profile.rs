//! What is known about a customer, as one value that is checked, compared, merged and put back. Pure.

use crate::model::{ContactKind, CustomerInput, Field};
use crate::{phone, terms};
use kernel::answer;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::field::{Answer, answer_name};
use kernel::id::CustomerFieldId;
use kernel::input;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// 联系方式: one phone number or e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which kind.
    pub kind: ContactKind,
    /// As it was written.
    pub value: String,
    /// As it is compared.
    pub normal: String,
}

/// 客户资料: everything people know about a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// 昵称.
    pub nickname: String,
    /// 姓名.
    pub name: String,
    /// 对接ID.
    pub partner_id: Option<String>,
    /// VIP等级.
    pub vip_level: i16,
    /// 所属企业.
    pub organisation: String,
    /// 备注.
    pub remark: String,
    /// Answers to own fields: id of the field → text, or a list of texts.
    pub fields: Map<String, Value>,
    /// Phone numbers and e-mail addresses, in the order of the form.
    pub contacts: Vec<Contact>,
}

/// 对接ID as typed, when there is one.
pub fn partner(input: &CustomerInput) -> Option<String> {
    input.partner_id.as_deref().map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned)
}

impl Profile {
    /// What was typed, over what was known `before`: answers to fields that are no longer defined stay.
    pub fn typed(input: &CustomerInput, definitions: &[Field], before: &Profile) -> Result<Profile> {
        let mut problems = Problems::default();
        let mut contacts: Vec<Contact> = Vec::new();
        for (kind, text, field, wrong) in [
            (ContactKind::Email, &input.emails, "emails", Problem::BadEmail),
            (ContactKind::Phone, &input.phones, "phones", Problem::BadPhone),
        ] {
            for value in input::lines(text) {
                let normal = match kind {
                    ContactKind::Email => input::email(&value),
                    ContactKind::Phone => phone::normal(&value),
                };
                match normal {
                    None => problems.add(field, wrong),
                    Some(normal) if contacts.iter().any(|known| known.kind == kind && known.normal == normal) => {}
                    Some(normal) => contacts.push(Contact { kind, value, normal }),
                }
            }
        }
        let fields = answers(&input.fields, definitions, &before.fields, &mut problems);
        problems.end()?;
        Ok(Profile {
            nickname: input.nickname.trim().to_owned(),
            name: input.name.trim().to_owned(),
            partner_id: partner(input),
            vip_level: input.vip_level,
            organisation: input.organisation.trim().to_owned(),
            remark: input.remark.trim().to_owned(),
            fields,
            contacts,
        })
    }

    /// What remains of this one when `gone` is merged into it: nothing of it changes that says something, what it
    /// lacks comes from the other, contacts are put together, the higher VIP level holds.
    pub fn with(&self, gone: &Profile) -> Profile {
        let or = |mine: &String, other: &String| if mine.is_empty() { other.clone() } else { mine.clone() };
        let mut fields = self.fields.clone();
        for (id, answer) in &gone.fields {
            fields.entry(id.clone()).or_insert_with(|| answer.clone());
        }
        Profile {
            nickname: or(&self.nickname, &gone.nickname),
            name: or(&self.name, &gone.name),
            partner_id: self.partner_id.clone().or_else(|| gone.partner_id.clone()),
            vip_level: self.vip_level.max(gone.vip_level),
            organisation: or(&self.organisation, &gone.organisation),
            remark: or(&self.remark, &gone.remark),
            fields,
            contacts: self.contacts.iter().chain(&gone.contacts).cloned().collect(),
        }
    }

    /// Takes a merge back out of what is known now. What the merge filled in goes; what people wrote since then stays.
    /// Gives what remains here and which contacts go back to the other one: those it brought that are still here.
    pub fn without(&self, before: &Profile, gone: &Profile) -> (Profile, Vec<Contact>) {
        let after = before.with(gone);
        fn back<T: Clone + PartialEq>(now: &T, after: &T, before: &T) -> T {
            if now == after { before.clone() } else { now.clone() }
        }
        let is_brought =
            |contact: &&Contact| gone.contacts.iter().any(|other| other.kind == contact.kind && other.normal == contact.normal);
        let mut fields = self.fields.clone();
        for (id, answer) in &gone.fields {
            if !before.fields.contains_key(id) && fields.get(id) == Some(answer) {
                fields.remove(id);
            }
        }
        let rest = Profile {
            nickname: back(&self.nickname, &after.nickname, &before.nickname),
            name: back(&self.name, &after.name, &before.name),
            partner_id: back(&self.partner_id, &after.partner_id, &before.partner_id),
            vip_level: back(&self.vip_level, &after.vip_level, &before.vip_level),
            organisation: back(&self.organisation, &after.organisation, &before.organisation),
            remark: back(&self.remark, &after.remark, &before.remark),
            fields,
            contacts: self.contacts.iter().filter(|contact| !is_brought(contact)).cloned().collect(),
        };
        (rest, self.contacts.iter().filter(is_brought).cloned().collect())
    }

    /// Contacts of one kind as they were written, in order.
    pub fn written(&self, kind: ContactKind) -> Vec<String> {
        self.contacts.iter().filter(|contact| contact.kind == kind).map(|contact| contact.value.clone()).collect()
    }

    /// The terms it is found by.
    pub fn terms(&self) -> Vec<String> {
        terms::of(self)
    }
}

fn answers(
    typed: &BTreeMap<CustomerFieldId, Answer>,
    definitions: &[Field],
    before: &Map<String, Value>,
    problems: &mut Problems,
) -> Map<String, Value> {
    let mut fields = before.clone();
    for field in definitions {
        let values = typed.get(&field.id).map(Answer::values).unwrap_or_default();
        if let Some(problem) = answer::put(&mut fields, &field.id.to_string(), &field.asked(), values) {
            problems.add(&answer_name(field.id), problem);
        }
    }
    fields
}

/// The stored form of `before`, as kept by a merge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BeforeMerge {
    /// The one that remained.
    pub kept: Profile,
    /// The one that went.
    pub merged: Profile,
}

impl BeforeMerge {
    /// Reads what a merge stored.
    pub fn read(stored: Value) -> Result<BeforeMerge> {
        serde_json::from_value(stored).map_err(Error::internal)
    }
}

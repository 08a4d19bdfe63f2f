//! 配置对象 of the company: its facts, units, departments, groups and permission groups, each as the history keeps it.

pub mod group;
pub mod permission_group;

use crate::commands::{company, department};
use crate::model::company::{CompanyInput, DepartmentInput, UnitInput};
use crate::queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::{Problem, Result};
use kernel::id::{DepartmentId, UnitId};
use kernel::lang::Lang;
use kernel::macros::uuid::Uuid;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// 公司.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyDocument {
    /// Name.
    pub name: String,
    /// IANA zone.
    pub time_zone: String,
    /// Language of mails to people whose language is unknown.
    #[serde(default)]
    pub lang: Lang,
}

impl Configured for CompanyDocument {
    const KIND: &'static str = "company";
    const LABEL: Words = ("公司", "Company");
    const NEEDS: Permission = Permission::CompanySettings;
    const PAGE: &'static str = "/settings/company";
    const CODES: &'static [(&'static str, Spell)] = &[("lang", Lang::spell)];
    const KEYS: &'static [(&'static str, Words)] =
        &[("name", ("名称", "Name")), ("time_zone", ("时区", "Time zone")), ("lang", ("语言", "Language"))];
    const SINGLE: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let company = queries::company::facts(tx).await?;
        let lang = Lang::from_key(&company.lang).unwrap_or_default();
        Ok(vec![(tx.ctx.company.0, CompanyDocument { name: company.name, time_zone: company.time_zone, lang })])
    }

    async fn put(tx: &mut Tx, _: Uuid, document: Self) -> Result {
        let CompanyDocument { name, time_zone, lang } = document;
        company::put(tx, &CompanyInput { name, time_zone, lang, ..CompanyInput::default() }).await
    }

    async fn remove(_: &mut Tx, _: Uuid) -> Result {
        Err(Problem::BadChoice.into())
    }
}

/// 业务单元.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitDocument {
    /// Name.
    pub name: String,
}

impl Configured for UnitDocument {
    const KIND: &'static str = "unit";
    const LABEL: Words = ("业务单元", "Business units");
    const NEEDS: Permission = Permission::CompanySettings;
    const PAGE: &'static str = "/settings/company";
    const KEYS: &'static [(&'static str, Words)] = &[("name", ("名称", "Name"))];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let units = queries::company::units(tx).await?;
        Ok(units.into_iter().map(|unit| (unit.id.0, UnitDocument { name: unit.name })).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        department::put_unit(tx, UnitId(id), &UnitInput { name: document.name, ..UnitInput::default() }).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        department::remove_unit(tx, UnitId(id)).await
    }
}

/// 部门.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentDocument {
    /// Name.
    pub name: String,
    /// The one above.
    #[serde(default)]
    pub parent: Option<DepartmentId>,
}

impl Configured for DepartmentDocument {
    const KIND: &'static str = "department";
    const LABEL: Words = ("部门", "Departments");
    const NEEDS: Permission = Permission::CompanySettings;
    const PAGE: &'static str = "/settings/company";
    const KEYS: &'static [(&'static str, Words)] = &[("name", ("名称", "Name")), ("parent", ("上级", "Under"))];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let mut below: HashMap<Option<DepartmentId>, Vec<_>> = HashMap::new();
        for department in queries::company::departments(tx).await? {
            below.entry(department.parent).or_default().push(department);
        }
        // The tree from its root, so that one stands before those below it.
        let mut open = below.remove(&None).unwrap_or_default();
        open.reverse();
        let mut all = Vec::new();
        while let Some(next) = open.pop() {
            open.extend(below.remove(&Some(next.id)).unwrap_or_default().into_iter().rev());
            all.push((next.id.0, DepartmentDocument { name: next.name, parent: next.parent }));
        }
        Ok(all)
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let id = DepartmentId(id);
        let DepartmentDocument { name, parent } = document;
        department::put_department(tx, id, &DepartmentInput { id: Some(id), name, parent, ..DepartmentInput::default() }).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        department::remove_department(tx, DepartmentId(id)).await
    }
}

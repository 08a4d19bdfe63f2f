//! 客户查找框: what the box that finds a customer asks and says, on whichever slice's page it stands.

use crate::actions::LookupCustomers;
use kernel::lang::Lang;
use kernel::t;
use ui::form::path_of;
use ui::islands::finder::{Seek, SeekWords};

/// A box that finds customers: `name` is its field's, `value` what stands in it, `to` where a choice leads, with `{}` for
/// the customer. Who nobody is found for is made at `create`, with `{}` for what was typed, where that is not empty.
#[must_use]
pub fn seek(name: &str, value: &str, to: impl Into<String>, create: &str) -> Seek {
    Seek {
        path: path_of::<LookupCustomers>().to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        to: to.into(),
        create: create.to_owned(),
        except: String::new(),
    }
}

/// Its words; the field's label is the page's.
#[must_use]
pub fn words(lang: Lang, label: impl Into<String>) -> SeekWords {
    SeekWords {
        label: label.into(),
        placeholder: t!(lang, "昵称、姓名、电话、邮箱或对接ID", "Nickname, name, phone, e-mail or integration id").to_owned(),
        create: t!(lang, "新建客户 “{}”", "Create customer “{}”").to_owned(),
        none: t!(lang, "没有找到这位客户", "Nobody found").to_owned(),
        failed: t!(lang, "现在查不到，请按回车再试", "Looking up failed: press Enter to try again").to_owned(),
        count: t!(lang, "找到 {} 位客户，用上下键选择", "Customers found: {}. Use the arrow keys to choose").to_owned(),
    }
}

//! 配置对象: a mailbox, as the history keeps it: without its passwords.

use crate::commands::mailbox;
use crate::model::{Encryption, MailboxInput};
use crate::queries::mailbox as queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::id::{GroupId, MailboxId};
use kernel::macros::uuid::Uuid;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

/// 邮箱.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxDocument {
    /// Its address.
    pub address: String,
    /// The sender's name.
    #[serde(default)]
    pub display_name: String,
    /// Whether it is in use.
    #[serde(default)]
    pub enabled: bool,
    /// Group of its new tickets.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Where mails are fetched.
    #[serde(default)]
    pub imap: ServerDocument,
    /// Folder that is fetched.
    #[serde(default)]
    pub imap_folder: String,
    /// Where mails are sent.
    #[serde(default)]
    pub smtp: ServerDocument,
    /// Whose `Authentication-Results` are believed.
    #[serde(default)]
    pub authserv_id: String,
}

/// One server, without its password.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerDocument {
    /// Its name; empty when there is none.
    #[serde(default)]
    pub host: String,
    /// Its port; the usual one when 0.
    #[serde(default)]
    pub port: u16,
    /// Protection of the connection.
    #[serde(default)]
    pub tls: Encryption,
    /// User name.
    #[serde(default)]
    pub user: String,
}

impl ServerDocument {
    fn new(host: String, port: i32, tls: Encryption, user: String) -> ServerDocument {
        ServerDocument { host, port: u16::try_from(port).unwrap_or(0), tls, user }
    }

    fn typed_port(&self) -> String {
        if self.port == 0 { String::new() } else { self.port.to_string() }
    }
}

impl Configured for MailboxDocument {
    const KIND: &'static str = "mailbox";
    const LABEL: Words = ("邮箱", "Mailboxes");
    const NEEDS: Permission = Permission::MailboxManage;
    const PAGE: &'static str = "/settings/mailboxes";
    const NAME: &'static str = "address";
    const WHEN_MADE: Option<Words> = Some((
        "填了服务器的新邮箱先停用，直到有人在邮箱设置里填写密码并保存",
        "A new mailbox with a server stays off until somebody types its password in its settings and saves it",
    ));
    const CODES: &'static [(&'static str, Spell)] = &[("tls", Encryption::spell)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("address", ("地址", "Address")),
        ("display_name", ("发件人名称", "Sender's name")),
        ("enabled", ("启用", "Enabled")),
        ("group", ("受理组", "Group")),
        ("imap", ("收信服务器", "IMAP server")),
        ("imap_folder", ("收信文件夹", "Folder")),
        ("smtp", ("发信服务器", "SMTP server")),
        ("host", ("主机", "Host")),
        ("port", ("端口", "Port")),
        ("tls", ("加密方式", "Encryption")),
        ("user", ("用户名", "User")),
        ("authserv_id", ("可信的验证服务", "Trusted verifier")),
    ];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let document = |form: queries::MailboxForm| {
            let document = MailboxDocument {
                address: form.address,
                display_name: form.display_name,
                enabled: form.enabled,
                group: form.group_id,
                imap: ServerDocument::new(form.imap_host, form.imap_port, form.imap_tls, form.imap_user),
                imap_folder: form.imap_folder,
                smtp: ServerDocument::new(form.smtp_host, form.smtp_port, form.smtp_tls, form.smtp_user),
                authserv_id: form.authserv_id,
            };
            (form.id.0, document)
        };
        Ok(queries::all(tx).await?.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let MailboxDocument { address, display_name, enabled, group, imap, imap_folder, smtp, authserv_id } = document;
        let input = MailboxInput {
            address,
            display_name,
            enabled,
            group,
            imap_port: imap.typed_port(),
            imap_host: imap.host,
            imap_tls: imap.tls,
            imap_user: imap.user,
            imap_folder,
            smtp_port: smtp.typed_port(),
            smtp_host: smtp.host,
            smtp_tls: smtp.tls,
            smtp_user: smtp.user,
            authserv_id,
            ..MailboxInput::default()
        };
        mailbox::put(tx, MailboxId(id), input).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        mailbox::remove(tx, MailboxId(id)).await
    }
}

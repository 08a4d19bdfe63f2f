//! 配置对象: a subscription, as the history keeps it: without its secret.

use crate::commands;
use crate::model::{Profile, Topic, WebhookInput};
use crate::queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::id::WebhookId;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 消息转发.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookDocument {
    /// 名称.
    pub name: String,
    /// 接收地址.
    pub url: String,
    /// 推送方式.
    pub profile: Profile,
    /// 消息类型.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// Whether it is in force.
    #[serde(default)]
    pub enabled: bool,
}

impl Configured for WebhookDocument {
    const KIND: &'static str = "webhook";
    const LABEL: Words = ("消息转发", "Message forwarding");
    const NEEDS: Permission = Permission::WebhookManage;
    const PAGE: &'static str = "/settings/webhooks";
    const WHEN_MADE: Option<Words> = Some((
        "新的消息转发先停用，并有自己的新密钥，直到有人在设置里启用",
        "A new subscription has a secret of its own and stays off until somebody switches it on in its settings",
    ));
    const CODES: &'static [(&'static str, Spell)] = &[("profile", Profile::spell), ("topics", Topic::spell)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("name", ("名称", "Name")),
        ("url", ("接收地址", "Address")),
        ("profile", ("推送方式", "Profile")),
        ("topics", ("消息类型", "Topics")),
        ("enabled", ("启用", "Enabled")),
    ];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let document = |webhook: queries::Webhook| {
            let queries::Webhook { id, name, url, profile, topics, enabled, .. } = webhook;
            (id.0, WebhookDocument { name, url, profile, topics, enabled })
        };
        Ok(queries::all(tx).await?.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let WebhookDocument { name, url, profile, topics, enabled } = document;
        let is_new = queries::all(tx).await?.iter().all(|webhook| webhook.id.0 != id);
        let input = WebhookInput { name, url, profile: Some(profile), topics, enabled: enabled && !is_new, ..WebhookInput::default() };
        commands::put(tx, WebhookId(id), &input).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        commands::remove(tx, WebhookId(id)).await
    }
}

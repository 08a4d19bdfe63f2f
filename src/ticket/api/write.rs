//! 写入 of tickets: created and replied to, by an agent or by the customer. Whoever is named acts with their own rights.

use crate::commands::{by_customer, create, edit, reply};
use crate::model::field::Answers;
use crate::model::input::{CreateInput, EditInput};
use crate::model::reply::ReplyInput;
use crate::model::{Priority, ReplyType, Source, Status};
use crate::queries::detail::detail;
use crate::queries::{field, numbered};
use identity::queries::listed::acting;
use kernel::actor::Actor;
use kernel::api::answer::One;
use kernel::api::value::{Code, Local};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::field::{Answer, FieldKind};
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MessageId, TicketFieldId, TicketId};

kernel::api_input! {
    /// 一个自定义字段的值.
    pub struct ExtendField {
        fieldid: TicketFieldId = "字段 id", "Id of the field";
        field_value: Option<String> = "值；复选用英文逗号隔开", "The value; boxes separated by commas";
    }
}

kernel::api_input! {
    /// 创建工单（客服）.
    pub struct SaveAgentTicket {
        create_agentid: Option<AgentId> = "以哪位客服的名义创建；不填就是应用自己", "In the name of which agent; the application's own when left out";
        ticket_title: String = "标题，最多 200 字", "Title, at most 200 characters";
        ticket_content: String = "问题描述，最多 5000 字", "Description, at most 5,000 characters";
        userid: Option<CustomerId> = "客户 id", "Id of the customer";
        partnerid: Option<String> = "客户的对接ID；没有这位客户就新建", "Integration id of the customer, who is created when unknown";
        user_nick: Option<String> = "新客户的昵称", "Nickname of a new customer";
        user_email: Option<String> = "客户邮箱；没有这位客户就新建", "E-mail address of the customer, who is created when unknown";
        user_tels: Option<String> = "客户电话；没有这位客户就新建", "Telephone of the customer, who is created when unknown";
        ticket_typeid: Option<CategoryId> = "分类 id，最下一级", "Id of the category, of the lowest level";
        ticket_from: Option<Code<Source>> = "来源；不填就是工单中心", "Source; the ticket centre when left out";
        ticket_level: Option<Code<Priority>> = "优先级；不填就是中", "Priority; medium when left out";
        deal_groupid: Option<GroupId> = "受理组 id", "Id of the handling group";
        deal_agentid: Option<AgentId> = "受理客服 id", "Id of the handling agent";
        extend_fields: Vec<ExtendField> = "自定义字段的值", "Values of own fields";
        file_str: Option<String> = "附件；这里还不能上传，发送了就拒绝", "Files; they cannot be uploaded here yet, and are refused";
    }
}

kernel::api_item! {
    /// 新的工单.
    pub struct SavedTicket {
        ticketid: TicketId = "工单 id", "Id of the ticket";
        ticket_code: String = "工单编号", "Ticket number";
    }
}

impl SavedTicket {
    fn of(created: create::Created) -> One<SavedTicket> {
        One(SavedTicket { ticketid: created.ticket, ticket_code: created.number.to_string() })
    }
}

/// 创建工单（客服）.
pub async fn save_agent_ticket(ctx: Ctx, input: SaveAgentTicket) -> Result<One<SavedTicket>> {
    refuse_files(input.file_str.as_deref(), "file_str")?;
    let who = Who {
        userid: input.userid,
        partnerid: input.partnerid,
        nickname: input.user_nick,
        email: input.user_email,
        phone: input.user_tels,
    };
    let own_name = matches!(ctx.actor, Actor::App { .. }) && input.create_agentid.is_none();
    let writer = if own_name { ctx.clone() } else { acting(&ctx, "create_agentid", input.create_agentid).await? };
    let ticket = CreateInput {
        title: input.ticket_title,
        text: input.ticket_content,
        category: input.ticket_typeid,
        priority: input.ticket_level.map(|code| code.0),
        source: input.ticket_from.map(|code| code.0),
        group: input.deal_groupid,
        agent: input.deal_agentid,
        fields: answers(&writer, &input.extend_fields).await?,
        ..who.customer(&ctx).await?
    };
    create::create(&writer, ticket, Vec::new()).await.map(SavedTicket::of).map_err(named)
}

kernel::api_input! {
    /// 创建工单（客户）.
    pub struct SaveUserTicket {
        ticket_title: String = "标题，最多 200 字", "Title, at most 200 characters";
        ticket_content: String = "问题描述，最多 5000 字", "Description, at most 5,000 characters";
        userid: Option<CustomerId> = "客户 id", "Id of the customer";
        partnerid: Option<String> = "客户的对接ID；没有这位客户就新建", "Integration id of the customer, who is created when unknown";
        user_nick: Option<String> = "新客户的昵称", "Nickname of a new customer";
        user_emails: Option<String> = "客户邮箱；没有这位客户就新建", "E-mail address of the customer, who is created when unknown";
        user_tels: Option<String> = "客户电话；没有这位客户就新建", "Telephone of the customer, who is created when unknown";
        ticket_typeid: Option<CategoryId> = "分类 id，最下一级", "Id of the category, of the lowest level";
        ticket_from: Option<Code<Source>> = "来源；不填就是网页留言", "Source; a web message when left out";
        extend_fields: Vec<ExtendField> = "自定义字段的值", "Values of own fields";
        file_str: Option<String> = "附件；这里还不能上传，发送了就拒绝", "Files; they cannot be uploaded here yet, and are refused";
    }
}

/// 创建工单（客户）: as if the customer had written it here.
pub async fn save_user_ticket(ctx: Ctx, input: SaveUserTicket) -> Result<One<SavedTicket>> {
    refuse_agents(&ctx)?;
    refuse_files(input.file_str.as_deref(), "file_str")?;
    let who = Who {
        userid: input.userid,
        partnerid: input.partnerid,
        nickname: input.user_nick,
        email: input.user_emails,
        phone: input.user_tels,
    };
    let ticket = CreateInput {
        title: input.ticket_title,
        text: input.ticket_content,
        category: input.ticket_typeid,
        source: input.ticket_from.map(|code| code.0),
        fields: answers(&ctx, &input.extend_fields).await?,
        ..who.customer(&ctx).await?
    };
    by_customer::create(&ctx, ticket).await.map(SavedTicket::of).map_err(named)
}

kernel::api_input! {
    /// 回复工单（客服）.
    pub struct SaveTicketReply {
        ticketid: TicketId = "工单 id", "Id of the ticket";
        reply_agentid: Option<AgentId> = "回复的客服 id", "Id of the agent who replies";
        reply_content: Option<String> = "内容，最多 5000 字；不填就只改状态与优先级", "What it says, at most 5,000 characters; status and priority alone when left out";
        reply_type: Option<Code<ReplyType>> = "谁能看到；不填就是所有人", "Who sees it; everyone when left out";
        get_ticket_datetime: Option<Local> = "读取工单的时间；之后客户写过或状态变过就拒绝（400057）", "When the ticket was read; refused (400057) when the customer wrote or the status changed since";
        ticket_status: Option<Code<Status>> = "回复后的状态；不填就由规则决定", "Status after it; the rule decides when left out";
        ticket_level: Option<Code<Priority>> = "优先级；不填就不变", "Priority; it stays when left out";
        extend_fields: Vec<ExtendField> = "解决或关闭前必填的自定义字段", "Own fields that are required before the ticket is solved or closed";
        reply_file_str: Option<String> = "附件；这里还不能上传，发送了就拒绝", "Files; they cannot be uploaded here yet, and are refused";
    }
}

kernel::api_item! {
    /// 新的回复.
    pub struct SavedReply {
        ticketid: TicketId = "工单 id", "Id of the ticket";
        replyid: Option<MessageId> = "回复 id；只改状态时为空", "Id of the reply; none when only the status changed";
    }
}

/// 回复工单（客服）: a reply to everyone goes out by mail as one that is written here does. Priority, and a status without words,
/// are an edit. The reply comes last: whatever is refused before it may be sent again, and nothing is mailed twice.
pub async fn save_ticket_reply(ctx: Ctx, input: SaveTicketReply) -> Result<One<SavedReply>> {
    refuse_files(input.reply_file_str.as_deref(), "reply_file_str")?;
    let ticket = input.ticketid;
    let writer = acting(&ctx, "reply_agentid", input.reply_agentid).await?;
    let seen_seq = match input.get_ticket_datetime.and_then(|at| at.at(&ctx.zone)) {
        Some(at) => Some(numbered::seen_at(&writer, ticket, at).await?),
        None => None,
    };
    let fields = answers(&writer, &input.extend_fields).await?;
    let status = input.ticket_status.map(|code| code.0);
    let now = detail(&writer, ticket).await?.ticket;
    let priority = input.ticket_level.map(|code| code.0).filter(|level| *level != now.priority);
    let Some(text) = input.reply_content else {
        let status = status.filter(|status| *status != now.status);
        if priority.is_some() || status.is_some() {
            let edited = EditInput { priority, status, fields, ..EditInput::of(ticket, now.version) };
            edit::edit(&writer, edited).await.map_err(named)?;
        }
        return Ok(One(SavedReply { ticketid: ticket, replyid: None }));
    };
    let written = ReplyInput {
        ticket,
        html: String::new(),
        text,
        reply_type: input.reply_type.map_or(ReplyType::Everyone, |code| code.0),
        status,
        seen_seq: seen_seq.unwrap_or(0),
        confirmed: seen_seq.is_none(),
        files: Vec::new(),
        fields,
    };
    written.check().map_err(named)?;
    if priority.is_some() {
        edit::edit(&writer, EditInput { priority, ..EditInput::of(ticket, now.version) }).await.map_err(named)?;
    }
    let replied = reply::reply(&writer, written, Vec::new()).await.map_err(named)?;
    Ok(One(SavedReply { ticketid: ticket, replyid: Some(replied.message) }))
}

kernel::api_input! {
    /// 回复工单（客户）.
    pub struct SaveUserReply {
        ticketid: TicketId = "工单 id", "Id of the ticket";
        userid: Option<CustomerId> = "客户 id，必须是工单的客户", "Id of the customer, who must be the ticket's";
        partnerid: Option<String> = "或者客户的对接ID", "Or the customer's integration id";
        reply_content: String = "内容，最多 5000 字", "What it says, at most 5,000 characters";
        reply_file_str: Option<String> = "附件；这里还不能上传，发送了就拒绝", "Files; they cannot be uploaded here yet, and are refused";
    }
}

/// 回复工单（客户）.
pub async fn save_user_reply(ctx: Ctx, input: SaveUserReply) -> Result<One<SavedReply>> {
    refuse_agents(&ctx)?;
    refuse_files(input.reply_file_str.as_deref(), "reply_file_str")?;
    let who = Who { userid: input.userid, partnerid: input.partnerid, nickname: None, email: None, phone: None };
    let customer = who.known(&ctx).await?.ok_or_else(|| Error::Problems(Problems::one("userid", Problem::Required)))?;
    let replyid = by_customer::reply(&ctx, input.ticketid, customer, &input.reply_content).await.map_err(named)?;
    Ok(One(SavedReply { ticketid: input.ticketid, replyid: Some(replyid) }))
}

/// How a call says whose the ticket is.
struct Who {
    userid: Option<CustomerId>,
    partnerid: Option<String>,
    nickname: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

impl Who {
    /// The customer who is known by id, integration id, address or number, in this order.
    async fn known(&self, ctx: &Ctx) -> Result<Option<CustomerId>> {
        use customer::model::ContactKind::{Email, Phone};
        use customer::queries::listed::{holder, partner};
        if self.userid.is_some() {
            return Ok(self.userid);
        }
        if let Some(id) = &self.partnerid
            && let Some(found) = partner(ctx, id).await?
        {
            return Ok(Some(found));
        }
        for (kind, typed) in [(Email, &self.email), (Phone, &self.phone)] {
            if let Some(typed) = typed
                && let Some(found) = holder(ctx, kind, typed).await?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The input of a new ticket of theirs, with what makes a new customer of somebody unknown.
    async fn customer(self, ctx: &Ctx) -> Result<CreateInput> {
        let customer = self.known(ctx).await?;
        let told = [&self.nickname, &self.email, &self.phone, &self.partnerid];
        let nickname = told.into_iter().flatten().next().cloned();
        let nickname = match (customer, nickname) {
            (Some(_), _) => String::new(),
            (None, Some(nickname)) => nickname.chars().take(50).collect(),
            (None, None) => return Err(Error::Problems(Problems::one("userid", Problem::Required))),
        };
        Ok(CreateInput {
            customer,
            nickname,
            email: self.email.unwrap_or_default(),
            phone: self.phone.unwrap_or_default(),
            partner_id: self.partnerid,
            ..CreateInput::default()
        })
    }
}

/// What was sent of own fields; a field that is not asked for is refused.
async fn answers(ctx: &Ctx, sent: &[ExtendField]) -> Result<Answers> {
    if sent.is_empty() {
        return Ok(Answers::new());
    }
    let known = field::seen(&mut ctx.read().await?).await?;
    let mut all = Answers::new();
    for one in sent {
        let field = known.iter().find(|field| field.id == one.fieldid);
        let field = field.ok_or_else(|| Error::Problems(Problems::one("extend_fields", Problem::BadChoice)))?;
        let value = one.field_value.clone().unwrap_or_default();
        let answer = match field.kind {
            FieldKind::Checks => Answer::Many(value.split(',').map(|part| part.trim().to_owned()).collect()),
            _ => Answer::One(value),
        };
        all.insert(field.id, answer);
    }
    Ok(all)
}

/// Customers speak through applications alone: what an agent's own token wrote in a customer's name would name nobody else.
fn refuse_agents(ctx: &Ctx) -> Result {
    if ctx.actor.agent().is_some() { Err(Problem::ScopeMissing.into()) } else { Ok(()) }
}

/// What is named and cannot be taken is refused, not lost.
fn refuse_files(files: Option<&str>, field: &str) -> Result {
    if files.is_some() { Err(Error::Problems(Problems::one(field, Problem::BadChoice))) } else { Ok(()) }
}

/// The problems of a command beside the names of the interface.
fn named(error: Error) -> Error {
    error.renamed(|field| match field {
        "title" => "ticket_title",
        "text" => "ticket_content",
        "customer" => "userid",
        "nickname" => "user_nick",
        "email" => "user_email",
        "phone" => "user_tels",
        "partner_id" => "partnerid",
        "category" => "ticket_typeid",
        "priority" => "ticket_level",
        "status" => "ticket_status",
        "group" => "deal_groupid",
        "agent" => "deal_agentid",
        own if own.starts_with("fields[") => "extend_fields",
        other => other,
    })
}

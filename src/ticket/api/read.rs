//! 查询 of tickets: the data dictionary, fields, lists, one ticket with everything that happened to it.

use crate::model::field::TicketField;
use crate::model::{ChangeKind, LogFrom, Priority, ReplyType, Source, StartType, Status};
use crate::queries::detail::{Detail, detail};
use crate::queries::numbered::{self, Narrow, Numbered};
use crate::queries::timeline::Entry;
use crate::queries::{category, field, template};
use identity::model::GroupKind;
use kernel::actor::ActorKind;
use kernel::answer::values_of;
use kernel::api::Nothing;
use kernel::api::answer::{Many, One, Page};
use kernel::api::range::{Until, Window};
use kernel::api::value::{Both, Code, Coded, Local, PageNo, PageSize, moment};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::field::FieldKind;
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MessageId, TicketFieldId, TicketId};
use kernel::permission::Permission;
use kernel::time::Stamp;

/// Rows of a page at most (F§1.2).
const MOST: i64 = 50;

kernel::api_item! {
    /// 数据字典: everything that tickets are made of.
    pub struct DataDict {
        agent_list: Vec<DictAgent> = "启用的客服", "Agents whose accounts are enabled";
        group_list: Vec<DictGroup> = "工单客服组", "Ticket groups";
        ticket_type_list: Vec<DictType> = "工单分类，上级在下级之前", "Categories, each after the one above it";
        ticket_status_list: Vec<DictRow> = "工单状态", "Statuses";
        ticket_level_list: Vec<DictRow> = "工单优先级", "Priorities";
        ticket_from_list: Vec<DictRow> = "工单来源", "Sources";
    }
}

kernel::api_item! {
    /// 客服 of the dictionary.
    pub struct DictAgent {
        agentid: AgentId = "客服 id", "Id of the agent";
        agent_name: String = "姓名", "Full name";
    }
}

kernel::api_item! {
    /// 客服组 of the dictionary.
    pub struct DictGroup {
        groupid: GroupId = "技能组 id", "Id of the group";
        group_name: String = "名称", "Name";
    }
}

kernel::api_item! {
    /// 分类 of the dictionary.
    pub struct DictType {
        typeid: CategoryId = "分类 id", "Id of the category";
        parentid: Option<CategoryId> = "上级分类 id", "Id of the one above";
        type_name: String = "名称", "Name";
        type_level: String = "层级，1 至 5", "Level, 1 to 5";
        node_flag: String = "0 最下一级，可以选择；1 还有下级", "0 lowest level, which can be chosen; 1 others below it";
    }
}

kernel::api_item! {
    /// 一行代码: a row of a coded list.
    pub struct DictRow {
        dict_value: String = "代码", "Code";
        dict_name: String = "名称", "Name";
    }
}

/// 查询数据字典.
pub async fn get_data_dict(ctx: Ctx, _: Nothing) -> Result<One<DataDict>> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    let agents = identity::queries::agent_options(&mut tx).await?;
    let groups = identity::queries::group_options(&mut tx, GroupKind::Ticket).await?;
    let categories = category::tree(&mut tx).await?;
    let agent = |one: identity::model::AgentOption| DictAgent { agentid: one.id, agent_name: one.name };
    let kind = |one: category::Category| DictType {
        typeid: one.id,
        parentid: one.parent_id,
        type_name: one.name,
        type_level: one.level.to_string(),
        node_flag: if one.is_leaf { "0" } else { "1" }.to_owned(),
    };
    Ok(One(DataDict {
        agent_list: agents.into_iter().filter(|agent| agent.enabled).map(agent).collect(),
        group_list: groups.into_iter().map(|one| DictGroup { groupid: one.id, group_name: one.name }).collect(),
        ticket_type_list: categories.into_iter().map(kind).collect(),
        ticket_status_list: rows::<Status>(&ctx),
        ticket_level_list: rows::<Priority>(&ctx),
        ticket_from_list: rows::<Source>(&ctx),
    }))
}

fn rows<T: Coded>(ctx: &Ctx) -> Vec<DictRow> {
    let row = |one: &T| DictRow { dict_value: one.number().to_string(), dict_name: kernel::api::word(one.words(), ctx.lang()).to_owned() };
    T::ROWS.iter().map(row).collect()
}

kernel::api_input! {
    /// 查询分类的工单模板字段.
    pub struct ByType {
        ticket_typeid: CategoryId = "分类 id", "Id of the category";
    }
}

kernel::api_item! {
    /// 工单自定义字段.
    pub struct FieldItem {
        fieldid: TicketFieldId = "字段 id", "Id of the field";
        field_name: String = "字段名称", "Name";
        field_type: Code<FieldKind> = "字段类型", "Kind of field";
        field_remark: String = "提示", "Hint";
        field_options: Vec<String> = "可选的值；级联写成 一级/二级", "What can be chosen; first/second for a cascade";
        fill_flag: String = "1 客服创建工单时必填", "1 an agent must fill it in when creating a ticket";
        close_fill_flag: String = "1 解决或关闭前必填", "1 it must be filled in before the ticket is solved or closed";
    }
}

/// 查询分类的工单模板字段: in the order of the template, with what is demanded.
pub async fn query_fields_by_type(ctx: Ctx, input: ByType) -> Result<Many<FieldItem>> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    if !category::tree(&mut tx).await?.iter().any(|one| one.id == input.ticket_typeid) {
        return Err(Error::NotFound);
    }
    let form = template::form(&mut tx, Some(input.ticket_typeid)).await?;
    Ok(Many::all(form.slots.into_iter().map(|(field, demand)| item(field, demand.on_creation(), demand.on_closing())).collect()))
}

/// 查询工单自定义字段: every field that is asked for.
pub async fn query_ticket_extend_fields(ctx: Ctx, _: Nothing) -> Result<Many<FieldItem>> {
    ctx.require(Permission::TicketView)?;
    let fields = field::seen(&mut ctx.read().await?).await?;
    Ok(Many::all(fields.into_iter().map(|field| item(field, false, false)).collect()))
}

fn item(field: TicketField, on_creation: bool, on_closing: bool) -> FieldItem {
    let flag = |is_set: bool| if is_set { "1" } else { "0" }.to_owned();
    FieldItem {
        fieldid: field.id,
        field_name: field.label,
        field_type: Code(field.kind),
        field_remark: field.hint,
        field_options: field.options,
        fill_flag: flag(on_creation),
        close_fill_flag: flag(on_closing),
    }
}

kernel::api_input! {
    /// 查询工单列表. Created or changed within a range, or one customer's, or one number: one of them.
    pub struct QueryTickets {
        create_start_datetime: Option<Local> = "创建时间从；没有客户和工单编号时，创建或更新时间至少填一个", "Created from; without a customer and a number, one of these times must be sent";
        create_end_datetime: Option<Until> = "创建时间到，包含；范围最长 1 年，不填就是 1 年", "Created until, included; at most a year, which it is when left out";
        update_start_datetime: Option<Local> = "更新时间从", "Changed from";
        update_end_datetime: Option<Until> = "更新时间到，包含；范围最长 1 年，不填就是 1 年", "Changed until, included; at most a year, which it is when left out";
        ticket_status: Option<Code<Status>> = "状态；不填就是除已删除外的全部", "Status; all but deleted ones when left out";
        ticket_level: Option<Code<Priority>> = "优先级", "Priority";
        ticket_typeid: Option<CategoryId> = "分类 id", "Id of the category";
        deal_groupid: Option<GroupId> = "受理组 id", "Id of the handling group";
        deal_agentid: Option<AgentId> = "受理客服 id", "Id of the handling agent";
        userid: Option<CustomerId> = "客户 id", "Id of the customer";
        ticket_code: Option<i64> = "工单编号", "Ticket number";
        page_no: PageNo = "页码", "Page";
        page_size: PageSize = "每页条数，最多 50", "Rows a page, at most 50";
    }
}

kernel::api_item! {
    /// 工单.
    pub struct TicketItem {
        ticketid: TicketId = "工单 id", "Id of the ticket";
        ticket_code: String = "工单编号", "Ticket number";
        ticket_title: String = "标题", "Title";
        ticket_content: String = "问题描述，纯文本", "Description as plain text";
        ticket_status: Code<Status> = "状态", "Status";
        ticket_level: Code<Priority> = "优先级", "Priority";
        ticket_from: Code<Source> = "来源", "Source";
        start_type: Code<StartType> = "发起方", "Who started it";
        startid: Option<String> = "创建人 id", "Id of who created it";
        start_name: String = "创建人", "Who created it";
        ticket_typeid: Option<CategoryId> = "分类 id", "Id of the category";
        ticket_type_name: String = "分类，一级/二级", "Category, first/second";
        deal_groupid: Option<GroupId> = "受理组 id", "Id of the handling group";
        deal_group_name: String = "受理组", "Handling group";
        deal_agentid: Option<AgentId> = "受理客服 id", "Id of the handling agent";
        deal_agent_name: String = "受理客服", "Handling agent";
        userid: CustomerId = "客户 id", "Id of the customer";
        partnerid: Option<String> = "客户的对接ID", "Integration id of the customer";
        user_nick: String = "客户昵称", "Nickname of the customer";
        user_name: String = "客户姓名", "Full name of the customer";
        user_tels: String = "客户电话，英文逗号隔开", "Telephone numbers, separated by commas";
        user_emails: String = "客户邮箱，英文逗号隔开", "E-mail addresses, separated by commas";
        is_reminder: String = "1 被催过", "1 it was urged";
        create_datetime: String = "创建时间", "When it was created";
        update_datetime: String = "更新时间", "When it last changed";
        accept_datetime: String = "首次回复时间，没有就是空", "When it was first answered; empty when not yet";
        solve_datetime: String = "解决时间，没有就是空", "When it was solved; empty when it is not";
        close_datetime: String = "关闭时间，没有就是空", "When it was closed; empty when it is not";
    }
}

impl TicketItem {
    fn of(ctx: &Ctx, row: Numbered) -> TicketItem {
        let time = |at: Option<Stamp>| moment(at, &ctx.zone);
        TicketItem {
            ticketid: row.id,
            ticket_code: row.number.to_string(),
            ticket_title: row.title,
            ticket_content: row.text,
            ticket_status: Code(row.status),
            ticket_level: Code(row.priority),
            ticket_from: Code(row.source),
            start_type: Code(row.start_type),
            startid: row.creator_id.map(|id| id.to_string()),
            start_name: row.creator_name,
            ticket_typeid: row.category_id,
            ticket_type_name: row.category_path,
            deal_groupid: row.group_id,
            deal_group_name: row.group_name,
            deal_agentid: row.agent_id,
            deal_agent_name: row.agent_name,
            userid: row.customer_id,
            partnerid: row.partner_id,
            user_nick: row.nickname,
            user_name: row.customer_name,
            user_tels: row.phones.join(","),
            user_emails: row.emails.join(","),
            is_reminder: if row.urge_count > 0 { "1" } else { "0" }.to_owned(),
            create_datetime: time(Some(row.created_at)),
            update_datetime: time(Some(row.updated_at)),
            accept_datetime: time(row.first_response_at),
            solve_datetime: time(row.solved_at),
            close_datetime: time(row.closed_at),
        }
    }
}

/// 查询工单列表: last created first.
pub async fn query_tickets(ctx: Ctx, input: QueryTickets) -> Result<Many<TicketItem>> {
    let page = Page::of(input.page_no, input.page_size, MOST).near()?;
    let mut problems = Problems::default();
    let created = Window::asked(&ctx.zone, &mut problems, "create_end_datetime", (input.create_start_datetime, input.create_end_datetime));
    let updated = Window::asked(&ctx.zone, &mut problems, "update_end_datetime", (input.update_start_datetime, input.update_end_datetime));
    let narrowed = input.userid.is_some() || input.ticket_code.is_some();
    problems.need(narrowed || !created.is_open() || !updated.is_open(), "create_start_datetime", Problem::RangeRequired);
    problems.end()?;
    let narrow = Narrow {
        ticket: None,
        number: input.ticket_code,
        created,
        updated,
        status: input.ticket_status.map(|code| code.0),
        priority: input.ticket_level.map(|code| code.0),
        category: input.ticket_typeid,
        group: input.deal_groupid,
        agent: input.deal_agentid,
        customer: input.userid,
    };
    let (rows, total) = numbered::tickets(&ctx, &narrow, (page.offset(), page.size)).await?;
    Ok(Many { items: rows.into_iter().map(|row| TicketItem::of(&ctx, row)).collect(), page, total })
}

kernel::api_input! {
    /// 查询工单详情.
    pub struct ById {
        ticketid: TicketId = "工单 id", "Id of the ticket";
    }
}

kernel::api_item! {
    /// 工单的经过: what else is known of one ticket.
    pub struct TicketCourse {
        extend_fields: Vec<FieldValue> = "自定义字段的值", "Values of own fields";
        reply_list: Vec<ReplyItem> = "回复，最近 100 条，早的在前", "Replies, the last 100, oldest first";
        history_list: Vec<HistoryItem> = "操作记录，早的在前", "History, oldest first";
    }
}

/// 工单详情: the ticket as lists have it, with its course.
pub type TicketDetail = Both<TicketItem, TicketCourse>;

kernel::api_item! {
    /// 自定义字段的值.
    pub struct FieldValue {
        fieldid: TicketFieldId = "字段 id", "Id of the field";
        field_name: String = "字段名称", "Name of the field";
        field_value: String = "值，复选用英文逗号隔开", "The value; boxes separated by commas";
    }
}

kernel::api_item! {
    /// 回复.
    pub struct ReplyItem {
        replyid: MessageId = "回复 id", "Id of the reply";
        reply_type: Code<ReplyType> = "谁能看到", "Who sees it";
        start_type: Code<ActorKind> = "谁写的", "Who wrote it";
        start_name: String = "姓名", "Name of who wrote it";
        reply_content: String = "内容，纯文本", "What it says, as plain text";
        reply_time: String = "时间", "When";
        file_names: Vec<String> = "附件的文件名", "Names of its files";
    }
}

kernel::api_item! {
    /// 操作记录.
    pub struct HistoryItem {
        log_type: Option<Code<ChangeKind>> = "操作类型", "What happened";
        log_from: Code<LogFrom> = "操作来源", "Through what it came";
        operator_name: String = "操作人", "Who did it";
        log_remark: String = "原因", "The reason";
        log_time: String = "时间", "When";
    }
}

/// 查询工单详情: with replies and history (F§1.4).
pub async fn get_ticket_by_id(ctx: Ctx, input: ById) -> Result<One<TicketDetail>> {
    let found = detail(&ctx, input.ticketid).await?;
    let narrow = Narrow { ticket: Some(input.ticketid), status: Some(found.ticket.status), ..Narrow::default() };
    let (rows, _) = numbered::tickets(&ctx, &narrow, (0, 1)).await?;
    let row = rows.into_iter().next().ok_or(Error::NotFound)?;
    Ok(One(Both { second: course(&ctx, found), first: TicketItem::of(&ctx, row) }))
}

fn course(ctx: &Ctx, found: Detail) -> TicketCourse {
    let fields = found.own.slots.iter().map(|(field, _)| field).chain(&found.own.others);
    let value = |field: &TicketField| {
        let values = values_of(found.ticket.fields.get(field.id.to_string()));
        (!values.is_empty()).then(|| FieldValue { fieldid: field.id, field_name: field.label.clone(), field_value: values.join(",") })
    };
    let extend_fields = fields.filter_map(value).collect();
    let (mut reply_list, mut history_list) = (Vec::new(), Vec::new());
    for entry in found.timeline.entries {
        match entry {
            // The description is the ticket's own text.
            Entry::Message(message) if message.seq == 1 => {}
            Entry::Message(message) => reply_list.push(ReplyItem {
                replyid: message.id,
                reply_type: Code(message.reply_type),
                start_type: Code(message.author_kind),
                start_name: message.author_name,
                reply_content: message.text,
                reply_time: moment(Some(message.created_at), &ctx.zone),
                file_names: message.files.into_iter().map(|file| file.name).collect(),
            }),
            Entry::Change(change) => history_list.push(HistoryItem {
                log_type: change.kind.map(Code),
                log_from: Code(change.log_from),
                operator_name: change.actor_name,
                log_remark: change.note,
                log_time: moment(Some(change.created_at), &ctx.zone),
            }),
        }
    }
    TicketCourse { extend_fields, reply_list, history_list }
}

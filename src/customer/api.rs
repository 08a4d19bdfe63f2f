//! 开放接口 of customers (F§1.4, F§9): by e-mail, telephone, id and 对接ID; lists, own fields, writing.

use crate::commands;
use crate::model::{ContactKind, CustomerInput, Field};
use crate::queries::listed::{self, Narrow};
use crate::queries::{CustomerCard, card, cards, field};
use kernel::answer::values_of;
use kernel::api::answer::{Done, Many, One, Page};
use kernel::api::edit::Edit;
use kernel::api::range::{Until, Window};
use kernel::api::value::{Code, Local, PageNo, PageSize, moment};
use kernel::api::{Endpoint, Nothing};
use kernel::ctx::Ctx;
use kernel::endpoint;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::field::{Answer, FieldKind, of_key};
use kernel::id::{CustomerFieldId, CustomerId};
use kernel::permission::Permission;
use std::collections::BTreeMap;

/// Every endpoint of this slice.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint!(Get "/api/crm/5/user/get_user_by_id", CustomerRead, ("按客户 id 查询客户", "Get a customer by id"), get_user_by_id: ById => One<UserItem>),
    endpoint!(Get "/api/crm/5/user/get_user_by_email", CustomerRead, ("按邮箱查询客户", "Get a customer by e-mail"), get_user_by_email: ByEmail => One<UserItem>),
    endpoint!(Get "/api/crm/5/user/get_user_by_tel", CustomerRead, ("按电话查询客户", "Get a customer by telephone"), get_user_by_tel: ByTel => One<UserItem>),
    endpoint!(Get "/api/crm/5/user/get_user_by_partnerid", CustomerRead, ("按对接ID查询客户", "Get a customer by integration id"), get_user_by_partnerid: ByPartner => One<UserItem>),
    endpoint!(Get "/api/crm/5/user/query_users", CustomerRead, ("查询客户列表", "Query customers"), query_users: QueryUsers => Many<UserItem>),
    endpoint!(Get "/api/crm/5/user/query_enterprises", CustomerRead, ("查询企业", "Query enterprises"), query_enterprises: QueryEnterprises => Many<EnterpriseItem>),
    endpoint!(Get "/api/crm/5/user/query_user_extend_fields", CustomerRead, ("查询客户自定义字段", "Query own fields of customers"), query_user_extend_fields: Nothing => Many<ExtendFieldItem>),
    endpoint!(Post "/api/crm/5/user/save_user", CustomerWrite, ("新增客户", "Create a customer"), save_user: SaveUser => One<SavedUser>),
    endpoint!(Post "/api/crm/5/user/update_user", CustomerWrite, ("修改客户", "Edit a customer"), update_user: UpdateUser => Done),
];

/// Rows of a page at most.
const MOST: i64 = 100;

kernel::api_item! {
    /// 客户.
    pub struct UserItem {
        userid: CustomerId = "客户 id", "Id of the customer";
        user_nick: String = "昵称", "Nickname";
        user_name: String = "姓名", "Full name";
        user_tels: String = "电话，英文分号隔开", "Telephone numbers, separated by semicolons";
        user_emails: String = "邮箱，英文分号隔开", "E-mail addresses, separated by semicolons";
        partnerid: Option<String> = "对接ID", "Integration id";
        user_level: String = "0 普通，1 VIP", "0 ordinary, 1 VIP";
        vip_level: String = "VIP等级，0 至 10", "VIP level, 0 to 10";
        enterprise_name: String = "所属企业", "Enterprise";
        remark: String = "备注", "Remark";
        extend_fields: Vec<ExtendValue> = "自定义字段的值", "Values of own fields";
        create_datetime: String = "创建时间", "When it was created";
        update_datetime: String = "更新时间", "When it last changed";
    }
}

kernel::api_item! {
    /// 自定义字段的值.
    pub struct ExtendValue {
        fieldid: CustomerFieldId = "字段 id", "Id of the field";
        field_name: String = "字段名称", "Name of the field";
        field_value: String = "值，复选用英文逗号隔开", "The value; boxes separated by commas";
    }
}

kernel::api_input! {
    /// 按客户 id 查询客户.
    pub struct ById {
        userid: CustomerId = "客户 id", "Id of the customer";
    }
}

kernel::api_input! {
    /// 按邮箱查询客户.
    pub struct ByEmail {
        user_email: String = "邮箱，完全一致", "E-mail address, exactly";
    }
}

kernel::api_input! {
    /// 按电话查询客户.
    pub struct ByTel {
        user_tel: String = "电话；写法不同的同一个号码视为相同", "Telephone number, however it is written";
    }
}

kernel::api_input! {
    /// 按对接ID查询客户.
    pub struct ByPartner {
        partnerid: String = "对接ID，完全一致", "Integration id, exactly";
    }
}

/// 按客户 id 查询客户. A customer that was merged away answers as the one that remains.
pub async fn get_user_by_id(ctx: Ctx, input: ById) -> Result<One<UserItem>> {
    ctx.require(Permission::CustomerView)?;
    let found = card(&mut ctx.read().await?, input.userid).await?;
    let remaining = found.merged_into.unwrap_or(found.id);
    one(&ctx, Some(remaining)).await
}

/// 按邮箱查询客户.
pub async fn get_user_by_email(ctx: Ctx, input: ByEmail) -> Result<One<UserItem>> {
    let found = listed::holder(&ctx, ContactKind::Email, &input.user_email).await?;
    one(&ctx, found).await
}

/// 按电话查询客户.
pub async fn get_user_by_tel(ctx: Ctx, input: ByTel) -> Result<One<UserItem>> {
    let found = listed::holder(&ctx, ContactKind::Phone, &input.user_tel).await?;
    one(&ctx, found).await
}

/// 按对接ID查询客户.
pub async fn get_user_by_partnerid(ctx: Ctx, input: ByPartner) -> Result<One<UserItem>> {
    let found = listed::partner(&ctx, &input.partnerid).await?;
    one(&ctx, found).await
}

async fn one(ctx: &Ctx, found: Option<CustomerId>) -> Result<One<UserItem>> {
    ctx.require(Permission::CustomerView)?;
    let mut tx = ctx.read().await?;
    let card = card(&mut tx, found.ok_or(Error::NotFound)?).await?;
    let fields = field::defined(&mut tx).await?;
    Ok(One(item(ctx, card, &fields)))
}

fn item(ctx: &Ctx, card: CustomerCard, fields: &[Field]) -> UserItem {
    let value = |field: &Field| {
        let values = values_of(card.fields.get(field.id.to_string()));
        (!values.is_empty()).then(|| ExtendValue { fieldid: field.id, field_name: field.label.clone(), field_value: values.join(",") })
    };
    UserItem {
        userid: card.id,
        user_tels: card.phones.join(";"),
        user_emails: card.emails.join(";"),
        partnerid: card.partner_id.clone(),
        user_level: if card.vip_level > 0 { "1" } else { "0" }.to_owned(),
        vip_level: card.vip_level.to_string(),
        extend_fields: fields.iter().filter_map(value).collect(),
        create_datetime: moment(Some(card.created_at), &ctx.zone),
        update_datetime: moment(Some(card.updated_at), &ctx.zone),
        user_nick: card.nickname,
        user_name: card.name,
        enterprise_name: card.organisation,
        remark: card.remark,
    }
}

kernel::api_input! {
    /// 查询客户列表. A range of time, or one telephone number, address or enterprise: one of them.
    pub struct QueryUsers {
        user_nick: Option<String> = "昵称的一部分", "Part of the nickname";
        user_tels: Option<String> = "一个电话", "One telephone number";
        user_emails: Option<String> = "一个邮箱", "One e-mail address";
        enterprise_name: Option<String> = "企业名称，完全一致", "Name of the enterprise, exactly";
        start_datetime: Option<Local> = "创建时间从；没有电话、邮箱和企业名称时，从与到至少填一个", "Created from; this or the end must be sent without a telephone number, an address and an enterprise";
        end_datetime: Option<Until> = "创建时间到，包含；范围最长 1 年，不填就是 1 年", "Created until, included; at most a year, which it is when left out";
        page_no: PageNo = "页码", "Page";
        page_size: PageSize = "每页条数，最多 100", "Rows a page, at most 100";
    }
}

/// 查询客户列表: newest first, without those that were merged away.
pub async fn query_users(ctx: Ctx, input: QueryUsers) -> Result<Many<UserItem>> {
    let page = Page::of(input.page_no, input.page_size, MOST).near()?;
    let mut problems = Problems::default();
    let created = Window::asked(&ctx.zone, &mut problems, "end_datetime", (input.start_datetime, input.end_datetime));
    let narrowed = input.user_tels.is_some() || input.user_emails.is_some() || input.enterprise_name.is_some();
    problems.need(narrowed || !created.is_open(), "start_datetime", Problem::RangeRequired);
    problems.end()?;
    let narrow = Narrow {
        nickname: input.user_nick,
        phone: input.user_tels,
        email: input.user_emails,
        organisation: input.enterprise_name,
        created,
    };
    let (found, total) = listed::customers(&ctx, &narrow, (page.offset(), page.size)).await?;
    let mut tx = ctx.read().await?;
    let fields = field::defined(&mut tx).await?;
    let mut known: BTreeMap<CustomerId, CustomerCard> = cards(&mut tx, &found).await?.into_iter().map(|card| (card.id, card)).collect();
    let items = found.iter().filter_map(|id| known.remove(id)).map(|card| item(&ctx, card, &fields)).collect();
    Ok(Many { items, page, total })
}

kernel::api_input! {
    /// 查询企业.
    pub struct QueryEnterprises {
        enterprise_name: Option<String> = "名称的一部分", "Part of the name";
        page_no: PageNo = "页码", "Page";
        page_size: PageSize = "每页条数，最多 100", "Rows a page, at most 100";
    }
}

kernel::api_item! {
    /// 企业: a name that customers have as theirs.
    pub struct EnterpriseItem {
        enterprise_name: String = "企业名称", "Name of the enterprise";
        user_count: i64 = "客户数", "How many customers name it";
    }
}

/// 查询企业: the names that customers have as theirs; they are known by name, so there is no id.
pub async fn query_enterprises(ctx: Ctx, input: QueryEnterprises) -> Result<Many<EnterpriseItem>> {
    let page = Page::of(input.page_no, input.page_size, MOST).near()?;
    let (rows, total) = listed::organisations(&ctx, input.enterprise_name.as_deref(), (page.offset(), page.size)).await?;
    let items = rows.into_iter().map(|(enterprise_name, user_count)| EnterpriseItem { enterprise_name, user_count }).collect();
    Ok(Many { items, page, total })
}

kernel::api_item! {
    /// 客户自定义字段.
    pub struct ExtendFieldItem {
        fieldid: CustomerFieldId = "字段 id", "Id of the field";
        field_name: String = "字段名称", "Name";
        field_type: Code<FieldKind> = "字段类型", "Kind of field";
        field_options: Vec<String> = "可选的值；级联写成 一级/二级", "What can be chosen; first/second for a cascade";
    }
}

/// 查询客户自定义字段, in the order of the form.
pub async fn query_user_extend_fields(ctx: Ctx, _: Nothing) -> Result<Many<ExtendFieldItem>> {
    ctx.require(Permission::CustomerView)?;
    let fields = field::defined(&mut ctx.read().await?).await?;
    let item = |field: Field| ExtendFieldItem {
        fieldid: field.id,
        field_name: field.label,
        field_type: Code(field.kind),
        field_options: field.options,
    };
    Ok(Many::all(fields.into_iter().map(item).collect()))
}

kernel::api_input! {
    /// 一个自定义字段的值.
    pub struct ExtendField {
        fieldid: CustomerFieldId = "字段 id", "Id of the field";
        field_value: Option<String> = "值；复选用英文逗号隔开，空值清空", "The value; boxes separated by commas, empty for none";
    }
}

kernel::api_input! {
    /// 新增客户.
    pub struct SaveUser {
        user_nick: String = "昵称", "Nickname";
        user_name: Option<String> = "姓名", "Full name";
        user_tels: Option<String> = "电话，英文分号隔开", "Telephone numbers, separated by semicolons";
        user_emails: Option<String> = "邮箱，英文分号隔开", "E-mail addresses, separated by semicolons";
        partnerid: Option<String> = "对接ID", "Integration id";
        vip_level: Option<i64> = "VIP等级，0 至 10", "VIP level, 0 to 10";
        enterprise_name: Option<String> = "所属企业", "Enterprise";
        remark: Option<String> = "备注", "Remark";
        extend_fields: Vec<ExtendField> = "自定义字段的值", "Values of own fields";
    }
}

kernel::api_item! {
    /// 新增的客户.
    pub struct SavedUser {
        userid: CustomerId = "客户 id", "Id of the customer";
    }
}

/// 新增客户. A telephone number, an address or an integration id that somebody has already is refused.
pub async fn save_user(ctx: Ctx, input: SaveUser) -> Result<One<SavedUser>> {
    let fields = answers(&ctx, &input.extend_fields, &serde_json::Value::Null).await?;
    let input = CustomerInput {
        nickname: input.user_nick,
        name: input.user_name.unwrap_or_default(),
        emails: lines(input.user_emails),
        phones: lines(input.user_tels),
        partner_id: input.partnerid,
        vip_level: vip(input.vip_level)?.unwrap_or(0),
        organisation: input.enterprise_name.unwrap_or_default(),
        remark: input.remark.unwrap_or_default(),
        fields,
        ..CustomerInput::default()
    };
    let userid = commands::create(&ctx, input).await.map_err(named)?;
    Ok(One(SavedUser { userid }))
}

kernel::api_input! {
    /// 修改客户: what is not sent stays as it is, what is sent empty is emptied.
    pub struct UpdateUser {
        userid: CustomerId = "客户 id", "Id of the customer";
        user_nick: Edit<String> = "昵称", "Nickname";
        user_name: Edit<String> = "姓名；空值清空", "Full name; none when empty";
        user_tels: Edit<String> = "电话，英文分号隔开；代替原来的，空值清空", "Telephone numbers, separated by semicolons, instead of those before; none when empty";
        user_emails: Edit<String> = "邮箱，英文分号隔开；代替原来的，空值清空", "E-mail addresses, separated by semicolons, instead of those before; none when empty";
        partnerid: Edit<String> = "对接ID；空值清空", "Integration id; none when empty";
        vip_level: Edit<i64> = "VIP等级，0 至 10", "VIP level, 0 to 10";
        enterprise_name: Edit<String> = "所属企业；空值清空", "Enterprise; none when empty";
        remark: Edit<String> = "备注；空值清空", "Remark; none when empty";
        extend_fields: Vec<ExtendField> = "自定义字段的值；没有发送的字段不变", "Values of own fields; those that are not sent stay";
    }
}

/// 修改客户.
pub async fn update_user(ctx: Ctx, input: UpdateUser) -> Result<Done> {
    ctx.require(Permission::CustomerEdit)?;
    let before = card(&mut ctx.read().await?, input.userid).await?;
    let fields = answers(&ctx, &input.extend_fields, &before.fields).await?;
    let edited = CustomerInput {
        id: Some(before.id),
        version: before.version,
        nickname: input.user_nick.over(before.nickname),
        name: input.user_name.over(before.name),
        emails: input.user_emails.map(|sent| lines(Some(sent))).over(before.emails.join("\n")),
        phones: input.user_tels.map(|sent| lines(Some(sent))).over(before.phones.join("\n")),
        partner_id: input.partnerid.over_optional(before.partner_id),
        vip_level: vip(input.vip_level.chosen("vip_level")?)?.unwrap_or(before.vip_level),
        organisation: input.enterprise_name.over(before.organisation),
        remark: input.remark.over(before.remark),
        fields,
    };
    commands::edit(&ctx, edited).await.map_err(named)?;
    Ok(Done)
}

/// What was sent of own fields over what they hold; a field that nobody defined is refused.
async fn answers(ctx: &Ctx, sent: &[ExtendField], kept: &serde_json::Value) -> Result<BTreeMap<CustomerFieldId, Answer>> {
    let defined = field::defined(&mut ctx.read().await?).await?;
    let mut all: BTreeMap<CustomerFieldId, Answer> =
        defined.iter().map(|field| (field.id, Answer::Many(values_of(kept.get(field.id.to_string()))))).collect();
    for one in sent {
        let field = defined.iter().find(|field| field.id == one.fieldid);
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

fn vip(sent: Option<i64>) -> Result<Option<i16>> {
    let wrong = || Error::Problems(Problems::one("vip_level", Problem::BadChoice));
    sent.map(|level| i16::try_from(level).map_err(|_| wrong())).transpose()
}

/// One a line, as the command takes them.
fn lines(sent: Option<String>) -> String {
    sent.unwrap_or_default().replace([';', ','], "\n")
}

/// The problems of a command beside the names of the interface.
fn named(error: Error) -> Error {
    error.renamed(|field| match field {
        "nickname" => "user_nick",
        "name" => "user_name",
        "emails" => "user_emails",
        "phones" => "user_tels",
        "partner_id" => "partnerid",
        "organisation" => "enterprise_name",
        own if is_own(own) => "extend_fields",
        other => other,
    })
}

/// Whether a form's name is one of an own field: `fields[f0192…]`.
fn is_own(field: &str) -> bool {
    field.strip_prefix("fields[").is_some_and(|rest| of_key::<CustomerFieldId>(rest.trim_end_matches(']')).is_some())
}

//! 工单自定义字段: the fields in the order in which lists and templates show them, and the editor of one.

use crate::actions::own::{SaveTicketField, StepTicketField};
use crate::model::field::{FilledBy, HINT_MOST, LABEL_MOST, TicketField};
use crate::queries::field;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::field::FieldKind;
use kernel::id::TicketFieldId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::form::choice::{Check, Checks, Select};
use ui::form::field::{Area, Input, why};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::step::Steps;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the list lives.
const ADDRESS: &str = "/settings/ticket-fields";
/// The form.
const FORM: &str = "ticket_field";

/// Permission groups by id.
type Groups = Vec<(String, String)>;

async fn groups(ctx: &Ctx) -> Result<Groups> {
    let options = identity::queries::permission::permission_group_options(&mut ctx.read().await?).await?;
    Ok(options.into_iter().map(|option| (option.id.to_string(), option.name)).collect())
}

/// 工单自定义字段, `/settings/ticket-fields`.
pub async fn fields_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let (fields, groups, failed) = (field::list(&ctx).await?, groups(&ctx).await?, visit.form("ticket_field_step"));
    let page = Page::new(t!(lang, "工单自定义字段", "Ticket fields"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(fields.len())
        .lead(t!(
            lang,
            "工单上还想记下什么。放进工单模板，工单上才会出现。",
            "What else to know of a ticket. A field shows on tickets once a template has it."
        ))
        .action(move || new_button(lang));
    Ok(page.body(move || {
        if fields.is_empty() {
            let text = t!(
                lang,
                "例如：订单号、故障原因、客户期望的处理时间。建好后放进工单模板，可以规定创建时或关闭时必填。",
                "For example: order number, cause of the fault, when the customer wants it done. Put them into a template, which can require them on creation or on closing."
            );
            return empty("form", t!(lang, "还没有自定义字段", "No fields of your own yet"), text, new_button(lang));
        }
        let last = fields.len() - 1;
        let rows: Vec<AnyView> = fields.iter().enumerate().map(|(at, field)| row(lang, field, &groups, (at > 0, at < last))).collect();
        view! { <div class="body">{failed.summary()}<section class="card"><ol class="rows order">{rows}</ol></section></div> }.into_any()
    }))
}

fn row(lang: Lang, field: &TicketField, groups: &Groups, (can_rise, can_sink): (bool, bool)) -> AnyView {
    let off = (!field.enabled).then(|| tag(Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled")));
    let (action, id) = (path_of::<StepTicketField>(), field.id.to_string());
    let steps = Steps { action, field: "field", id, name: &field.label, can_rise, can_sink };
    view! {
        <li>
            <span class="no" aria-hidden="true"></span>
            <div class="grow">
                <a class="to" href=format!("{ADDRESS}/{}", field.id)>{field.label.clone()}</a>" "{filled_by(lang, field)}" "{off}
                <small>{described(lang, field, groups)}</small>
            </div>
            <span class="end tools">
                {steps.view(lang)}
            </span>
        </li>
    }
    .into_any()
}

/// 填写方 as a tag.
pub(crate) fn filled_by(lang: Lang, field: &TicketField) -> AnyView {
    let picture = match field.filled_by {
        FilledBy::Agent => "headset",
        FilledBy::Customer => "user-round",
    };
    tag(Tone::Line, picture, field.filled_by.label(lang))
}

/// What it holds and who sees it: `下拉列表：月结、现结；财务组可见`.
fn described(lang: Lang, field: &TicketField, groups: &Groups) -> String {
    let and = t!(lang, "、", ", ");
    let kind = field.kind.label(lang);
    let holds = if field.options.is_empty() {
        kind.to_owned()
    } else {
        let first: Vec<&str> = field.options.iter().take(5).map(String::as_str).collect();
        let more = if field.options.len() > first.len() { "…" } else { "" };
        t!(lang, "{0}：{1}{2}", "{0}: {1}{2}", kind, first.join(and), more)
    };
    if field.shown_to.is_empty() {
        return holds;
    }
    let name = |id: String| groups.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    let names: Vec<String> = field.shown_to.iter().filter_map(|group| name(group.to_string())).collect();
    t!(lang, "{0}；只有 {1} 可见", "{0}; shown to {1} only", holds, names.join(and))
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "新建字段", "New field")}</a> }.into_any()
}

/// 新建字段.
pub async fn new_page(visit: Visit) -> Result<Page> {
    page(visit, None).await
}

/// 修改字段.
pub async fn edit_page(visit: Visit) -> Result<Page> {
    let id: TicketFieldId = visit.param("id")?;
    let kept = field::list(&visit.ctx).await?.into_iter().find(|field| field.id == id).ok_or(Error::NotFound)?;
    page(visit, Some(kept)).await
}

async fn page(visit: Visit, kept: Option<TicketField>) -> Result<Page> {
    let (lang, groups, form) = (visit.lang(), groups(&visit.ctx).await?, visit.form(FORM));
    let title = kept.as_ref().map_or_else(|| t!(lang, "新建字段", "New field").to_owned(), |field| field.label.clone());
    let page =
        Page::new(title).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "工单自定义字段", "Ticket fields"), ADDRESS);
    Ok(page.body(move || view! { <div class="body narrow">{editor(lang, kept.as_ref(), groups, &form)}</div> }))
}

fn editor(lang: Lang, kept: Option<&TicketField>, groups: Groups, form: &FormState) -> AnyView {
    let text = |of: fn(&TicketField) -> String| kept.map(of).unwrap_or_default();
    let kind = match kept {
        Some(field) => {
            let words = t!(lang, "类型：{}，建好后不能改", "Type: {}; it stays what it is", field.kind.label(lang));
            view! { {hidden("id", field.id)}{hidden("version", field.version)}{hidden("kind", field.kind)}<p class="small mute">{words}</p> }
                .into_any()
        }
        None => {
            let kinds = FieldKind::ALL.iter().map(|kind| (kind.key(), kind.label(lang)));
            Select::new("kind", t!(lang, "字段类型", "Type"))
                .options(kinds)
                .required()
                .hint(t!(lang, "建好后不能改", "It cannot be changed afterwards"))
                .view(form)
        }
    };
    let options = kept.is_none_or(|field| field.kind.has_options()).then(|| {
        Area::new("options", t!(lang, "选项", "Options"))
            .value(text(|field| field.options.join("\n")))
            .rows(6)
            .hint(t!(
                lang,
                "每行一个，下拉列表、复选框、单选框、级联才需要；级联写路径，如 电器/冰箱，最多 4 级",
                "One a line; for drop-down, checkboxes, radio buttons and cascades, whose lines are paths of at most four levels: home/fridge"
            ))
            .view(form)
    });
    let ways = FilledBy::ALL.iter().map(|way| (way.key(), way.label(lang)));
    let chosen = kept.map(|field| field.shown_to.clone()).unwrap_or_default();
    // A group that is gone stays ticked: without it the field might be everybody's.
    let gone = chosen.iter().map(ToString::to_string).filter(|id| groups.iter().all(|(known, _)| known != id)).collect::<Vec<_>>();
    let groups: Groups = groups
        .into_iter()
        .chain(gone.into_iter().map(|id| (id, t!(lang, "（已删除的权限组）", "(a deleted permission group)").to_owned())))
        .collect();
    let shown_to = (!groups.is_empty()).then(|| {
        Checks::new("shown_to", t!(lang, "可见权限组", "Shown to permission groups"))
            .options(groups)
            .selected(chosen)
            .hint(t!(
                lang,
                "都不选就是所有人可见。管理工单设置的人总能看到",
                "Shown to everybody when none is ticked. Whoever manages ticket settings always sees it"
            ))
            .view(form)
    });
    view! {
        <form class="card" method="post" id=FORM action={path_of::<SaveTicketField>()}>
            <div class="in stack">
                {form.summary()}
                {Input::text("label", t!(lang, "字段名称", "Label")).value(text(|field| field.label.clone())).required().max(LABEL_MOST).view(form)}
                {Input::text("hint", t!(lang, "提示", "Hint")).value(text(|field| field.hint.clone())).max(HINT_MOST).hint(t!(lang, "写在字段下面的一句话", "One line under the field")).view(form)}
                {kind}
                {options}
                {Select::new("filled_by", t!(lang, "填写方", "Filled in by")).options(ways).selected(kept.map_or(FilledBy::Agent, |field| field.filled_by)).required().hint(t!(lang, "客户填写的，客服也可以代填", "Agents may write down what customers answer")).view(form)}
                {shown_to}
                {Check::new("enabled", t!(lang, "启用", "Enabled")).checked(kept.is_none_or(|field| field.enabled)).hint(t!(lang, "停用后不再出现，填过的内容还在", "Without it the field shows nowhere; what was filled in is kept")).switch().view(form)}
            </div>
            <footer>{why(form)}<span class="end row"><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{t!(lang, "保存字段", "Save field")}</button></span></footer>
        </form>
    }
    .into_any()
}

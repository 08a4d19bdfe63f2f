//! The form of the settings page, card by card, with a mark beside everything that is not as it is by default; the phone
//! that shows what customers see; the bar that saves.

use crate::difference::Difference;
use crate::model::input::LevelInput;
use crate::model::{LEVELS, MOST_REASONS, RemarkRule, SatisfactionSettings, SendWhen};
use crate::queries::Choices;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ticket::model::Source;
use ui::form::choice::{Check, Checks, Select};
use ui::form::field::Input;
use ui::form::{FormState, element_id, html_name};
use ui::icon::icon_s;

/// The form's id.
pub(super) const FORM: &str = "satisfaction";
const PREVIEW: &str = "/settings/satisfaction/preview";

/// The editor's form, card by card.
pub(super) struct Editor<'a> {
    pub lang: Lang,
    pub form: &'a FormState,
    pub settings: &'a SatisfactionSettings,
    pub changed: &'a [Difference],
    pub choices: &'a Choices,
}

impl Editor<'_> {
    /// A field with the mark that it is not what it is by default.
    fn marked(&self, name: &str, field: AnyView) -> AnyView {
        let mark = mark(self.lang, self.changed, name);
        view! { <div>{field}{mark}</div> }.into_any()
    }

    pub(super) fn when(&self) -> AnyView {
        let (lang, form, settings) = (self.lang, self.form, self.settings);
        let enabled = Check::new("enabled", t!(lang, "工单结束后自动邀请客户评价", "Invite customers when their ticket ends"))
            .checked(settings.enabled)
            .switch();
        let when = Select::new("when", t!(lang, "发送时机", "When"))
            .options(SendWhen::ALL.iter().map(|when| (when.key(), when.label(lang))))
            .selected(settings.when.key())
            .required();
        let delay = number("delay", t!(lang, "延迟（分钟）", "Delay (minutes)"), settings.delay).required().hint(t!(
            lang,
            "期间重新打开就不发；0 是立即",
            "Reopened meanwhile: not sent; 0 is at once"
        ));
        let validity = number("validity", t!(lang, "链接有效（天）", "Link valid (days)"), settings.validity).required().hint(t!(
            lang,
            "1 至 30 天，期间客户可以改评价",
            "1 to 30 days, in which a rating can be changed"
        ));
        let again = Check::new("again", t!(lang, "重新打开又结束的工单再次邀评", "Invite again when a reopened ticket ends"))
            .checked(settings.again)
            .hint(t!(lang, "只在还没有评价时", "Only while it has no rating"));
        let cap = settings.cap;
        let cap_days = number(
            "cap_days",
            t!(lang, "同一客户，在几天内", "One customer, within days"),
            cap.map_or_else(String::new, |cap| cap.days.to_string()),
        )
        .hint("1–365");
        let cap_most =
            number("cap_most", t!(lang, "最多邀评几次", "At most invitations"), cap.map_or_else(String::new, |cap| cap.most.to_string()))
                .hint(t!(lang, "留空表示不限", "Empty is no limit"));
        view! {
            <section class="card" aria-labelledby="s-when">
                <header><h2 id="s-when">{t!(lang, "何时邀请", "When to invite")}</h2></header>
                <div class="in stack">
                    {self.marked("enabled", enabled.view(form))}
                    <div class="two">
                        {self.marked("when", when.view(form))}
                        {self.marked("delay", delay.view(form))}
                        {self.marked("validity", validity.view(form))}
                    </div>
                    {self.marked("again", again.view(form))}
                    <div class="two">
                        {self.marked("cap_days", cap_days.view(form))}
                        {self.marked("cap_most", cap_most.view(form))}
                    </div>
                </div>
            </section>
        }
        .into_any()
    }

    pub(super) fn who(&self) -> AnyView {
        let (lang, form, settings) = (self.lang, self.form, self.settings);
        let sources = Checks::new("excluded_sources", t!(lang, "不邀评的渠道", "Excluded channels"))
            .options(Source::ALL.iter().map(|source| (source.key(), source.label(lang))))
            .selected(settings.excluded_sources.iter().map(|source| source.key()));
        let categories = Checks::new("excluded_categories", t!(lang, "不邀评的分类", "Excluded categories"))
            .options(self.choices.categories.iter().map(|(id, path)| (*id, path.clone())))
            .selected(settings.excluded_categories.iter().copied())
            .hint(t!(lang, "连同下级分类", "With everything below them"));
        let mailbox = Select::new("mailbox", t!(lang, "发件邮箱", "Mailbox"))
            .options(self.choices.mailboxes.iter().map(|(id, address)| (*id, address.clone())))
            .selected(settings.mailbox.map_or_else(String::new, |id| id.to_string()))
            .empty(t!(lang, "公司的第一个邮箱", "The company's first mailbox"))
            .hint(t!(
                lang,
                "邮件工单用收到它的邮箱；其他渠道用这里选的",
                "Tickets by mail use the mailbox they came to; others use this one"
            ));
        let categories = (!self.choices.categories.is_empty()).then(|| self.marked("excluded_categories", categories.view(form)));
        view! {
            <section class="card" aria-labelledby="s-who">
                <header><h2 id="s-who">{t!(lang, "邀请谁", "Whom to invite")}</h2></header>
                <div class="in stack">
                    {self.marked("excluded_sources", sources.view(form))}
                    {categories}
                    {self.marked("mailbox", mailbox.view(form))}
                </div>
            </section>
        }
        .into_any()
    }

    pub(super) fn question(&self) -> AnyView {
        let (lang, form, settings) = (self.lang, self.form, self.settings);
        let zh = Input::text("guide[zh]", t!(lang, "引导语（中文）", "Guide text (Chinese)")).value(&settings.guide.zh).max(60).required();
        let en = Input::text("guide[en]", t!(lang, "引导语（英文）", "Guide text (English)")).value(&settings.guide.en).max(60).required();
        let remark = Select::new("remark", t!(lang, "说明框", "Text box"))
            .options(RemarkRule::ALL.iter().map(|rule| (rule.key(), rule.label(lang))))
            .selected(settings.remark.key())
            .required();
        view! {
            <section class="card" aria-labelledby="s-ask">
                <header><h2 id="s-ask">{t!(lang, "问题", "Question")}</h2></header>
                <div class="in stack">
                    <div class="two">
                        {self.marked("guide[zh]", zh.view(form))}
                        {self.marked("guide[en]", en.view(form))}
                        {self.marked("remark", remark.view(form))}
                    </div>
                </div>
            </section>
        }
        .into_any()
    }

    pub(super) fn levels(&self) -> AnyView {
        let lang = self.lang;
        let rows: Vec<AnyView> = (1_i16..=5).zip(LEVELS).rev().map(|(score, name)| self.level(score, name)).collect();
        view! {
            <section class="card" aria-labelledby="s-levels">
                <header>
                    <h2 id="s-levels">{t!(lang, "每一档", "Each level")}</h2>
                    <span class="act small mute">{t!(lang, "原因选填，最多 {} 个，每行写“中文 | English”", "Reasons optional, at most {}, one a line as “中文 | English”", MOST_REASONS)}</span>
                </header>
                <div class="in"><ol class="levels" reversed=true>{rows}</ol></div>
            </section>
        }
        .into_any()
    }

    fn level(&self, score: i16, name: &str) -> AnyView {
        let (lang, form) = (self.lang, self.form);
        let start = self.settings.level(score).map(LevelInput::of).unwrap_or_default();
        let stars: Vec<AnyView> = (1..=5_i16)
            .map(|star| {
                let class = if star <= score { "i s on" } else { "i s" };
                view! { <svg class=class aria-hidden="true"><use href="/icons.svg#star"></use></svg> }.into_any()
            })
            .collect();
        let line = |part: &str, start: &str, label: String| {
            let field = format!("{name}[{part}]");
            let problem = form.problem(&field);
            let wrong = problem.map(|text| view! { <span class="wrong">{icon_s("triangle-alert")}{text}</span> });
            let class = if problem.is_some() { "field has-error" } else { "field" };
            let mark = mark(lang, self.changed, &field);
            let id = element_id(FORM, &field);
            let control = if part == "reasons" {
                view! { <textarea class="input" id=id name=html_name(&field) rows="3" aria-label=label aria-invalid=problem.map(|_| "true") inner_html=ui::form::text_inside(&form.value_or(&field, start))></textarea> }.into_any()
            } else {
                view! { <input class="input" id=id name=html_name(&field) value=form.value_or(&field, start) maxlength="20" aria-label=label lang={if part == "en" { "en" } else { "zh-CN" }} aria-invalid=problem.map(|_| "true")/> }.into_any()
            };
            view! { <div class=class>{control}{wrong}{mark}</div> }.into_any()
        };
        view! {
            <li>
                <span class="five" role="img" aria-label=t!(lang, "{} 分", "Level {}", score)>{stars}</span>
                <div class="stack near">
                    {line("zh", &start.zh, t!(lang, "{} 分的中文说明", "Level {} wording, Chinese", score))}
                    {line("en", &start.en, t!(lang, "{} 分的英文说明", "Level {} wording, English", score))}
                </div>
                {line("reasons", &start.reasons, t!(lang, "{} 分的原因", "Level {} reasons", score))}
            </li>
        }
        .into_any()
    }
}

fn number(name: &str, label: &'static str, value: impl ToString) -> Input {
    Input::text(name, label).kind("number").value(value).class("few")
}

fn mark(lang: Lang, changed: &[Difference], field: &str) -> Option<AnyView> {
    let found = changed.iter().find(|difference| difference.field == field)?;
    let words = t!(lang, "默认：{}", "Default: {}", found.was);
    Some(view! { <span class="changed"><span class="sr">{t!(lang, "已改动，", "Changed, ")}</span>{words}</span> }.into_any())
}

pub(super) fn handset(lang: Lang) -> AnyView {
    // The form's own fields go into the frame, so that what is not saved yet can be looked at without script.
    let button = |show: &'static str, words: &'static str| {
        view! { <button class="btn" type="submit" form=FORM formaction=PREVIEW formmethod="get" formtarget="preview" formnovalidate=true name="show" value=show>{words}</button> }
    };
    view! {
        <aside class="handset" aria-label=t!(lang, "预览", "Preview")>
            <div class="row">
                {button("page", t!(lang, "预览评价页", "Preview the page"))}
                {button("mail", t!(lang, "预览邮件", "Preview the mail"))}
            </div>
            <div class="frame"><iframe src=PREVIEW name="preview" title=t!(lang, "客户看到的样子", "What customers see") width="375" height="640"></iframe></div>
            <p class="small mute">{t!(lang, "按表单里现在的内容显示，不会保存", "Shows the form as it stands; nothing is saved")}</p>
        </aside>
    }
    .into_any()
}

pub(super) fn save_bar(lang: Lang, form: &FormState) -> AnyView {
    let why = t!(lang, "修改原因（选填，会记入配置历史）", "Why (optional, kept in the configuration history)");
    view! {
        <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
            <label class="why"><span class="sr">{why}</span><input class="input" form=FORM name=html_name("why") maxlength="200" placeholder=why value=form.value_or("why", "")/></label>
            <span class="end row">
                <button class="btn quiet" type="reset" form=FORM>{t!(lang, "放弃改动", "Discard")}</button>
                <button class="btn main" type="submit" form=FORM>{t!(lang, "保存满意度设置", "Save satisfaction settings")}</button>
            </span>
        </div>
    }
    .into_any()
}

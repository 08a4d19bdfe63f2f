//! 规则的一行: field, relation and value of a condition, or an action with what it needs; and the buttons that ask for the
//! form with one line more or less.

use crate::field::{Aspect, Field, Holds, OwnField};
use crate::model::{Action, ActionKind, Condition, Operator, ROWS_MOST, TEXT_MOST, TriggerKind, VALUE_MOST};
use crate::queries::Choices;
use crate::say;
use kernel::field::FieldKind;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ticket::model::{Priority, Status};
use ui::form::{FormState, element_id, html_name, text_inside};
use ui::icon::{icon, icon_s};
use ui::option::options;

/// Rows of a list up to which they are boxes; a longer one is a select.
const BOXES_MOST: usize = 6;

/// The lines of a form.
pub(super) struct Lines<'a> {
    pub lang: Lang,
    pub form: &'a FormState,
    pub choices: &'a Choices,
    pub kind: TriggerKind,
}

impl Lines<'_> {
    /// One list of conditions and the button for another.
    pub(super) fn conditions(&self, list: &'static str, start: &[Condition]) -> AnyView {
        let word = t!(self.lang, "添加条件", "Add condition");
        let lines: Vec<AnyView> = self.shown(list, start.len()).into_iter().map(|at| self.condition(list, at, start.get(at))).collect();
        view! { {lines}{self.add(list, word, start.len())} }.into_any()
    }

    /// The actions and the button for another.
    pub(super) fn actions(&self, start: &[Action]) -> AnyView {
        let lines: Vec<AnyView> = self.shown("actions", start.len()).into_iter().map(|at| self.action(at, start.get(at))).collect();
        view! { {lines}{self.add("actions", t!(self.lang, "添加动作", "Add action"), start.len())} }.into_any()
    }

    fn condition(&self, list: &str, at: usize, start: Option<&Condition>) -> AnyView {
        let lang = self.lang;
        let [of_field, of_operator, of_values] = ["field", "operator", "values"].map(|part| format!("{list}[{at}][{part}]"));
        let typed = self.form.value_or(&of_field, &start.map(|one| one.field.to_string()).unwrap_or_default());
        let fields = Field::ALL.iter().map(|field| (field.key().to_owned(), field.label(lang).to_owned()));
        let fields = fields.chain(self.own_fields(&typed));
        let chooser = self.chooser(&of_field, t!(lang, "字段", "Field"), t!(lang, "选择字段…", "Choose a field…"), fields, &typed);
        let Ok(field) = typed.parse::<Aspect>() else {
            return self.line(list, at, chooser);
        };
        let start = start.filter(|one| one.field == field);
        let operators = field.operators(self.kind == TriggerKind::Flow);
        let typed = self.form.value_or(&of_operator, start.map_or(operators[0], |one| one.operator).key());
        let operator = typed.parse::<Operator>().ok().filter(|one| operators.contains(one)).unwrap_or(operators[0]);
        let rows = operators.iter().map(|one| (one.key().to_owned(), say::operator(field, *one, lang).to_owned()));
        let relation = self.chooser(&of_operator, t!(lang, "关系", "Relation"), "", rows, operator.key());
        let value = operator.has_values().then(|| self.values(&of_values, field, start.map_or(&[], |one| &one.values)));
        self.line(list, at, view! { {chooser}{relation}{value}{self.wrong(&of_values)} }.into_any())
    }

    /// The company's own fields as a rule names them, and one that is switched off when it is chosen.
    fn own_fields(&self, chosen: &str) -> Vec<(String, String)> {
        let mut rows: Vec<(String, String)> = self
            .choices
            .own
            .iter()
            .filter(|field| field.is_seen)
            .map(|field| {
                let own = OwnField { id: field.id, kind: field.kind };
                (own.to_string(), t!(self.lang, "字段：{}", "Field: {}", field.label))
            })
            .collect();
        if let Ok(own) = chosen.parse::<OwnField>()
            && !rows.iter().any(|(known, _)| known == chosen)
        {
            rows.push((chosen.to_owned(), say::aspect(Aspect::Own(own), self.choices, self.lang)));
        }
        rows
    }

    /// The control of a condition's values: boxes of a short list, a select of a long one, a number, words.
    fn values(&self, name: &str, field: Aspect, start: &[String]) -> AnyView {
        let label = t!(self.lang, "值", "Value");
        let typed = self.form.ticked_or(name, start);
        let first = typed.first().cloned().unwrap_or_default();
        let ((id, invalid, why), html) = (self.marks(name), html_name(&format!("{name}[]")));
        match field.holds() {
            Holds::Choice | Holds::Maybe => {
                let rows = self.choices.of(field, self.lang);
                if rows.len() > BOXES_MOST {
                    return self.select(name, html, label, rows, &first);
                }
                let boxes: Vec<AnyView> = rows
                    .into_iter()
                    .map(|(value, words)| {
                        let (checked, html) = (typed.contains(&value), html.clone());
                        view! { <label class="check"><input type="checkbox" name=html value=value checked=checked/><span>{words}</span></label> }.into_any()
                    })
                    .collect();
                view! { <span class="checks" role="group" aria-label=label id=id>{boxes}</span> }.into_any()
            }
            Holds::Number => {
                view! { <input class="input" type="number" min="0" max="100000" id=id name=html value=first aria-label=label aria-invalid=invalid aria-describedby=why/> }.into_any()
            }
            Holds::Amount => {
                let kind = input_kind(field);
                view! { <input class="input" type=kind maxlength="40" id=id name=html value=first aria-label=label aria-invalid=invalid aria-describedby=why/> }
                    .into_any()
            }
            Holds::Text => {
                view! { <input class="input" type="text" maxlength=VALUE_MOST.to_string() id=id name=html value=first aria-label=label aria-invalid=invalid aria-describedby=why/> }
                    .into_any()
            }
        }
    }

    fn action(&self, at: usize, start: Option<&Action>) -> AnyView {
        let lang = self.lang;
        let [of_kind, of_value, of_text] = ["kind", "value", "text"].map(|part| format!("actions[{at}][{part}]"));
        let typed = self.form.value_or(&of_kind, start.map_or("", |one| one.kind.key()));
        let kinds = ActionKind::ALL.iter().map(|kind| (kind.key().to_owned(), kind.label(lang).to_owned()));
        let chooser = self.chooser(&of_kind, t!(lang, "动作", "Action"), t!(lang, "选择动作…", "Choose an action…"), kinds, &typed);
        let Ok(kind) = typed.parse::<ActionKind>() else {
            return self.line("actions", at, chooser);
        };
        let start = start.filter(|one| one.kind == kind);
        let value = self.form.value_or(&of_value, start.map_or("", |one| one.value.as_str()));
        let (html, label) = (html_name(&of_value), t!(lang, "值", "Value"));
        let owned = |rows: Vec<(&str, &str)>| rows.into_iter().map(|(key, words)| (key.to_owned(), words.to_owned())).collect();
        let control = match kind {
            ActionKind::Group => self.select(&of_value, html, label, self.choices.groups.clone(), &value),
            ActionKind::Agent | ActionKind::Follow => self.select(&of_value, html, label, self.choices.agents.clone(), &value),
            ActionKind::Category => {
                let leaves = self.choices.categories.iter().filter(|(id, _)| self.choices.leaves.contains(id)).cloned().collect();
                self.select(&of_value, html, label, leaves, &value)
            }
            ActionKind::Status => {
                self.select(&of_value, html, label, owned(Status::CHOICES.iter().map(|row| (row.key(), row.label(lang))).collect()), &value)
            }
            ActionKind::Priority => {
                self.select(&of_value, html, label, owned(Priority::ALL.iter().map(|row| (row.key(), row.label(lang))).collect()), &value)
            }
            ActionKind::Forward => {
                let rows = self.choices.webhooks.iter().map(|row| row.choice.clone()).collect();
                self.select(&of_value, html, label, rows, &value)
            }
            ActionKind::Cc => self.address(&of_value, &value),
            ActionKind::Own => self.own_action(at, &of_value, &value, start),
            ActionKind::MailAddress => {
                let text = self.text(&of_text, start, TEXT_MOST);
                view! { {self.address(&of_value, &value)}{text} }.into_any()
            }
            ActionKind::Note | ActionKind::MailCustomer | ActionKind::MailAgent => self.text(&of_text, start, TEXT_MOST),
            ActionKind::Urge => self.text(&of_text, start, VALUE_MOST),
        };
        self.line("actions", at, view! { {chooser}{control}{self.wrong(&of_value)}{self.wrong(&of_text)} }.into_any())
    }

    /// Which own field is set, and the control of what to.
    fn own_action(&self, at: usize, of_value: &str, value: &str, start: Option<&Action>) -> AnyView {
        let (lang, of_own) = (self.lang, format!("actions[{at}][own]"));
        let before = start.and_then(|one| one.own).map(|own| own.to_string()).unwrap_or_default();
        let typed = self.form.value_or(&of_own, &before);
        let rows = self.own_fields(&typed).into_iter();
        let chooser = self.chooser(&of_own, t!(lang, "字段", "Field"), t!(lang, "选择字段…", "Choose a field…"), rows, &typed);
        let Ok(own) = typed.parse::<OwnField>() else { return chooser };
        let value = value.to_owned();
        let (html, label) = (html_name(of_value), t!(lang, "值", "Value"));
        let control = if own.holds() == Holds::Maybe {
            self.select(of_value, html, label, self.choices.of(Aspect::Own(own), lang), &value)
        } else {
            let ((id, invalid, why), kind) = (self.marks(of_value), input_kind(Aspect::Own(own)));
            view! { <input class="input" type=kind maxlength=TEXT_MOST.to_string() id=id name=html value=value aria-label=label aria-invalid=invalid aria-describedby=why/> }
                .into_any()
        };
        view! { {chooser}{control} }.into_any()
    }

    fn address(&self, of_value: &str, value: &str) -> AnyView {
        let ((id, invalid, why), html, value) = (self.marks(of_value), html_name(of_value), value.to_owned());
        let label = t!(self.lang, "邮箱", "Address");
        view! { <input class="input" type="email" id=id name=html value=value aria-label=label aria-invalid=invalid aria-describedby=why/> }
            .into_any()
    }

    fn text(&self, of_text: &str, start: Option<&Action>, most: usize) -> AnyView {
        let text = self.form.value_or(of_text, start.map_or("", |one| one.text.as_str()));
        let ((id, invalid, why), html) = (self.marks(of_text), html_name(of_text));
        view! { <textarea class="input" rows="2" maxlength=most.to_string() id=id name=html aria-label=t!(self.lang, "内容", "Text") aria-invalid=invalid aria-describedby=why inner_html=text_inside(&text)></textarea> }.into_any()
    }

    /// A line with the button that takes it away.
    fn line(&self, list: &str, at: usize, inside: AnyView) -> AnyView {
        let words = t!(self.lang, "移除这一条", "Remove this line");
        view! {
            <div class="say">
                {inside}
                <span class="end"><button class="btn quiet icon" type="submit" name=html_name("step") value=format!("drop {list} {at}") formnovalidate=true aria-label=words title=words>{icon("x")}</button></span>
            </div>
        }
        .into_any()
    }

    /// A select on which the controls beside it hang: with scripting a change asks for them at once, without it a button does.
    fn chooser(
        &self,
        name: &str,
        label: &'static str,
        empty: &'static str,
        rows: impl Iterator<Item = (String, String)>,
        chosen: &str,
    ) -> AnyView {
        let (id, then) = (element_id("trigger", name), element_id("then", name));
        let none = (!empty.is_empty()).then(|| (String::new(), empty.to_owned()));
        let options = options(none.into_iter().chain(rows), chosen);
        view! {
            <select class="input" id=id name=html_name(name) aria-label=label data-then=then.clone()>{options}</select>
            <button class="btn then" type="submit" id=then name=html_name("step") value="keep" formnovalidate=true>{t!(self.lang, "选定", "Choose")}</button>
        }
        .into_any()
    }

    fn select(&self, name: &str, html: String, label: &'static str, rows: Vec<(String, String)>, chosen: &str) -> AnyView {
        let none = (String::new(), t!(self.lang, "请选择…", "Choose…").to_owned());
        let options = options(core::iter::once(none).chain(rows), chosen);
        let (id, invalid, why) = self.marks(name);
        view! { <select class="input" id=id name=html aria-label=label aria-invalid=invalid aria-describedby=why>{options}</select> }
            .into_any()
    }

    /// Id of a control, and how it is marked when it is wrong.
    fn marks(&self, name: &str) -> (String, Option<&'static str>, Option<String>) {
        let id = element_id("trigger", name);
        let is_wrong = self.form.problem(name).is_some();
        let why = is_wrong.then(|| format!("{id}-wrong"));
        (id, is_wrong.then_some("true"), why)
    }

    fn wrong(&self, name: &str) -> Option<AnyView> {
        let id = format!("{}-wrong", element_id("trigger", name));
        self.form.problem(name).map(|text| view! { <span class="wrong" id=id>{icon_s("triangle-alert")}{text}</span> }.into_any())
    }

    fn add(&self, list: &'static str, word: &'static str, start: usize) -> Option<AnyView> {
        (self.shown(list, start).len() < ROWS_MOST).then(|| {
            view! { <div class="row"><button class="btn" type="submit" name=html_name("step") value=list formnovalidate=true>{icon("plus")}{word}</button></div> }.into_any()
        })
    }

    /// Which lines to draw: those the rule has, or those that were typed, without the one that was taken away and with one
    /// more where it was asked for. What a rule must have starts with an empty line.
    fn shown(&self, list: &str, start: usize) -> Vec<usize> {
        let part = if list == "actions" { "kind" } else { "field" };
        let step = self.form.value_or("step", "");
        let is_kept =
            |at: &usize| !self.form.value_or(&format!("{list}[{at}][{part}]"), "").is_empty() && step != format!("drop {list} {at}");
        let mut lines: Vec<usize> =
            if self.form.is_shown_again() { (0..ROWS_MOST + 1).filter(is_kept).collect() } else { (0..start).collect() };
        let wants_one = step == list || lines.is_empty() && list != "any";
        if wants_one {
            lines.push(lines.last().map_or(0, |last| last + 1));
        }
        lines
    }
}

/// The kind of input in which a value of an own field is typed.
pub(super) const fn input_kind(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Own(OwnField { kind: FieldKind::Date, .. }) => "date",
        Aspect::Own(OwnField { kind: FieldKind::Time, .. }) => "time",
        _ => "text",
    }
}

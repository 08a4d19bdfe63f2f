//! 自定义字段: the control of an own field, by what it holds. The same for customers and tickets; all of them are plain fields
//! of a form.

use super::around::optional;
use super::choice::{Checks, Select};
use super::field::{Area, Input};
use super::{FormState, element_id, html_name, text_inside};
use crate::icon::icon_s;
use crate::option::grouped;
use kernel::answer::{LINE_MOST, SHORT_MOST, TEXT_MOST, words};
use kernel::field::{Asked, FieldKind, LEVEL};
use kernel::t;
use leptos::prelude::*;

/// Whether a field has to be filled in before its form is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// It has to.
    Yes,
    /// It may stay empty.
    No,
}

impl From<bool> for Needed {
    fn from(is_needed: bool) -> Needed {
        if is_needed { Needed::Yes } else { Needed::No }
    }
}

/// The control, under the form's name of the answer; `start` is what was filled in before.
#[must_use]
pub fn control(form: &FormState, name: &str, asked: &Asked<'_>, start: &[String], needed: Needed) -> AnyView {
    let lang = form.lang();
    let value = start.first().cloned().unwrap_or_default();
    let is_needed = needed == Needed::Yes;
    let input = |kind: &'static str, most: usize| {
        let input = Input::text(name, asked.label).kind(kind).value(&value).max(most);
        let input = if asked.hint.is_empty() { input } else { input.hint(asked.hint) };
        if is_needed { input.required() } else { input }
    };
    match asked.kind {
        FieldKind::Line => input("text", LINE_MOST).view(form),
        FieldKind::Date => input("date", SHORT_MOST).view(form),
        FieldKind::Time => input("time", SHORT_MOST).view(form),
        FieldKind::Number => input("text", SHORT_MOST).class("mono").view(form),
        FieldKind::Text => {
            let area = Area::new(name, asked.label).value(&value).rows(3).max(TEXT_MOST);
            let area = if asked.hint.is_empty() { area } else { area.hint(asked.hint) };
            if is_needed { area.required().view(form) } else { area.view(form) }
        }
        FieldKind::Choice => {
            let select = Select::new(name, asked.label).options(offered(asked, start)).selected(value);
            let select = if asked.hint.is_empty() { select } else { select.hint(asked.hint) };
            let select = select.empty(t!(lang, "未选择", "None"));
            if is_needed { select.required().view(form) } else { select.view(form) }
        }
        FieldKind::Checks => {
            let checks = Checks::new(name, asked.label).options(offered(asked, start)).selected(start);
            let checks = if asked.hint.is_empty() { checks } else { checks.hint(asked.hint) };
            let checks = if is_needed { checks } else { checks.optional() };
            // Boxes that are all left empty would say nothing: that they were shown is said here.
            view! { <input type="hidden" name=format!("{}[]", html_name(name)) value=""/>{checks.view(form)} }.into_any()
        }
        FieldKind::Radio => radio(form, name, asked, start, needed),
        FieldKind::Cascade => cascade(form, name, asked, start, is_needed),
    }
}

/// The values as hidden fields of a form, for what goes along unseen.
#[must_use]
pub fn hidden(name: &str, kind: FieldKind, values: &[String]) -> AnyView {
    if kind == FieldKind::Checks {
        let name = format!("{}[]", html_name(name));
        let none = std::iter::once(String::new());
        let values: Vec<AnyView> = none
            .chain(values.iter().cloned())
            .map(|value| view! { <input type="hidden" name=name.clone() value=value/> }.into_any())
            .collect();
        return values.into_any();
    }
    let value = values.first().cloned().unwrap_or_default();
    if kind == FieldKind::Text {
        // An input would lose its line breaks.
        return view! { <textarea name=html_name(name) hidden=true inner_html=text_inside(&value)></textarea> }.into_any();
    }
    super::hidden(name, value)
}

/// The options, and what was chosen before it was taken off the list.
#[must_use]
pub fn offered(asked: &Asked<'_>, chosen: &[String]) -> Vec<(String, String)> {
    let gone = chosen.iter().filter(|value| !asked.options.contains(value));
    asked.options.iter().chain(gone).map(|option| (option.clone(), words(asked.kind, option))).collect()
}

/// One select of whole paths, under the words of their first level: it works without scripting, and says which path is
/// chosen when it is closed.
fn cascade(form: &FormState, name: &str, asked: &Asked<'_>, chosen: &[String], is_needed: bool) -> AnyView {
    let lang = form.lang();
    let current = form.value_or(name, chosen.first().map_or("", String::as_str));
    let mut groups: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for (value, words) in offered(asked, chosen) {
        let first = value.split(LEVEL).next().unwrap_or_default().to_owned();
        match groups.iter_mut().find(|(group, _)| *group == first) {
            Some((_, rows)) => rows.push((value, words)),
            None => groups.push((first, vec![(value, words)])),
        }
    }
    let options = grouped(t!(lang, "未选择", "None"), &groups, &current);
    let id = element_id(form.id, name);
    form.name(name, asked.label);
    let problem = form.problem(name);
    let below_id = format!("{id}-h");
    let described = (problem.is_some() || !asked.hint.is_empty()).then(|| below_id.clone());
    let below = match problem {
        Some(text) => view! { <span class="wrong" id=below_id>{icon_s("triangle-alert")}{text}</span> }.into_any(),
        None if asked.hint.is_empty() => ().into_any(),
        None => view! { <span class="hint" id=below_id>{asked.hint.to_owned()}</span> }.into_any(),
    };
    let optional = (!is_needed).then(|| optional(lang));
    let class = if problem.is_some() { "field has-error" } else { "field" };
    view! {
        <div class=class>
            <label for=id.clone()>{asked.label.to_owned()}{optional}</label>
            <select class="input" id=id name=html_name(name) required=is_needed aria-invalid=problem.map(|_| "true") aria-describedby=described>{options}</select>
            {below}
        </div>
    }
    .into_any()
}

fn radio(form: &FormState, name: &str, asked: &Asked<'_>, chosen: &[String], needed: Needed) -> AnyView {
    let (lang, is_needed) = (form.lang(), needed == Needed::Yes);
    let current = form.value_or(name, chosen.first().map_or("", String::as_str));
    form.name(name, asked.label);
    let none = (!is_needed).then(|| (String::new(), t!(lang, "未选择", "None").to_owned()));
    let buttons: Vec<AnyView> = none
        .into_iter()
        .chain(offered(asked, chosen))
        .map(|(value, label)| {
            let is_chosen = value == current;
            view! { <label class="check"><input type="radio" name=html_name(name) value=value required=is_needed checked=is_chosen/><span>{label}</span></label> }.into_any()
        })
        .collect();
    let problem = form.problem(name).map(|text| view! { <span class="wrong">{icon_s("triangle-alert")}{text}</span> });
    let class = if problem.is_some() { "field has-error" } else { "field" };
    let optional = (!is_needed).then(|| optional(lang));
    let hint = (problem.is_none() && !asked.hint.is_empty()).then(|| view! { <span class="hint">{asked.hint.to_owned()}</span> });
    view! {
        <fieldset class=class id=element_id(form.id, name)>
            <legend class="label">{asked.label.to_owned()}{optional}</legend>
            <div class="checks">{buttons}</div>
            {hint}
            {problem}
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Asked, FieldKind, Needed, control, hidden};
    use crate::form::FormState;
    use leptos::prelude::RenderHtml;

    #[test]
    fn a_cascade_is_one_select_of_paths_under_their_first_level() {
        let options = ["电器/冰箱", "家具", "电器/洗衣机/滚筒"].map(str::to_owned);
        let asked = Asked { label: "品类", hint: "", kind: FieldKind::Cascade, options: &options };
        let drawn = control(&FormState::default(), "fields[fx]", &asked, &["停产/收音机".to_owned()], Needed::No).to_html();
        assert!(drawn.contains(r#"<optgroup label="电器"><option value="电器/冰箱">电器 / 冰箱</option>"#), "{drawn}");
        assert!(drawn.contains(r#"<option value="停产/收音机" selected>"#), "what was taken off the list stays chosen: {drawn}");
        assert!(drawn.contains(r#"<option value="家具">家具</option>"#), "{drawn}");
    }

    #[test]
    fn boxes_say_that_they_were_shown() {
        let options = ["a".to_owned()];
        let asked = Asked { label: "标记", hint: "", kind: FieldKind::Checks, options: &options };
        let drawn = control(&FormState::default(), "fields[fx]", &asked, &[], Needed::No).to_html();
        assert!(drawn.contains(r#"<input type="hidden" name="input[fields][fx][]" value="">"#), "{drawn}");
        let along = hidden("fields[fx]", FieldKind::Checks, &options).to_html();
        assert_eq!(along.matches("input[fields][fx][]").count(), 2, "{along}");
    }
}

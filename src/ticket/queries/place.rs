//! 占位: `{{name}}` in a text that is written once and used for many tickets; what stands there instead is the ticket's.
//! Notes and mails of triggers and preset replies know the same places.

use super::case::Case;
use kernel::error::Result;
use kernel::tx::Tx;
use std::borrow::Cow;

kernel::catalog! {
    /// 占位: what a text can name of its ticket.
    pub enum Place {
        Customer = 1, "customer", "客户昵称", "customer's nickname";
        Number = 2, "number", "工单号", "ticket number";
        Title = 3, "title", "标题", "title";
        Agent = 4, "agent", "受理客服", "handling agent";
        Status = 5, "status", "状态", "status";
        Priority = 6, "priority", "优先级", "priority";
        Form = 7, "form", "客户填写链接，有要客户填写的字段时", "link to the customer's form, when there is something to fill in";
    }
}

impl Place {
    /// As it is typed: `{{customer}}`.
    #[must_use]
    pub fn typed(self) -> String {
        format!("{{{{{}}}}}", self.key())
    }
}

/// What stands at each place.
pub type Values = Vec<(Place, String)>;

/// What stands at the places of a text about this ticket, in the company's language. While nobody handles it, its agent is
/// whoever acts; a rule that acts on such a ticket names nobody. The link of the form is no fact of the ticket: a command makes
/// it (`commands::place`).
pub async fn values(tx: &mut Tx, case: &Case) -> Result<Values> {
    let lang = tx.ctx.company_lang;
    let customer = customer::queries::card(tx, case.customer).await?;
    let agent = match case.agent.or(tx.ctx.actor.agent()) {
        Some(agent) => identity::queries::name_of(tx, agent).await?,
        None => String::new(),
    };
    Ok(vec![
        (Place::Customer, customer.nickname),
        (Place::Number, case.number.to_string()),
        (Place::Title, case.title.clone()),
        (Place::Agent, agent),
        (Place::Status, case.status.label(lang).to_owned()),
        (Place::Priority, case.priority.label(lang).to_owned()),
    ])
}

/// Plain text with its places filled. A place that nobody knows stays as it was typed.
#[must_use]
pub fn fill(text: &str, values: &[(Place, String)]) -> String {
    filled(text, values, |_, value| Cow::Borrowed(value))
}

/// Sanitised HTML with its places filled: what a customer is called never becomes markup.
#[must_use]
pub fn fill_html(html: &str, values: &[(Place, String)]) -> String {
    filled(html, values, |place, value| {
        let words = kernel::html::escape(value);
        let is_link = place == Place::Form && !words.is_empty();
        Cow::Owned(if is_link { format!("<a href=\"{words}\" rel=\"noopener noreferrer nofollow\">{words}</a>") } else { words })
    })
}

/// One pass from left to right: what was filled in is never looked at again.
fn filled<'v>(text: &str, values: &'v [(Place, String)], write: impl Fn(Place, &'v str) -> Cow<'v, str>) -> String {
    let places: Vec<(String, Place, &str)> = values.iter().map(|(place, value)| (place.typed(), *place, value.as_str())).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match places.iter().find(|(typed, ..)| rest.starts_with(typed.as_str())) {
            Some((typed, place, value)) => {
                out.push_str(&write(*place, value));
                rest = &rest[typed.len()..];
            }
            None => {
                out.push_str("{{");
                rest = &rest[2..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Place, fill, fill_html};

    #[test]
    fn places_are_filled_once_and_unknown_ones_stay() {
        let values = [(Place::Title, "{{customer}} <b>".to_owned()), (Place::Customer, "王芳".to_owned())];
        assert_eq!(fill("“{{title}}” {{customer}} {{nobody}} {{", &values), "“{{customer}} <b>” 王芳 {{nobody}} {{");
    }

    #[test]
    fn a_value_in_html_is_text() {
        let values = [(Place::Customer, "<img src=x onerror=alert(1)> & \"王芳\"".to_owned())];
        assert_eq!(fill_html("<p>{{customer}}</p>", &values), "<p>&lt;img src=x onerror=alert(1)&gt; &amp; &quot;王芳&quot;</p>");
    }

    #[test]
    fn the_link_of_the_form_can_be_followed_and_is_nothing_when_there_is_none() {
        let link = [(Place::Form, "https://a.example/f/x".to_owned())];
        assert_eq!(fill("请填：{{form}}", &link), "请填：https://a.example/f/x");
        assert!(fill_html("<p>{{form}}</p>", &link).starts_with("<p><a href=\"https://a.example/f/x\""));
        assert_eq!(fill_html("<p>{{form}}</p>", &[(Place::Form, String::new())]), "<p></p>");
    }
}

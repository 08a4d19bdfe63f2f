//! 预览: what customers would see with the settings as they stand in the form, saved or not. The form of the settings
//! page posts its fields here by GET, into a frame; nothing is stored.

use crate::ending;
use crate::letter::{self, Letter};
use crate::model::SatisfactionSettings;
use crate::model::input::SatisfactionInput;
use crate::pages::rating::Asked;
use crate::queries;
use jiff::SignedDuration;
use kernel::error::Result;
use kernel::html::sanitise;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::setting;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::FormState;
use ui::page::Page;
use ui::public::{Frame, public};
use ui::visit::Visit;

#[derive(Debug, Default, Deserialize)]
struct PreviewQuery {
    /// `mail` shows the mail, everything else the page.
    show: Option<String>,
    lang: Option<String>,
    input: Option<SatisfactionInput>,
}

/// 邀评预览, `/settings/satisfaction/preview`.
pub async fn preview_page(visit: Visit) -> Result<Page> {
    visit.ctx.require(Permission::SatisfactionManage)?;
    let query: PreviewQuery = visit.query();
    let lang = query.lang.as_deref().and_then(Lang::from_key).unwrap_or(visit.lang());
    let ctx = &visit.ctx;
    // What cannot be read yet is previewed as it is in force.
    let settings = match query.input.and_then(|input| input.settings().ok()) {
        Some(settings) => settings,
        None => setting::in_force::<SatisfactionSettings>(&mut ctx.read().await?).await?.value,
    };
    let now = ctx.now();
    let until = queries::day(now.plus(SignedDuration::from_hours(24 * i64::from(settings.validity))), &ctx.zone, lang);
    let done = ending::sentence(&visit.viewer.name, Some(now), now, &ctx.zone, lang);
    let title = t!(lang, "退货标签在手机上打不开", "Return label does not open on my phone");
    let (number, company) = (26_112_200_810_001, ctx.company_name.to_string());
    let frame = Frame { lang, company: company.clone(), place: visit.place.clone() };
    let window = t!(lang, "预览", "Preview");
    if query.show.as_deref() == Some("mail") {
        let letter = Letter {
            company: &company,
            done: &done,
            number,
            title,
            link: &ctx.app.config.link("/r/…"),
            until: &until,
            settings: &settings,
            lang,
        };
        let mail = letter::write(&letter);
        let body = sanitise(&mail.html);
        return Ok(public(window, lang, 200, move || {
            frame.around(
                view! { <section class="rate"><h1>{mail.subject}</h1><div class="prose" inner_html=body></div></section> }.into_any(),
            )
        }));
    }
    let asked = Asked {
        lang,
        done,
        number,
        title: title.to_owned(),
        finished: Some(queries::day(now, &ctx.zone, lang)),
        until,
        settings,
        score: Some(4),
        ticked: Vec::new(),
        remark: String::new(),
        revision: 0,
        token: None,
    };
    let form = FormState::new("rate", &visit.flash, lang);
    Ok(public(window, lang, 200, move || frame.around(asked.view(&form))))
}

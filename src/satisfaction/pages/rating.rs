//! 评价页: what a customer sees behind the link of the mail. It needs no sign-in and no scripting, fits a phone, and
//! opening it changes nothing.

use crate::actions::SendRating;
use crate::commands::rate::visitor;
use crate::ending;
use crate::model::{LONGEST_REMARK, RemarkRule, SatisfactionSettings, Words};
use crate::queries;
use kernel::error::{Error, Problem, Result};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::public::{Frame, Said, Tone, public};
use ui::visit::{Place, PublicVisit};

#[derive(Debug, Default, Deserialize)]
struct RatingQuery {
    lang: Option<String>,
    score: Option<i16>,
    done: Option<String>,
    change: Option<String>,
}

/// What the form asks about.
pub(super) struct Asked {
    pub lang: Lang,
    /// Who finished the matter and when, in words.
    pub done: String,
    pub number: i64,
    pub title: String,
    pub finished: Option<String>,
    pub until: String,
    pub settings: SatisfactionSettings,
    pub score: Option<i16>,
    pub ticked: Vec<String>,
    pub remark: String,
    pub revision: i32,
    /// None draws a form that sends nothing: the preview.
    pub token: Option<String>,
}

/// 评价页, `/r/{token}`. Public: the link itself is the right. States: the form, done, already rated, expired, forged.
pub async fn rating_page(visit: PublicVisit) -> Result<Page> {
    let query: RatingQuery = visit.query();
    let lang = query.lang.as_deref().and_then(Lang::from_key).unwrap_or(visit.lang());
    let token: String = visit.param("token")?;
    let ctx = match visitor(&visit.app, &token, visit.request.clone()).await {
        Err(Error::Problems(_)) => return Ok(forged(lang, visit.place)),
        other => other?,
    };
    let page = queries::page(&ctx, &token).await?;
    let company = ctx.company_name.to_string();
    let until = queries::day(page.expires_at, &ctx.zone, lang);
    let title = t!(lang, "评价这次服务 · {}", "Rate our help · {}", company);
    let frame = Frame { lang, company: company.clone(), place: visit.place.clone() };

    if page.is_expired {
        let said = Said {
            tone: Tone::Warn,
            icon: "timer-off",
            title: Problem::RatingExpired.text(lang).to_owned(),
            text: page.rating.as_ref().map_or_else(String::new, |rating| {
                let word = page.settings.level(rating.score).map(|level| level.wording.of(lang)).unwrap_or_default();
                t!(lang, "您给过 {} 分：{}。", "You gave {} of 5: {}. ", rating.score, word)
            }) + if page.came_by_mail {
                t!(lang, "有话想说，直接回复那封邮件就可以。", "To tell us anything, simply reply to that mail.")
            } else {
                t!(lang, "有话想说，请直接联系我们的客服。", "To tell us anything, get in touch with our support team.")
            },
            link: None,
            foot: t!(lang, "链接在 {}之前有效", "The link was valid until {}", until),
        };
        return Ok(public(title, lang, 410, move || frame.around(said.view())));
    }
    let one_tap = query.score.filter(|score| page.settings.level(*score).is_some());
    if let Some(rating) = page.rating.as_ref().filter(|_| query.change.is_none()) {
        let word = page.settings.level(rating.score).map(|level| level.wording.of(lang)).unwrap_or_default().to_owned();
        let score = one_tap.map_or_else(String::new, |score| score.to_string());
        let change = visit.place.with(&[("change", "1"), ("done", ""), ("score", &score), ("lang", lang.key())]);
        let gave = t!(lang, "您给了 {} 分：{}。", "You gave {} of 5: {}.", rating.score, word);
        let is_new = query.done.is_some();
        let said = Said {
            tone: Tone::Ok,
            icon: if is_new { "check" } else { "star" },
            title: if is_new {
                t!(lang, "谢谢，已经收到", "Thank you, we have it")
            } else {
                t!(lang, "您已经评价过了", "You have rated this already")
            }
            .to_owned(),
            text: gave,
            link: Some((change, t!(lang, "修改评价", "Change the rating"))),
            foot: t!(lang, "{}前可以修改", "You can change it until {}", until),
        };
        return Ok(public(title, lang, 200, move || frame.around(said.view())));
    }
    let form = visit.form("rate");
    let before = page.rating.clone();
    let asked = Asked {
        lang,
        done: ending::sentence(&page.agent_name, page.finished_at, ctx.now(), &ctx.zone, lang),
        number: page.number,
        title: page.title,
        finished: page.finished_at.map(|at| queries::day(at, &ctx.zone, lang)),
        until,
        settings: page.settings,
        score: one_tap.or(before.as_ref().map(|rating| rating.score)),
        ticked: before.as_ref().map(|rating| rating.reasons.clone()).unwrap_or_default(),
        remark: before.as_ref().map(|rating| rating.remark.clone()).unwrap_or_default(),
        revision: before.as_ref().map_or(0, |rating| rating.revision),
        token: Some(token),
    };
    Ok(public(title, lang, 200, move || frame.around(asked.view(&form))))
}

fn forged(lang: Lang, place: Place) -> Page {
    let frame = Frame { lang, company: "Kefu".to_owned(), place };
    let said = Said {
        tone: Tone::Warn,
        icon: "unlink",
        title: t!(lang, "这个评价链接无效", "This rating link is not valid").to_owned(),
        text: t!(
            lang,
            "它可能没有复制完整。请回到收到它的邮件或消息里，从那里再打开一次。",
            "It may not be complete. Go back to the mail or message it came in and open it from there."
        )
        .to_owned(),
        link: None,
        foot: String::new(),
    };
    public(t!(lang, "评价链接无效", "Rating link not valid"), lang, 404, move || frame.around(said.view()))
}

impl Asked {
    pub(super) fn view(self, form: &FormState) -> AnyView {
        let (lang, settings) = (self.lang, &self.settings);
        let about = match &self.finished {
            Some(day) => t!(lang, "工单 {}·{}完成", "Ticket {}, finished {}", self.number, day),
            None => t!(lang, "工单 {}", "Ticket {}", self.number),
        };
        let chosen = form.value_or("score", &self.score.map_or_else(String::new, |score| score.to_string()));
        let ticked = form.ticked_or("reasons", &self.ticked);
        let hidden_fields = self.token.as_ref().map(|token| {
            view! { {hidden("token", token)}{hidden("revision", self.revision)}{hidden("lang", lang.key())} }
        });
        let submit = t!(lang, "提交评价", "Send rating");
        let button = match self.token {
            Some(_) => view! { <button class="btn main big" type="submit">{submit}</button> }.into_any(),
            None => view! { <button class="btn main big" type="button">{submit}</button> }.into_any(),
        };
        view! {
            <form class="rate" method="post" action={self.token.as_ref().map(|_| path_of::<SendRating>())}>
                {hidden_fields}
                {form.summary()}
                <div class="ask">
                    <h1>{settings.guide.of(lang).to_owned()}</h1>
                    <p class="dim">{self.done}</p>
                    <p class="about">{icon("ticket")}<span><b>{self.title}</b><small>{about}</small></span></p>
                </div>
                {stars(settings, lang, &chosen, form)}
                {reasons(settings, lang, &ticked)}
                {remark(settings, lang, &form.value_or("remark", &self.remark), form)}
                {button}
                <p class="small mute center">{t!(lang, "{}前可随时打开此链接修改", "You can change it with this link until {}", self.until)}</p>
            </form>
        }
        .into_any()
    }
}

fn stars(settings: &SatisfactionSettings, lang: Lang, chosen: &str, form: &FormState) -> AnyView {
    let word = |score: i16| settings.level(score).map(|level| level.wording.of(lang).to_owned()).unwrap_or_default();
    let options: Vec<AnyView> = (1..=5_i16)
        .map(|score| {
            let name = t!(lang, "{} 分，{}", "{} of 5, {}", score, word(score));
            let is_chosen = chosen == score.to_string();
            view! {
                <label class="st">
                    <input type="radio" name="input[score]" value=score.to_string() required=true checked=is_chosen/>
                    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2.8l2.85 5.78 6.38.93-4.61 4.5 1.09 6.35L12 17.36l-5.71 3 1.09-6.35-4.61-4.5 6.38-.93z"></path></svg>
                    <span class="sr">{name}</span>
                </label>
            }
            .into_any()
        })
        .collect();
    let words: Vec<AnyView> = (1..=5_i16).map(|score| view! { <span class=format!("w{score}")>{word(score)}</span> }.into_any()).collect();
    let wrong =
        form.problem("score").map(|text| view! { <p class="field has-error"><span class="wrong" id="rate-score">{text}</span></p> });
    view! {
        <fieldset class="stars">
            <legend class="sr">{t!(lang, "评分，1 到 5 分", "Score from 1 to 5")}</legend>
            <div class="st-row">{options}</div>
            <p class="ends" aria-hidden="true"><span>{word(1)}</span><span>{word(5)}</span></p>
            <p class="word" aria-hidden="true">{words}</p>
            {wrong}
        </fieldset>
    }
    .into_any()
}

/// One list for every run of levels that offer the same reasons; the sheet shows the chosen level's.
fn reasons(settings: &SatisfactionSettings, lang: Lang, ticked: &[String]) -> Vec<AnyView> {
    let mut lists: Vec<(Vec<i16>, &[Words])> = Vec::new();
    for (score, level) in (1_i16..).zip(&settings.levels).filter(|(_, level)| !level.reasons.is_empty()) {
        match lists.last_mut() {
            Some((scores, reasons)) if *reasons == level.reasons => scores.push(score),
            _ => lists.push((vec![score], &level.reasons)),
        }
    }
    lists
        .into_iter()
        .map(|(scores, reasons)| {
            let question = if scores.iter().all(|score| *score >= 4) {
                t!(lang, "哪里做得好？（可多选）", "What went well? (choose any)")
            } else {
                t!(lang, "哪里让您不满意？（可多选）", "What fell short? (choose any)")
            };
            let levels = scores.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let boxes: Vec<AnyView> = reasons
                .iter()
                .map(|reason| {
                    let is_ticked = ticked.contains(&reason.zh);
                    view! {
                        <label class="pick2"><input type="checkbox" name="input[reasons][]" value=reason.zh.clone() checked=is_ticked/><span>{reason.of(lang).to_owned()}</span></label>
                    }
                    .into_any()
                })
                .collect();
            view! { <fieldset class="reasons" data-for=levels><legend>{question}</legend><div class="row">{boxes}</div></fieldset> }.into_any()
        })
        .collect()
}

fn remark(settings: &SatisfactionSettings, lang: Lang, value: &str, form: &FormState) -> AnyView {
    let label = t!(lang, "还想说点什么？", "Anything to add?");
    let area = ui::form::field::Area::new("remark", label).value(value).rows(3).max(LONGEST_REMARK).placeholder(t!(
        lang,
        "只有我们的客服团队会看到",
        "Only our support team reads this"
    ));
    match settings.remark {
        RemarkRule::Off => ().into_any(),
        RemarkRule::Optional => area.view(form),
        RemarkRule::Required => area.required().view(form),
    }
}

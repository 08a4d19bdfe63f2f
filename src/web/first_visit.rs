//! 首次访问: the page of an empty installation, drawn apart because it is the product's first impression.

use crate::web::shell::logo;
use identity::model::account::NAME_MAX;
use identity::queries::company::Installation;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::Select;
use ui::form::field::Input;
use ui::form::{FormState, hidden};
use ui::icon::{icon, icon_l};

/// Zones offered first, in words; every other one follows by its IANA name.
const ZONES: &[(&str, &str, &str)] = &[
    ("Asia/Shanghai", "上海（UTC+8）", "Shanghai (UTC+8)"),
    ("Asia/Hong_Kong", "香港（UTC+8）", "Hong Kong (UTC+8)"),
    ("Asia/Taipei", "台北（UTC+8）", "Taipei (UTC+8)"),
    ("Asia/Singapore", "新加坡（UTC+8）", "Singapore (UTC+8)"),
    ("Asia/Tokyo", "东京（UTC+9）", "Tokyo (UTC+9)"),
    ("Asia/Kolkata", "孟买（UTC+5:30）", "Mumbai (UTC+5:30)"),
    ("Europe/London", "伦敦", "London"),
    ("Europe/Berlin", "柏林", "Berlin"),
    ("America/New_York", "纽约", "New York"),
    ("America/Los_Angeles", "洛杉矶", "Los Angeles"),
    ("UTC", "协调世界时（UTC）", "UTC"),
];

/// The page; the start-up code is asked for when the program listens beyond this machine.
pub fn first_visit(lang: Lang, form: &FormState, installation: &Installation) -> AnyView {
    let lead = match installation.demo {
        None => t!(
            lang,
            "这里还没有任何数据。创建您的公司，或先用演示数据看一圈。",
            "There is no data here yet. Create your company, or look around the demo first."
        ),
        Some(_) => t!(
            lang,
            "这里只有演示公司。进去看看，或创建您自己的公司。",
            "There is only the demo company here. Look around, or create your own company."
        ),
    };
    view! {
        <div class="first">
            <aside class="poster" aria-label="Kefu">
                <div class="logo-p">{logo()}<b>"Kefu 客服"</b></div>
                <div class="say">
                    <p class="big-say">{t!(lang, "一件事从哪里来、经过谁、到哪里去，每一步都看得见。", "Where a matter comes from, who handles it, where it goes: every step in sight.")}</p>
                    {art()}
                </div>
                <p class="small">{t!(lang, "工单、邮件、满意度、统计，同一个工作台", "Tickets, mail, satisfaction and reports in one console")}</p>
            </aside>
            <main id="main" class="setup">
                <header class="top-p">
                    <span class="logo-p only-narrow">{logo()}<b>"Kefu 客服"</b></span>
                    <span class="end"><a class="btn quiet" href=format!("?lang={}", lang.other().key()) lang=lang.other().tag()>{icon("languages")}{lang.other().own_name()}</a></span>
                </header>
                <div class="setup-in">
                    <div>
                        <h1 class="h-big">{t!(lang, "开始使用", "Get started")}</h1>
                        <p class="dim">{lead}</p>
                    </div>
                    {company_form(lang, form, installation.needs_code)}
                    <div class="or" role="separator"><span>{t!(lang, "或", "or")}</span></div>
                    {demo_form(lang, form, installation)}
                </div>
            </main>
        </div>
    }
    .into_any()
}

fn company_form(lang: Lang, form: &FormState, needs_code: bool) -> AnyView {
    let first = ZONES.iter().map(|(zone, zh, en)| ((*zone).to_owned(), (if lang == Lang::Zh { *zh } else { *en }).to_owned()));
    let others = kernel::time::zones().into_iter().filter(|name| !ZONES.iter().any(|(zone, ..)| zone == name));
    let zones: Vec<(String, String)> = first.chain(others.map(|name| (name.clone(), name.replace('_', " ")))).collect();
    let code = needs_code.then(|| code_field(lang, form));
    view! {
        <form class="form" method="post" action="/do/setup" aria-labelledby="mk">
            <h2 id="mk">{t!(lang, "创建公司", "Create your company")}</h2>
            {form.summary()}
            {code}
            <div class="two">
                {Input::text("company", t!(lang, "公司名称", "Company name")).required().max(60).autocomplete("organization").view(form)}
                {Select::new("time_zone", t!(lang, "时区", "Time zone")).required().options(zones).selected("Asia/Shanghai").view(form)}
            </div>
            <hr/>
            <div class="two">
                {Input::text("name", t!(lang, "您的姓名", "Your name")).required().max(NAME_MAX).wide()
                    .autocomplete("name").hint(t!(lang, "您是超级管理员，同事会看到这个名字", "You are the super admin; colleagues see this name")).view(form)}
                {Input::text("email", t!(lang, "超级管理员邮箱", "Super admin's e-mail"))
                    .kind("email").required().autocomplete("username").placeholder("you@company.com").view(form)}
                {Input::password("password", t!(lang, "密码", "Password"))
                    .required().autocomplete("new-password").hint(t!(lang, "至少 8 个字符，一句话也可以", "At least 8 characters; a sentence is fine")).view(form)}
            </div>
            <button class="btn main big" type="submit">{t!(lang, "创建公司并登录", "Create the company and sign in")}{icon("arrow-right")}</button>
        </form>
    }
    .into_any()
}

fn demo_form(lang: Lang, form: &FormState, installation: &Installation) -> AnyView {
    let button = match installation.demo {
        None => t!(lang, "载入演示数据", "Load the demo"),
        Some(_) => t!(lang, "进入演示", "Enter the demo"),
    };
    let code = installation.needs_code.then(|| code_field(lang, &form.renamed("demo")));
    view! {
        <form class="demo" method="post" action="/do/demo/load">
            {icon_l("sparkles")}
            <div>
                <h2>{t!(lang, "先看演示", "Explore the demo")}</h2>
                <p class="dim small">{t!(lang, "“演示公司”里有 12 位同事、90 天的工单和评价，看完一键删除。", "A company with 12 colleagues and 90 days of tickets and ratings. Remove it in one click.")}</p>
                {code}
                {hidden("sure", true)}
            </div>
            <button class="btn" type="submit">{button}</button>
        </form>
    }
    .into_any()
}

fn code_field(lang: Lang, form: &FormState) -> AnyView {
    Input::text("code", t!(lang, "启动口令", "Start-up code"))
        .required()
        .class("code")
        .placeholder("XXXX-XXXX")
        .autocomplete("one-time-code")
        .hint(t!(lang, "程序启动时打印在终端里，只能用一次", "Printed in the terminal when the program started; works once"))
        .view(form)
}

/// Four lanes over time: a call moves from hand to hand.
fn art() -> AnyView {
    view! {
        <svg class="art" viewBox="10 44 400 240" aria-hidden="true" fill="none" stroke-linecap="round">
            <g stroke="oklch(0.42 0.045 240)" stroke-width="1.5"><path d="M10 60h400M10 130h400M10 200h400M10 270h400"></path></g>
            <g stroke-width="12">
                <path d="M24 60h70" stroke="oklch(0.50 0.05 240)"></path>
                <path d="M116 60h150" stroke="oklch(0.72 0.105 233)"></path>
                <path d="M290 60h96" stroke="oklch(0.72 0.105 233)"></path>
                <path d="M116 130h86" stroke="oklch(0.80 0.095 230)"></path>
                <path d="M226 130h40" stroke="oklch(0.74 0.11 305)"></path>
                <path d="M226 200h40" stroke="oklch(0.74 0.11 305)"></path>
                <path d="M290 200h96" stroke="oklch(0.80 0.095 230)"></path>
                <path d="M330 270h56" stroke="oklch(0.76 0.115 158)"></path>
            </g>
            <g stroke="oklch(0.62 0.05 238)" stroke-width="1.5" stroke-dasharray="2 6"><path d="M116 60v70M226 130v70M290 60v140M386 60v210"></path></g>
            <g fill="oklch(0.262 0.034 243)" stroke="oklch(0.90 0.03 232)" stroke-width="2.5">
                <circle cx="116" cy="60" r="6"></circle>
                <circle cx="226" cy="130" r="6"></circle>
                <circle cx="290" cy="200" r="6"></circle>
                <circle cx="386" cy="270" r="6"></circle>
            </g>
        </svg>
    }
    .into_any()
}

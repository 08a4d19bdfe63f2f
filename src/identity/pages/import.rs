//! 导入客服: the file, and the report of each row.

use super::words::field;
use crate::actions::ImportAgents;
use crate::model::account::{IMPORT_MAX, ImportRow};
use crate::queries::import::{import_report, import_reports};
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::macros::uuid::Uuid;
use kernel::t;
use leptos::prelude::*;
use ui::file::FileInput;
use ui::form::{hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::table::scroll;
use ui::tag::{Tone, note, tag};
use ui::visit::Visit;

/// 导入客服: which file.
pub async fn import_page(visit: Visit) -> Result<Page> {
    let (lang, form, ctx) = (visit.lang(), visit.form("import"), visit.ctx.clone());
    let reports = import_reports(&ctx).await?;
    let page = Page::new(t!(lang, "批量导入客服", "Import agents"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "客服账号", "Agents"), "/settings/agents")
        .lead(t!(
            lang,
            "每行一位客服；有错的行不影响其他行，导入后逐行说明结果。",
            "One agent a row. A bad row does not stop the others, and each row is reported."
        ));
    Ok(page.body(move || {
        let example = t!(
            lang,
            "邮箱,姓名,昵称,角色,客服组\nlilei@example.com,李雷,小李,工单客服,默认工单组\nhanmeimei@example.com,韩梅梅,小韩,工单管理员,默认工单组、财务组",
            "email,name,nickname,role,groups\nlilei@example.com,Li Lei,Lei,Ticket agent,Default ticket group\nhanmeimei@example.com,Han Meimei,Mei,Ticket admin,Default ticket group;Finance"
        );
        let reports: Vec<AnyView> = reports
            .iter()
            .map(|(id, at)| view! { <li><a class="link" href=format!("/settings/agents/import/{id}")>{ui::time::cell(*at, &ctx)}</a></li> }.into_any())
            .collect();
        let reports = (!reports.is_empty()).then(|| view! {
            <section class="card">
                <header><h2>{t!(lang, "最近一小时的导入结果", "Reports of the last hour")}</h2></header>
                <div class="in"><ul>{reports}</ul></div>
            </section>
        });
        let problem = form.problem("file").or(form.problem("files"));
        let class = if problem.is_some() { "field has-error" } else { "field" };
        let below = match problem {
            Some(text) => view! { <span class="wrong" id="import-file-h">{icon_s("triangle-alert")}{text}</span> }.into_any(),
            None => view! { <span class="hint" id="import-file-h">{t!(lang, "UTF-8 或 GB18030，最多 {} 行", "UTF-8 or GB18030, at most {} rows", IMPORT_MAX)}</span> }.into_any(),
        };
        view! {
            <div class="body narrow stack">
                {form.summary()}
                <form class="card" method="post" enctype="multipart/form-data" action={path_of::<ImportAgents>()}>
                    <div class="in stack">
                        {hidden("sure", true)}
                        <div class=class>
                            <label for="import-file">{t!(lang, "CSV 文件", "CSV file")}</label>
                            {FileInput::new("import-file", "file", t!(lang, "选择文件", "Choose a file")).accept(".csv,.txt,text/csv").required().below("import-file-h", problem).view(lang)}
                            {below}
                        </div>
                    </div>
                    <footer><button class="btn main" type="submit">{icon("upload")}{t!(lang, "导入客服", "Import agents")}</button></footer>
                </form>
                {reports}
                <section class="card">
                    <header><h2>{t!(lang, "文件的样子", "What the file looks like")}</h2></header>
                    <div class="in stack">
                        <p class="dim">{t!(lang, "第一行是列名，邮箱和姓名必填。角色不填就是工单客服；密码不填就自动生成，在结果里显示一次。", "The first line names the columns; e-mail and name are required. Without a role it is a ticket agent. Without a password one is made and shown once in the report.")}</p>
                        <pre class="raw" tabindex="0">{example}</pre>
                    </div>
                </section>
            </div>
        }
    }))
}

/// 导入结果, for an hour.
pub async fn import_report_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let id: Uuid = visit.param("id")?;
    let rows = import_report(&visit.ctx, id).await?;
    let page = Page::new(t!(lang, "导入结果", "Import report"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "客服账号", "Agents"), "/settings/agents")
        .action(move || view! { <a class="btn" href="/settings/agents/import">{icon("upload")}{t!(lang, "再导入一个文件", "Import another file")}</a> });
    Ok(page.body(move || {
        let created = rows.iter().filter(|row| row.agent.is_some()).count();
        let failed = rows.len() - created;
        let made = rows.iter().filter(|row| row.password.is_some()).count();
        let has_passwords = (made > 0).then(|| {
            let text = t!(
                lang,
                "1 小时后这一页就打不开了。请现在复制下来，另外告诉每位客服。",
                "This page is gone in an hour. Copy them now and hand them to the agents by another way."
            );
            note(Tone::Warn, "key-round", t!(lang, "自动生成的密码只在这里显示", "Passwords that were made are shown only here"), text)
        });
        let lines: Vec<AnyView> = rows.iter().map(|row| report_row(row, lang)).collect();
        let table = view! {
            <table class="table fold" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th role="columnheader" scope="col" class="num">{t!(lang, "行", "Line")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "客服", "Agent")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "结果", "Outcome")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "初始密码", "First password")}</th>
                </tr></thead>
                <tbody role="rowgroup">{lines}</tbody>
            </table>
        };
        view! {
            <div class="body">
                <div class="outcome">
                    <div><span>{t!(lang, "行数", "Rows")}</span><b>{rows.len()}</b></div>
                    <div class="ok"><span>{t!(lang, "已新建", "Created")}</span><b>{created}</b></div>
                    <div class="bad"><span>{t!(lang, "没有导入", "Not imported")}</span><b>{failed}</b></div>
                    <div><span>{t!(lang, "自动生成密码", "Passwords made")}</span><b>{made}</b></div>
                </div>
                {has_passwords}
                <section class="card">{scroll(t!(lang, "逐行结果", "Rows"), table)}</section>
            </div>
        }
    }))
}

fn report_row(row: &ImportRow, lang: Lang) -> AnyView {
    let name = match row.agent {
        Some(agent) => view! { <a class="to" href=format!("/settings/agents/{agent}")>{row.name.clone()}</a> }.into_any(),
        None => row.name.clone().into_any(),
    };
    let outcome = if row.problems.0.is_empty() && row.agent.is_none() {
        tag(Tone::Plain, "circle-dashed", t!(lang, "没有处理", "Not processed"))
    } else if row.problems.0.is_empty() {
        tag(Tone::Ok, "check", t!(lang, "已新建", "Created"))
    } else {
        let problems: Vec<AnyView> = row
            .problems
            .0
            .iter()
            .map(|(name, problem)| {
                let label = if name.is_empty() { String::new() } else { t!(lang, "{}：", "{}: ", field("agent", name, lang)) };
                view! { <span class="bad-cell">{label}{problem.text(lang)}</span>" " }.into_any()
            })
            .collect();
        problems.into_any()
    };
    let password = match &row.password {
        Some(password) => view! { <code>{password.clone()}</code> }.into_any(),
        None => view! { <span class="nil">"–"</span> }.into_any(),
    };
    view! {
        <tr role="row">
            <td role="cell" class="num" data-k=t!(lang, "行", "Line")>{row.line}</td>
            <th role="rowheader" scope="row">{name}<span class="sub">{row.email.clone()}</span></th>
            <td role="cell" class="wrap" data-k=t!(lang, "结果", "Outcome")>{outcome}</td>
            <td role="cell" data-k=t!(lang, "初始密码", "First password")>{password}</td>
        </tr>
    }
    .into_any()
}

//! 隔离区: jobs that failed to the end, with what they carry and a button that runs them again.

use crate::worker::actions::{DiscardJob, ReplayAllJobs, ReplayJob};
use crate::worker::dispatch;
use crate::worker::queries::{self, Quarantined, Standing};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

/// 隔离的任务.
pub async fn jobs_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let jobs = queries::quarantined(&ctx).await?;
    let standing = queries::standing(&ctx).await?;
    let form = visit.form("jobs");
    let page = Page::new(t!(lang, "隔离的任务", "Quarantined jobs"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "公司", "Company"), "/settings")
        .count(standing.quarantined)
        .lead(t!(
            lang,
            "多次失败的后台任务停在这里，内容完整保留。修好原因后重试，不会重复生效",
            "Background jobs that failed again and again stop here, complete. Run them again once the cause is gone; nothing happens twice"
        ));
    let page = if jobs.len() > 1 { page.action(move || replay_all(lang)) } else { page };
    Ok(page.body(move || {
        let body = if jobs.is_empty() {
            empty(
                "shield-check",
                t!(lang, "没有停下的任务", "Nothing is quarantined"),
                t!(
                    lang,
                    "发信、收信、邀评这些事都在后台完成，失败会自动再试。一直不成功的会停在这里，等您修好原因后重试",
                    "Mail, invitations and other work happen in the background and are tried again by themselves. What never works out stops here and waits for you"
                ),
                (),
            )
        } else {
            table(&jobs, &ctx)
        };
        view! { <div class="body"><div class="stack">{form.summary()}{tiles(standing, lang)}{body}</div></div> }
    }))
}

fn replay_all(lang: Lang) -> AnyView {
    view! {
        <form method="post" action={path_of::<ReplayAllJobs>()}>
            {hidden("all", true)}
            <button class="btn" type="submit">{icon("rotate-ccw")}{t!(lang, "全部重试", "Run all again")}</button>
        </form>
    }
    .into_any()
}

fn tiles(standing: Standing, lang: Lang) -> AnyView {
    let tile = |words: &'static str, count: i64| view! { <div class="tile"><div class="k">{words}</div><div class="v">{count}</div></div> };
    view! {
        <div class="tiles four" role="group" aria-label=t!(lang, "后台任务", "Background jobs")>
            {tile(t!(lang, "等待执行", "Waiting"), standing.waiting)}
            {tile(t!(lang, "正在执行", "Running"), standing.running)}
            {tile(t!(lang, "24 小时内完成", "Done in 24 hours"), standing.done)}
            {tile(t!(lang, "隔离", "Quarantined"), standing.quarantined)}
        </div>
    }
    .into_any()
}

fn table(jobs: &[Quarantined], ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let rows: Vec<AnyView> = jobs.iter().map(|job| row(job, ctx)).collect();
    let drawers: Vec<AnyView> = jobs.iter().map(|job| drawer(job, ctx)).collect();
    let table = view! {
        <table class="table roomy fold quarantine" role="table">
            <thead role="rowgroup"><tr role="row">
                <th role="columnheader" scope="col">{t!(lang, "任务", "Job")}</th>
                <th role="columnheader" scope="col">{t!(lang, "原因", "Cause")}</th>
                <th role="columnheader" scope="col" class="num">{t!(lang, "试过", "Tries")}</th>
                <th role="columnheader" scope="col">{t!(lang, "停下时间", "Stopped")}</th>
                <th role="columnheader" scope="col"><span class="sr">{t!(lang, "操作", "Actions")}</span></th>
            </tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    view! {
        <section class="card" aria-labelledby="waiting">
            <header><h2 id="waiting">{t!(lang, "要处理的任务", "Jobs to look at")}</h2></header>
            {ui::table::scroll(t!(lang, "要处理的任务", "Jobs to look at"), table)}
        </section>
        {drawers}
    }
    .into_any()
}

fn row(job: &Quarantined, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let words = dispatch::label(&job.kind, &job.payload, lang);
    let drawer = format!("job-{}", job.id);
    let stopped = ui::time::ago(job.finished_at.unwrap_or(job.created_at), ctx);
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <span class="who">
                    {icon("cpu")}
                    <span><button class="to" type="button" popovertarget=drawer>{words.clone()}</button><span class="sub">{job.kind.clone()}</span></span>
                </span>
            </th>
            <td role="cell" class="c-error" data-k=t!(lang, "原因", "Cause")><code>{job.error.clone()}</code></td>
            <td role="cell" class="num" data-k=t!(lang, "试过", "Tries")>{t!(lang, "{} 次", "{}", job.attempt)}</td>
            <td role="cell" data-k=t!(lang, "停下时间", "Stopped")>{stopped}</td>
            <td role="cell" class="c-act">{replay(job, "btn", t!(lang, "重试：{}", "Run again: {}", words), lang)}</td>
        </tr>
    }
    .into_any()
}

fn drawer(job: &Quarantined, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let words = dispatch::label(&job.kind, &job.payload, lang);
    let id = format!("job-{}", job.id);
    let target = id.clone();
    let payload = serde_json::to_string_pretty(&job.payload).unwrap_or_default();
    let close = t!(lang, "关闭", "Close");
    view! {
        <aside class="drawer" id=id popover="auto" aria-label=t!(lang, "任务详情", "Job")>
            <header>
                <h2>{words.clone()}</h2>
                <button class="btn quiet icon" type="button" popovertarget=target popovertargetaction="hide" aria-label=close title=close>{icon("x")}</button>
            </header>
            <div class="in stack">
                <dl class="facts">
                    <dt>{t!(lang, "编号", "Id")}</dt><dd><code>{job.id.to_string()}</code></dd>
                    <dt>{t!(lang, "产生", "Enqueued")}</dt><dd>{ui::time::full(job.created_at, ctx)}</dd>
                    <dt>{t!(lang, "最后一次", "Last try")}</dt><dd>{ui::time::full(job.finished_at.unwrap_or(job.created_at), ctx)}</dd>
                </dl>
                <div class="stack near"><h3>{t!(lang, "最后一次的错误", "The last error")}</h3><pre class="raw wrap" tabindex="0">{job.error.clone()}</pre></div>
                <div class="stack near"><h3>{t!(lang, "内容", "What it carries")}</h3><pre class="raw" tabindex="0">{payload}</pre></div>
            </div>
            <footer>
                <form method="post" action={path_of::<DiscardJob>()}>{hidden("job", job.id)}<button class="btn risky" type="submit">{icon("trash-2")}{t!(lang, "放弃任务", "Give up")}</button></form>
                {replay(job, "btn main", t!(lang, "重试：{}", "Run again: {}", words), lang)}
            </footer>
        </aside>
    }
    .into_any()
}

fn replay(job: &Quarantined, class: &'static str, label: String, lang: Lang) -> AnyView {
    view! {
        <form method="post" action={path_of::<ReplayJob>()}>
            {hidden("job", job.id)}
            <button class=class type="submit" aria-label=label>{icon("rotate-ccw")}{t!(lang, "重试", "Run again")}</button>
        </form>
    }
    .into_any()
}

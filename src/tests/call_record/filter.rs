//! Filters: each alone and in threes, beside a filter that reads every row.

use super::{LINES, Phones};
use call::filter::{Inspected, Rated, RecordFilter, Shown, Taken};
use call::model::{AnswerWay, BusinessLine, CallResult, CallType, Ender};
use call::queries::record::{RecordRow, list, walk};
use kernel::ctx::Ctx;
use kernel::id::LegId;

/// A condition: its name, how it is asked, what it lets through.
type Condition = (&'static str, fn(&Phones, &mut RecordFilter), fn(&Phones, &RecordRow) -> bool);

const CONDITIONS: &[Condition] = &[
    ("呼入", |_, filter| filter.shown = Shown::One(CallType::Inbound), |_, row| row.call_type == CallType::Inbound),
    ("转接客服", |_, filter| filter.shown = Shown::One(CallType::TransferAgent), |_, row| row.call_type == CallType::TransferAgent),
    ("监听", |_, filter| filter.shown = Shown::One(CallType::Monitor), |_, row| row.call_type == CallType::Monitor),
    ("坐席接听", |_, filter| filter.result = Some(CallResult::AgentAnswered), |_, row| row.result == Some(CallResult::AgentAnswered)),
    ("振铃未接听", |_, filter| filter.result = Some(CallResult::RangOut), |_, row| row.result == Some(CallResult::RangOut)),
    ("客户挂断", |_, filter| filter.ender = Some(Ender::Customer), |_, row| row.ender == Some(Ender::Customer)),
    ("转接挂断", |_, filter| filter.ender = Some(Ender::Transfer), |_, row| row.ender == Some(Ender::Transfer)),
    ("网页电话", |_, filter| filter.way = Some(AnswerWay::Web), |_, row| row.answer_way == Some(AnswerWay::Web)),
    ("接起", |_, filter| filter.taken = Some(Taken::Yes), |_, row| is_with_customer(row) && is_answered(row)),
    (
        "未接",
        |_, filter| filter.taken = Some(Taken::No),
        |_, row| row.call_type != CallType::Outbound && is_with_customer(row) && row.result == Some(CallResult::RangOut),
    ),
    ("客服B", |phones, filter| filter.agent = Some(phones.cast.agents[1]), |phones, row| row.agent_id == Some(phones.cast.agents[1])),
    ("技能组", |phones, filter| filter.group = Some(phones.cast.groups[0]), |_, row| row.group_name.as_deref() == Some("热线0")),
    ("客户", |phones, filter| filter.customer = Some(phones.customer), |phones, row| row.customer_id == Some(phones.customer)),
    ("号码尾号", |_, filter| "138000".clone_into(&mut filter.number), |_, row| row.customer_number.ends_with("138000")),
    ("半分钟以上", |_, filter| "30".clone_into(&mut filter.least), |_, row| row.talk_ms >= 30_000),
    ("半分钟以内", |_, filter| "30".clone_into(&mut filter.most), |_, row| row.talk_ms < 31_000),
    ("已评价", |_, filter| filter.rated = Some(Rated::Yes), |_, row| row.satisfy_key > 0),
    ("未邀评", |_, filter| filter.rated = Some(Rated::NotAsked), |_, row| row.satisfy_levels == 0),
    ("未质检", |_, filter| filter.inspected = Some(Inspected::No), |_, row| !row.is_inspected),
    ("11 月 21 日起", |_, filter| "2026-11-21".clone_into(&mut filter.from), |phones, row| day(phones, row) >= "2026-11-21"),
    ("11 月 20 日止", |_, filter| "2026-11-20".clone_into(&mut filter.to), |phones, row| day(phones, row) <= "2026-11-20"),
];

fn is_with_customer(row: &RecordRow) -> bool {
    matches!(row.call_type, CallType::Inbound | CallType::Outbound | CallType::TransferAgent)
}

fn is_answered(row: &RecordRow) -> bool {
    matches!(row.result, Some(CallResult::AgentAnswered | CallResult::CustomerAnswered))
}

fn day(phones: &Phones, row: &RecordRow) -> &'static str {
    // Compared as text; the days of the stories are few.
    match row.started_at.date(&phones.admin.zone).to_string().as_str() {
        "2026-11-22" => "2026-11-22",
        "2026-11-21" => "2026-11-21",
        "2026-11-20" => "2026-11-20",
        _ => "2026-11-19",
    }
}

async fn every(ctx: &Ctx, line: BusinessLine, filter: &RecordFilter) -> Vec<RecordRow> {
    walk(ctx, line, filter).await.expect("a walk").next(10_000).await.expect("rows")
}

fn ids(rows: &[RecordRow]) -> Vec<LegId> {
    rows.iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn each_alone_and_three_at_once_are_what_a_reader_of_every_row_finds() {
    let phones = Phones::new().await;
    phones.play_all().await;
    let all = RecordFilter { shown: Shown::All, ..RecordFilter::default() };
    for line in LINES {
        let known = every(&phones.admin, line, &all).await;
        assert!(line == BusinessLine::Telemarketing || known.len() > 60, "{line}: {}", known.len());
        let mut told = 0;
        for (first, one) in CONDITIONS.iter().enumerate() {
            check(&phones, line, &known, &[one]).await;
            for (second, two) in CONDITIONS.iter().enumerate().skip(first + 1) {
                for three in CONDITIONS.iter().skip(second + 1) {
                    // Of two conditions on one field the last one holds.
                    let asked = [one, two, three].map(|condition| {
                        let mut filter = RecordFilter::default();
                        condition.1(&phones, &mut filter);
                        filter.to_query().split('=').next().unwrap_or_default().to_owned()
                    });
                    if asked[0] != asked[1] && asked[1] != asked[2] && asked[0] != asked[2] {
                        told += check(&phones, line, &known, &[one, two, three]).await;
                    }
                }
            }
        }
        assert!(line == BusinessLine::Telemarketing || told > 100, "three at once find something: {told}");
    }
}

/// How many rows the conditions let through, which are the same both ways.
async fn check(phones: &Phones, line: BusinessLine, known: &[RecordRow], conditions: &[&Condition]) -> usize {
    let mut filter = RecordFilter { shown: Shown::All, ..RecordFilter::default() };
    conditions.iter().for_each(|(_, ask, _)| ask(phones, &mut filter));
    let names: Vec<&str> = conditions.iter().map(|(name, ..)| *name).collect();
    let wanted: Vec<LegId> = known.iter().filter(|row| conditions.iter().all(|(.., lets)| lets(phones, row))).map(|row| row.id).collect();
    assert_eq!(ids(&every(&phones.admin, line, &filter).await), wanted, "{line} {names:?}");
    wanted.len()
}

#[tokio::test]
async fn pages_go_through_every_record_once_in_both_directions() {
    let phones = Phones::new().await;
    phones.play_all().await;
    let mut filter = RecordFilter { shown: Shown::All, ..RecordFilter::default() };
    let known = ids(&every(&phones.admin, BusinessLine::CallCenter, &filter).await);
    let (mut there, mut pages) = (Vec::new(), Vec::new());
    loop {
        let page = list(&phones.admin, BusinessLine::CallCenter, &filter).await.expect("a page");
        assert_eq!(usize::try_from(page.total), Ok(known.len()));
        there.extend(ids(&page.page.rows));
        pages.push(ids(&page.page.rows));
        let Some(next) = page.page.next else { break };
        filter.at = next.to_string();
    }
    assert!(pages.len() > 1);
    assert_eq!(there, known);
    let back = list(&phones.admin, BusinessLine::CallCenter, &filter).await.expect("the last page").page.previous.expect("one before");
    filter.at = back.to_string();
    let before = list(&phones.admin, BusinessLine::CallCenter, &filter).await.expect("a page");
    assert_eq!(ids(&before.page.rows), pages[pages.len() - 2]);
}

#[tokio::test]
async fn the_list_shows_main_records_and_opens_their_children() {
    let phones = Phones::new().await;
    let call = phones.play_named("转接已确认", 30).await;
    phones.play_named("电销外呼，客服挂断", 20).await;
    let boss = phones.test.super_admin().await;
    let page = boss.get("/calls/records").await;
    assert_eq!(page.texts("tbody > tr:not(.legs)").len(), 1, "{}", page.body);
    assert_eq!(page.attribute("tbody th a.to", "href"), format!("/calls/{call}"));
    assert_eq!(page.texts("tr.legs details summary"), ["1 条子记录"]);
    assert!(page.text("tr.legs li").contains("转接客服 周航"), "{}", page.text("tr.legs li"));
    let everything = boss.get("/calls/records?type=all").await;
    assert_eq!(everything.texts("tbody > tr").len(), 2, "main and child, one row each");
    let names = page.texts("select[name=type] option");
    assert_eq!(names[..2], ["主通话记录", "全部呼叫类型"]);
    assert_eq!(names.last().map(String::as_str), Some("强拆通话"));
    let sold = boss.get("/telemarketing/records").await;
    assert_eq!(sold.texts("tbody > tr").len(), 1);
    assert!(sold.text("tbody tr").contains("呼出"), "{}", sold.text("tbody tr"));
    let none = boss.get("/calls/records?result=vacant").await;
    assert!(none.body.contains("没有符合条件的通话记录"), "{}", none.body);
    let odd = boss.get("/calls/records?from=gestern&type=all").await;
    assert!(odd.text("[role=alert]").contains("日期格式不对"), "{}", odd.body);
    assert_eq!(odd.texts("tbody > tr").len(), 2, "the rest of the filter holds");
}

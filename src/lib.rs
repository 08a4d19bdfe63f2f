//! 客服 Kefu: an open-source customer-service platform, in one program over PostgreSQL.
//!
//! # Map
//!
//! `ls src` shows the product. A folder is a feature (a slice), every slice has the same file names, and a slice
//! imports lower levels only; each is a workspace member, so its `Cargo.toml` is the import rule itself.
//!
//! | level | slices |
//! |---|---|
//! | 0 | `kernel` the words every slice speaks |
//! | 1 | `ui` the design system |
//! | 2 | `identity` companies, agents, groups, permission groups, audit |
//! | 3 | `customer` customers · `mail` mailboxes and the mail ledger · `export` files of many rows · `webhook` message forwarding · `open_api` applications, tokens, the reference |
//! | 4 | `routing` duty times |
//! | 5 | `ticket` tickets |
//! | 6 | `call` calls, their records and summaries, the phone bar |
//! | 7 | `satisfaction` ratings · `sla` policies and clocks · `preset` preset replies and macros |
//! | 8 | `trigger` flow and timed triggers |
//! | 9 | `stats` reports · `config` the history of what is set up |
//! | 10 | `web` routes, menu, frame · `worker` queue, schedules, reactions (both in this package) |
//!
//! | file of a slice | build | holds |
//! |---|---|---|
//! | `model.rs` | both | types, coded lists, inputs with `check()`, pure rules |
//! | `commands.rs` | server | writes: require → check → SQL → record → commit |
//! | `queries.rs` | server | reads shaped for screens |
//! | `actions.rs` | both | server functions of a few lines that call a command |
//! | `pages.rs` | server | page functions: data first, then the view |
//! | `islands.rs` | both | the interactive parts, as small as possible |
//! | `api.rs` | server | endpoints of the open platform: a typed function and a row of a table each |
//! | `jobs.rs` | server | background jobs, each one call of a command |
//!
//! # Decisions
//!
//! - Pages are plain async functions `Visit → Page`, mounted by axum from one table (`web/routes.rs`) and drawn by
//!   Leptos afterwards: data is loaded before the view is made, so a page answers with the right status and no
//!   suspense. There is no client-side router.
//! - A form posts to a server function. When it fails, what was typed and what is wrong lie in the session until the
//!   next page shows them (`ui::flash`), so nothing is lost with scripting off.
//! - The rich-text editor is ProseMirror, fetched when somebody comes near a field that wants it. Its sources are
//!   `ui/editor`, `bin/editor` bundles them into `public/editor.js`, which is committed: building needs no npm. The
//!   elements of its schema and of `kernel::rich` are the same; the text area beneath stays the form's field.
//! - A page reads in one transaction (`kernel::ctx::Reading`), which the account behind the session opens and which ends
//!   before the page is drawn: one `BEGIN` and one `ROLLBACK` a page. Commands open their own.
//! - Everything is read before the view is made, so a page is drawn at once into one string (`web::render`), not as a
//!   stream of pieces that could wait; with mimalloc that halved the time of drawing.
//! - One live stream a page, opened by the bell (`ui::islands::bell`); islands that follow tickets hear it as events of
//!   the window. Of the pages out of sight one keeps its stream, so that a reminder sounds (`ui::islands::ear`).
//! - A command that met a deadlock or a serialization failure is done once more, in `ui::act::run` and nowhere else (D13).
//! - A report reads its rows once: days and groups are grouping sets of one statement (`stats::sql::pass`), longer parts and
//!   totals are added up from the days, and the score in force stands on the invitation, written with the rating.
//! - Under `READ COMMITTED` a statement that waited for a row sees that row anew, and everything it joins as it was before
//!   the wait: what depends on a lock is asked in a statement after it.
//! - A transaction is begun in a task of its own (`kernel::app`): a `BEGIN` whose request is gone is rolled back too.
//! - What stands in a page hundreds of times (options, icons, marks, rows of long tables) is written into one string by
//!   `maud::html!`, which escapes what is spliced in (`ui::written`); `view!` is for everything else. Rows as trees of views
//!   were 40 % of the time of drawing a list.
//! - What only open pages hear is told to who is signed in; what rings a bell to everybody it concerns.
//! - Flow triggers look at a ticket's own order from a cursor, in the job that follows an event, not in the transaction of the
//!   change: an update waits for no rule, and an event that comes late, twice or in another order changes nothing. What a
//!   change was from and to is read from the history; everything else is the ticket as it stands when the trigger looks.
//! - The clocks of a ticket are worked out from its whole order each time something happens, and kept as rows for lists and
//!   reports. No timer looks round: a job waits for the moment at which a clock has its next word (`sla::commands::refresh`).
//! - Reminders by mail wait a minute for others, in a job that there is once for each person (`ticket::commands::digest`).
//! - A timed trigger acts when a ticket begins to match, not at every hour at which it does: nobody has to think of a
//!   condition that its own action makes false. A trial asks the same evaluator about tickets as they stood, which are
//!   worked out backwards from the history: nothing is kept for it.
//! - Forwarded messages are written by a reaction, not in the transaction of the change, and sent by one job of a company, in
//!   which every subscription has a lane: a receiver that hangs costs its lane. Messages are ordered by when their events
//!   happened, and a reaction first writes what is late of its ticket: jobs may be done in any order.
//! - Whatever somebody typed as an address is asked through `kernel::egress`, which connects to the addresses it has checked;
//!   what goes to the installation's own receiver goes to its own listener and nowhere else.
//! - Which template a ticket has is read from its category each time; only histories keep what a field was called. An own
//!   field is switched off, deleted by an import alone, and what it holds never changes: answers and rules read by themselves.
//! - `routing::calendar` is used by `sla` although it is no `model`: it is pure, and the browser's build has no time zones.
//! - Letters with links into accounts go only by SMTP servers that somebody typed who may change the company's settings.
//! - Every commit that audits a change of configuration compares all that is configured with its last versions and keeps what
//!   differs (`kernel::configured::record`): no command has to think of it, and what a change does to other objects is seen.
//!   It costs such a commit one statement for each kind. `configured` is the one table of kinds.
//! - What a file of configuration names it names by words (`@group/售后组`), so that it means the same in another company; an
//!   import is tried step by step in one transaction, which its page rolls back: every refusal is seen before anything is done.
//! - An endpoint of the open platform is a typed function in its slice's `api.rs` and one row of a table (`kernel::api`): names,
//!   both languages and types are declared once by `api_input!` and `api_item!`. What stands around a call (`web::api`), the
//!   OpenAPI document and the reference page read that row, so that nothing can be mounted without being documented. A derive
//!   macro of a library would have had the shape, but neither both languages nor the codes of our catalogs.
//! - The open platform answers refusals with HTTP 200 and a code, as the original product does: its clients look at `ret_code`.
//!   429, 500 and 503 are the exceptions. A rule that has no code there is 400000 with its reason beside it.
//! - A post with an `Idempotency-Key` takes its row in a commit of its own before it runs. A crash or a failure in between leaves
//!   a key whose end nobody knows, which is refused: what may have happened is looked up, not done again.
//! - The feed of changes is the table of events in the order of transactions below the oldest that runs (D21); it holds no copy.
//! - The row of a new ticket is written as it is in the end, and a job is ended by its lease and not by its state: each index
//!   that a statement does not touch is work that a mail does not cost.
//! - A phone call is worked out anew from all its events each time one comes, by one pure function; nothing is added to what
//!   was worked out before, so that order, repeats and delays need no thought. Ids and what was frozen are kept by leg.
//! - A call report counts records at the beginning of each, so that what follows a transfer is the new agent's. The total talk
//!   time stands with the parts it is made of (`stats::reports::Bridge`), since agents' own reports count one of them.
//! - What a customer fills in is an edit of theirs, not a reply (`ticket::commands::form`): triggers that ask for a field that
//!   changed look at changes, and a clock waits for words. Status and reminders take it as their word.
//! - A server function that refuses answers with the status of its first problem (`web::errors::status_of`), whatever went
//!   wrong below: codes travel on the wire, so nothing else has to be carried out of the function.
//! - Tokens of public links carry their company, so that no directory row is needed for each of them.
//!
//! # Shape, measured
//!
//! On 22, 29 and 30 November 2026, two cores:
//!
//! - `bin/test` from a clean clone takes 30 to 36 minutes, of which the browser tests are 6; once more with nothing changed
//!   9 to 11. A release build from nothing takes 17 to 23 minutes, one after a change of a slice 6 to 11.
//! - From an edit to the screen with `bin/dev`: 20 s for a page of `stats`, 80 s for one of `identity`, on which much more
//!   stands and is built and linked again. This is the slowest part of the shape.
//! - The islands are one script of 246 KB with brotli. Splitting it by island would cost a request each and spare no page
//!   the bell and the palette, which stand on every page.
//! - Thousands of lines, tests inside the slice included:
//!   `kernel` 8.4 · `ui` 5.2 · `identity` 9.7 · `customer` 3.4 · `mail` 9.1 · `export` 0.8 · `webhook` 3.3 · `open_api` 2.2 ·
//!   `routing` 1.3 · `ticket` 18.7 · `call` 12.5 · `satisfaction` 3.0 · `sla` 2.2 · `preset` 2.5 · `trigger` 5.2 · `stats` 7.1 ·
//!   `config` 2.6 · `web` 3.6 · `worker` 2.1.
//! - What somebody who had not seen the code touched: a metric 2 files, a permission 3 and its feature, a setting 5, a row
//!   of a catalog 1 and the `match`es that must decide; each with the words of the README alone, in 1 to 2 minutes beside
//!   the builds. What had slowed them is gone or said there.

#[cfg(feature = "ssr")]
pub mod bench;
#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod configured;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod measure;
#[cfg(feature = "ssr")]
pub mod postgres;
#[cfg(feature = "ssr")]
pub mod start;
#[cfg(feature = "ssr")]
pub mod web;
#[cfg(feature = "ssr")]
pub mod worker;

#[cfg(all(test, feature = "ssr"))]
mod tests;

/// Starts the islands of a page in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // Keeps the islands of the members linked.
    use {call as _, ticket as _, ui as _};
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}

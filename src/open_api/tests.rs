//! Pure tests of the slice; what needs the database and HTTP stands in `src/tests/open_api`.

use crate::document::breaks;
use crate::rate::{A_SECOND, AT_ONCE, take};
use crate::sign::{appid, is_fresh, is_signed, moment, read_appid, sign};
use jiff::SignedDuration;
use kernel::id::{AppId, CompanyId};
use proptest::prelude::*;
use serde_json::json;
use sqlx::types::Uuid;

#[test]
fn the_signature_is_the_original_products() {
    // Computed with md5sum over appid, create_time and app_key, one after the other.
    assert_eq!(sign("kefu-app", "1795311000", "k3y"), "0f9b1d70d525023a01dbc82f33db2cb3");
    assert_eq!(sign("", "", ""), "d41d8cd98f00b204e9800998ecf8427e");
    assert!(is_signed(" 0F9B1D70D525023A01DBC82F33DB2CB3 ", "kefu-app", "1795311000", "k3y"), "however its letters are written");
    assert!(!is_signed("0f9b1d70d525023a01dbc82f33db2cb3", "kefu-app", "1795311001", "k3y"));
    assert!(!is_signed("", "kefu-app", "1795311000", "k3y"));
}

#[test]
fn create_time_is_ten_digits_near_now() {
    let at = moment("1795311000").expect("a moment");
    assert_eq!(at.machine(), "2026-11-22T01:30:00Z");
    for wrong in ["", "179531100", "17953110000", "179531100x", "-795311000", " 795311000"] {
        assert_eq!(moment(wrong), None, "{wrong:?}");
    }
    let minutes = |minutes| at.plus(SignedDuration::from_mins(minutes));
    assert!(is_fresh(at, minutes(10)) && is_fresh(at, minutes(-10)));
    assert!(!is_fresh(at, minutes(11)) && !is_fresh(at, minutes(-11)));
}

#[test]
fn an_appid_names_its_company_and_nothing_else_reads_as_one() {
    let (company, app) = (CompanyId(Uuid::max()), AppId(Uuid::from_u128(7)));
    let text = appid(company, app);
    assert_eq!(read_appid(&text), Some((company, app)));
    assert_eq!((read_appid(""), read_appid(&text[1..]), read_appid("kefu")), (None, None, None));
}

proptest! {
    #[test]
    fn no_more_than_the_allowance_is_let_through(gaps in prop::collection::vec(0_i64..200_000, 1..400)) {
        let (mut now, mut whole_at) = (0_i64, None);
        let mut through: Vec<i64> = Vec::new();
        for gap in gaps {
            now += gap;
            match take(whole_at, now) {
                Ok(after) => {
                    whole_at = Some(after);
                    through.push(now);
                }
                Err(wait) => {
                    prop_assert!(wait > 0);
                    prop_assert!(take(whole_at, now + wait).is_ok(), "after the wait it is let through");
                    prop_assert!(take(whole_at, now + wait - 1).is_err(), "and not before");
                }
            }
        }
        for (at, from) in through.iter().enumerate() {
            for (to, until) in through.iter().enumerate().skip(at) {
                let most = AT_ONCE + (until - from) * A_SECOND / 1_000_000 + 1;
                prop_assert!(i64::try_from(to - at + 1).unwrap_or(i64::MAX) <= most);
            }
        }
    }
}

#[test]
fn what_breaks_a_client_is_named() {
    let document = |input: serde_json::Value, item: serde_json::Value| {
        let answer = json!({ "oneOf": [{ "type": "object", "properties": { "item": item } }] });
        json!({ "paths": { "/api/x": { "post": {
            "requestBody": { "content": { "application/json": { "schema": input } } },
            "responses": { "200": { "content": { "application/json": { "schema": answer } } } },
        } } } })
    };
    let text = || json!({ "type": "string" });
    let input = |required: serde_json::Value| json!({ "type": "object", "properties": { "a": text() }, "required": required });
    let item = || json!({ "type": "object", "properties": { "id": text(), "code": { "type": "string", "enum": ["0", "1"] } } });
    let agreed = document(input(json!([])), item());
    assert_eq!(breaks(&agreed, &agreed), Vec::<String>::new());
    assert_eq!(breaks(&agreed, &json!({ "paths": {} })), ["post /api/x is gone"]);
    assert_eq!(breaks(&agreed, &document(input(json!(["a"])), item())), ["post /api/x takes: \"a\" must be sent"]);
    let mut fewer = item();
    fewer["properties"] = json!({ "code": { "type": "string", "enum": ["0"] } });
    let broken = breaks(&agreed, &document(input(json!([])), fewer));
    assert_eq!(broken, ["post /api/x answers item code: without \"1\"", "post /api/x answers item: id is gone"]);
    let mut more = item();
    more["properties"]["new"] = text();
    assert_eq!(breaks(&agreed, &document(input(json!([])), more)), Vec::<String>::new(), "more is no break");
}

//! Pure tests.

use crate::model::{ContactKind, CustomerInput, Field};
use crate::phone::normal;
use crate::profile::{Contact, Profile};
use crate::terms::{spoken, wanted};
use kernel::field::{Answer, FieldKind, answer_name};
use kernel::id::CustomerFieldId;

#[test]
fn one_number_written_in_many_ways_is_one_contact() {
    for written in [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "0086-13800138000",
        "１３８００１３８０００",
        "86 13800138000",
        "（+86）138·0013·8000",
    ] {
        assert_eq!(normal(written).as_deref(), Some("+8613800138000"), "{written}");
    }
    for written in ["010-65123456", "(010) 6512 3456", "+86 10 6512 3456"] {
        assert_eq!(normal(written).as_deref(), Some("+861065123456"), "{written}");
    }
    for written in ["010-65123456转801", "010-65123456 转 801", "010 65123456 ext. 801", "010-65123456 分机801", "01065123456#801"] {
        assert_eq!(normal(written).as_deref(), Some("+861065123456;ext=801"), "{written}");
    }
    assert_eq!(normal("400-820-8820").as_deref(), Some("+864008208820"));
    assert_eq!(normal("+1 650-253-0000").as_deref(), Some("+16502530000"));
}

#[test]
fn short_numbers_keep_their_digits_and_words_are_no_numbers() {
    assert_eq!(normal("95588").as_deref(), Some("95588"));
    assert_eq!(normal("110").as_deref(), Some("110"));
    for bad in ["", "12", "张三", "138abc", "a@b.example", "1234567890123456789"] {
        assert_eq!(normal(bad), None, "{bad:?}");
    }
}

#[test]
fn pinyin_of_names() {
    let words = |text| spoken(text).into_iter().collect::<Vec<_>>();
    assert_eq!(words("张三"), ["zhangsan", "zs"]);
    let shan = words("单雄信");
    for reading in ["shanxiongxin", "danxiongxin", "sxx", "dxx"] {
        assert!(shan.contains(&reading.to_owned()), "{reading} in {shan:?}");
    }
    assert!(words("吕布").contains(&"lvbu".to_owned()), "{:?}", words("吕布"));
    assert!(words("Alice").is_empty());
}

#[test]
fn a_customer_is_found_by_everything() {
    let contact = |kind, value: &str, normal: &str| Contact { kind, value: value.into(), normal: normal.into() };
    let profile = Profile {
        nickname: "老张".into(),
        name: "张三丰".into(),
        organisation: "武当山科技有限公司".into(),
        partner_id: Some("CRM-000042".into()),
        remark: "月底对账".into(),
        contacts: vec![
            contact(ContactKind::Email, "zhang@wudang.example", "zhang@wudang.example"),
            contact(ContactKind::Phone, "138 0013 8000", "+8613800138000"),
            contact(ContactKind::Phone, "010-65123456转801", "+861065123456;ext=801"),
        ],
        ..Profile::default()
    };
    let have = profile.terms();
    let found = |query: &str| {
        let want = wanted(query);
        want.iter().all(|term| have.contains(term))
    };
    for query in [
        "老张",
        "三丰",
        "zsf",
        "zhangsan",
        "lz",
        "武当",
        "wds",
        "CRM-000042",
        "000042",
        "zhang@wudang.example",
        "wudang",
        "对账",
        "1380013",
        "8000",
        "+86 138 0013 8000",
        "0086 138",
        "138-0013-8000",
        "010-6512",
        "(010) 6512 3456",
        "65123456",
        "801",
    ] {
        assert!(found(query), "{query}");
    }
    for query in ["李四", "lisi", "139", "  "] {
        assert!(!found(query), "{query}");
    }
}

fn profile(name: &str, vip: i16, phone: &str) -> Profile {
    let contacts = vec![Contact { kind: ContactKind::Phone, value: phone.into(), normal: phone.into() }];
    Profile { nickname: format!("{name}的昵称"), name: name.into(), vip_level: vip, contacts, ..Profile::default() }
}

#[test]
fn a_merge_fills_in_and_can_be_taken_back() {
    let keep = Profile { name: String::new(), ..profile("何静", 0, "1") };
    let gone = Profile { partner_id: Some("CM-1".into()), ..profile("何小静", 3, "2") };
    let merged = keep.with(&gone);
    assert_eq!((merged.nickname.as_str(), merged.name.as_str(), merged.vip_level), ("何静的昵称", "何小静", 3));
    assert_eq!(merged.partner_id.as_deref(), Some("CM-1"));
    assert_eq!(merged.contacts.len(), 2);
    assert_eq!(merged.without(&keep, &gone), (keep.clone(), gone.contacts.clone()));

    // What people wrote after the merge stays theirs.
    let edited = Profile { name: "何靜".into(), remark: "新备注".into(), ..merged };
    let (rest, back) = edited.without(&keep, &gone);
    assert_eq!((rest.name.as_str(), rest.remark.as_str(), rest.vip_level, rest.partner_id), ("何靜", "新备注", 0, None));
    assert_eq!(back, gone.contacts);
}

#[test]
fn own_fields_fit_their_kind() {
    let field = |kind, options: &[&str]| Field {
        id: CustomerFieldId(uuid::Uuid::max()),
        label: "字段".into(),
        kind,
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        position: 0,
    };
    let try_one = |field: &Field, value: &str, before: &Profile| {
        let fields = [(field.id, Answer::One(value.into()))].into();
        Profile::typed(&CustomerInput { nickname: "x".into(), fields, ..CustomerInput::default() }, std::slice::from_ref(field), before)
    };
    let none = Profile::default();
    for (kind, good, bad) in [
        (FieldKind::Date, "2026-11-22", "2026-02-30"),
        (FieldKind::Time, "09:30", "25:61"),
        (FieldKind::Number, "-3.5", "三"),
        (FieldKind::Number, "0", "inf"),
        (FieldKind::Choice, "月结", "年结"),
        (FieldKind::Radio, "月结", "年结"),
        (FieldKind::Cascade, "月结", "月结/现结"),
    ] {
        let field = field(kind, &["月结", "现结"]);
        assert!(try_one(&field, good, &none).is_ok(), "{kind} {good}");
        assert!(try_one(&field, bad, &none).is_err(), "{kind} {bad}");
        assert!(try_one(&field, "", &none).unwrap().fields.is_empty(), "{kind} may stay empty");
    }
    // An option that is gone stays where it was chosen, and answers of removed fields stay too.
    let choice = field(FieldKind::Choice, &["现结"]);
    let mut before = Profile::default();
    before.fields.insert(choice.id.to_string(), "月结".into());
    before.fields.insert("removed".into(), "x".into());
    let kept = try_one(&choice, "月结", &before).unwrap();
    assert_eq!(kept.fields, before.fields);
}

#[test]
fn a_form_is_read_as_browsers_send_it() {
    // Ids of today begin with a digit.
    let id = CustomerFieldId(uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001));
    let text =
        format!("nickname=%E4%BD%95&vip_level=2&partner_id=&emails=a%40b.example%0D%0AC%40D.example&{}=x&version=3", answer_name(id));
    let input: CustomerInput = serde_qs::Config::new(5, false).deserialize_str(&text).unwrap();
    assert_eq!((input.partner_id, input.vip_level, input.version), (None, 2, 3));
    assert_eq!(input.fields[&id], Answer::One("x".into()));
    let several: CustomerInput =
        serde_qs::Config::new(5, false).deserialize_str(&format!("nickname=x&{0}[]=a&{0}[]=b", answer_name(id))).unwrap();
    assert_eq!(several.fields[&id].values(), ["a", "b"]);
}

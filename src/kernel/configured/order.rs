//! 顺序: where objects stand. The database keeps an order among the objects of one group only, such as the categories below
//! one parent; how groups are mixed in a list says nothing.

use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The documents of objects, by which their group is told.
pub type Documents<'a> = HashMap<Uuid, &'a Value>;

/// The order in which objects stand when `order` is the last that was kept: those it names, then newer ones by age, which
/// their ids tell.
#[must_use]
pub fn in_order(objects: &[Uuid], order: &[Uuid]) -> Vec<Uuid> {
    let mut newer: Vec<Uuid> = objects.iter().filter(|id| !order.contains(id)).copied().collect();
    newer.sort_unstable();
    order.iter().filter(|id| objects.contains(id)).copied().chain(newer).collect()
}

/// In which group an object stands: what its document has under the key that keeps groups apart.
#[must_use]
pub fn group_of<'a>(apart: &str, id: Uuid, documents: &Documents<'a>) -> &'a str {
    documents.get(&id).and_then(|document| document.get(apart)).and_then(Value::as_str).unwrap_or_default()
}

/// The objects group by group, each in the order it has: two orders that say the same give the same.
#[must_use]
pub fn by_group(apart: &str, order: &[Uuid], documents: &Documents<'_>) -> Vec<Uuid> {
    let mut grouped = order.to_vec();
    grouped.sort_by_key(|id| group_of(apart, *id, documents));
    grouped
}

/// The objects as the database lists them: group by group, and right below an object those whose group it is.
#[must_use]
pub fn settled(apart: &str, order: &[Uuid], documents: &Documents<'_>) -> Vec<Uuid> {
    let there: HashSet<Uuid> = order.iter().copied().collect();
    let mut below: HashMap<Option<Uuid>, Vec<Uuid>> = HashMap::new();
    for id in by_group(apart, order, documents) {
        let above = group_of(apart, id, documents).parse::<Uuid>().ok().filter(|above| there.contains(above));
        below.entry(above).or_default().push(id);
    }
    let mut open: Vec<Uuid> = below.remove(&None).unwrap_or_default().into_iter().rev().collect();
    let mut settled = Vec::new();
    while let Some(id) = open.pop() {
        settled.push(id);
        open.extend(below.remove(&Some(id)).unwrap_or_default().into_iter().rev());
    }
    // A ring has no beginning: it stays as it is.
    let done: HashSet<Uuid> = settled.iter().copied().collect();
    settled.extend(order.iter().filter(|id| !done.contains(*id)));
    settled
}

#[cfg(test)]
mod tests {
    use super::{Documents, by_group, group_of, in_order, settled};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    #[test]
    fn an_order_survives_what_is_made_and_deleted() {
        let [a, b, c, d] = [1, 2, 3, 4].map(Uuid::from_u128);
        assert_eq!(in_order(&[a, b, c], &[c, a, b]), [c, a, b]);
        assert_eq!(in_order(&[a, b, d], &[c, a, b]), [a, b, d], "one was deleted, one is new");
        assert_eq!(in_order(&[b, a], &[]), [a, b], "by age");
    }

    #[test]
    fn what_stands_below_another_follows_it() {
        let [a, b, c, d] = [1, 2, 3, 4].map(Uuid::from_u128);
        let (top, of_a, of_b) = (json!({ "parent": null }), json!({ "parent": a }), json!({ "parent": b }));
        let documents = Documents::from([(a, &top), (b, &top), (c, &of_a), (d, &of_b)]);
        assert_eq!(settled("parent", &[b, a, c, d], &documents), [b, d, a, c]);
        let ring = Documents::from([(a, &of_b), (b, &of_a)]);
        assert_eq!(settled("parent", &[a, b], &ring), [a, b]);
        let (flow, timed) = (json!({ "kind": "flow" }), json!({ "kind": "timed" }));
        let documents = Documents::from([(a, &flow), (b, &timed), (c, &flow)]);
        assert_eq!(settled("kind", &[a, b, c], &documents), [a, c, b]);
    }

    /// For each of some objects the one above it, which is older, and a place among all.
    fn any_forest() -> impl Strategy<Value = Vec<(Option<u128>, u32)>> {
        prop::collection::vec((any::<Option<u8>>(), any::<u32>()), 0..9).prop_map(|rows| {
            let above = |at: usize, draw: Option<u8>| draw.map(|draw| u128::from(draw) % 9).filter(|above| *above < at as u128);
            rows.into_iter().enumerate().map(|(at, (draw, place))| (above(at, draw), place)).collect()
        })
    }

    proptest! {
        #[test]
        fn how_groups_are_mixed_says_nothing(forest in any_forest()) {
            let row = |(at, (above, _)): (usize, &(Option<u128>, u32))| {
                (Uuid::from_u128(at as u128), json!({ "parent": above.map(Uuid::from_u128) }))
            };
            let objects: Vec<(Uuid, Value)> = forest.iter().enumerate().map(row).collect();
            let documents: Documents<'_> = objects.iter().map(|(id, document)| (*id, document)).collect();
            let mut order: Vec<Uuid> = objects.iter().map(|(id, _)| *id).collect();
            order.sort_by_key(|id| forest.get(usize::try_from(id.as_u128()).unwrap_or_default()).map(|(_, place)| *place));
            let listed = settled("parent", &order, &documents);
            // The database lists what was arranged: nothing is lost, it says the same, and once more it is as it is.
            prop_assert_eq!(listed.len(), order.len());
            prop_assert_eq!(by_group("parent", &listed, &documents), by_group("parent", &order, &documents));
            prop_assert_eq!(settled("parent", &listed, &documents), listed.clone());
            let parts = |order: &[Uuid]| {
                let of = |above: &str| order.iter().copied().filter(|id| group_of("parent", *id, &documents) == above).collect::<Vec<_>>();
                objects.iter().map(|(id, _)| of(&id.to_string())).chain([of("")]).collect::<Vec<_>>()
            };
            prop_assert_eq!(parts(&listed), parts(&order));
        }
    }
}

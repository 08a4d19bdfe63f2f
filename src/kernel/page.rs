//! Keyset paging: lists are walked by "after this row", never by offset (D20).

use serde::{Deserialize, Serialize};

/// One page of a list and how to go on.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// The rows, at most the page's size.
    pub rows: Vec<T>,
    /// Cursor of the page before, when there is one.
    pub previous: Option<Cursor>,
    /// Cursor of the page after, when there is one.
    pub next: Option<Cursor>,
}

/// Where a page begins, written in the address as `direction.key.id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Whether the page lies before or after the named row.
    pub direction: Direction,
    /// The row's sort key as text; microseconds since 1970 for times.
    pub key: String,
    /// The row's id, which breaks ties.
    pub id: uuid::Uuid,
}

/// Which side of the named row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Rows that follow.
    After,
    /// Rows that precede.
    Before,
}

impl core::fmt::Display for Cursor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let direction = match self.direction {
            Direction::After => "a",
            Direction::Before => "b",
        };
        write!(f, "{direction}.{}.{}", self.key, self.id.simple())
    }
}

impl core::str::FromStr for Cursor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is no cursor");
        let (direction, rest) = text.split_once('.').ok_or_else(bad)?;
        let (key, id) = rest.rsplit_once('.').ok_or_else(bad)?;
        Ok(Cursor {
            direction: match direction {
                "a" => Direction::After,
                "b" => Direction::Before,
                _ => return Err(bad()),
            },
            key: key.to_owned(),
            id: id.parse().map_err(|_| bad())?,
        })
    }
}

impl Cursor {
    /// The key as an integer, for times and numbers.
    ///
    /// # Errors
    /// When the address was tampered with.
    pub fn integer(&self) -> Result<i64, String> {
        self.key.parse().map_err(|_| format!("{:?} is no number", self.key))
    }
}

impl<T> Paged<T> {
    /// Cuts a fetched list to a page: `rows` holds up to `size + 1` rows, in list order when the cursor points after,
    /// in reverse when it points before; `key` gives sort key and id of a row.
    pub fn cut(mut rows: Vec<T>, size: usize, cursor: Option<&Cursor>, key: impl Fn(&T) -> (String, uuid::Uuid)) -> Self {
        let backwards = cursor.is_some_and(|cursor| cursor.direction == Direction::Before);
        let more = rows.len() > size;
        rows.truncate(size);
        if backwards {
            rows.reverse();
        }
        let at = |row: Option<&T>, direction| {
            row.map(|row| {
                let (key, id) = key(row);
                Cursor { direction, key, id }
            })
        };
        let previous = (if backwards { more } else { cursor.is_some() }).then(|| at(rows.first(), Direction::Before));
        let next = (if backwards { true } else { more }).then(|| at(rows.last(), Direction::After));
        Paged { previous: previous.flatten(), next: next.flatten(), rows }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Direction};

    #[test]
    fn a_cursor_survives_the_address() {
        let cursor = Cursor { direction: Direction::Before, key: "1.5".into(), id: uuid::Uuid::max() };
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        assert!("a.x".parse::<Cursor>().is_err());
    }
}

//! 收听录音: the bytes of a recording, whole or in part, each request asked for its right anew (S53).

use crate::commands::recording::hear;
use crate::queries::recording::recording;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::error::Result;
use kernel::id::{CallId, LegId};
use kernel::{rng, store};
use ui::visit::Visit;

/// What a request wants of so many bytes (RFC 9110, 14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// All of them: nothing was asked for, or what cannot be read or is more than one range.
    Whole,
    /// From the first to the last, both included.
    Part(u64, u64),
    /// None of them.
    Outside,
}

/// `/calls/{id}/recordings/{leg}`.
pub async fn bytes(visit: Visit, headers: HeaderMap) -> Result<Response> {
    let (call, leg): (CallId, LegId) = (visit.param("id")?, visit.param("leg")?);
    let ctx = &visit.ctx;
    let file = recording(ctx, call, leg).await?;
    let size = u64::try_from(file.size).unwrap_or(0);
    let tag = format!("\"{}\"", rng::hex(&file.sha256));
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // A part of what it was before would not fit to the rest.
    let is_same = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let wanted = if is_same { text(header::RANGE).map_or(Wanted::Whole, |asked| wanted(asked, size)) } else { Wanted::Whole };
    let common = [
        (header::CONTENT_TYPE, file.media_type.clone()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    // Whatever piece of it is asked for first: who knows how players ask could else hear nearly all of it unnoticed.
    if wanted != Wanted::Outside {
        hear(ctx, call, leg).await?;
    }
    match wanted {
        Wanted::Whole => {
            let content = store::read(ctx, &file.sha256).await?;
            Ok((common, content).into_response())
        }
        Wanted::Part(first, last) => {
            let content = store::read_range(ctx, &file.sha256, first..last + 1).await?;
            let range = [(header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}"))];
            Ok((StatusCode::PARTIAL_CONTENT, common, range, content).into_response())
        }
        Wanted::Outside => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            Ok((StatusCode::RANGE_NOT_SATISFIABLE, common, range).into_response())
        }
    }
}

fn wanted(asked: &str, size: u64) -> Wanted {
    let Some((first, last)) = asked.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else { return Wanted::Whole };
    let (first, last) = (first.trim(), last.trim());
    let (from, to) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to),
        (Ok(from), Err(_)) if last.is_empty() => (from, u64::MAX),
        // The last so many bytes.
        (Err(_), Ok(0)) if first.is_empty() => return Wanted::Outside,
        (Err(_), Ok(tail)) if first.is_empty() => (size.saturating_sub(tail), u64::MAX),
        _ => return Wanted::Whole,
    };
    if from >= size { Wanted::Outside } else { Wanted::Part(from, to.min(size - 1)) }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted};

    #[test]
    fn ranges_as_players_ask() {
        assert_eq!(wanted("bytes=0-", 100), Wanted::Part(0, 99));
        assert_eq!(wanted("bytes=10-19", 100), Wanted::Part(10, 19));
        assert_eq!(wanted("bytes=90-500", 100), Wanted::Part(90, 99));
        assert_eq!(wanted("bytes=-10", 100), Wanted::Part(90, 99));
        assert_eq!(wanted("bytes=-500", 100), Wanted::Part(0, 99));
        assert_eq!(wanted("bytes=100-", 100), Wanted::Outside);
        assert_eq!(wanted("bytes=-0", 100), Wanted::Outside);
        assert_eq!(wanted("bytes=0-", 0), Wanted::Outside);
        for odd in ["", "items=0-1", "bytes=5-1", "bytes=0-1,5-6", "bytes=x-y", "bytes=-"] {
            assert_eq!(wanted(odd, 100), Wanted::Whole, "{odd:?}");
        }
    }
}

//! Coded lists. One row of `catalog!` is the only place where a variant, its database code, its key on the wire and
//! its two names stand together; labels, serde, sqlx and select boxes of the whole list derive from it. Lists that choose among
//! the rows, such as a filter's, are written by hand where they are. Codes are for ever: none is used twice, and a program
//! of before a row cannot read what was written with it.

/// Declares a coded list.
///
/// ```ignore
/// catalog! {
///     /// 工单优先级: how soon a ticket wants to be handled (F§4.1).
///     pub enum Priority {
///         Low = 0, "low", "低", "Low";
///         High = 2, "high", "高", "High";
///     }
/// }
/// ```
///
/// Each row is `Variant = database code, "key", "中文", "English"`. A duplicate code or key does not compile. An
/// unknown code in the database is an error that names the list and the code.
#[macro_export]
macro_rules! catalog {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$row_meta:meta])* $variant:ident = $code:literal, $key:literal, $zh:literal, $en:literal; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum $name {
            $( $(#[$row_meta])* #[doc = concat!($zh, ": ", $en)] $variant = $code, )+
        }

        impl $name {
            /// Every row, in the order of the list.
            pub const ALL: &'static [$name] = &[$( $name::$variant, )+];

            /// The code in the database and in the open platform.
            #[must_use]
            pub const fn code(self) -> i16 {
                self as i16
            }

            /// The stable word for addresses, JSON and CSS.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $( $name::$variant => $key, )+ }
            }

            /// The word people read.
            #[must_use]
            pub const fn label(self, lang: $crate::lang::Lang) -> &'static str {
                match (self, lang) {
                    $( ($name::$variant, $crate::lang::Lang::Zh) => $zh,
                       ($name::$variant, $crate::lang::Lang::En) => $en, )+
                }
            }

            /// The row with this code.
            #[must_use]
            pub const fn from_code(code: i16) -> Option<Self> {
                match code { $( $code => Some($name::$variant), )+ _ => None }
            }

            /// The row with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $( $key => Some($name::$variant), )+ _ => None }
            }

            /// The word people read of the row with this key.
            #[must_use]
            pub fn spell(key: &str, lang: $crate::lang::Lang) -> Option<&'static str> {
                Self::from_key(key).map(|row| row.label(lang))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.key())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = String;
            fn from_str(key: &str) -> ::core::result::Result<Self, String> {
                Self::from_key(key).ok_or_else(|| format!("{} has no row {key:?}", stringify!($name)))
            }
        }

        impl $crate::macros::serde::Serialize for $name {
            fn serialize<S: $crate::macros::serde::Serializer>(&self, out: S) -> ::core::result::Result<S::Ok, S::Error> {
                out.serialize_str(self.key())
            }
        }

        impl<'de> $crate::macros::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::macros::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                let key = <::std::borrow::Cow<'de, str> as $crate::macros::serde::Deserialize>::deserialize(from)?;
                key.parse().map_err($crate::macros::serde::de::Error::custom)
            }
        }

        #[cfg(feature = "ssr")]
        const _: () = {
            use $crate::macros::sqlx;
            use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
            use sqlx::{Decode, Encode, Postgres, Type, encode::IsNull, error::BoxDynError};

            impl Type<Postgres> for $name {
                fn type_info() -> PgTypeInfo {
                    <i16 as Type<Postgres>>::type_info()
                }
            }
            impl PgHasArrayType for $name {
                fn array_type_info() -> PgTypeInfo {
                    <i16 as PgHasArrayType>::array_type_info()
                }
            }
            impl Encode<'_, Postgres> for $name {
                fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> ::core::result::Result<IsNull, BoxDynError> {
                    <i16 as Encode<Postgres>>::encode_by_ref(&self.code(), buffer)
                }
            }
            impl<'r> Decode<'r, Postgres> for $name {
                fn decode(value: PgValueRef<'r>) -> ::core::result::Result<Self, BoxDynError> {
                    let code = <i16 as Decode<Postgres>>::decode(value)?;
                    Self::from_code(code)
                        .ok_or_else(|| format!("{} has no row with code {code}", stringify!($name)).into())
                }
            }
            impl $crate::api::value::Coded for $name {
                const ROWS: &'static [$name] = $name::ALL;

                fn number(self) -> i16 {
                    self.code()
                }

                fn words(self) -> $crate::api::Words {
                    (self.label($crate::lang::Lang::Zh), self.label($crate::lang::Lang::En))
                }
            }
        };
    };
}

/// Declares typed ids over UUIDv7: two kinds cannot be mixed up.
#[macro_export]
macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident; )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $crate::macros::uuid::Uuid);

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::macros::uuid::Error;
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl $crate::macros::serde::Serialize for $name {
            fn serialize<S: $crate::macros::serde::Serializer>(&self, out: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::macros::serde::Serialize::serialize(&self.0, out)
            }
        }

        impl<'de> $crate::macros::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::macros::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                $crate::macros::serde::Deserialize::deserialize(from).map(Self)
            }
        }

        #[cfg(feature = "ssr")]
        const _: () = {
            use $crate::macros::sqlx;
            use $crate::macros::uuid::Uuid;
            use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
            use sqlx::{Decode, Encode, Postgres, Type, encode::IsNull, error::BoxDynError};

            impl Type<Postgres> for $name {
                fn type_info() -> PgTypeInfo {
                    <Uuid as Type<Postgres>>::type_info()
                }
            }
            impl PgHasArrayType for $name {
                fn array_type_info() -> PgTypeInfo {
                    <Uuid as PgHasArrayType>::array_type_info()
                }
            }
            impl Encode<'_, Postgres> for $name {
                fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> ::core::result::Result<IsNull, BoxDynError> {
                    <Uuid as Encode<Postgres>>::encode_by_ref(&self.0, buffer)
                }
            }
            impl<'r> Decode<'r, Postgres> for $name {
                fn decode(value: PgValueRef<'r>) -> ::core::result::Result<Self, BoxDynError> {
                    <Uuid as Decode<Postgres>>::decode(value).map(Self)
                }
            }
        };
    )+ };
}

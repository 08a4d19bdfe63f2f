//! Declares what endpoints take and answer, and the rows of their tables: name, type and both languages stand together once.

/// Declares what an endpoint takes: `name: Type = "中文", "English";`. A type that may be left out is an `Option`.
#[macro_export]
macro_rules! api_input {
    ($(#[$meta:meta])* pub struct $name:ident { $( $field:ident: $type:ty = $zh:literal, $en:literal; )+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name { $( #[doc = concat!($zh, ": ", $en)] pub $field: $type, )+ }

        impl $crate::api::Input for $name {
            const FIELDS: &'static [$crate::api::FieldRow] = &[$( $crate::api::FieldRow {
                name: stringify!($field),
                words: ($zh, $en),
                required: <$type as $crate::api::value::Taken>::REQUIRED,
                schema: <$type as $crate::api::value::Described>::schema,
            }, )+];

            fn read(sent: &$crate::api::Sent) -> $crate::error::Result<Self> {
                let mut problems = $crate::error::Problems::default();
                $( let $field = <$type as $crate::api::value::Taken>::take(sent.get(stringify!($field)))
                    .map_err(|problem| problems.add(stringify!($field), problem)); )+
                problems.end()?;
                match ($( $field, )+) {
                    ($( Ok($field), )+) => Ok(Self { $( $field, )+ }),
                    _ => Err($crate::error::Problem::BadFormat.into()),
                }
            }
        }

        // As a part of another input.
        impl $crate::api::value::Described for $name {
            fn schema() -> serde_json::Value {
                $crate::api::value::object(<$name as $crate::api::Input>::FIELDS)
            }
        }

        impl $crate::api::value::Taken for $name {
            fn take(sent: Option<&serde_json::Value>) -> ::core::result::Result<Self, $crate::error::Problem> {
                let sent = sent.and_then(serde_json::Value::as_object).ok_or($crate::error::Problem::BadFormat)?;
                <$name as $crate::api::Input>::read(sent).map_err(|error| error.problem())
            }
        }
    };
}

/// Declares one thing that is answered: `name: Type = "中文", "English";`. Every field is always there.
#[macro_export]
macro_rules! api_item {
    ($(#[$meta:meta])* pub struct $name:ident { $( $field:ident: $type:ty = $zh:literal, $en:literal; )+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize)]
        pub struct $name { $( #[doc = concat!($zh, ": ", $en)] pub $field: $type, )+ }

        impl $crate::api::value::Described for $name {
            fn schema() -> serde_json::Value {
                $crate::api::value::object(&[$( $crate::api::FieldRow {
                    name: stringify!($field),
                    words: ($zh, $en),
                    required: true,
                    schema: <$type as $crate::api::value::Described>::schema,
                }, )+])
            }
        }
    };
}

/// One row of a slice's table of endpoints.
#[macro_export]
macro_rules! endpoint {
    ($method:ident $path:literal, $scope:ident, $title:expr, $run:path : $input:ty => $answer:ty) => {
        $crate::api::Endpoint {
            method: $crate::api::Method::$method,
            path: $path,
            title: $title,
            input: <$input as $crate::api::Input>::FIELDS,
            shape: <$answer as $crate::api::answer::Reply>::SHAPE,
            call: $crate::api::Call::Known($crate::scope::ApiScope::$scope, |ctx, sent| {
                Box::pin(async move {
                    let input = <$input as $crate::api::Input>::read(&sent)?;
                    let answer: $answer = $run(ctx, input).await?;
                    $crate::api::answer::Reply::answer(answer)
                })
            }),
        }
    };
}

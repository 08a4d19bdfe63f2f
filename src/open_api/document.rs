//! OpenAPI 3.1: the document, made of the endpoints. Pure; nothing about an endpoint is written here.

use kernel::api::answer::{OK, code_of};
use kernel::api::value::object;
use kernel::api::{Endpoint, Method, Shape};
use kernel::error::Problem;
use kernel::lang::Lang;
use serde_json::{Map, Value, json};

/// Version of the interface: grows when a client of before has to change something.
pub const VERSION: &str = "5.0.0";

/// The document of these endpoints. It names no server: whoever reads it knows where it came from.
#[must_use]
pub fn document(endpoints: &[Endpoint]) -> Value {
    let mut paths = Map::new();
    for endpoint in endpoints {
        let entry = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        entry[endpoint.method.key()] = operation(endpoint);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kefu 开放接口 / Open platform",
            "version": VERSION,
            "description": "Every answer has ret_code and ret_msg; 000000 is success. Ids and codes are texts, times are 2026-11-22 09:30:00 in the company's zone. Parameters that nobody knows are ignored.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "apiKey", "in": "header", "name": "token" } },
            "schemas": { "Failure": failure() },
        },
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let (zh, en) = endpoint.title;
    let mut operation = json!({
        "operationId": operation_id(endpoint),
        "summary": format!("{zh} / {en}"),
        "responses": {
            "200": {
                "description": "成功，或者被拒绝 / Success, or a refusal",
                "content": { "application/json": { "schema": { "oneOf": [success(endpoint.shape), { "$ref": "#/components/schemas/Failure" }] } } },
            },
            "429": {
                "description": "调用太频繁 / Too many calls",
                "headers": { "Retry-After": { "schema": { "type": "integer" }, "description": "多少秒后再试 / Seconds to wait" } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Failure" } } },
            },
        },
    });
    let mut parameters = vec![json!({
        "name": "language",
        "in": "header",
        "required": false,
        "description": "返回文字的语言 / Language of the texts",
        "schema": { "type": "string", "enum": ["zh", "en"], "default": "zh" },
    })];
    match endpoint.method {
        Method::Get => parameters.extend(endpoint.input.iter().map(|field| {
            json!({
                "name": field.name,
                "in": "query",
                "required": field.required,
                "description": format!("{} / {}", field.words.0, field.words.1),
                "schema": (field.schema)(),
            })
        })),
        Method::Post => {
            // Nobody is known yet who asks for a token, so there is nobody whose key it could be.
            if endpoint.scope().is_some() {
                parameters.push(json!({
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": false,
                    "description": "同一个值只执行一次，一天内返回同样的结果 / The same value is done once, and answered alike for a day",
                    "schema": { "type": "string", "maxLength": crate::commands::post::KEY_MOST },
                }));
            }
            let schema = object(endpoint.input);
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": schema }, "application/x-www-form-urlencoded": { "schema": schema } },
            });
        }
    }
    operation["parameters"] = Value::Array(parameters);
    if let Some(scope) = endpoint.scope() {
        operation["security"] = json!([{ "token": [] }]);
        operation["x-scope"] = json!(scope.key());
    }
    operation
}

/// The last part of the path, with what stands before it where two end alike: `agent_save_agent`.
fn operation_id(endpoint: &Endpoint) -> String {
    let parts: Vec<&str> =
        endpoint.path.split('/').filter(|part| !part.is_empty() && *part != "api" && part.parse::<u8>().is_err()).collect();
    parts[parts.len().saturating_sub(2)..].join("_")
}

/// The envelope around what an endpoint answers.
fn success(shape: Shape) -> Value {
    let mut properties = Map::new();
    properties.insert("ret_code".to_owned(), json!({ "type": "string", "const": OK }));
    properties.insert("ret_msg".to_owned(), json!({ "type": "string" }));
    match shape {
        Shape::Done => {}
        Shape::One(item) => {
            properties.insert("item".to_owned(), item());
        }
        Shape::Many(item) => {
            properties.insert("items".to_owned(), json!({ "type": "array", "items": item() }));
            for name in ["page_no", "page_size", "page_count", "total_count"] {
                properties.insert(name.to_owned(), json!({ "type": "integer" }));
            }
        }
    }
    let required: Vec<String> = properties.keys().cloned().collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn failure() -> Value {
    let error = json!({
        "type": "object",
        "properties": {
            "field": { "type": "string", "description": "哪个参数，空值是整个请求 / Which parameter; empty for the whole call" },
            "reason": { "type": "string", "description": "原因的稳定名称 / Stable word of the reason" },
            "message": { "type": "string" },
        },
        "required": ["field", "reason", "message"],
    });
    json!({
        "type": "object",
        "properties": {
            "ret_code": { "type": "string", "not": { "const": OK }, "description": "第一个问题的代码 / Code of the first problem" },
            "ret_msg": { "type": "string" },
            "errors": { "type": "array", "items": error, "minItems": 1 },
        },
        "required": ["ret_code", "ret_msg", "errors"],
    })
}

/// 错误代码: every code with the reasons that are answered with it, by code.
#[must_use]
pub fn codes(lang: Lang) -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let mut all: Vec<(&'static str, Vec<(&'static str, &'static str)>)> = Vec::new();
    for problem in Problem::ALL {
        let code = code_of(*problem);
        let reason = (problem.key(), problem.text(lang));
        match all.iter_mut().find(|(known, _)| *known == code) {
            Some((_, reasons)) => reasons.push(reason),
            None => all.push((code, vec![reason])),
        }
    }
    all.sort_by_key(|(code, _)| *code);
    all
}

/// What a client of the agreed document would stumble over in the new one, each as a line: an endpoint, a parameter or a field that
/// is gone, something that must be sent now, a code that is not answered or taken any more.
#[must_use]
pub fn breaks(agreed: &Value, now: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let nothing = Map::new();
    let paths = |document: &Value| document["paths"].as_object().cloned().unwrap_or_default();
    let known = paths(now);
    for (path, methods) in paths(agreed) {
        for (method, was) in methods.as_object().unwrap_or(&nothing) {
            let name = format!("{method} {path}");
            match known.get(&path).and_then(|methods| methods.get(method)) {
                None => broken.push(format!("{name} is gone")),
                Some(is) => {
                    differences(&mut broken, &format!("{name} takes"), &taken(was), &taken(is), Direction::Sent);
                    differences(&mut broken, &format!("{name} answers"), &answered(was), &answered(is), Direction::Answered);
                    if was["x-scope"] != is["x-scope"] {
                        broken.push(format!("{name} needs another scope"));
                    }
                }
            }
        }
    }
    broken
}

/// Which way a value goes: what is sent may become less demanding, what is answered may become more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Sent,
    Answered,
}

/// What an operation takes, as one object.
fn taken(operation: &Value) -> Value {
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if body.is_object() {
        return body.clone();
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    let none = Vec::new();
    for parameter in operation["parameters"].as_array().unwrap_or(&none).iter().filter(|parameter| parameter["in"] == "query") {
        let name = parameter["name"].as_str().unwrap_or_default();
        properties.insert(name.to_owned(), parameter["schema"].clone());
        if parameter["required"] == true {
            required.push(Value::from(name));
        }
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// What it answers when it works.
fn answered(operation: &Value) -> Value {
    operation["responses"]["200"]["content"]["application/json"]["schema"]["oneOf"][0].clone()
}

fn differences(broken: &mut Vec<String>, name: &str, was: &Value, is: &Value, direction: Direction) {
    let list = |schema: &Value, key: &str| schema[key].as_array().cloned().unwrap_or_default();
    if was["type"] != is["type"] {
        broken.push(format!("{name}: another type"));
        return;
    }
    let gone: Vec<String> = list(was, "enum").iter().filter(|code| !list(is, "enum").contains(code)).map(ToString::to_string).collect();
    if !gone.is_empty() && is.get("enum").is_some() {
        broken.push(format!("{name}: without {}", gone.join(", ")));
    }
    if direction == Direction::Sent {
        for field in list(is, "required").iter().filter(|field| !list(was, "required").contains(field)) {
            broken.push(format!("{name}: {field} must be sent"));
        }
    }
    if let Some(properties) = was["properties"].as_object() {
        for (field, schema) in properties {
            match is["properties"].get(field) {
                None => broken.push(format!("{name}: {field} is gone")),
                Some(now) => differences(broken, &format!("{name} {field}"), schema, now, direction),
            }
        }
    }
    if was["items"].is_object() {
        differences(broken, &format!("{name} []"), &was["items"], &is["items"], direction);
    }
}

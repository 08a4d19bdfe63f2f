//! Every page of the route table as every role: who may not see it gets 403, who is nobody is asked to sign in, and
//! what is drawn has one title and labelled fields.

use crate::tests::app::TestApp;
use crate::web::routes::{Access, ROUTES};
use kernel::permission::Role;

/// A path with its parts filled by an id that does not exist.
fn concrete(path: &str) -> String {
    let filled: Vec<&str> =
        path.split('/').map(|part| if part.starts_with('{') { "01930000-0000-7000-8000-000000000000" } else { part }).collect();
    filled.join("/")
}

#[tokio::test]
async fn nobody_is_asked_to_sign_in() {
    let test = TestApp::new().await;
    let visitor = test.visitor();
    for route in ROUTES.iter().filter(|route| route.access != Access::Anybody) {
        let answer = visitor.get(&concrete(route.path)).await;
        assert_eq!(answer.status, 303, "{}", route.path);
        assert!(answer.location().starts_with("/sign-in"), "{} leads to {}", route.path, answer.location());
    }
}

#[tokio::test]
async fn every_role_sees_what_it_may_and_nothing_else() {
    let test = TestApp::new().await;
    for role in Role::ALL {
        let email = format!("{role}@example.com");
        let agent = test.new_agent(&email, role.label(kernel::lang::Lang::Zh), *role, Vec::new()).await;
        let grants = test.ctx(agent).await.grants;
        let browser = test.signed_in(&email).await;
        for route in ROUTES.iter() {
            let answer = browser.get(&concrete(route.path)).await;
            let is_refused = matches!(route.access, Access::Needs(item) if !grants.has(item));
            if is_refused {
                assert_eq!(answer.status, 403, "{role} {}", route.path);
            } else {
                assert!([200, 303, 404].contains(&answer.status), "{role} {} answers {}", route.path, answer.status);
            }
            assert_well_formed(route.path, &answer);
        }
    }
}

fn assert_well_formed(path: &str, answer: &crate::tests::browser::Answer) {
    let is_page = answer.headers.get("content-type").is_some_and(|kind| kind.to_str().unwrap_or("").starts_with("text/html"));
    if !is_page {
        return;
    }
    assert_eq!(answer.texts("h1").len(), 1, "{path} has one title");
    assert!(!answer.body.contains("style=\""), "{path} styles inline, which the policy forbids");
    let fields = answer.texts(
        "input:not([type=hidden]):not([hidden]):not([aria-label]):not([id]), select:not([aria-label]):not([id]), textarea:not([aria-label]):not([id])",
    );
    let inside_labels =
        answer.texts("label input:not([type=hidden]):not([aria-label]):not([id]), label select:not([aria-label]):not([id])");
    assert_eq!(fields.len(), inside_labels.len(), "{path} has a field without a label");
}

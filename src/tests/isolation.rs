//! Isolation and what keeps it cheap, walked over the catalog so that a new table cannot forget it: D1, D3, D19, S01, S02,
//! S49.

use crate::tests::app::TestApp;
use sqlx::AssertSqlSafe;

#[tokio::test]
async fn s02_every_company_table_is_forced_behind_row_level_security() {
    let test = TestApp::new().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> '_sqlx_migrations'
        and not (c.relrowsecurity and c.relforcerowsecurity
            and exists (select from pg_policy p where p.polrelid = c.oid)
            and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id'))",
    )
    .fetch_all(&test.app.write)
    .await
    .expect("the catalog answers");
    assert_eq!(open, Vec::<String>::new());
    let role: (bool, bool) = sqlx::query_as("select rolbypassrls, rolsuper from pg_roles where rolname = current_user")
        .fetch_one(&test.app.write)
        .await
        .expect("a role");
    assert_eq!(role, (false, false), "the app's role cannot step around it");
}

#[tokio::test]
async fn s02_without_a_company_no_row_is_seen_and_none_can_be_written() {
    let test = TestApp::new().await;
    let tables: Vec<String> = sqlx::query_scalar("select relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') and relname <> '_sqlx_migrations'")
        .fetch_all(&test.app.write)
        .await
        .expect("the catalog answers");
    assert!(tables.len() > 20);
    for table in &tables {
        let seen: i64 =
            sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(&test.app.write).await.expect("readable");
        assert_eq!(seen, 0, "{table} shows rows without a company");
    }
    let refused =
        sqlx::query("insert into counters (company_id, name, value) values (gen_random_uuid(), 'x', 1)").execute(&test.app.write).await;
    assert!(refused.is_err(), "a row of another company cannot be written");
}

#[tokio::test]
async fn d1_keys_and_indexes_begin_with_the_company() {
    let test = TestApp::new().await;
    let wrong: Vec<String> = sqlx::query_scalar(
        "select i.indexrelid::regclass::text
        from pg_index i
        join pg_class c on c.oid = i.indrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id'
        where n.nspname = 'public' and i.indkey[0] <> a.attnum",
    )
    .fetch_all(&test.app.write)
    .await
    .expect("the catalog answers");
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn d3_foreign_keys_carry_the_company_on_both_sides() {
    let test = TestApp::new().await;
    let wrong: Vec<String> = sqlx::query_scalar(
        "select k.conname::text
        from pg_constraint k
        where k.contype = 'f'
        and not exists (
            select from pg_attribute a
            join pg_attribute b on b.attrelid = k.confrelid and b.attname = 'company_id'
            where a.attrelid = k.conrelid and a.attname = 'company_id' and k.conkey[1] = a.attnum and k.confkey[1] = b.attnum)",
    )
    .fetch_all(&test.app.write)
    .await
    .expect("the catalog answers");
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn s49_the_audit_trail_is_append_only() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    for statement in ["update audit_entries set action = 'x'", "delete from audit_entries", "update events set kind = 'x'"] {
        let mut tx = ctx.begin().await.expect("a transaction");
        assert!(sqlx::raw_sql(statement).execute(&mut *tx).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn every_table_says_what_it_is() {
    let test = TestApp::new().await;
    let silent: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'directory') and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> '_sqlx_migrations' and obj_description(c.oid) is null",
    )
    .fetch_all(&test.app.write)
    .await
    .expect("the catalog answers");
    assert_eq!(silent, Vec::<String>::new());
}

#[tokio::test]
async fn the_company_is_read_once_a_statement_and_searches_read_no_list_of_what_is_new() {
    let test = TestApp::new().await;
    let each_row: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_policies
        where policyname = 'own_company' and not (qual like '%( SELECT %current_setting%' and with_check like '%( SELECT %current_setting%')",
    )
    .fetch_all(&test.app.write)
    .await
    .expect("the catalog answers");
    assert_eq!(each_row, Vec::<String>::new());
    let aside: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_am a on a.oid = c.relam
        where a.amname = 'gin' and c.relkind in ('i', 'I') and not coalesce('fastupdate=off' = any(c.reloptions), false)",
    )
    .fetch_all(&test.app.write)
    .await
    .expect("the catalog answers");
    assert_eq!(aside, Vec::<String>::new());
}

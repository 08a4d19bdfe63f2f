-- The second wall (S02, D19): every table of a company is readable only inside a transaction that names the company.
-- A later migration that creates a table calls isolate() for it; a test walks the catalog and finds the forgotten ones.

create function isolate(target regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy own_company on %s using (company_id = nullif(current_setting(''app.company_id'', true), '''')::uuid)'
        ' with check (company_id = nullif(current_setting(''app.company_id'', true), '''')::uuid)', target);
    execute format('grant select, insert, update, delete on %s to kefu_app', target);
end
$$;
comment on function isolate is 'row-level security and grants of one company table; called by migrations only';

do $$
declare
    target regclass;
begin
    for target in
        select c.oid::regclass
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public'
        and c.relkind in ('r', 'p')
        and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped)
    loop
        perform isolate(target);
    end loop;
end
$$;

-- Append-only for the app (S49).
revoke update, delete on audit_entries, audit_entries_default, events, events_default from kefu_app;

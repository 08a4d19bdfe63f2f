-- The company of the transaction is read once a statement, not once a row or an index look-up: a sub-select that hangs on
-- no row is evaluated at the first use and kept.

create or replace function isolate(target regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy own_company on %s using (company_id = (select nullif(current_setting(''app.company_id'', true), '''')::uuid))'
        ' with check (company_id = (select nullif(current_setting(''app.company_id'', true), '''')::uuid))', target);
    execute format('grant select, insert, update, delete on %s to kefu_app', target);
end
$$;

do $$
declare
    target regclass;
begin
    for target in select polrelid::regclass from pg_policy where polname = 'own_company' loop
        execute format(
            'alter policy own_company on %s using (company_id = (select nullif(current_setting(''app.company_id'', true), '''')::uuid))'
            ' with check (company_id = (select nullif(current_setting(''app.company_id'', true), '''')::uuid))', target);
    end loop;
end
$$;

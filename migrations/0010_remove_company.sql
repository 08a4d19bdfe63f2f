-- Accounts: reports of imports, and removing the demo.

create table agent_imports (
    company_id uuid not null,
    id uuid not null,
    agent_id uuid,
    report bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (company_id, id)
);
comment on table agent_imports is '导入客服: report of one import, sealed since generated passwords stand in it; gone after an hour';
select isolate('agent_imports');

-- The app cannot delete audit entries or events, and must not; the demo goes as a whole. Rows are deleted with the
-- tables that point to others first, so that a table of a later migration is found by itself.
create function remove_company(target uuid) returns void language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    remaining oid[];
    free oid[];
    current_table oid;
begin
    if not exists (select from directory.companies where company_id = target and is_demo) then
        raise exception 'company % is no demo', target;
    end if;
    -- The owner is bound by row-level security too.
    perform set_config('app.company_id', target::text, true);
    select array_agg(c.oid) into remaining
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'directory')
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped);
    while cardinality(remaining) > 0 loop
        select array_agg(t) into free
        from unnest(remaining) as t
        where not exists (
            select from pg_constraint k
            where k.contype = 'f'
            and k.confrelid = t
            and k.conrelid <> t
            and k.conrelid = any(remaining)
        );
        if free is null then
            raise exception 'tables point at each other in a ring: %', (select array_agg(t::regclass::text) from unnest(remaining) as t);
        end if;
        foreach current_table in array free loop
            execute format('delete from %s where company_id = $1', current_table::regclass) using target;
        end loop;
        select array_agg(t) into remaining from unnest(remaining) as t where t <> all(free);
    end loop;
end
$$;
comment on function remove_company is 'removes the demo with all its rows; refuses every other company';
revoke execute on function remove_company from public;
grant execute on function remove_company to kefu_app;

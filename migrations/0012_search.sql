-- Search by terms behind row-level security. PostgreSQL uses an index only for conditions that cannot leak a row before
-- the policy is asked; `@>` on arrays is not marked so, and every search would read the whole table. These functions
-- ask the index as a role that may read a few columns of these tables, and name the company themselves: the one of the
-- transaction, never one that is given to them. They answer ids only, at most `most`: a caller that gets that many asks
-- the list in its own order instead, where rows with a common term are found at once.

do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'kefu_search') then
        create role kefu_search nologin nobypassrls;
    end if;
    execute format('grant kefu_search to %I', current_user);
exception
    when duplicate_object or unique_violation then null;
end
$$;

grant usage on schema public to kefu_search;
grant select (company_id, id, bigrams) on customers to kefu_search;
grant select (company_id, id, title, bigrams) on tickets to kefu_search;
grant select (company_id, ticket_id, text, bigrams, deleted_at) on ticket_messages to kefu_search;
create policy search_index on customers for select to kefu_search using (true);
create policy search_index on tickets for select to kefu_search using (true);
create policy search_index on ticket_messages for select to kefu_search using (true);

create function customers_with(terms text[], most integer) returns setof uuid
language sql stable security definer parallel safe rows 100
set search_path = public, pg_temp
as $$
    select id from customers
    where company_id = nullif(current_setting('app.company_id', true), '')::uuid and bigrams @> terms
    limit most
$$;

create function tickets_with(terms text[], phrases text[], most integer) returns setof uuid
language sql stable security definer parallel safe rows 100
set search_path = public, pg_temp
as $$
    select id from tickets
    where company_id = nullif(current_setting('app.company_id', true), '')::uuid and bigrams @> terms
    and title ilike all (phrases)
    limit most
$$;

create function ticket_messages_with(terms text[], phrases text[], most integer) returns setof uuid
language sql stable security definer parallel safe rows 100
set search_path = public, pg_temp
as $$
    select ticket_id from ticket_messages
    where company_id = nullif(current_setting('app.company_id', true), '')::uuid and bigrams @> terms
    and deleted_at is null and text ilike all (phrases)
    limit most
$$;

comment on function customers_with is 'ids of customers of the transaction''s company that have all these terms';
comment on function tickets_with is 'ids of tickets of the transaction''s company that have all these terms and patterns';
comment on function ticket_messages_with is 'tickets of the messages of the transaction''s company that have all these terms and patterns, once a message';

-- An owner needs this for the moment of becoming one.
grant create on schema public to kefu_search;
alter function customers_with owner to kefu_search;
alter function tickets_with owner to kefu_search;
alter function ticket_messages_with owner to kefu_search;
revoke create on schema public from kefu_search;
revoke all on function customers_with, tickets_with, ticket_messages_with from public;
grant execute on function customers_with, tickets_with, ticket_messages_with to kefu_app;

-- A number without its extension, to find who else has it: an index cannot be asked through split_part either.
alter table customer_contacts add column main text generated always as (split_part(normal, ';', 1)) stored;
create index customer_contacts_main on customer_contacts (company_id, main) where kind = 0;
comment on column customer_contacts.main is 'the number without its extension';

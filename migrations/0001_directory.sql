-- The directory: the few facts that must be known before the company is (D4). Everything else belongs to one company.

do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'kefu_app') then
        create role kefu_app nologin nobypassrls;
    end if;
    execute format('grant kefu_app to %I', current_user);
exception
    -- Two programs may start at once on one server.
    when duplicate_object or unique_violation then null;
end
$$;

create schema directory;
comment on schema directory is 'facts that precede knowing the company; no row-level security, few and small tables';

create table directory.companies (
    company_id uuid primary key,
    is_demo boolean not null default false,
    is_paused boolean not null default false,
    created_at timestamptz not null default now()
);
comment on table directory.companies is 'which companies live in this database';
comment on column directory.companies.is_paused is 'its jobs wait, as while the demo is being made under a moved clock';

create table directory.sign_ins (
    email text primary key check (email = lower(email)),
    company_id uuid not null,
    agent_id uuid not null
);
create unique index sign_ins_agent on directory.sign_ins (company_id, agent_id);
comment on table directory.sign_ins is 'sign-in address → company and agent';

create table directory.mail_addresses (
    address text primary key check (address = lower(address)),
    company_id uuid not null,
    mailbox_id uuid not null
);
comment on table directory.mail_addresses is 'mail address of a mailbox → company; one address serves one company';

create table directory.sessions (
    id_hash bytea primary key,
    record jsonb not null,
    company_id uuid,
    agent_id uuid,
    user_agent text not null default '',
    ip inet,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_agent on directory.sessions (company_id, agent_id);
create index sessions_expiry on directory.sessions (expires_at);
comment on table directory.sessions is 'sign-in sessions; the id is stored as its SHA-256 (S37)';

create table directory.throttles (
    key text primary key,
    failures integer not null default 0,
    window_start timestamptz not null,
    blocked_until timestamptz
);
comment on table directory.throttles is 'failed attempts by account, address and token (S34); here so that a restart forgets nothing';

create table directory.ready_companies (
    company_id uuid primary key,
    next_at timestamptz not null
);
create index ready_companies_next on directory.ready_companies (next_at);
comment on table directory.ready_companies is 'companies with jobs that are due: step one of the two-step claim (D7)';

create table directory.installation (
    only_row boolean primary key default true check (only_row),
    setup_code_hash bytea,
    setup_code_used_at timestamptz,
    schedules jsonb not null default '{}'
);
insert into directory.installation default values;
comment on table directory.installation is 'facts of the installation: the one-time code of the first visit';

grant usage on schema directory to kefu_app;
grant select, insert, update, delete on all tables in schema directory to kefu_app;

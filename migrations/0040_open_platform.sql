-- Open platform: applications, their tokens, what was called, and posts that are not done twice; since when nothing that an agent
-- was given holds; and what the lists of the interface are read by.

create table api_apps (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    app_key bytea not null,
    scopes text[] not null,
    networks text[] not null,
    created_at timestamptz not null,
    created_by text not null,
    key_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    version integer not null default 1,
    primary key (company_id, id)
);
create unique index api_apps_name on api_apps (company_id, lower(name)) where revoked_at is null;
select isolate('api_apps');
comment on table api_apps is '应用 of the open platform; a revoked one stays, since histories name it';
comment on column api_apps.app_key is 'sealed, since the signature of get_token is computed with it (S51)';
comment on column api_apps.scopes is 'keys of kernel::scope::ApiScope';
comment on column api_apps.networks is 'addresses and networks it may call from; everywhere when empty';
comment on column api_apps.key_at is 'since when this app_key holds';

create table api_tokens (
    company_id uuid not null,
    token_hash bytea not null,
    app_id uuid,
    agent_id uuid,
    password_mark bytea,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (company_id, token_hash),
    foreign key (company_id, app_id) references api_apps (company_id, id),
    check ((app_id is null) <> (agent_id is null))
);
create unique index api_tokens_app on api_tokens (company_id, app_id) where app_id is not null;
create unique index api_tokens_agent on api_tokens (company_id, agent_id) where agent_id is not null;
select isolate('api_tokens');
comment on table api_tokens is 'the token in force of an application or of an agent; only its SHA-256 (S41)';
comment on column api_tokens.password_mark is 'of an agent: the token ends with the password it was given for, and when the account is disabled';

create table api_posts (
    company_id uuid not null,
    caller uuid not null,
    key text not null,
    fingerprint bytea not null,
    answer bytea,
    created_at timestamptz not null,
    primary key (company_id, caller, key)
);
create index api_posts_age on api_posts (company_id, created_at);
select isolate('api_posts');
comment on table api_posts is 'posts with an Idempotency-Key: the same key again gets the same answer';
comment on column api_posts.caller is 'the application or the agent';
comment on column api_posts.fingerprint is 'SHA-256 of path and body';
comment on column api_posts.answer is 'sealed, since a first password may stand in it (S51); null while it runs, and for ever when its end was never known';

create table api_calls (
    company_id uuid not null,
    created_at timestamptz not null,
    id uuid not null,
    caller uuid not null,
    path text not null,
    ret_code text not null,
    millis integer not null,
    ip inet,
    request_id uuid not null,
    primary key (company_id, created_at, id)
);
create index api_calls_caller on api_calls (company_id, caller, created_at);
select isolate('api_calls');
comment on table api_calls is '调用记录 of applications and agents, kept for 30 days';
comment on column api_calls.caller is 'the application or the agent';

alter table agents add column disabled_at timestamptz;
comment on column agents.disabled_at is 'when it was disabled last: tokens of the interface from before stay ended';

create index customers_created on customers (company_id, created_at desc, id desc) where merged_into is null;
create index customers_organisation on customers (company_id, organisation) where merged_into is null and organisation <> '';

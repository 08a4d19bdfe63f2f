-- The frame every slice stands on: companies, settings, audit, events, jobs, live stream, files.

create table companies (
    company_id uuid primary key,
    name text not null,
    time_zone text not null,
    lang text not null default 'zh',
    is_demo boolean not null default false,
    mail_key bytea not null,
    created_at timestamptz not null
);
comment on table companies is '公司: one tenant';
comment on column companies.mail_key is 'key of the tokens in outgoing mail (S19), sealed';

create table counters (
    company_id uuid not null,
    name text not null,
    value bigint not null,
    primary key (company_id, name)
);
comment on table counters is 'numbers that people read are counted per company (D2)';

create table settings (
    company_id uuid not null,
    kind text not null,
    version integer not null,
    document jsonb not null,
    reason text not null default '',
    actor_kind smallint not null,
    actor_id uuid,
    actor_name text not null,
    created_at timestamptz not null,
    primary key (company_id, kind, version)
);
comment on table settings is 'every version of every settings object; the highest version is in force';

create table audit_entries (
    company_id uuid not null,
    created_at timestamptz not null,
    id uuid not null,
    action text not null,
    object_kind text not null,
    object_id uuid,
    object_label text not null default '',
    before jsonb,
    after jsonb,
    actor_kind smallint not null,
    actor_id uuid,
    actor_name text not null,
    ip inet,
    request_id uuid,
    chain bytea not null,
    primary key (company_id, created_at, id)
) partition by range (created_at);
create index audit_object on audit_entries (company_id, object_kind, object_id, created_at);
comment on table audit_entries is '操作审计: append-only, chained by hash per company (S49)';
comment on column audit_entries.chain is 'SHA-256 over the previous entry''s chain and this entry';
create table audit_entries_default partition of audit_entries default;

create table audit_heads (
    company_id uuid primary key,
    chain bytea not null,
    entries bigint not null
);
comment on table audit_heads is 'last link of each company''s audit chain; its row lock orders the entries';

create table events (
    company_id uuid not null,
    created_at timestamptz not null,
    id uuid not null,
    transaction xid8 not null default pg_current_xact_id(),
    kind text not null,
    subject_id uuid,
    payload jsonb not null,
    primary key (company_id, created_at, id)
) partition by range (created_at);
create index events_transaction on events (company_id, transaction, id);
comment on table events is 'domain events, written in the transaction that caused them (R5)';
comment on column events.transaction is 'a reader follows transaction < xmin, never id > last seen (D21)';
create table events_default partition of events default;

create table jobs (
    company_id uuid not null,
    id uuid not null,
    kind text not null,
    payload jsonb not null,
    dedup_key text,
    state smallint not null default 0,
    run_at timestamptz not null,
    attempt integer not null default 0,
    max_attempts integer not null default 8,
    lease_until timestamptz,
    fence bigint not null default 0,
    error text,
    created_at timestamptz not null,
    finished_at timestamptz,
    progress smallint,
    primary key (company_id, id)
);
create index jobs_due on jobs (company_id, run_at) where state in (0, 1);
create index jobs_quarantined on jobs (company_id, created_at) where state = 3;
create index jobs_done on jobs (company_id, finished_at) where state = 2;
create unique index jobs_dedup on jobs (company_id, kind, dedup_key) where state = 0 and dedup_key is not null;
comment on table jobs is 'background work; every outside effect is one';
comment on column jobs.state is '0 waiting, 1 leased, 2 done, 3 quarantined';
comment on column jobs.fence is 'grows with every lease: a stale worker cannot finish the job of its successor';

create table schedules (
    company_id uuid not null,
    name text not null,
    next_at timestamptz not null,
    primary key (company_id, name)
);
comment on table schedules is 'recurring work: what is late runs once and then jumps ahead (F14)';

create table live_events (
    company_id uuid not null,
    agent_id uuid not null,
    seq bigint not null,
    kind text not null,
    payload jsonb not null,
    created_at timestamptz not null,
    read_at timestamptz,
    primary key (company_id, agent_id, seq)
);
create index live_events_age on live_events (company_id, created_at);
comment on table live_events is 'what a person''s open pages are told; seq lets a stream resume without a gap';

create table live_heads (
    company_id uuid not null,
    agent_id uuid not null,
    seq bigint not null,
    primary key (company_id, agent_id)
);
comment on table live_heads is 'last seq of each person''s live stream, taken under this row''s lock (D21)';

create table files (
    company_id uuid not null,
    id uuid not null,
    sha256 bytea not null,
    name text not null,
    media_type text not null,
    size bigint not null,
    owner_kind text not null,
    owner_id uuid,
    content_id text,
    created_at timestamptz not null,
    primary key (company_id, id)
);
create index files_owner on files (company_id, owner_kind, owner_id);
create index files_hash on files (company_id, sha256);
comment on table files is '附件: the bytes lie in the object store under company/yy/sha256; the row comes after the object (D16)';
comment on column files.owner_kind is 'draft, ticket_message, mail, export: whose rights decide who may read it';

create table exports (
    company_id uuid not null,
    id uuid not null,
    agent_id uuid not null,
    name text not null,
    format text not null,
    query jsonb not null,
    state smallint not null default 0,
    progress smallint not null default 0,
    row_count bigint,
    file_id uuid,
    error text,
    created_at timestamptz not null,
    finished_at timestamptz,
    primary key (company_id, id)
);
create index exports_agent on exports (company_id, agent_id, created_at);
comment on table exports is '导出: one background export, with progress and its file';
comment on column exports.state is '0 waiting, 1 running, 2 done, 3 failed';

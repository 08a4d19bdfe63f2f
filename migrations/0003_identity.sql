-- Accounts: agents, groups, permission groups.

create table units (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    created_at timestamptz not null,
    primary key (company_id, id),
    unique (company_id, name)
);
comment on table units is '业务单元: business units';

create table departments (
    company_id uuid not null,
    id uuid not null,
    parent_id uuid,
    name text not null,
    created_at timestamptz not null,
    primary key (company_id, id),
    foreign key (company_id, parent_id) references departments (company_id, id)
);
comment on table departments is '部门';

create table permission_groups (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    description text not null default '',
    base_role smallint not null,
    permissions text[] not null,
    ticket_scope smallint not null,
    customer_scope smallint not null,
    version integer not null default 1,
    created_at timestamptz not null,
    primary key (company_id, id),
    unique (company_id, name)
);
comment on table permission_groups is '权限组: own groups of permission items; built-in roles have none';
comment on column permission_groups.base_role is 'role type whose grant rules bound the items';

create table agents (
    company_id uuid not null,
    id uuid not null,
    email text not null,
    name text not null,
    nickname text not null,
    phone text not null default '',
    role smallint not null,
    permission_group_id uuid,
    department_id uuid,
    unit_id uuid,
    status smallint not null,
    password_hash text not null,
    lang text,
    theme text not null default 'auto',
    density text not null default 'comfortable',
    version integer not null default 1,
    created_at timestamptz not null,
    activated_at timestamptz,
    last_sign_in_at timestamptz,
    primary key (company_id, id),
    foreign key (company_id, permission_group_id) references permission_groups (company_id, id),
    foreign key (company_id, department_id) references departments (company_id, id),
    foreign key (company_id, unit_id) references units (company_id, id)
);
create unique index agents_email on agents (company_id, email) where status <> -1;
comment on table agents is '客服账号: people who sign in';
comment on column agents.status is '0 not activated, 1 enabled, 9 disabled, -1 deleted';
comment on column agents.role is 'role type code: 3333 super admin, 4444 full-function admin, … (F§8)';

create table groups (
    company_id uuid not null,
    id uuid not null,
    kind smallint not null,
    name text not null,
    description text not null default '',
    created_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index groups_name on groups (company_id, kind, name) where deleted_at is null;
comment on table groups is '客服组: kind 0 ticket, 1 online, 2 call, 3 telemarketing';

create table group_members (
    company_id uuid not null,
    group_id uuid not null,
    agent_id uuid not null,
    primary key (company_id, group_id, agent_id),
    foreign key (company_id, group_id) references groups (company_id, id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
create index group_members_agent on group_members (company_id, agent_id);
comment on table group_members is 'who works in which group';

create table agent_tokens (
    company_id uuid not null,
    token_hash bytea not null,
    agent_id uuid not null,
    kind smallint not null,
    account_version integer not null,
    tries integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (company_id, token_hash),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
create index agent_tokens_agent on agent_tokens (company_id, agent_id, kind);
comment on table agent_tokens is 'links of activation (0, S35) and of a forgotten password (1, S36), stored as SHA-256';

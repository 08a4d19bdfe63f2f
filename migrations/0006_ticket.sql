-- Tickets.

create table ticket_categories (
    company_id uuid not null,
    id uuid not null,
    parent_id uuid,
    name text not null,
    description text not null default '',
    level smallint not null check (level between 1 and 5),
    path text not null,
    position smallint not null default 0,
    created_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id),
    foreign key (company_id, parent_id) references ticket_categories (company_id, id)
);
create unique index ticket_categories_name on ticket_categories (company_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'), name) where deleted_at is null;
comment on table ticket_categories is '工单分类: a tree of up to five levels; only leaves can be chosen';
comment on column ticket_categories.path is 'names from the root, joined by /, as people read it';

create table tickets (
    company_id uuid not null,
    id uuid not null,
    number bigint not null,
    title text not null,
    status smallint not null,
    status_before_delete smallint,
    priority smallint not null,
    source smallint not null,
    start_type smallint not null,
    category_id uuid,
    customer_id uuid not null,
    group_id uuid,
    agent_id uuid,
    mailbox_id uuid,
    creator_kind smallint not null,
    creator_id uuid,
    creator_name text not null,
    cc text[] not null default '{}',
    last_seq integer not null default 0,
    message_count integer not null default 0,
    file_count integer not null default 0,
    version integer not null default 1,
    cycle integer not null default 1,
    bigrams text[] not null default '{}',
    possible_duplicate_of uuid,
    urge_count integer not null default 0,
    urged_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    waiting_since timestamptz,
    first_response_at timestamptz,
    solved_at timestamptz,
    closed_at timestamptz,
    deleted_at timestamptz,
    primary key (company_id, id),
    unique (company_id, number),
    foreign key (company_id, category_id) references ticket_categories (company_id, id),
    foreign key (company_id, customer_id) references customers (company_id, id),
    foreign key (company_id, group_id) references groups (company_id, id),
    foreign key (company_id, agent_id) references agents (company_id, id),
    foreign key (company_id, mailbox_id) references mailboxes (company_id, id)
);
create index tickets_updated on tickets (company_id, updated_at desc, id desc) where status <> 98;
create index tickets_agent on tickets (company_id, agent_id, updated_at desc, id desc) where status <> 98;
create index tickets_group on tickets (company_id, group_id, updated_at desc, id desc) where status <> 98;
create index tickets_status on tickets (company_id, status, updated_at desc, id desc);
create index tickets_customer on tickets (company_id, customer_id, created_at desc);
comment on table tickets is '工单';
comment on column tickets.number is '14 digits: date in the company''s zone and a counter; for people, grants nothing (D2)';
comment on column tickets.status is '0 not accepted, 1 in progress, 2 waiting reply, 3 solved, 99 closed, 98 deleted';
comment on column tickets.version is 'grows with every change; a stale copy never overwrites (400057)';
comment on column tickets.cycle is 'grows with every activation: a rating invitation belongs to one cycle';
comment on column tickets.last_seq is 'order within the ticket, taken under this row''s lock (D21)';

create table ticket_messages (
    company_id uuid not null,
    id uuid not null,
    ticket_id uuid not null,
    seq integer not null,
    reply_type smallint not null,
    author_kind smallint not null,
    author_id uuid,
    author_name text not null,
    html text not null,
    quoted_html text not null default '',
    text text not null,
    sanitiser smallint not null,
    mail_id uuid,
    out_mail_id uuid,
    warning text,
    hold_until timestamptz,
    bigrams text[] not null default '{}',
    created_at timestamptz not null,
    deleted_at timestamptz,
    deleted_by text,
    primary key (company_id, id),
    unique (company_id, ticket_id, seq),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
comment on table ticket_messages is '工单回复: seq 1 is the description';
comment on column ticket_messages.reply_type is '0 everyone, 1 agents only';
comment on column ticket_messages.hold_until is 'until then the sender may take the message back';
comment on column ticket_messages.warning is 'why this message is not what its sender address claims (S20)';

create table ticket_changes (
    company_id uuid not null,
    ticket_id uuid not null,
    seq integer not null,
    kind text not null,
    changes jsonb not null default '{}',
    note text not null default '',
    log_from smallint not null,
    actor_kind smallint not null,
    actor_id uuid,
    actor_name text not null,
    created_at timestamptz not null,
    primary key (company_id, ticket_id, seq),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
comment on table ticket_changes is '操作记录: what changed on a ticket, from what to what, by whom';
comment on column ticket_changes.log_from is '1 page, 2 flow trigger, 3 timed trigger, 4 mail, 5 API, 6 system';

create table ticket_followers (
    company_id uuid not null,
    ticket_id uuid not null,
    agent_id uuid not null,
    created_at timestamptz not null,
    primary key (company_id, ticket_id, agent_id),
    foreign key (company_id, ticket_id) references tickets (company_id, id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
create index ticket_followers_agent on ticket_followers (company_id, agent_id);
comment on table ticket_followers is '关注';

create table ticket_links (
    company_id uuid not null,
    ticket_id uuid not null,
    other_id uuid not null,
    created_at timestamptz not null,
    primary key (company_id, ticket_id, other_id),
    foreign key (company_id, ticket_id) references tickets (company_id, id),
    foreign key (company_id, other_id) references tickets (company_id, id),
    check (ticket_id <> other_id)
);
comment on table ticket_links is '关联工单: kept in both directions, at most 20 a ticket';

create table ticket_drafts (
    company_id uuid not null,
    ticket_id uuid not null,
    agent_id uuid not null,
    html text not null,
    reply_type smallint not null,
    seen_seq integer not null default 0,
    updated_at timestamptz not null,
    primary key (company_id, ticket_id, agent_id),
    foreign key (company_id, ticket_id) references tickets (company_id, id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
create index ticket_drafts_agent on ticket_drafts (company_id, agent_id);
comment on table ticket_drafts is 'a person''s unsent reply, kept on the server';

create table ticket_presences (
    company_id uuid not null,
    ticket_id uuid not null,
    agent_id uuid not null,
    typing boolean not null,
    seen_at timestamptz not null,
    primary key (company_id, ticket_id, agent_id),
    foreign key (company_id, ticket_id) references tickets (company_id, id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
comment on table ticket_presences is 'who has the ticket open right now';

create table ticket_views (
    company_id uuid not null,
    id uuid not null,
    agent_id uuid not null,
    shared boolean not null,
    name text not null,
    query text not null,
    position smallint not null default 0,
    created_at timestamptz not null,
    primary key (company_id, id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
create index ticket_views_agent on ticket_views (company_id, agent_id);
comment on table ticket_views is '视图: a saved list address, own or shared';

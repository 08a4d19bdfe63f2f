-- SLA: policies, which one a ticket has, and its clocks.

create table sla_policies (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    position integer not null,
    enabled boolean not null,
    document jsonb not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index sla_policies_name on sla_policies (company_id, lower(name)) where deleted_at is null;
create index sla_policies_order on sla_policies (company_id, position, id) where deleted_at is null;
select isolate('sla_policies');
comment on table sla_policies is '时效规则: the first that fits a ticket is asked of it';
comment on column sla_policies.document is 'sla::model::Policy';

create table ticket_slas (
    company_id uuid not null,
    ticket_id uuid not null,
    no integer not null,
    policy_id uuid not null,
    policy_name text not null,
    policy jsonb not null,
    calendar_name text not null,
    calendar jsonb not null,
    asked jsonb not null,
    since timestamptz not null,
    until timestamptz,
    primary key (company_id, ticket_id, no),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
create unique index ticket_slas_now on ticket_slas (company_id, ticket_id) where until is null;
select isolate('ticket_slas');
comment on table ticket_slas is 'which policy a ticket has and had, with the policy and its hours as they were then';
comment on column ticket_slas.asked is 'sla::pick::Asked: what was asked of the ticket when the policy was chosen';
comment on column ticket_slas.calendar_name is 'empty for day and night';

create table sla_clocks (
    company_id uuid not null,
    ticket_id uuid not null,
    target smallint not null,
    no integer not null,
    policy_id uuid not null,
    policy_name text not null,
    allowed_ms bigint not null,
    used_ms bigint not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    near_at timestamptz,
    due_at timestamptz,
    state smallint not null,
    near_told boolean not null default false,
    over_told boolean not null default false,
    group_id uuid,
    agent_id uuid,
    agent_name text not null default '',
    category_id uuid,
    channel smallint not null,
    priority smallint not null,
    updated_at timestamptz not null,
    primary key (company_id, ticket_id, target, no),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
create index sla_clocks_started on sla_clocks (company_id, started_at);
select isolate('sla_clocks');
comment on table sla_clocks is '时钟: what we owe or owed the customer of a ticket, as it stood when something happened last';
comment on column sla_clocks.target is 'sla::model::Target';
comment on column sla_clocks.state is 'ticket::model::due::ClockState';
comment on column sla_clocks.agent_id is 'who handled the ticket at the end of the clock, or does now';

alter table tickets add column due_at timestamptz, add column due_state smallint, add column due_target smallint;
create index tickets_due on tickets (company_id, coalesce(due_at, timestamptz '9000-01-01 00:00:00+00'), id) where status <> 98;
comment on column tickets.due_at is 'when the clock of it that is over next will be, as long as it runs';
comment on column tickets.due_state is 'ticket::model::due::ClockState of that clock; null without a policy';
comment on column tickets.due_target is 'sla::model::Target of that clock';

-- Who chose of what the bell rings hears of the two new events too, as everybody does who chose nothing.
update settings s
set document = jsonb_set(document, '{pop_up}', (document -> 'pop_up') || '["nearly_due", "overdue"]')
where kind = 'reminder'
and version = (select max(l.version) from settings l where l.company_id = s.company_id and l.kind = s.kind);

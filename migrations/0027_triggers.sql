-- Triggers: rules that look at tickets and act on them.

create table triggers (
    company_id uuid not null,
    id uuid not null,
    kind smallint not null,
    name text not null,
    description text not null default '',
    position integer not null,
    enabled_at timestamptz,
    rule jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create index triggers_order on triggers (company_id, kind, position, id) where deleted_at is null;
select isolate('triggers');
comment on table triggers is '触发器: flow triggers look when something happens to a ticket, timed ones every full hour';
comment on column triggers.kind is 'TriggerKind';
comment on column triggers.enabled_at is 'since when it is enabled, null when it is not; what happened before is none of its business';
comment on column triggers.rule is 'trigger::model::Rule';

create table trigger_cursors (
    company_id uuid not null,
    ticket_id uuid not null,
    seq integer not null,
    primary key (company_id, ticket_id),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
select isolate('trigger_cursors');
comment on table trigger_cursors is 'up to which place of a ticket''s order flow triggers have looked: each place is looked at once';

create table trigger_runs (
    company_id uuid not null,
    id uuid not null,
    trigger_id uuid not null,
    trigger_name text not null,
    trigger_version integer not null,
    kind smallint not null,
    ticket_id uuid not null,
    ticket_number bigint not null,
    seq integer,
    hop smallint not null default 0,
    outcome smallint not null,
    verdict jsonb not null,
    effects jsonb not null default '[]',
    created_at timestamptz not null,
    primary key (company_id, id),
    foreign key (company_id, trigger_id) references triggers (company_id, id),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
create index trigger_runs_trigger on trigger_runs (company_id, trigger_id, created_at desc, id desc);
create index trigger_runs_ticket on trigger_runs (company_id, ticket_id, created_at desc, id desc);
create index trigger_runs_age on trigger_runs (company_id, created_at);
select isolate('trigger_runs');
comment on table trigger_runs is '运行记录: one row each time a trigger looked at a ticket, with every condition, what it found and what followed';
comment on column trigger_runs.seq is 'the place of the ticket''s order that set it off; null for a timed trigger';
comment on column trigger_runs.hop is 'how many rules had acted before it in the same chain';
comment on column trigger_runs.outcome is 'Outcome';

-- Phones: accounts and extensions of agents, running calls as phones see them, and why an agent's state changed.

create table phone_extensions (
    company_id uuid not null,
    extension text not null,
    created_at timestamptz not null,
    primary key (company_id, extension)
);
comment on table phone_extensions is 'SIP分机: the extensions that the company''s switch has, bound or not';
select isolate('phone_extensions');

create table phone_accounts (
    company_id uuid not null,
    agent_id uuid not null,
    answer_way smallint not null,
    extension text,
    enabled boolean not null,
    missed smallint not null default 0,
    wrap_until timestamptz,
    wrap_extended_s smallint not null default 0,
    version integer not null,
    updated_at timestamptz not null,
    primary key (company_id, agent_id),
    foreign key (company_id, agent_id) references agents (company_id, id),
    foreign key (company_id, extension) references phone_extensions (company_id, extension)
);
create unique index phone_accounts_extension on phone_accounts (company_id, extension) where extension is not null;
comment on table phone_accounts is '电话账号: on what an agent takes calls; the mobile number is agents.phone and stands nowhere else';
comment on column phone_accounts.answer_way is '1 web, 2 SIP, 3 mobile (F§3.5)';
comment on column phone_accounts.extension is 'the one extension bound to the agent, and to nobody else (S58)';
comment on column phone_accounts.missed is 'calls missed one after another; an answered call begins anew';
comment on column phone_accounts.wrap_until is 'when the after-call work that runs, or ran last, ends';
comment on column phone_accounts.wrap_extended_s is 'seconds by which the agent extended it, at most 300';
select isolate('phone_accounts');

create table phone_calls (
    company_id uuid not null,
    id uuid not null,
    switch_id uuid not null,
    call_key text not null,
    events jsonb not null,
    agents uuid[] not null,
    is_over boolean not null,
    started_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (company_id, id),
    unique (company_id, switch_id, call_key)
);
create index phone_calls_running on phone_calls (company_id, started_at, id) where not is_over;
comment on table phone_calls is '进行中的通话: what phones know of a call, whichever switch told of it';
comment on column phone_calls.events is 'call::model::event::SwitchEvent, in the order in which they happened';
comment on column phone_calls.call_key is 'the switch''s id of the call, as calls.call_key';
comment on column phone_calls.agents is 'whoever has or had a leg of it';
select isolate('phone_calls');

create table phone_orders (
    company_id uuid not null,
    id uuid not null,
    agent_id uuid not null,
    ordered_at timestamptz not null,
    primary key (company_id, id)
);
create index phone_orders_time on phone_orders (company_id, ordered_at);
comment on table phone_orders is '电话指令: the same id is the same press of a button, in whichever tab it arrives twice';
select isolate('phone_orders');

alter table agents add column own_state jsonb;
comment on column agents.own_state is 'identity::model::OwnState: a state of the company''s own, while agents.state is busy';
alter table agent_state_changes add column reason smallint not null default 0, add column call_id uuid, add column own_state jsonb;
comment on column agent_state_changes.own_state is 'as agents.own_state, with the names and whether it counted as work at that moment';
comment on column agent_state_changes.reason is '0 chosen, 1 signed in, 2 signed out, 3 a call ended, 4 wrap-up time over, 5 calls missed, 6 session ran out, 7 account disabled or deleted';
comment on column agent_state_changes.call_id is 'the call that it follows from, for reasons 3 and 5';
comment on column agent_state_changes.state is 'as agents.state';
comment on column agents.state is '-1 offline, 0 busy, 1 available, 114 break, 115 after-call work, 116 training, 117 meeting, 118 meal, 119 activity (F§3.5)';

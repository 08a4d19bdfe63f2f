-- Calls: what switches told, and the records worked out from it.

create table switch_events (
    company_id uuid not null,
    switch_id uuid not null,
    call_key text not null,
    event_key text not null,
    happened_at timestamptz not null,
    received_at timestamptz not null,
    body jsonb not null,
    primary key (company_id, switch_id, call_key, event_key)
);
comment on table switch_events is '交换机事件: as they were told; the same key is the same event (D1)';
comment on column switch_events.body is 'call::model::event::SwitchEvent';
select isolate('switch_events');
revoke update, delete on switch_events from kefu_app;

create table calls (
    company_id uuid not null,
    id uuid not null,
    switch_id uuid not null,
    call_key text not null,
    line smallint not null,
    direction smallint not null,
    task_id uuid,
    customer_id uuid,
    customer_number text not null,
    caller text not null,
    callee text not null,
    shown text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    queue_group_id uuid,
    queue_entered_at timestamptz,
    queue_left_at timestamptz,
    queue_state smallint not null,
    voicemail_url text not null default '',
    voicemail_ms bigint,
    satisfy_levels smallint not null default 0,
    satisfy_key smallint not null default 0,
    event_count integer not null,
    updated_at timestamptz not null,
    primary key (company_id, id),
    unique (company_id, switch_id, call_key)
);
create index calls_started on calls (company_id, started_at desc, id);
create index calls_open on calls (company_id, updated_at) where ended_at is null;
create index calls_customer on calls (company_id, customer_id, started_at) where customer_id is not null;
comment on table calls is '一通电话: its id is the main record id (主通话记录id)';
comment on column calls.line is '业务线: 0 call center, 1 telemarketing';
comment on column calls.direction is '0 inbound, 1 outbound';
comment on column calls.queue_state is '1 none, 2 connected, 3 timeout, 4 left';
comment on column calls.satisfy_levels is '0 not asked, 2, 3, 5, 10 own';
comment on column calls.satisfy_key is '0 not rated';
select isolate('calls');

create table call_legs (
    company_id uuid not null,
    started_at timestamptz not null,
    call_id uuid not null,
    id uuid not null,
    name text not null,
    place smallint not null,
    call_type smallint not null,
    line smallint not null,
    direction smallint not null,
    from_leg_id uuid,
    agent_id uuid,
    agent_name text not null default '',
    group_id uuid,
    unit_id uuid,
    department_id uuid,
    customer_id uuid,
    customer_number text not null,
    other_number text not null default '',
    answer_way smallint,
    rang_at timestamptz,
    answered_at timestamptz,
    customer_answered_at timestamptz,
    ended_at timestamptz,
    ring_ms bigint not null,
    talk_ms bigint not null,
    hold_ms bigint not null,
    hold_count smallint not null,
    queue_ms bigint not null,
    queue_state smallint not null,
    result smallint,
    ender smallint,
    transfer_flag smallint not null,
    transfer_count smallint not null,
    consult_count smallint not null,
    is_three_way boolean not null,
    recording_url text not null default '',
    recording_ms bigint,
    satisfy_levels smallint not null,
    satisfy_key smallint not null,
    is_inspected boolean not null default false,
    primary key (company_id, started_at, call_id, id)
) partition by range (started_at);
create index call_legs_call on call_legs (company_id, call_id, place);
create index call_legs_agent on call_legs (company_id, agent_id, started_at desc) where agent_id is not null;
create index call_legs_line on call_legs (company_id, line, started_at desc, id);
comment on table call_legs is '通话记录: one row a record; the main one has the id of its call';
comment on column call_legs.name is 'the switch''s name of the leg';
comment on column call_legs.call_type is '0 inbound, 1 outbound, 11, 12, 21, 22, 23, 3, 4, 5 (F§3.1)';
comment on column call_legs.answer_way is '1 web, 2 SIP, 3 mobile';
comment on column call_legs.ring_ms is 'milliseconds, like all durations';
comment on column call_legs.queue_state is '1 none, 2 connected, 3 timeout, 4 left';
comment on column call_legs.result is 'F§3.2; null while it runs';
comment on column call_legs.ender is '0 system, 1 agent, 2 customer, 3 transfer, 4 forced, 5 third party; null while it runs';
comment on column call_legs.transfer_flag is '0 none, 1 transfer consultation, 2 transferred; set only on success';
comment on column call_legs.group_id is 'group, unit, department and the agent''s name are frozen when the leg begins (C2)';
create table call_legs_default partition of call_legs default;
select isolate('call_legs');
select isolate('call_legs_default');

create table call_stretches (
    company_id uuid not null,
    call_id uuid not null,
    place smallint not null,
    leg_id uuid,
    who smallint not null,
    agent_id uuid,
    bucket smallint not null,
    from_at timestamptz not null,
    to_at timestamptz,
    primary key (company_id, call_id, place)
);
create index call_stretches_agent on call_stretches (company_id, agent_id, from_at) where agent_id is not null;
comment on table call_stretches is '时间账: each second of a person''s time in a call belongs to exactly one row';
comment on column call_stretches.who is '0 customer, 1 agent, 2 third party';
comment on column call_stretches.bucket is '1 IVR, 2 queue, 3 dialling, 4 ringing, 5 talk, 6 hold, 7 consultation, 8 three-way, 9 monitoring, 10 voicemail';
select isolate('call_stretches');

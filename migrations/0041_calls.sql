-- Calls: what switches told, and the records worked out from it.

create table directory.switch_keys (
    key_hash bytea primary key,
    company_id uuid not null,
    switch_id uuid not null
);
create index switch_keys_switch on directory.switch_keys (company_id, switch_id);
comment on table directory.switch_keys is 'SHA-256 of a switch''s key → company and switch: who tells of calls is known by the key alone (S54)';
grant select, insert, update, delete on directory.switch_keys to kefu_app;

create table switches (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    kind smallint not null,
    is_enabled boolean not null,
    key text not null,
    secret bytea,
    settings jsonb not null default '{}',
    version integer not null,
    last_event_at timestamptz,
    created_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index switches_name on switches (company_id, name) where deleted_at is null;
comment on table switches is '交换机: telephone switches that tell us of calls';
comment on column switches.kind is '1 HTTP, 2 Asterisk (ARI), 3 simulated';
comment on column switches.key is 'what it says it is; no secret';
comment on column switches.secret is 'with which it signs, sealed; null while nobody has been given one';
comment on column switches.last_event_at is 'to the minute';
select isolate('switches');

create table switch_nonces (
    company_id uuid not null,
    switch_id uuid not null,
    nonce text not null,
    seen_at timestamptz not null,
    primary key (company_id, switch_id, nonce)
);
create index switch_nonces_seen on switch_nonces (company_id, seen_at);
comment on table switch_nonces is 'what signed requests carried, for as long as their time is accepted: none is taken twice';
select isolate('switch_nonces');

create table switch_refusals (
    company_id uuid not null,
    id uuid not null,
    switch_id uuid not null,
    body jsonb not null,
    body_hash bytea not null,
    reason smallint not null,
    detail text not null,
    times integer not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    primary key (company_id, id),
    unique (company_id, switch_id, body_hash)
);
create index switch_refusals_last on switch_refusals (company_id, last_at desc, id);
comment on table switch_refusals is '隔离的交换机事件: told, but not understood; a person can let them be taken again';
comment on column switch_refusals.reason is '1 shape, 2 time, 3 unknown agent, 4 unknown group';
comment on column switch_refusals.times is 'how often it was told';
select isolate('switch_refusals');

create table switch_calls (
    company_id uuid not null,
    switch_id uuid not null,
    call_key text not null,
    primary key (company_id, switch_id, call_key)
);
comment on table switch_calls is 'the calls of which anything was told: whoever takes events of one holds its row, also before it has a record';
select isolate('switch_calls');

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
    wait_ms bigint not null default 0,
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
comment on column call_legs.wait_ms is 'of a main record: how long the customer waited for the first talk, in queues and while whatever phone rang';
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
create index call_stretches_open on call_stretches (company_id, agent_id, from_at) where agent_id is not null and to_at is null;
comment on table call_stretches is '时间账: each second of a person''s time in a call belongs to exactly one row';
comment on column call_stretches.who is '0 customer, 1 agent, 2 third party';
comment on column call_stretches.bucket is '1 IVR, 2 queue, 3 dialling, 4 ringing, 5 talk, 6 hold, 7 consultation, 8 three-way, 9 monitoring, 10 voicemail';
select isolate('call_stretches');

-- Calls grow for ever too: the function of migration 0011, with their legs.
create or replace function ensure_partitions(from_day date) returns integer
language plpgsql security definer
set search_path = public, pg_temp
-- Attaching a partition takes a strong lock: rather tomorrow than a stalled product.
set lock_timeout = '2s'
as $$
declare
    parent text;
    month date;
    partition text;
    created integer := 0;
begin
    foreach parent in array array['audit_entries', 'events', 'call_legs'] loop
        -- This month and the next three.
        for month in select generate_series(date_trunc('month', from_day), date_trunc('month', from_day) + interval '3 months', interval '1 month')::date loop
            partition := parent || to_char(month, '_YYYY_MM');
            continue when to_regclass(partition) is not null;
            begin
                execute format(
                    'create table %I partition of %I for values from (%L) to (%L)',
                    partition, parent, month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
                perform isolate(partition::regclass);
                -- Append-only for the app (S49), in every partition. Legs are worked out anew when an event comes late.
                if parent <> 'call_legs' then
                    execute format('revoke update, delete on %I from kefu_app', partition);
                end if;
                created := created + 1;
            exception
                -- Rows of this month lie in the default partition already: they stay there and so does the month.
                -- Or another node was faster.
                when check_violation or duplicate_table then null;
            end;
        end loop;
    end loop;
    return created;
end
$$;

select ensure_partitions(current_date);

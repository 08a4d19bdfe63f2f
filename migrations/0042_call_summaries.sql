-- What people read of calls: 服务小结, recordings, calls of merged customers, and the indexes of the lists of records.

create table call_summaries (
    company_id uuid not null,
    call_id uuid not null,
    version integer not null,
    unit_id uuid,
    unit_name text not null default '',
    category_id uuid,
    status smallint not null,
    remark text not null,
    fields jsonb not null default '{}',
    agent_id uuid not null,
    agent_name text not null,
    created_at timestamptz not null,
    primary key (company_id, call_id, version),
    foreign key (company_id, call_id) references calls (company_id, id),
    foreign key (company_id, category_id) references ticket_categories (company_id, id)
);
comment on table call_summaries is '服务小结: every version of what was written of a call; the last one holds';
comment on column call_summaries.unit_name is '业务单元 as it was called then: a unit may be deleted since';
comment on column call_summaries.category_id is '问题类型: a leaf of the ticket categories';
comment on column call_summaries.status is '0 pending, 1 handled';
comment on column call_summaries.remark is 'at most 500 characters';
comment on column call_summaries.fields is 'answers to the own fields of the category''s template: id of a ticket field → text, or a list of texts';
select isolate('call_summaries');
-- Append-only for the app: what was written before stays.
revoke update, delete on call_summaries from kefu_app;

create table call_recordings (
    company_id uuid not null,
    call_id uuid not null,
    leg_id uuid not null,
    url text not null,
    state smallint not null,
    tries smallint not null,
    changed_at timestamptz not null,
    primary key (company_id, call_id, leg_id),
    foreign key (company_id, call_id) references calls (company_id, id)
);
comment on table call_recordings is '录音: where the sound of a record lies, and whether it was fetched from there; the sound itself is a file';
comment on column call_recordings.state is '0 waiting, 1 kept, 2 bad address, 3 no answer, 4 refused, 5 too large, 6 no sound';
comment on column call_recordings.tries is 'how often it was asked for since it became known or a person asked';
select isolate('call_recordings');

create table recording_hearings (
    company_id uuid not null,
    leg_id uuid not null,
    agent_id uuid not null,
    heard_at timestamptz not null,
    primary key (company_id, leg_id, agent_id)
);
comment on table recording_hearings is 'when a listening began that is in the audit trail: the pieces that a player asks for after it are the same listening';
select isolate('recording_hearings');

create table call_moves (
    company_id uuid not null,
    kept_id uuid not null,
    merged_id uuid not null,
    call_id uuid not null,
    primary key (company_id, kept_id, merged_id, call_id),
    foreign key (company_id, call_id) references calls (company_id, id)
);
comment on table call_moves is '客户合并: calls that followed a merged customer, and go back when the merge is undone';
select isolate('call_moves');

-- 主通话记录 of a line, the newest first: what the list shows when nothing else was asked for.
create index call_legs_main on call_legs (company_id, line, started_at desc, id desc) where call_type in (0, 1);
-- A number is looked for by its end, as people type it: with or without the country.
create index call_legs_number on call_legs (company_id, reverse(customer_number) text_pattern_ops, started_at desc);
create index call_legs_customer on call_legs (company_id, customer_id, started_at desc) where customer_id is not null;
create index call_legs_group on call_legs (company_id, group_id, started_at desc) where group_id is not null;

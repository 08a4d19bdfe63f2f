-- What people read of calls: 服务小结, and the indexes of the lists of records.

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

-- 主通话记录 of a line, the newest first: what the list shows when nothing else was asked for.
create index call_legs_main on call_legs (company_id, line, started_at desc, id desc) where call_type in (0, 1);
-- A number is looked for by its end, as people type it: with or without the country.
create index call_legs_number on call_legs (company_id, reverse(customer_number) text_pattern_ops, started_at desc);
create index call_legs_customer on call_legs (company_id, customer_id, started_at desc) where customer_id is not null;
create index call_legs_group on call_legs (company_id, group_id, started_at desc) where group_id is not null;

-- Duty times: when groups work.

create table duty_calendars (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    document jsonb not null,
    is_default boolean not null default false,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index duty_calendars_name on duty_calendars (company_id, lower(name)) where deleted_at is null;
create unique index duty_calendars_default on duty_calendars (company_id) where is_default;
select isolate('duty_calendars');
comment on table duty_calendars is '工作时间: hours of the week, and days that differ';
comment on column duty_calendars.document is 'routing::calendar::Calendar';
comment on column duty_calendars.is_default is 'groups without a calendar of their own work by it';

create table duty_groups (
    company_id uuid not null,
    group_id uuid not null,
    calendar_id uuid not null,
    primary key (company_id, group_id),
    foreign key (company_id, group_id) references groups (company_id, id),
    foreign key (company_id, calendar_id) references duty_calendars (company_id, id)
);
create index duty_groups_calendar on duty_groups (company_id, calendar_id);
select isolate('duty_groups');
comment on table duty_groups is 'by which calendar a group works';

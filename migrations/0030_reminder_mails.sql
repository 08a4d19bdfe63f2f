-- Reminders by mail, and what agents do not want to hear of.

create table agent_reminders (
    company_id uuid not null,
    agent_id uuid not null,
    document jsonb not null,
    updated_at timestamptz not null,
    primary key (company_id, agent_id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
select isolate('agent_reminders');
comment on table agent_reminders is '个人提醒: what an agent does not want to hear of, within what the reminder settings leave open';
comment on column agent_reminders.document is 'ticket::model::quiet::Quiet';

create table reminder_mails (
    company_id uuid not null,
    id uuid not null,
    agent_id uuid not null,
    event_id uuid not null,
    event smallint not null,
    ticket_id uuid not null,
    by_agent_id uuid,
    happened_at timestamptz not null,
    sent_at timestamptz,
    primary key (company_id, id),
    unique (company_id, agent_id, event_id),
    foreign key (company_id, agent_id) references agents (company_id, id),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
create index reminder_mails_waiting on reminder_mails (company_id, agent_id, happened_at) where sent_at is null;
create index reminder_mails_ticket on reminder_mails (company_id, ticket_id);
create index reminder_mails_sent on reminder_mails (company_id, sent_at) where sent_at is not null;
select isolate('reminder_mails');
comment on table reminder_mails is '提醒邮件: what the next mail of reminders says to an agent; kept a while after it was sent, so that nothing is said twice';
comment on column reminder_mails.event is 'ReminderEvent';
comment on column reminder_mails.by_agent_id is 'the agent who did it; null when it was a customer or a rule';

-- Ticket satisfaction.

create table satisfaction_invitations (
    company_id uuid not null,
    id uuid not null,
    ticket_id uuid not null,
    cycle integer not null,
    customer_id uuid not null,
    channel smallint not null,
    category_id uuid,
    group_id uuid,
    agent_id uuid,
    agent_name text not null default '',
    settings_version integer not null,
    token_hash bytea,
    state smallint not null,
    reason text not null default '',
    created_at timestamptz not null,
    send_at timestamptz not null,
    sent_at timestamptz,
    expires_at timestamptz,
    mail_id uuid,
    primary key (company_id, id),
    unique (company_id, ticket_id, cycle),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
create unique index satisfaction_invitations_token on satisfaction_invitations (company_id, token_hash) where token_hash is not null;
create index satisfaction_invitations_sent on satisfaction_invitations (company_id, sent_at) where sent_at is not null;
create index satisfaction_invitations_customer on satisfaction_invitations (company_id, customer_id, created_at);
comment on table satisfaction_invitations is '工单满意度邀评: group, agent, category and channel are frozen here (C2)';
comment on column satisfaction_invitations.state is '0 waiting, 1 sent, 2 withheld (reason says why)';
comment on column satisfaction_invitations.channel is 'ticket source code at invitation';

create table satisfaction_ratings (
    company_id uuid not null,
    invitation_id uuid not null,
    revision integer not null,
    score smallint not null check (score between 1 and 5),
    reasons text[] not null default '{}',
    remark text not null default '',
    rated_at timestamptz not null,
    is_current boolean not null default true,
    primary key (company_id, invitation_id, revision),
    foreign key (company_id, invitation_id) references satisfaction_invitations (company_id, id)
);
create unique index satisfaction_ratings_current on satisfaction_ratings (company_id, invitation_id) where is_current;
create index satisfaction_ratings_rated on satisfaction_ratings (company_id, rated_at);
comment on table satisfaction_ratings is '参评: every answer; the current one counts';

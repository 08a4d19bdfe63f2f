-- Timed triggers: which tickets matched at the last full hour, and when they looked.

create table trigger_matches (
    company_id uuid not null,
    trigger_id uuid not null,
    ticket_id uuid not null,
    since timestamptz not null,
    primary key (company_id, trigger_id, ticket_id),
    foreign key (company_id, trigger_id) references triggers (company_id, id),
    foreign key (company_id, ticket_id) references tickets (company_id, id)
);
create index trigger_matches_ticket on trigger_matches (company_id, ticket_id);
select isolate('trigger_matches');
comment on table trigger_matches is 'tickets that matched a timed trigger when it looked last: it acts when one begins to match';

create table trigger_hours (
    company_id uuid not null,
    looked_at timestamptz not null,
    tickets integer not null,
    acted integer not null,
    primary key (company_id, looked_at)
);
select isolate('trigger_hours');
comment on table trigger_hours is 'hours at which timed triggers looked, at how many tickets, and in how many of them one acted';

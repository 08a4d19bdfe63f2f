-- Files of an unsent reply belong to the draft, which is one ticket's and one person's; a notice is written once for
-- each event, however often its job runs.

alter table ticket_drafts add column id uuid not null default gen_random_uuid();
alter table ticket_drafts alter column id drop default;
alter table ticket_drafts add unique (company_id, id);
comment on column ticket_drafts.id is 'whose the draft''s files are: kept while the draft is written over';

alter table live_events add column event_id uuid;
create unique index live_events_once on live_events (company_id, agent_id, event_id) where event_id is not null;
comment on column live_events.event_id is 'the event it tells of; each person hears of an event once';

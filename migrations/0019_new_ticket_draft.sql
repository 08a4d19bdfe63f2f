-- A ticket that is still being typed is a draft without a ticket: one for each person. What stands in the form's fields is
-- kept as it was typed, whether it is right or not.

alter table ticket_drafts drop constraint ticket_drafts_pkey;
alter table ticket_drafts drop constraint ticket_drafts_company_id_id_key;
alter table ticket_drafts add primary key (company_id, id);
alter table ticket_drafts alter column ticket_id drop not null;
alter table ticket_drafts add constraint ticket_drafts_once unique nulls not distinct (company_id, ticket_id, agent_id);
alter table ticket_drafts add column form jsonb;
comment on table ticket_drafts is 'what a person has typed and not sent, kept on the server: a reply, or a new ticket where ticket_id is null';
comment on column ticket_drafts.form is 'fields of a new ticket as they were typed; its description is html';

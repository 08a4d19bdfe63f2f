-- Letters with a link to an account: who else may read them is another question than who sees the ledger.

alter table mails add column private_kind smallint, add column private_agent_id uuid;
alter table mails add constraint mails_private check ((private_kind is null) = (private_agent_id is null));
comment on column mails.private_kind is 'null open, 1 invitation, 2 link of a forgotten password (S36); the source is deleted once it was sent';
comment on column mails.private_agent_id is 'whose account the link opens';

-- Which mailboxes may carry links into accounts: a server that somebody without the company's settings typed may not.

alter table mailboxes add column sends_account_letters boolean not null default true;
alter table mailboxes alter column sends_account_letters set default false;
comment on column mailboxes.sends_account_letters is 'its SMTP server was typed by somebody who may change the company''s settings (S36)';

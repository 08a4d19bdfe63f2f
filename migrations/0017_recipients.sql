-- Who a message went to is a fact of its writing: the copies of a ticket change afterwards, its history does not.

alter table ticket_messages add column sent_to text not null default '', add column sent_cc text[] not null default '{}';
comment on column ticket_messages.sent_to is 'the address its mail went to: the customer''s, or ours when it came by mail; empty without a mail';
comment on column ticket_messages.sent_cc is 'addresses that got a copy of that mail';

-- What the ledger still knows of older ones.
alter table ticket_messages no force row level security;
alter table mails no force row level security;
alter table mailboxes no force row level security;
update ticket_messages m
set sent_to = coalesce(o.to_addresses[1], ''), sent_cc = coalesce(o.to_addresses[2:], '{}')
from mails o
where o.company_id = m.company_id
and o.id = m.out_mail_id;
update ticket_messages m
set sent_to = b.address
from mails i
join mailboxes b on b.company_id = i.company_id and b.id = i.mailbox_id
where i.company_id = m.company_id
and i.id = m.mail_id
and m.out_mail_id is null;
alter table mailboxes force row level security;
alter table mails force row level security;
alter table ticket_messages force row level security;

-- Why a ticket has its policy, and what was said of its clocks before it had none for a while.

alter table ticket_slas add column passed jsonb not null default '[]';
alter table ticket_slas add column told jsonb not null default '[]';
comment on column ticket_slas.passed is 'sla::pick::Passed: policies before this one, and what of them did not fit when it was chosen';
comment on column ticket_slas.told is 'sla::queries::Told: what had been said of clocks that ran when the ticket lost this policy; nothing is said twice';

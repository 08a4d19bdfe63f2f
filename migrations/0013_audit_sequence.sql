-- The order of the chain, written down: entries of one instant had only their ids to go by.

alter table audit_entries add column sequence bigint;
alter table audit_entries no force row level security;
update audit_entries e
set sequence = known.place
from (select company_id, created_at, id, row_number() over (partition by company_id order by created_at, id) as place from audit_entries) as known
where known.company_id = e.company_id and known.created_at = e.created_at and known.id = e.id;
alter table audit_entries force row level security;
alter table audit_entries alter column sequence set not null;
create index audit_sequence on audit_entries (company_id, sequence);
comment on column audit_entries.sequence is 'place in the company''s chain, from 1, without a gap';

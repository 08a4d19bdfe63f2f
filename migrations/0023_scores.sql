-- A report reads invitations alone: the score in force stands on them, written together with the rating.

alter table satisfaction_invitations add column score smallint check (score between 1 and 5);
comment on column satisfaction_invitations.score is 'score of the rating in force; none until there is one';

alter table satisfaction_invitations no force row level security;
alter table satisfaction_ratings no force row level security;
update satisfaction_invitations i
set score = r.score
from satisfaction_ratings r
where r.company_id = i.company_id
and r.invitation_id = i.id
and r.is_current;
alter table satisfaction_ratings force row level security;
alter table satisfaction_invitations force row level security;

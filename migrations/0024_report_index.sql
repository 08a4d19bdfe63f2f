-- A report reads all it needs from one index: what it counts by, and the score.

drop index satisfaction_invitations_sent;
create index satisfaction_invitations_sent on satisfaction_invitations (company_id, sent_at)
    include (state, score, agent_id, group_id, category_id, channel)
    where sent_at is not null;

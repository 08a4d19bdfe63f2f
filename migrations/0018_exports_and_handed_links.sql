-- Tickets are exported too, and a rating link can be handed over by an agent.

alter table exports add column kind smallint not null default 0;
comment on column exports.kind is '0 statistics, 1 tickets: whose permission lets one ask for it and fetch it';

alter table satisfaction_invitations add column link_sealed bytea;
comment on column satisfaction_invitations.link_sealed is 'token of a link that an agent hands over, sealed: it is shown again until it expires; none where a mail carried it';
comment on column satisfaction_invitations.state is '0 waiting, 1 sent or handed over, 2 withheld (reason says why), 3 ready to be handed over';

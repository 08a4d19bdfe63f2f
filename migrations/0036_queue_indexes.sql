-- A claim looks for leases that ran out and for letters among everything that is due, each in an index of its own: the
-- longer the queue, the more each claim would read otherwise.

create index jobs_leased on jobs (company_id, lease_until) where state = 1;
create index jobs_letters on jobs (company_id, run_at) where state in (0, 1) and kind = 'mail_send';

-- 客服状态: what agents say of themselves. Each change is a fact of its own, the present one stands with the account.

alter table agents add column state smallint not null default -1, add column state_since timestamptz;
comment on column agents.state is '-1 offline, 0 busy, 1 available, 114 break, 116 training, 117 meeting, 118 meal, 119 activity (F§3.5)';

create table agent_state_changes (
    company_id uuid not null,
    agent_id uuid not null,
    changed_at timestamptz not null,
    id uuid not null,
    state smallint not null,
    primary key (company_id, agent_id, changed_at, id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
comment on table agent_state_changes is '客服状态记录: one row for each change, never rewritten';
select isolate('agent_state_changes');
revoke update, delete on agent_state_changes from kefu_app;

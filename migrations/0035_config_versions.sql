-- Configuration history: every version of every object that administrators set up.

create table config_versions (
    company_id uuid not null,
    kind text not null,
    object_id uuid not null,
    version integer not null,
    id uuid not null,
    name text not null,
    document jsonb,
    is_baseline boolean not null,
    reason text not null,
    actor_kind smallint not null,
    actor_id uuid,
    actor_name text not null,
    created_at timestamptz not null,
    primary key (company_id, kind, object_id, version)
);
create index config_versions_latest on config_versions (company_id, kind, object_id, version desc);
create index config_versions_time on config_versions (company_id, created_at, id);
select isolate('config_versions');
-- Append-only for the app, as the audit trail is.
revoke update, delete on config_versions from kefu_app;
comment on table config_versions is '配置历史: every version of every configured object, written by the commit that changed it';
comment on column config_versions.kind is 'key of a kernel::configured::Kind';
comment on column config_versions.id is 'which row: those of one commit stand in their order';
comment on column config_versions.object_id is 'nil for the order of a kind, and for settings, of which there is one';
comment on column config_versions.document is 'kernel::configured::Configured; ids of the order under the nil id; null when the object was deleted';
comment on column config_versions.is_baseline is 'what was there when the history of its kind began: nobody made it then';
comment on column config_versions.actor_kind is 'kernel::actor::ActorKind';

-- Settings had versions before: their history begins with the first of them.
insert into config_versions (company_id, kind, object_id, version, id, name, document, is_baseline, reason, actor_kind, actor_id, actor_name,
    created_at)
select company_id, kind || '_settings', '00000000-0000-0000-0000-000000000000', version, gen_random_uuid(), '', document, false, reason,
    actor_kind, actor_id, actor_name, created_at
from settings
where kind in ('ticket', 'reminder', 'satisfaction');

create table config_files (
    company_id uuid not null,
    id uuid not null,
    agent_id uuid not null,
    name text not null,
    content text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (company_id, id),
    foreign key (company_id, agent_id) references agents (company_id, id)
);
create index config_files_agent on config_files (company_id, agent_id);
select isolate('config_files');
comment on table config_files is '导入配置: a file whose plan is looked at; gone after a day';

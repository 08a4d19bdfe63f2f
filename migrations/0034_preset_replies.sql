-- Preset replies and macros, and how often they are used.

create table presets (
    company_id uuid not null,
    id uuid not null,
    kind smallint not null,
    visibility smallint not null,
    owner_id uuid,
    groups uuid[] not null default '{}',
    title text not null,
    shortcut text not null default '',
    folder text not null default '',
    html text not null default '',
    words text not null default '',
    acts jsonb not null default '{}',
    enabled boolean not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id),
    foreign key (company_id, owner_id) references agents (company_id, id),
    check ((visibility = 3) = (owner_id is not null))
);
create index presets_shelf on presets (company_id, owner_id, kind, lower(title)) where deleted_at is null;
select isolate('presets');
comment on table presets is '快捷回复与宏: words for the composer, and changes of a ticket in one go';
comment on column presets.kind is 'preset::model::PresetKind';
comment on column presets.visibility is 'preset::model::Visibility';
comment on column presets.owner_id is 'whose own it is; null for a shared one';
comment on column presets.groups is 'the groups that can use it, when they are chosen';
comment on column presets.shortcut is 'lower case; typed behind the / it comes first';
comment on column presets.html is 'sanitised, with its places as they were typed';
comment on column presets.words is 'the first words of html, for lists';
comment on column presets.acts is 'preset::model::Acts of a macro';

create table preset_uses (
    company_id uuid not null,
    preset_id uuid not null,
    used bigint not null,
    last_used_at timestamptz not null,
    primary key (company_id, preset_id),
    foreign key (company_id, preset_id) references presets (company_id, id)
);
select isolate('preset_uses');
comment on table preset_uses is 'how often a preset was put into a composer or used on a ticket; apart from it, so that a use is a small write';

-- Own fields of tickets, and templates: which of them a ticket of a category is filled in with.

create table ticket_fields (
    company_id uuid not null,
    id uuid not null,
    label text not null,
    hint text not null default '',
    kind smallint not null,
    options text[] not null default '{}',
    filled_by smallint not null,
    shown_to uuid[] not null default '{}',
    position integer not null,
    enabled boolean not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index ticket_fields_label on ticket_fields (company_id, lower(label)) where deleted_at is null;
create index ticket_fields_order on ticket_fields (company_id, position, id);
select isolate('ticket_fields');
comment on table ticket_fields is '工单自定义字段: switched off rather than deleted, so that what was filled in keeps its name';
comment on column ticket_fields.kind is 'kernel::field::FieldKind; it never changes';
comment on column ticket_fields.filled_by is 'ticket::model::field::FilledBy';
comment on column ticket_fields.shown_to is 'permission groups that see it; every one when empty';

create table ticket_templates (
    company_id uuid not null,
    id uuid not null,
    name text not null,
    description text not null default '',
    slots jsonb not null,
    is_default boolean not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (company_id, id)
);
create unique index ticket_templates_name on ticket_templates (company_id, lower(name)) where deleted_at is null;
create unique index ticket_templates_default on ticket_templates (company_id) where is_default;
select isolate('ticket_templates');
comment on table ticket_templates is '工单模板: own fields in order, and when each has to be filled in';
comment on column ticket_templates.slots is 'list of ticket::model::template::Slot';
comment on column ticket_templates.is_default is 'it holds where no category names one';

alter table ticket_categories
    add column template_id uuid,
    add constraint ticket_categories_template foreign key (company_id, template_id) references ticket_templates (company_id, id);
create index ticket_categories_by_template on ticket_categories (company_id, template_id) where template_id is not null;
comment on column ticket_categories.template_id is 'the template of its tickets; that of the nearest category above when null';

alter table tickets add column fields jsonb not null default '{}';
comment on column tickets.fields is 'answers to own fields: id of the field → a text, or a list of texts for checkboxes';

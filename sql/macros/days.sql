{#-
    The days of this run.

    They come from the variable `days` or, quicker, from ONRECORD_DAYS ("2026-11-21,2026-11-22"): dbt parses the whole
    project again whenever a variable changes, but not when an environment variable does that only running reads.
-#}

{#- The days as a list of 'YYYY-MM-DD'; none: every day. ONRECORD_DAYS: unset is every day, empty is no day. -#}
{% macro run_days() -%}
    {%- if not execute -%} {{ return(none) }} {%- endif -%}
    {%- set days = var('days', none) -%}
    {%- if days is none -%}
        {%- set listed = env_var('ONRECORD_DAYS', 'every') | trim -%}
        {%- set days = none if listed == 'every' else listed.split(',') | map('trim') | list if listed else [] -%}
    {%- endif -%}
    {%- for day in days or [] if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', day | string) -%}
        {{ exceptions.raise_compiler_error("days: '" ~ day ~ "' is not a day (YYYY-MM-DD)") }}
    {%- endfor -%}
    {{ return(days) }}
{%- endmacro %}

{#- The condition that a row belongs to the days of this run. -#}
{% macro in_days(column='ingest_date') -%}
    {{ one_of_days(run_days(), column) }}
{%- endmacro %}

{#- The condition that a row belongs to some days; none: every day. -#}
{% macro one_of_days(days, column) -%}
    {%- if days is none -%} true
    {%- elif not days -%} false
    {%- else -%} {{ column }} in (
    {%- for day in days -%} date '{{ day }}'{{ ', ' if not loop.last }} {%- endfor -%} )
    {%- endif -%}
{%- endmacro %}

{#-
    The days that a table which joins facts and state has to make again: those of this run, and those whose state is
    another one than the table was made with (internal.day_states, internal.built_days).
-#}
{% macro due_days() -%}
    {%- set states, built = ref('day_states'), ref('built_days') -%}
    {%- set days = run_days() -%}
    {%- if days is none -%} {{ return(none) }} {%- endif -%}
    {%- set moved = run_query(
        "select coalesce(states.ingest_date, built.ingest_date)::varchar from " ~ states ~ " as states full join "
        ~ "(select * from " ~ built ~ " where relation = '" ~ this.include(database=false) | replace('"', '') ~ "') "
        ~ "as built on states.ingest_date = built.ingest_date "
        ~ "where states.state_id is distinct from built.state_id order by 1"
    ) -%}
    {{ return((days + (moved.columns[0].values() | list)) | unique | sort) }}
{%- endmacro %}

{#- The condition that a row belongs to the days that are due. -#}
{% macro in_due_days(column='ingest_date') -%}
    {{ one_of_days(due_days(), column) }}
{%- endmacro %}

{#- After a table was made: note the state of every day. It is a part of the table's transaction. -#}
{% macro note_built_days() -%}
    {%- set name = this.include(database=false) | replace('"', '') -%}
    delete from {{ ref('built_days') }} where relation = '{{ name }}';
    insert into {{ ref('built_days') }}
    select '{{ name }}', ingest_date, state_id from {{ ref('day_states') }}
{%- endmacro %}

{#-
    Incremental strategy: delete the days of this run, then insert what the lake has for them.
    dbt's own delete+insert deletes only what it is about to insert, so a day that became empty would stay.
    dbt runs the two statements in one transaction.
-#}
{% macro get_incremental_day_replacement_sql(arg_dict) -%}
    {{ replace_days(arg_dict, in_days()) }}
{%- endmacro %}

{#- The same with the days that are due. -#}
{% macro get_incremental_due_day_replacement_sql(arg_dict) -%}
    {{ replace_days(arg_dict, in_due_days()) }}
{%- endmacro %}

{% macro replace_days(arg_dict, condition) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }} where {{ condition }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

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
    {%- set days = run_days() -%}
    {%- if days is none -%} true
    {%- elif not days -%} false
    {%- else -%} {{ column }} in (
    {%- for day in days -%} date '{{ day }}'{{ ', ' if not loop.last }} {%- endfor -%} )
    {%- endif -%}
{%- endmacro %}

{#-
    Incremental strategy: delete the days of this run, then insert what the lake has for them.
    dbt's own delete+insert deletes only what it is about to insert, so a day that became empty would stay.
    dbt runs the two statements in one transaction.
-#}
{% macro get_incremental_day_replacement_sql(arg_dict) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }} where {{ in_days() }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

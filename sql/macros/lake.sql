{#- Where the lake lies; like the days, from a variable or from the environment. -#}
{% macro lake_path() -%}
    {{ return(var('lake', none) or env_var('ONRECORD_LAKE', '../data/lake')) }}
{%- endmacro %}

{#- A path as a SQL string that glob() takes literally. -#}
{% macro literal_path(path) -%}
    {{ return(path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') | replace("'", "''")) }}
{%- endmacro %}

{#-
    The parts of a lake table that this run has to read, as a table function.

    A run costs its days: only their folders are listed and opened; everything is read where all is made from scratch
    (--full-refresh). empty.parquet is always read: it brings every column.
-#}
{% macro lake_parts(table) -%}
    {%- if not execute -%} {{ return('(select 1)') }} {%- endif -%}
    {%- set folder = literal_path(lake_path()) ~ '/' ~ table.identifier -%}
    {%- set days = none if flags.FULL_REFRESH else run_days() -%}
    {%- set patterns = [] -%}
    {%- for day in (['*'] if days is none else days) -%}
        {%- do patterns.append(folder ~ '/ingest_date=' ~ day ~ '/*.parquet') -%}
    {%- endfor -%}
    {#- read_parquet refuses a pattern that matches nothing, so such a day is left out. -#}
    {%- set paths = [folder ~ '/empty.parquet'] -%}
    {%- for pattern in patterns
        if run_query("select file from glob('" ~ pattern ~ "') limit 1").rows | length -%}
        {%- do paths.append(pattern) -%}
    {%- endfor -%}
    {{ return("read_parquet(['" ~ paths | join("', '") ~ "'], union_by_name = true, hive_partitioning = false)") }}
{%- endmacro %}

{#- A state table of the lake: one file, replaced whole. -#}
{% macro lake_state(table) -%}
    {%- if not execute -%} {{ return('(select 1)') }} {%- endif -%}
    {{ return("read_parquet('" ~ literal_path(lake_path()) ~ '/state/' ~ table.identifier ~ ".parquet')") }}
{%- endmacro %}

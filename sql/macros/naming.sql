{#- A schema is called exactly what the project calls it (core, ops, mart), not "<target>_core". -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{#- No relation names its catalog: DuckDB takes the catalog from the file's name, and the file is copied and renamed. -#}
{% macro ref() -%}
    {{ return(builtins.ref(*varargs, **kwargs).include(database=false)) }}
{%- endmacro %}

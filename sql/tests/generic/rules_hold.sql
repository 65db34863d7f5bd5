{#-
    Rows that break a rule of their table, all rules in one query: `broken_rule` says which.

    dbt takes longer to ask a query than DuckDB to answer it.

    Args: of each rule those of the test of that name; a rule without is not looked at.
-#}
{% test rules_hold(model, key_is_unique=none, references_hold=none, values_allowed=none) %}
    {%- set found = [] -%}
    {%- if key_is_unique is not none -%}
        {%- do found.append(('key_is_unique', test_key_is_unique(model, **key_is_unique))) -%}
    {%- endif -%}
    {%- if references_hold is not none -%}
        {%- do found.append(('references_hold', test_references_hold(model, **references_hold))) -%}
    {%- endif -%}
    {%- if values_allowed is not none -%}
        {%- do found.append(('values_allowed', test_values_allowed(model, **values_allowed))) -%}
    {%- endif -%}
    {%- for rule, broken in found %}
    select '{{ rule }}' as broken_rule, * from ({{ broken }}) as {{ rule }}
    {{ 'union all by name' if not loop.last }}
    {%- endfor %}
{% endtest %}

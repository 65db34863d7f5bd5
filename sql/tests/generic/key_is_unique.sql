{#-
    Rows that share their key with another row; NULL is a value like others.

    Args:
        columns: the key.
        is_by_day: look at the rows of the run's days only; a day costs a day.
        is_across_days: look for their twins in every day, too.
-#}
{% test key_is_unique(model, columns, is_by_day=false, is_across_days=false) %}
    {%- set key = columns | join(', ') %}
    with
    checked as not materialized (
        select * from {{ model }}
        {%- if is_by_day and not is_across_days %} where {{ in_days() }}{% endif %}
    ),

    repeated as (
        select {{ key }} from checked
        {%- if is_by_day and is_across_days and run_days() is not none %}
        where ({{ key }}) in (select {{ key }} from checked where {{ in_days() }})
        {%- endif %}
        group by {{ key }}
        having count(*) > 1
    )

    select checked.*
    from checked
    inner join repeated
        on
            {%- for column in columns %}
            checked.{{ column }} is not distinct from repeated.{{ column }}{{ ' and' if not loop.last }}
            {%- endfor %}
{% endtest %}

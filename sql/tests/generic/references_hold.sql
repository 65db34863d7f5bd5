{#-
    Rows that point at nothing, with the name of the column that does.

    Args:
        references: list of {column, to, field, is_same_day}; is_same_day: the row pointed at belongs to the same
            days (everything computed from a version has the version's day), so that only those are read.
        is_by_day: look at the rows of the run's days only.
-#}
{% test references_hold(model, references, is_by_day=false) %}
    with
    checked as not materialized (
        select * from {{ model }}{% if is_by_day %} where {{ in_days() }}{% endif %}
    )
    {% for reference in references %}
    select '{{ reference.column }}' as broken_reference, checked.*
    from checked
    where
        {{ reference.column }} is not null
        and {{ reference.column }} not in (
            select {{ reference.field }} from {{ reference.to }}
            {%- if reference.is_same_day %} where {{ in_days() }}{% endif %}
        )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endtest %}

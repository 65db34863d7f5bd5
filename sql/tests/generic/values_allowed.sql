{#-
    Rows with a value outside its set, with the names of the columns that hold one.

    Args:
        allowed: list of {column, values}.
        is_by_day: look at the rows of the run's days only.
-#}
{% test values_allowed(model, allowed, is_by_day=false) %}
    with
    checked as not materialized (
        select
            *,
            list_filter([
                {%- for set in allowed %}
                case when {{ set.column }} not in ('{{ set['values'] | join("', '") }}') then '{{ set.column }}' end
                {{- ',' if not loop.last }}
                {%- endfor %}
            ], lambda name: name is not null) as columns_with_unknown_values
        from {{ model }}{% if is_by_day %} where {{ in_days() }}{% endif %}
    )

    select * from checked where len(columns_with_unknown_values) > 0
{% endtest %}

{#-
    Why a version's contents stay out of every count: 'retracted', 'quality', or NULL. The rule lives here alone.
    Left out: what is not the article (error page, list), not all of it (too short, paywall), not its words (machine
    translation), or changes by the minute and repeats itself (live blog). An article without a date or with a
    correction is an article.
-#}
{% macro uncounted_version(is_retracted, quality_flags) -%}
    case
        when {{ is_retracted }} then 'retracted'
        when
            list_has_any(
                {{ quality_flags }},
                ['too_short', 'paywall', 'list_page', 'error_page', 'live_blog', 'machine_translated']
            )
            then 'quality'
    end
{%- endmacro %}

{#- What a group of rows leaves out of its counts: how many, and how many for which reason. -#}
{% macro left_out() -%}
    count(excluded_reason) as n_excluded,
    coalesce(histogram(excluded_reason) filter (excluded_reason is not null), map {})::map(varchar, bigint)
        as excluded_reasons
{%- endmacro %}

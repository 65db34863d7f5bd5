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

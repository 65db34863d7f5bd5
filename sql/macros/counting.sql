{#- Why a version's contents stay out of every count: 'retracted', 'quality', or NULL. The rule lives here alone. -#}
{% macro uncounted_version(is_retracted, quality_flags) -%}
    case
        when {{ is_retracted }} then 'retracted'
        when list_has_any({{ quality_flags }}, ['too_short', 'paywall', 'list_page']) then 'quality'
    end
{%- endmacro %}

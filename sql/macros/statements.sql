{#- What internal.statement_rows joins to the facts of a statement, left out again. -#}
{% macro without_state() -%}
    exclude (
        is_current,
        article_id,
        outlet_id,
        outlet,
        near_dup_group,
        headline,
        url,
        published_at,
        published_on,
        text_sha256,
        is_retracted,
        quality_flags,
        wire_agency,
        on_date,
        speaker_actor_id,
        attribution_confidence,
        is_corrected,
        corrected_source_kind,
        excluded_reason
    )
{%- endmacro %}

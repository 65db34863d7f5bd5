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
    coalesce(histogram(excluded_reason) filter (excluded_reason is not null), map())::map(varchar, bigint)
        as excluded_reasons
{%- endmacro %}

{#- The same of a row that is counted. -#}
{% macro nothing_left_out() -%}
    0 as n_excluded,
    map()::map(varchar, bigint) as excluded_reasons
{%- endmacro %}

{#- The reasons for which a statement is left out, in the order of the alphabet. -#}
{% macro excluded_reasons() -%}
    {{ return(['nested', 'polarity', 'quality', 'retracted', 'section', 'superseded_copy', 'tier']) }}
{%- endmacro %}

{#- How many rows of a group are left out for each reason, a column each, so that days can be summed. -#}
{% macro left_out_by_reason() -%}
    {%- for reason in excluded_reasons() -%}
        count(*) filter (excluded_reason = '{{ reason }}') as n_{{ reason }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{#- What `left_out` says, summed over days. -#}
{% macro left_out_of_days() -%}
    sum(n_{{ excluded_reasons() | join(' + n_') }})::bigint as n_excluded,
    {{ counts_by_reason('sum(n_', ')::bigint', excluded_reasons()) }} as excluded_reasons
{%- endmacro %}

{#- A map from reasons to their counts, without those that are 0: before + reason + after is the count of a reason. -#}
{% macro counts_by_reason(before, after, reasons) -%}
    map_from_entries(
        list_filter(
            [
                {%- for reason in reasons %}
                struct_pack(k := '{{ reason }}', v := {{ before ~ reason ~ after }}){{ ',' if not loop.last }}
                {%- endfor %}
            ],
            lambda entry: entry.v > 0
        )
    )
{%- endmacro %}

{#- The name of a speaker, or what is said in its place. -#}
{% macro speaker_name(name, is_unattributed) -%}
    coalesce({{ name }}, case when {{ is_unattributed }} then '(unattributed)' else '(unresolved)' end)
{%- endmacro %}

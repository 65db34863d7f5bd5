from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from pipelines.contracts import table
from pipelines.core.reference import Reference
from pipelines.core.resolution.resolve import resolve, without_day
from pipelines.core.resolution.scorer import Scorer
from tests.unit.conftest import Answer, ArticleBuilder

Solve = Callable[[ArticleBuilder], Answer]


def one(answer: Answer, mention_id: str) -> str:
    found = answer.entities_of(mention_id)
    assert len(found) == 1, found
    return found[0][0]


# ---------------------------------------------------------------- names
def test_surname_finds_the_full_name(solve: Solve) -> None:
    a = ArticleBuilder("Envoy Karl Lind arrived. “We are ready,” Lind said.")
    full, short = a.mention("Envoy Karl Lind"), a.mention("Lind", 1)
    a.statement("Lind", "“We are ready,”", nth=1)
    answer = solve(a)
    assert one(answer, full) == one(answer, short) == "Karl Lind"
    assert answer.method_of(short) == "surname"


def test_of_two_full_names_the_one_named_more_wins_and_the_other_stays_a_candidate(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind met Eva Lind. Karl Lind spoke first. Lind said it was late.")
    for words, nth in (("Karl Lind", 0), ("Eva Lind", 0), ("Karl Lind", 1)):
        a.mention(words, nth)
    statement = a.statement("Lind", "it was late", nth=3)
    answer = solve(a)
    assert answer.speakers(statement) == ["Karl Lind"]
    assert answer.speakers(statement, 2) == ["Eva Lind"]


def test_a_title_tells_namesakes_apart(solve: Solve) -> None:
    a = ArticleBuilder("Mr. Karl Lind met Ms. Eva Lind. Mr. Lind said it was late.")
    a.mention("Mr. Karl Lind"), a.mention("Ms. Eva Lind")
    assert solve_speaker(solve, a, "Mr. Lind") == ["Karl Lind"]


def solve_speaker(solve: Solve, a: ArticleBuilder, source: str, nth: int = 0) -> list[str]:
    statement = a.statement(source, "", nth=nth)
    return solve(a).speakers(statement)


def test_suffix_keeps_father_and_son_apart(solve: Solve) -> None:
    a = ArticleBuilder("Paul Roe and Paul Roe Jr. came. Roe Jr. said so.")
    father, son = a.mention((0, 8)), a.mention("Paul Roe Jr.")
    statement = a.statement("Roe Jr.", nth=1)
    answer = solve(a)
    assert one(answer, father) == "Paul Roe"
    assert one(answer, son) == "Paul Roe Jr."
    assert answer.speakers(statement) == ["Paul Roe Jr."]


def test_nickname_and_initial_are_the_same_person(solve: Solve) -> None:
    a = ArticleBuilder("Robert Quill spoke. Bob Quill left. R. Quill wrote.")
    ids = [a.mention(w) for w in ("Robert Quill", "Bob Quill", "R. Quill")]
    answer = solve(a)
    assert {one(answer, i) for i in ids} == {"Robert Quill"}


def test_acronym_finds_the_organisation(solve: Solve) -> None:
    a = ArticleBuilder("The Harbour Workers Union met. The HWU said no.")
    a.mention("The Harbour Workers Union")
    statement = a.statement("The HWU", "no")
    answer = solve(a)
    assert answer.speakers(statement) == ["Harbour Workers Union"]


def test_apposition_gives_type_and_role(solve: Solve) -> None:
    a = ArticleBuilder("Wim Oort, president of the guild, came. The president said no.")
    name = a.mention("Wim Oort")
    statement = a.statement("The president", "no")
    answer = solve(a)
    assert answer.entities_of(name) == [("Wim Oort", "person")]
    assert answer.speakers(statement) == ["Wim Oort"]


def test_a_surname_that_stands_first_follows_a_title(solve: Solve) -> None:
    a = ArticleBuilder("Lin Meizhen came late. Ms Lin said no.")
    a.mention("Lin Meizhen")
    assert solve_speaker(solve, a, "Ms Lin") == ["Lin Meizhen"]


def test_a_first_name_that_no_list_has_is_part_of_the_name(solve: Solve) -> None:
    a = ArticleBuilder("Oyelaran Roe came home. Her husband, James Roe, stayed.")
    one_of, other = a.mention("Oyelaran Roe"), a.mention("James Roe")
    answer = solve(a)
    assert (one(answer, one_of), one(answer, other)) == ("Oyelaran Roe", "James Roe")


def test_a_role_before_a_name_is_its_role(solve: Solve) -> None:
    a = ArticleBuilder("He came with his mother, Renita Roe, and landlady Joy Lind. The landlady said no.")
    a.mention("Renita Roe")
    a.mention("Joy Lind")
    statement = a.statement("The landlady", "no")
    assert solve(a).speakers(statement) == ["Joy Lind"]


# ---------------------------------------------------------------- states and metonyms
def test_a_capital_is_a_government_only_where_it_speaks(solve: Solve) -> None:
    a = ArticleBuilder("Tokyo said the talks failed. He flew to Oslo.")
    place = a.mention("Oslo")
    statement = a.statement("Tokyo", "the talks failed")
    answer = solve(a)
    assert answer.speakers(statement) == ["Japan"]
    assert answer.entities_of(place) == []


def test_a_dateline_is_no_actor(solve: Solve) -> None:
    a = ArticleBuilder("OSLO, Norway (XYZ) — The talks failed, Norway said.")
    dateline, country = a.mention("Norway"), a.mention("Norway", 1)
    answer = solve(a)
    assert answer.entities_of(dateline) == []
    assert answer.entities_of(country) == [("Norway", "country")]


def test_names_of_one_country_are_one_entity(solve: Solve) -> None:
    a = ArticleBuilder("The United States and the U.S. and the US met.")
    ids = [a.mention(w) for w in ("The United States", "the U.S.", "the US")]
    answer = solve(a)
    assert {one(answer, i) for i in ids} == {"United States"}
    assert answer.resolution.entities["country_code"].to_list() == ["USA"]


# ---------------------------------------------------------------- roles, groups, documents
def test_role_of_nobody_named_is_a_role_entity(solve: Solve) -> None:
    a = ArticleBuilder("The mayor said the bridge was unsafe.")
    statement = a.statement("The mayor", "the bridge was unsafe", source_kind="role_only")
    answer = solve(a)
    assert answer.resolution.entities.select("actor_type", "basis").rows() == [("role", "role")]
    assert answer.speakers(statement) == ["mayor"]


def test_role_of_two_ranks_both(solve: Solve) -> None:
    a = ArticleBuilder("Minister Ana Ruiz met Minister Jo Berg. The minister said no.")
    a.mention("Minister Ana Ruiz"), a.mention("Minister Jo Berg")
    statement = a.statement("The minister", "no")
    answer = solve(a)
    assert {"Ana Ruiz", "Jo Berg"} <= {n for rank in (1, 2, 3) for n in answer.speakers(statement, rank)}


def test_a_role_of_another_country_does_not_fit(solve: Solve) -> None:
    a = ArticleBuilder("Chinese President Xi Jinping spoke. The French president said no.")
    a.mention("Chinese President Xi Jinping")
    assert solve_speaker(solve, a, "The French president") == ["French president"]


def test_a_reporter_is_somebody_new(solve: Solve) -> None:
    a = ArticleBuilder("Reporter Ana Ruiz came. “Will you resign?” a reporter asked.")
    a.mention("Reporter Ana Ruiz")
    assert solve_speaker(solve, a, "a reporter") == ["reporter"]


def test_the_ministry_is_the_ministry_named_before(solve: Solve) -> None:
    a = ArticleBuilder("The Danish Transport Ministry met. The ministry said no.")
    a.mention("The Danish Transport Ministry")
    assert solve_speaker(solve, a, "The ministry") == ["Danish Transport Ministry"]


def test_both_leaders_are_the_two_just_named(solve: Solve) -> None:
    a = ArticleBuilder("After President Ana Ruiz met Minister Jo Berg, both leaders said no.")
    a.mention("President Ana Ruiz"), a.mention("Minister Jo Berg")
    statement = a.statement("both leaders", "no")
    answer = solve(a)
    assert answer.speakers(statement) == ["Ana Ruiz", "Jo Berg"]
    assert answer.resolution.statement_entities["is_joint"].all()


def test_both_leaders_of_three_stay_a_group(solve: Solve) -> None:
    a = ArticleBuilder("President Ana Ruiz, Minister Jo Berg and envoy Karl Lind met, and both leaders said no.")
    for words in ("President Ana Ruiz", "Minister Jo Berg", "envoy Karl Lind"):
        a.mention(words)
    statement = a.statement("both leaders", "no")
    answer = solve(a)
    assert answer.resolution.statement_entities.height == 1
    assert answer.speakers(statement) == ["leaders"]


def test_joint_speakers_share_the_first_rank(solve: Solve) -> None:
    a = ArticleBuilder("France and Germany said they “will not send troops”.")
    statement = a.statement("France and Germany", "they “will not send troops”", source_kind="collective")
    answer = solve(a)
    assert answer.speakers(statement) == ["France", "Germany"]
    rows = answer.resolution.statement_entities
    assert rows["is_joint"].all() and set(rows["method"]) == {"collective"}


def test_document_is_no_person(solve: Solve) -> None:
    a = ArticleBuilder("A leaked memo says the opposite.")
    statement = a.statement("A leaked memo", "the opposite", source_kind="document")
    answer = solve(a)
    assert answer.speakers(statement) == ["leaked memo"]
    assert answer.resolution.entities["actor_type"].to_list() == ["document"]


def test_anonymous_and_unattributed_have_no_speaker(solve: Solve) -> None:
    a = ArticleBuilder("A senior official said the raid had failed. Reports multiplied.")
    statement = a.statement("A senior official", "the raid had failed", source_kind="anonymous")
    other = a.statement(None, "Reports multiplied")
    answer = solve(a)
    assert answer.speakers(statement) == answer.speakers(other) == []
    assert answer.resolution.entities.height == 0


# ---------------------------------------------------------------- pronouns
def test_pronoun_with_one_candidate(solve: Solve) -> None:
    a = ArticleBuilder("Lind did not say who had ordered it. He denied that his office knew.")
    a.statement("Lind", "who had ordered it")
    statement = a.statement("He", "that his office knew")
    answer = solve(a)
    assert answer.speakers(statement) == ["Lind"]
    assert answer.resolution.entities["actor_type"].to_list() == ["person"]


def test_pronoun_goes_by_gender_that_the_text_tells(solve: Solve) -> None:
    a = ArticleBuilder("Mr. Karl Lind met spokeswoman Ana Ruiz. He left. She said no.")
    a.mention("Mr. Karl Lind"), a.mention("spokeswoman Ana Ruiz"), a.mention("He")
    assert solve_speaker(solve, a, "She") == ["Ana Ruiz"]
    assert one(solve(a), a.mention("He")) == "Karl Lind"


def test_pronoun_with_two_candidates_keeps_both_and_is_unsure(solve: Solve) -> None:
    a = ArticleBuilder("Merkova met Lind on Tuesday. He said she had agreed.")
    a.mention("Merkova"), a.mention("Lind")
    statement = a.statement("He", "she had agreed")
    answer = solve(a)
    assert sorted(answer.speakers(statement) + answer.speakers(statement, 2)) == ["Lind", "Merkova"]
    assert answer.resolution.statement_entities["confidence"].max() < 1


def test_a_country_is_never_he(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind flew home. Norway protested. He said no.")
    a.mention("Karl Lind"), a.mention("Norway")
    assert solve_speaker(solve, a, "He") == ["Karl Lind"]


def test_they_without_a_group_stays_open(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind met Ana Ruiz. They said no.")
    a.mention("Karl Lind"), a.mention("Ana Ruiz")
    assert solve_speaker(solve, a, "They") == []


def test_first_person_in_a_quote_is_its_speaker(solve: Solve) -> None:
    a = ArticleBuilder("“I may go,” Karl Lind told reporters.")
    a.quotes.append(a.find("“I may go,”"))
    a.statement("Karl Lind", "“I may go,”")
    i = a.mention("I")
    answer = solve(a)
    assert one(answer, i) == "Karl Lind"
    assert answer.method_of(i) == "first_person"


def test_who_is_the_noun_before_it(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind, who said no, left.")
    a.mention("Karl Lind")
    assert solve_speaker(solve, a, "who") == ["Karl Lind"]


# ---------------------------------------------------------------- what the extraction tells
@pytest.mark.parametrize(
    "method", ["elided_subject", "carried_forward", "passive_agent", "colon_lead_in", "transcript"]
)
def test_methods_of_structure_are_kept(method: str, solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind spoke.")
    a.statement("Karl Lind", attribution_method=method)
    row = solve(a).resolution.statement_entities
    assert row["method"].to_list() == [method]
    assert row["confidence"][0] < 0.97


def test_targets(solve: Solve) -> None:
    a = ArticleBuilder("The ministry told reporters that Norway had agreed, Karl Lind said.")
    outer = a.statement("Karl Lind", "The ministry told reporters that Norway had agreed")
    inner = a.statement("The ministry", "that Norway had agreed", parent_statement_id=outer, depth=1)
    a.mention("Norway"), a.mention("reporters")
    start, end = a.find("reporters")
    span = {"statement_id": inner, "version_id": "v1", "span_kind": "addressee", "span_no": 0, "char_start": start}
    a.spans.append({**span, "char_end": end, "span_text": "reporters"})
    answer = solve(a)
    rows = answer.resolution.statement_targets.join(answer.resolution.entities, on="entity_id")
    got = set(rows.select("statement_id", "target_kind", "name").rows())
    assert {(inner, "addressee", "reporters"), (inner, "about", "Norway"), (inner, "relayed_by", "Karl Lind")} <= got
    assert (outer, "about", "Karl Lind") not in got


# ---------------------------------------------------------------- frames
def test_frames_keep_the_contracts_and_keys(solve: Solve) -> None:
    a = ArticleBuilder("France and Germany met Karl Lind. He said no. Lind left for Oslo.")
    for words in ("France and Germany", "France", "Germany", "Karl Lind", "Oslo"):
        a.mention(words)
    a.statement("He", "no")
    resolution = solve(a).resolution
    for name in ("entities", "mention_entities", "statement_entities", "statement_targets"):
        contract, frame = table("lake", name), getattr(resolution, name)
        assert tuple(frame.columns) == without_day(contract)
        assert not frame.select(contract.key).is_duplicated().any()
        for column in contract.columns:
            if column.name in frame.columns:
                assert column.nullable or frame[column.name].null_count() == 0
                assert not column.allowed or set(frame[column.name].drop_nulls()) <= set(column.allowed)
    assert set(resolution.mention_entities["entity_id"]) <= set(resolution.entities["entity_id"])
    assert set(resolution.statement_entities["entity_id"]) <= set(resolution.entities["entity_id"])


def test_nothing_in_nothing_out(solve: Solve) -> None:
    resolution = solve(ArticleBuilder("")).resolution
    assert resolution.entities.height == resolution.mention_entities.height == 0


def test_an_article_is_resolved_alone(reference: Reference, scorer: Scorer, solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind came. Lind said no.", "v1")
    b = ArticleBuilder("Lind said yes.", "v2")
    a.mention("Karl Lind")
    a.statement("Lind", "no", nth=1), b.statement("Lind", "yes")
    x, y = a.extracted(), b.extracted()
    both = type(x)(**{f: pl.concat([getattr(y, f), getattr(x, f)]) for f in x.__dataclass_fields__})
    together = resolve(pl.concat([b.texts, a.texts]), both, reference, scorer, resolution_id="r")
    for name in ("entities", "mention_entities", "statement_entities"):
        apart = pl.concat([getattr(solve(a).resolution, name), getattr(solve(b).resolution, name)])
        assert getattr(together, name).equals(apart)


# ---------------------------------------------------------------- capitals that tell no name
def test_a_first_word_that_the_text_has_without_a_capital_is_no_name(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind came. See Lind for more, we see him. Asked why, he said no. They asked him.")
    a.mention("Karl Lind"), a.mention("See Lind"), a.mention("Asked")
    answer = solve(a)
    assert answer.resolution.entities["name"].to_list() == ["Karl Lind"]


def test_a_group_that_opens_a_sentence_has_no_capital(solve: Solve) -> None:
    a = ArticleBuilder("Analysts say no. Legislative leaders in Oslo said yes. Lind aides said maybe. So did Lind.")
    a.mention("Lind", 1)
    for source in ("Analysts", "Legislative leaders in Oslo", "Lind aides"):
        a.statement(source, "")
    names = set(solve(a).resolution.entities["name"])
    assert {n.casefold() for n in names} == {"analysts", "legislative leaders in oslo", "lind aides", "lind"}


def test_a_heading_names_nobody_new(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind Just Gave Eva Oort A Reason To Worry\nKarl Lind met dockers on the pier.")
    a.mention("Karl Lind Just Gave Eva Oort"), a.mention("Reason To Worry"), a.mention("Karl Lind", 1)
    answer = solve(a)
    assert answer.resolution.entities["name"].to_list() == ["Karl Lind"]


def test_a_name_in_capitals_is_shown_as_the_text_has_it_elsewhere(solve: Solve) -> None:
    a = ArticleBuilder("KARL LIND: We are late. They said so. Karl Lind left.")
    a.mention("KARL LIND"), a.mention("Karl Lind")
    assert solve(a).resolution.entities["name"].to_list() == ["Karl Lind"]


def test_a_source_that_ends_inside_a_name_is_the_whole_name(solve: Solve) -> None:
    a = ArticleBuilder("The deal was fair, said Prime Minister Theresa May yesterday.")
    a.mention("Prime Minister Theresa May")
    assert solve_speaker(solve, a, "Prime Minister Theresa") == ["Theresa May"]


def test_a_title_that_the_mention_leaves_out(solve: Solve) -> None:
    a = ArticleBuilder("Talks with Secretary of State Ana Ruiz failed.")
    assert solve_speaker(solve, a, "State Ana Ruiz") == ["Ana Ruiz"]


# ---------------------------------------------------------------- short forms
def test_a_first_name_finds_the_one_who_has_it(solve: Solve) -> None:
    a = ArticleBuilder("Mr. Bob Quill met Ms. Eva Lind. Bob said no.")
    a.mention("Mr. Bob Quill"), a.mention("Ms. Eva Lind")
    assert solve_speaker(solve, a, "Bob", 1) == ["Bob Quill"]


def test_a_double_surname_finds_its_holder_and_two_joined_names_nobody(solve: Solve) -> None:
    a = ArticleBuilder(
        "Ms. Alma Vance-Rook spoke. The Lind-Oort match was dull. VANCE-ROOK: No. Mr. Karl Oort said yes."
    )
    a.mention("Ms. Alma Vance-Rook"), a.mention("Lind-Oort"), a.mention("Mr. Karl Oort")
    assert solve_speaker(solve, a, "VANCE-ROOK") == ["Alma Vance-Rook"]
    assert "Karl Oort" in solve(a).resolution.entities["name"].to_list()


def test_a_surname_that_is_also_a_newspaper(solve: Solve) -> None:
    a = ArticleBuilder("Mayor Don Guardian came. “I like it,” said Guardian.")
    a.mention("Mayor Don Guardian")
    assert solve_speaker(solve, a, "Guardian", 1) == ["Don Guardian"]


def test_a_name_that_speaks_is_a_persons_also_when_it_speaks_later(solve: Solve) -> None:
    a = ArticleBuilder("It was Zyx Oort who came. Oort said no.")
    a.mention("Zyx Oort")
    a.statement("Oort", "no", nth=1)
    assert solve(a).resolution.entities.select("name", "actor_type").rows() == [("Zyx Oort", "person")]


def test_what_says_it_is_no_person(solve: Solve) -> None:
    a = ArticleBuilder("Harrow Blue said it has sold a pier.")
    a.statement("Harrow Blue", "it has sold a pier", content_text="it has sold a pier")
    assert solve(a).resolution.entities["actor_type"].to_list() == ["org"]


def test_a_speaker_with_an_age_between_is_the_name_before(solve: Solve) -> None:
    a = ArticleBuilder("Ms. Eva Lind, 58, of Harrow, said no.")
    a.mention("Ms. Eva Lind")
    assert solve_speaker(solve, a, "58, of Harrow") == ["Eva Lind"]


# ---------------------------------------------------------------- organisations
def test_forms_of_a_campaigns_name_are_one(solve: Solve) -> None:
    a = ArticleBuilder("Ms. Ana Ruiz came. The Ruiz campaign said no. Her campaign said yes. Ruiz’s campaign wept.")
    a.mention("Ms. Ana Ruiz"), a.mention("Ruiz’s campaign")
    first, second = a.statement("The Ruiz campaign", "no"), a.statement("Her campaign", "yes")
    answer = solve(a)
    assert answer.speakers(first) == answer.speakers(second) == ["Ruiz campaign"]
    assert set(answer.resolution.entities["name"]) == {"Ana Ruiz", "Ruiz campaign"}


def test_the_company_may_be_the_firm_spoken_of(solve: Solve) -> None:
    a = ArticleBuilder("Tide Corp sued the Harbour Ministry. The company said no.")
    a.mention("Tide Corp"), a.mention("the Harbour Ministry")
    statement = a.statement("The company", "no")
    answer = solve(a)
    assert "Tide Corp" in [n for rank in (1, 2, 3) for n in answer.speakers(statement, rank)]


def test_the_ministry_of_two_may_be_either(solve: Solve) -> None:
    a = ArticleBuilder("The Tide Ministry sued the Coast Ministry. The ministry said no.")
    a.mention("The Tide Ministry"), a.mention("the Coast Ministry")
    statement = a.statement("The ministry", "no")
    answer = solve(a)
    assert {"Coast Ministry", "Tide Ministry"} <= {n for rank in (1, 2, 3) for n in answer.speakers(statement, rank)}


def test_the_end_of_an_organisations_name_stands_for_it(solve: Solve) -> None:
    a = ArticleBuilder("The Vessen Rivers Board met. The Rivers Board said no.")
    a.mention("The Vessen Rivers Board")
    assert solve_speaker(solve, a, "The Rivers Board") == ["Vessen Rivers Board"]


# ---------------------------------------------------------------- roles
def test_a_role_behind_which_the_name_stands_is_found_again(solve: Solve) -> None:
    a = ArticleBuilder("The lock keeper, Quint Abelard, came. The lock keeper said no.")
    a.mention("The lock keeper, Quint Abelard")
    assert solve_speaker(solve, a, "The lock keeper", 1) == ["Quint Abelard"]


@pytest.mark.xfail(reason="the scorer gives six in ten owned descriptions the wrong person", strict=False)
def test_her_friend_need_not_be_the_friend_named_before(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind, a friend of the dean, came. Eva Oort spoke. Her friend said no.")
    a.mention("Karl Lind"), a.mention("Eva Oort")
    assert solve_speaker(solve, a, "Her friend") == ["friend"]


def test_a_headline_names_the_role_before_its_holder(solve: Solve) -> None:
    a = ArticleBuilder("Union leader says no.\nPetra Lunn, the leader of the dockers, spoke.")
    a.mention("Petra Lunn")
    assert solve_speaker(solve, a, "Union leader") == ["Petra Lunn"]


# ---------------------------------------------------------------- gender
def test_gender_of_a_curated_person_is_known(solve: Solve) -> None:
    a = ArticleBuilder("Hillary Clinton met Donald Trump on the pier. Trump spoke first. She said no.")
    for words, nth in (("Hillary Clinton", 0), ("Donald Trump", 0), ("Trump", 1)):
        a.mention(words, nth)
    assert solve_speaker(solve, a, "She") == ["Hillary Clinton"]


def test_letters_and_labels_are_nobody(solve: Solve) -> None:
    a = ArticleBuilder("Q: Why? A: Nobody knows.")
    one_, two = a.statement("Q", "Why?"), a.statement("A", "Nobody knows")
    answer = solve(a)
    assert answer.speakers(one_) == answer.speakers(two) == []
    assert answer.resolution.entities.height == 0


def test_the_us_is_no_longer_name(solve: Solve) -> None:
    a = ArticleBuilder("The U.S. Is late, it said. Then the U.S. said no.")
    a.mention("The U.S. Is")
    assert solve_speaker(solve, a, "The U.S.") == ["United States"]


def test_who_speaks_in_a_heading_is_somebody(solve: Solve) -> None:
    a = ArticleBuilder("Ann Quill: And Then There Was One Pier Left\nIt rained on the pier that day.")
    assert solve_speaker(solve, a, "Ann Quill") == ["Ann Quill"]


# ---------------------------------------------------------------- who is introduced, and who is spoken of
def test_a_surname_is_not_somebody_known_so_far_by_a_first_name_only(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind met Oskar. Oskar left. Lind said no. Oskar Lind was the brother. Oskar Lind fell.")
    for words, nth in (("Karl Lind", 0), ("Oskar", 0), ("Oskar", 1), ("Oskar Lind", 0), ("Oskar Lind", 1)):
        a.mention(words, nth)
    assert solve_speaker(solve, a, "Lind", nth=1) == ["Karl Lind"]


def test_as_for_names_who_is_spoken_of(solve: Solve) -> None:
    text = "Karl Lind came. Bo Oort came. Oort said no, he wanted more.\nAs for Lind, it was late. He said yes."
    a = ArticleBuilder(text)
    a.mention("Karl Lind"), a.mention("Bo Oort"), a.statement("Oort", "no", nth=1), a.mention("Lind", 1)
    assert solve_speaker(solve, a, "He") == ["Karl Lind"]


def test_who_was_elected_mayor_is_the_mayor(solve: Solve) -> None:
    a = ArticleBuilder("The city's new mayor said no.\nAna Ruiz, a lawyer, was elected as mayor of Harrow last week.")
    a.mention("Ana Ruiz")
    assert solve_speaker(solve, a, "The city's new mayor") == ["Ana Ruiz"]


@pytest.mark.xfail(reason="the scorer takes the one person in reach for the mayor", strict=False)
def test_a_place_is_no_office(solve: Solve) -> None:
    a = ArticleBuilder("The mayor said no.\nAna Ruiz was named in a letter to the mayor of Harrow.")
    a.mention("Ana Ruiz")
    assert solve_speaker(solve, a, "The mayor") != ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Ana Ruiz and Bo Oort left, as they said it was late.", ["Ana Ruiz", "Bo Oort"]),
        ("Ana Ruiz built the pier with Bo Oort for what they called a new trade.", ["Ana Ruiz", "Bo Oort"]),
        ("Ana Ruiz met Bo Oort, as they said it was late.", []),
    ],
)
def test_they_are_two_who_are_named_together(text: str, speakers: list[str], solve: Solve) -> None:
    a = ArticleBuilder(f"Ms. Ana Ruiz came. Mr. Bo Oort came. {text}")
    for words in ("Ms. Ana Ruiz", "Mr. Bo Oort"):
        a.mention(words)
    a.mention("Ana Ruiz", 1), a.mention("Bo Oort", 1)
    assert solve_speaker(solve, a, "they") == speakers


def test_a_court_is_called_without_what_it_is_of(solve: Solve) -> None:
    a = ArticleBuilder("The Harrow High Court of Appeal met. The High Court sat. The Court said no.")
    a.mention("The Harrow High Court of Appeal"), a.mention("The High Court")
    assert solve_speaker(solve, a, "The Court") == ["Harrow High Court of Appeal"]


def test_a_party_and_a_movement_speak_together(solve: Solve) -> None:
    a = ArticleBuilder("It rained on Republicans. Republicans and the Clean Rivers Now movement said no.")
    a.mention("Republicans")
    said = solve_speaker(solve, a, "Republicans and the Clean Rivers Now movement")
    assert said == ["Clean Rivers Now", "Republicans"]


def test_she_is_nobody_with_a_name_of_men(solve: Solve) -> None:
    a = ArticleBuilder("Marina Lund met Jeffrey Roe. Jeffrey Roe said it was late. She said he was wrong.")
    a.mention("Marina Lund"), a.mention("Jeffrey Roe"), a.statement("Jeffrey Roe", "it was late", nth=1)
    assert solve_speaker(solve, a, "She") == ["Marina Lund"]


def test_a_word_before_a_name_that_stands_alone_elsewhere_is_no_part_of_it(solve: Solve) -> None:
    a = ArticleBuilder("Brave Marina Lund was found. Marina Lund said it was cold.")
    a.mention("Brave Marina Lund")
    assert solve_speaker(solve, a, "Marina Lund", nth=1) == ["Marina Lund"]

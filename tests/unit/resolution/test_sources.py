"""Who a source is: its words, its kind, offices of the reference data, interviews and signed pieces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from pipelines.core.reference import Reference
from pipelines.core.resolution.interviews import read_interview
from pipelines.core.resolution.phrases import read_phrase
from pipelines.core.resolution.resolve import resolve
from pipelines.core.resolution.scorer import Scorer
from tests.unit.conftest import Answer, ArticleBuilder

Solve = Callable[[ArticleBuilder], Answer]


def speaker(solve: Solve, a: ArticleBuilder, source: str, nth: int = 0) -> list[str]:
    statement = a.statement(source, "", nth=nth)
    return solve(a).speakers(statement)


def told(a: ArticleBuilder, reference: Reference, scorer: Scorer, **more: object) -> Answer:
    """Resolve with what else is known of the article."""
    texts = a.texts.with_columns(**{name: pl.lit(value) for name, value in more.items()})
    return Answer(resolve(texts, a.extracted(), reference, scorer, resolution_id="r"))


def kind_of(answer: Answer, statement: str) -> str:
    rows = answer.resolution.statement_sources.filter(pl.col("statement_id") == statement)
    return str(rows["source_kind"][0])


# ---------------------------------------------------------------- kinds of source
@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("A senior official", "anonymous"),
        ("One voter", "anonymous"),
        ("The harbour master", "role_only"),
        ("Karl Lind", "named_person"),
        ("The White House", "organisation"),
        ("France", "state"),
        ("Western leaders", "collective"),
        ("A leaked memo", "document"),
        ("A survey released on Friday", "document"),
        ("The audience gathered in the hall", "collective"),
        ("Just 30 percent of voters", "collective"),
        ("520 delegates", "collective"),
        ("Party elders", "collective"),
        ("No one", "collective"),
        ("Another", "anonymous"),
    ],
)
def test_the_kind_of_a_source_follows_who_it_is(source: str, kind: str, solve: Solve) -> None:
    a = ArticleBuilder(f"{source} said that it was late.")
    statement = a.statement(source, "it was late", source_kind="role_only")
    assert kind_of(solve(a), statement) == kind


def test_a_role_whose_holder_is_named_is_a_named_person(solve: Solve) -> None:
    a = ArticleBuilder("Petra Lunn, the mayor, came. The mayor said that it was late.")
    a.mention("Petra Lunn")
    statement = a.statement("The mayor", "it was late", source_kind="role_only")
    answer = solve(a)
    assert answer.speakers(statement) == ["Petra Lunn"]
    assert kind_of(answer, statement) == "named_person"


def test_a_source_with_no_answer_has_no_method(solve: Solve) -> None:
    a = ArticleBuilder("She said that it was late.")
    statement = a.statement("She", "it was late", source_kind="named_person")
    rows = solve(a).resolution.statement_sources
    assert rows.select("statement_id", "attribution_method").rows() == [(statement, "none")]


# ---------------------------------------------------------------- words round a name
@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("an honor Karl Lind", "Karl Lind"),
        ("Karl Lind taking to the stage", "Karl Lind"),
        ("RATES STAY AS THEY ARE The Calder Bank", "Calder Bank"),
        ("One of them, Harrow Shipyards Group", "Harrow Shipyards Group"),
    ],
)
def test_a_source_with_more_words_than_a_name_is_the_name(source: str, name: str, solve: Solve) -> None:
    a = ArticleBuilder(f"Before that, {source} said that it was late.")
    if name in source and not source.isupper():
        a.mention(name)
    assert speaker(solve, a, source) == [name]


@pytest.mark.parametrize("source", ["a picture of Karl Lind", "a friend to Karl Lind"])
def test_a_name_behind_a_preposition_does_not_speak(source: str, solve: Solve) -> None:
    a = ArticleBuilder(f"Before that, {source} said that it was late.")
    a.mention("Karl Lind")
    assert speaker(solve, a, source) != ["Karl Lind"]


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("Governor of Arkansas Jane Roe", "Jane Roe"),
        ("Minister of Education Stefania Orlo", "Stefania Orlo"),
        ("Secretary of State Jane Roe", "Jane Roe"),
    ],
)
def test_what_is_governed_is_no_part_of_the_name(surface: str, name: str, reference: Reference, scorer: Scorer) -> None:
    phrase = read_phrase(surface, reference, "person")
    assert (phrase.name, phrase.actor_type) == (name, "person")


def test_a_shared_surname_belongs_to_both(reference: Reference, scorer: Scorer) -> None:
    assert read_phrase("Bill and Hillary Clinton", reference).parts == ("Bill Clinton", "Hillary Clinton")
    assert read_phrase("France and Germany", reference).parts == ("France", "Germany")


def test_a_town_before_who_is_not_the_speaker(solve: Solve) -> None:
    a = ArticleBuilder("It is late, said Nilla Drisk, 24, from Vessen, who said it was cold.")
    a.mention("Nilla Drisk")
    statement = a.statement("Vessen", "it was cold", attribution_method="relative")
    assert solve(a).speakers(statement) == ["Nilla Drisk"]


# ---------------------------------------------------------------- paragraphs, sentences ahead
def test_a_pronoun_is_whom_its_own_paragraph_is_about(solve: Solve) -> None:
    a = ArticleBuilder("Bo Lind said no.\nAs for Karl Oort, it is late. He said yes.")
    a.statement("Bo Lind", "no")
    a.mention("Karl Oort")
    one_paragraph = speaker(solve, a, "He")
    assert one_paragraph == ["Karl Oort"]


def test_the_two_camps_are_not_two_people(solve: Solve) -> None:
    a = ArticleBuilder("Karl Lind met Eva Oort. The two camps said that it was late.")
    a.mention("Karl Lind"), a.mention("Eva Oort")
    assert speaker(solve, a, "The two camps") == ["camps"]


def test_a_role_may_be_named_in_the_sentences_after_it(solve: Solve) -> None:
    a = ArticleBuilder(
        "It rained. It snowed. It hailed. The attorney general said no. Attorney General Rik Oort did not say more."
    )
    a.mention("Attorney General Rik Oort")
    assert speaker(solve, a, "The attorney general") == ["Rik Oort"]


def test_the_lead_after_a_dateline_names_people(solve: Solve) -> None:
    text = "RYE, N.H. - State Rep. Karl Tilbury is sure of his vote and says so at every door. Tilbury said yes."
    end = text.index(" Tilbury said")
    a = ArticleBuilder(text, sentences=[(0, end), (end + 1, len(text))], datelines=frozenset({0}))
    a.mention("State Rep. Karl Tilbury")
    assert speaker(solve, a, "Tilbury", 1) == ["Karl Tilbury"]


# ---------------------------------------------------------------- offices of the reference data
@pytest.mark.parametrize(
    ("role", "day", "found"),
    [
        ("The Texas senator", date(2016, 3, 1), "Ted Cruz"),
        ("The Florida senator", date(2016, 3, 1), "Marco Rubio"),
        ("The former president", date(2016, 3, 1), "George W. Bush"),
        ("The Ohio senator", date(2016, 3, 1), "Ohio senator"),
        ("The Texas senator", None, "Ted Cruz"),
    ],
)
def test_an_office_is_held_by_whom_the_reference_data_says(
    role: str, day: date | None, found: str, reference: Reference, scorer: Scorer
) -> None:
    a = ArticleBuilder(f"Ted Cruz, Marco Rubio and George W. Bush came to the pier. {role} said no.")
    for name in ("Ted Cruz", "Marco Rubio", "George W. Bush"):
        a.mention(name)
    statement = a.statement(role, "no")
    assert told(a, reference, scorer, published_on=day).speakers(statement) == [found]


# ---------------------------------------------------------------- interviews and signed pieces
TALK = (
    "Wikinews interviews painter Jane Orlo\n\nWhy do you paint?\n\nI like the light.\n\n"
    "Who taught you?\n\nMy father did, and I thank him.\n\nWhat comes next?\n\nI think of a bridge."
)


def test_an_answer_of_an_interview_is_the_one_who_is_asked(reference: Reference, scorer: Scorer) -> None:
    a = ArticleBuilder(TALK)
    answer_, question = a.statement("I", "a bridge", nth=TALK[: TALK.index("I think")].count("I")), None
    question = a.statement("you", "paint")
    answer = told(a, reference, scorer)
    assert answer.speakers(answer_) == ["Jane Orlo"]
    assert answer.speakers(question) == ["Jane Orlo"]


def test_an_article_with_questions_in_quotes_is_no_interview() -> None:
    assert read_interview("“Why?” asked Lind.\n\n“Who?” asked Oort.\n\n“When?” they asked.\n\nI was there.") is None
    assert read_interview("It rained.\n\nWhy?\n\nNobody knows.") is None
    found = read_interview(TALK)
    assert found is not None and found.named[0] == "painter Jane Orlo" and len(found.questions) == 3


def test_the_first_person_of_a_signed_piece_is_its_author(reference: Reference, scorer: Scorer) -> None:
    a = ArticleBuilder("The pier is old. I think that it must go.")
    statement = a.statement("I", "it must go")
    by_one = told(a, reference, scorer, authors=["Ann Quill"])
    assert by_one.speakers(statement) == ["Ann Quill"]
    assert told(a, reference, scorer, authors=["Ann Quill", "Bo Lind"]).speakers(statement) == []
    assert told(a, reference, scorer).speakers(statement) == []


def test_a_first_line_tells_whom_an_interview_asks_and_a_long_question_is_an_answer() -> None:
    asks_back = "I went there, and what did I find? " + "It was raining, as it always does in Orlo. " * 12 + "Why?"
    found = read_interview(
        f"Painter Jane Orlo tells Vessen Post about light\n\nWhy do you paint?\n\n{asks_back}\n\nWho buys?\n\nI know."
    )
    assert found is not None
    assert found.named == ("Painter Jane Orlo",)
    assert len(found.questions) == 2


def test_we_of_an_answer_is_the_one_who_is_asked_with_less_confidence(reference: Reference, scorer: Scorer) -> None:
    a = ArticleBuilder(TALK + "\n\nWho helps?\n\nWe think that all do.")
    a.mention("Jane Orlo")
    statement = a.statement("We", "that all do")
    answer = told(a, reference, scorer)
    assert answer.speakers(statement) == ["Jane Orlo"]
    rows = answer.resolution.mention_entities.filter(pl.col("method") == "interviewee_we")
    assert rows["confidence"].to_list() == [0.7]


def test_an_answer_without_a_source_is_of_the_one_who_is_asked(reference: Reference, scorer: Scorer) -> None:
    a = ArticleBuilder(TALK + "\n\nWho helps?\n\nWe think that all do.")
    a.mention("Jane Orlo")
    statement = a.statement(None, "We think that all do.", attribution_method="transcript")
    other = a.statement(None, "all do")
    answer = told(a, reference, scorer)
    assert (answer.speakers(statement), answer.speakers(other)) == (["Jane Orlo"], [])
    kinds = dict(answer.resolution.statement_sources.select("statement_id", "source_kind").iter_rows())
    assert (kinds[statement], kinds[other]) == ("named_person", "unattributed")


def test_who_is_called_by_her_office_in_a_question_is_the_one_who_is_asked(
    reference: Reference, scorer: Scorer
) -> None:
    a = ArticleBuilder(TALK.replace("Why do you", "Madam President, why do you"))
    a.mention("Jane Orlo")
    statement = a.statement("Madam President", "paint")
    assert told(a, reference, scorer).speakers(statement) == ["Jane Orlo"]


def test_two_who_are_asked_are_told_apart_by_nobody(reference: Reference, scorer: Scorer) -> None:
    a = ArticleBuilder(
        TALK.replace("painter Jane Orlo", "Jane Orlo and Karl Lind") + "\n\nWho helps?\n\nI think she does."
    )
    statement = a.statement("I", "she does", nth=1)
    assert told(a, reference, scorer).speakers(statement) == []


def test_two_who_are_asked_are_we_and_you_together(reference: Reference, scorer: Scorer) -> None:
    talk = TALK.replace("painter Jane Orlo", "Jane Orlo and Karl Lind")
    a = ArticleBuilder(talk + "\n\nWho helps?\n\nWe think that all do.")
    both = a.statement("We", "that all do"), a.statement("you", "paint")
    answer = told(a, reference, scorer)
    assert [answer.speakers(s) for s in both] == [["Jane Orlo", "Karl Lind"]] * 2


def test_a_relative_pronoun_takes_its_kind_from_the_noun_before_it(solve: Solve) -> None:
    a = ArticleBuilder("He met voters who say that it was late. He read a report which said that it was early.")
    voters = a.statement("who", "that it was late", source_kind="role_only", method="relative")
    report = a.statement("which", "that it was early", source_kind="role_only", method="relative")
    answer = solve(a)
    assert [kind_of(answer, voters), kind_of(answer, report)] == ["collective", "document"]


def test_the_kind_of_a_name_tells_what_its_words_do_not(reference: Reference, scorer: Scorer) -> None:
    a = ArticleBuilder("Velora Quist met Norgate at Tarn Vale. It rained.")
    for words, kind in (("Velora Quist", "person"), ("Norgate", "organization"), ("Tarn Vale", "place")):
        a.mentions[a.find(words)] = {**a.mentions.get(a.find(words), {}), "name_kind": kind} if a.mention(words) else {}
    entities = told(a, reference, scorer).resolution.entities
    assert dict(entities.select("name", "actor_type").iter_rows()) == {"Velora Quist": "person", "Norgate": "org"}


def test_who_holds_an_office_by_the_reference_data_is_held_against_who_is_given_it(
    reference: Reference, scorer: Scorer
) -> None:
    text = (
        "Club chairman Bo Lind met Reince Priebus on the pier in the rain, and Lind left early. It rained. It snowed. "
        "Priebus stayed. The chairman said no."
    )
    a = ArticleBuilder(text)
    a.mention("Club chairman Bo Lind"), a.mention("Reince Priebus"), a.mention("Priebus", 1)
    statement = a.statement("The chairman", "no")
    assert told(a, reference, scorer, published_on=date(2016, 3, 1)).speakers(statement) == ["Reince Priebus"]
    assert told(a, reference, scorer, published_on=date(2019, 3, 1)).speakers(statement) == ["Bo Lind"]


def test_the_president_is_not_the_vice_president(reference: Reference, scorer: Scorer) -> None:
    a = ArticleBuilder("President Barack Obama came. Joe Biden came to the pier and spoke. The president said no.")
    a.mention("President Barack Obama"), a.mention("Joe Biden")
    statement = a.statement("The president", "no")
    assert told(a, reference, scorer, published_on=date(2016, 3, 1)).speakers(statement) == ["Barack Obama"]


@pytest.mark.parametrize(
    ("said", "speakers"),
    [
        ("I think that Karl did.", ["Jane Orlo"]),
        ("I think, and I'm Karl Lind, that all did.", ["Karl Lind"]),
        ("I think that all did.", []),
        ("I think that Jane and Karl did.", []),
    ],
)
def test_which_of_two_says_i_is_told_by_whom_the_answer_names(
    said: str, speakers: list[str], reference: Reference, scorer: Scorer
) -> None:
    a = ArticleBuilder(TALK.replace("painter Jane Orlo", "Jane Orlo and Karl Lind") + f"\n\nWho helps?\n\n{said}")
    a.mention("Jane Orlo"), a.mention("Karl Lind")
    for word in ("Jane", "Karl", "Karl Lind"):
        if word in said and (word != "Karl" or "Karl Lind" not in said):
            at = a.text.rindex(word)
            a.mention((at, at + len(word)))
    at = a.text.index(said)
    statement = a.statement((at, at + 1))
    assert told(a, reference, scorer).speakers(statement) == speakers

"""What each value of cue_class and of target_kind tells.

Covers the words for a reader. For which cue has which class, see reference/cue_lexicon.csv; docs/speech-acts.md puts
the two together (reference_pages.py).
"""

from __future__ import annotations

from typing import Final

CUE_CLASSES: Final[dict[str, str]] = {
    "accuse": "Takes somebody to court or charges them formally. The verb *accuse* is in `criticize`.",
    "admit": "Pleads guilty before a court. The verbs *admit*, *concede* and *confess* are in `reveal`.",
    "agree": "Takes the side of somebody else's words, or says that it does not. The verb *agree* is in `promise`.",
    "announce": "Makes known something new, with authority over it.",
    "apologize": "Says that it is sorry.",
    "ask": "Puts a question, or wants to be told.",
    "assert": "Holds something to be true against doubt or challenge, or says it with weight.",
    "call": "Gives somebody or something a name, or likens it to another.",
    "criticize": "Says that somebody or something is bad, wrong or to blame; *accuse*, *blame* and *complain* too.",
    "decide": "Settles something by a choice, a ruling or a law.",
    "deny": "Says that something is not so, or refuses or declines something.",
    "expect": "Waits for something, or is likely to do it.",
    "explain": "Tells what something is, how it is or why.",
    "fear": "Thinks that something bad may be, or doubts it.",
    "know": "Knows, remembers or has heard of something.",
    "like": "Likes or dislikes somebody or something.",
    "persuade": "Lets somebody know of something. The verbs *persuade* and *convince* are in `urge`.",
    "praise": "Says that somebody or something is good, thanks or greets them, or stands by them.",
    "predict": "Tells what will be.",
    "promise": "Binds itself to do something, or assures of it; *agree* too.",
    "propose": "Puts a plan before others.",
    "reply": "Answers what somebody else said or asked.",
    "report": "Tells what was found, counted or measured.",
    "reveal": "Tells what was not known or held back, or grants that it is so; or comes to know of it.",
    "say": "Says or writes something, and the cue tells no more than how.",
    "seem": "How something looks to the writer: nobody says or thinks it.",
    "strive": "Tries to do something: a deed, of which nobody speaks.",
    "suggest": "Says something by hints, or as a guess. The verb *suggest* is in `urge`.",
    "support": "Is for or against something, also by a vote.",
    "think": "Holds something to be true, or sees it in a way.",
    "urge": "Wants somebody else to do something: orders, asks for, advises; *suggest* too.",
    "want": "Wants, hopes or means to do something.",
    "warn": "Says that something bad may come, or threatens with it.",
    "wonder": "Turns over what is not clear.",
}
"""Class -> what a cue of it tells."""

TARGET_KINDS: Final[dict[str, str]] = {
    "addressee": "To whom it was said: named between a verb that takes an addressee (tell, ask, assure, remind, "
    "inform, warn, urge, advise, notify, brief) and what was said. Told by the text: `is_inferred` is false.",
    "about": "Named inside the content. Who is spoken about and who is only mentioned there are not told apart, "
    "and the object of a cue (whom it accuses, whom it praises) has no kind of its own. `is_inferred` is true.",
    "relayed_by": "The speaker of the statement inside which this one is reported. `is_inferred` is false.",
}
"""Kind -> who is meant."""

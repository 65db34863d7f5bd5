"""Words that tell which part of society a speaker belongs to: roles, and what organisations are called.

Belongs here: the words of each kind. Does not belong here: how they decide (see `kinds`).
"""

from __future__ import annotations

from collections.abc import Mapping


def _words(kinds: Mapping[str, str]) -> dict[str, str]:
    """Return word (or words, with _ for each space) -> kind."""
    return {word.replace("_", " "): kind for kind, words in kinds.items() for word in words.split()}


ROLES = _words({
    "politics": (
        "minister prime_minister premier first_minister chancellor secretary_of_state foreign_secretary home_secretary "
        "education_secretary health_secretary treasury_secretary defence_secretary defense_secretary "
        "transport_secretary culture_secretary commons_leader mp mps msp msps am mep meps senator sen congressman "
        "congresswoman representative rep lawmaker legislator peer councillor councilman councilwoman mayor candidate "
        "politician whip backbencher king queen prince princess democrat republican tory speaker party_chairman "
        "campaign_manager campaign_chief deputy_leader opposition_leader majority_leader minority_leader deputy_pm pm "
        "taoiseach undersecretary under_secretary cabinet_colleague shadow_chancellor monarch strategist_labour "
        "party_leader first_lady nominee running_mate pollster"
    ),
    "government": (
        "official officials ambassador envoy diplomat consul civil_servant administrator regulator ombudsman "
        "secretary_general comptroller permanent_secretary authorities commissioner policy_maker policymaker "
        "negotiator "
        "mediator inspector treasurer civil_service_chief governor surgeon_general"
    ),
    "justice": (
        "judge magistrate chief_justice justice prosecutor prosecutors lawyer solicitor barrister attorney "
        "attorney_general solicitor_general qc coroner counsel district_attorney registrar"
    ),
    "police": (
        "detective_inspector chief_inspector police_inspector detective_sergeant policeman policewoman police_officer "
        "detective constable chief_constable superintendent sheriff firefighter police_chief police_commissioner "
        "fire_chief investigator trooper"
    ),
    "military": (
        "general colonel admiral lieutenant brigadier soldier army_chief air_marshal lieutenant_general major_general "
        "commander sergeant corporal gen col lt cmdr adm"
    ),
    "business": (
        "chief_executive ceo cfo coo managing_director businessman businesswoman executive executives entrepreneur "
        "owner trader traders banker broker shareholder shareholders investor investors developer tycoon billionaire "
        "retailer publicist mogul chief_operating_officer chief_financial_officer chief_technology_officer "
        "chief_information_officer evangelist product_manager marketing_manager general_manager insider operators "
        "vice_president co_founder cofounder founder bosses bidder manufacturer estate_agent"
    ),
    "union": (
        "union_leader shop_steward union_official union_boss general_secretary"
    ),
    "expert": (
        "observer analyst analysts economist economists professor prof researcher researchers scientist scientists "
        "scholar historian lecturer academic expert experts psychologist psychiatrist doctor surgeon physician "
        "physicist chemist biologist astronomer sociologist anthropologist geologist seismologist meteorologist "
        "epidemiologist virologist statistician philosopher consultant neurosurgeon strategist senior_economist "
        "chief_economist dean engineer therapist geophysicist research_director research_fellow senior_fellow "
        "technologist futurologist specialist vet"
    ),
    "campaign": (
        "activist activists campaigner campaigners organiser organisers protester protesters advocate environmentalist "
        "dissident opponents"
    ),
    "media": (
        "journalist reporter editor columnist presenter correspondent broadcaster blogger host commentator anchor "
        "disc_jockey dj moderator interviewer narrator newsreader critic_film"
    ),
    "sport": (
        "player striker midfielder defender goalkeeper keeper coach skipper winger fly_half scrum_half hooker "
        "prop lock "
        "flanker full_back fullback sprinter athlete swimmer cyclist boxer golfer batsman bowler champion referee "
        "umpire jockey runner hurdler teammate team_mate quarterback assistant_coach head_coach centre_half defender "
        "number_one number_eight seed director_of_rugby football_manager team_manager forward caretaker_manager "
        "medallist olympian"
    ),
    "arts": (
        "actor actress singer musician rapper film_maker filmmaker composer dancer comedian novelist author "
        "writer poet "
        "artist guitarist drummer frontman playwright producer screenwriter songwriter conductor magician chef "
        "photographer film_star rock_star pop_star film_director festival_director choreographer sculptor painter "
        "bassist casting_director model illustrator band"
    ),
    "religion": (
        "archbishop bishop cardinal pope rabbi imam priest vicar reverend rev pastor monk minister_of_religion"
    ),
    "people": (
        "witness witnesses victim victims resident residents neighbour neighbor mother father son daughter wife "
        "husband "
        "widow widower brother sister friend student students pupil pupils teacher teachers nurse farmer worker "
        "workers "
        "staff passenger passengers voter voters fan fans shopper commuter suspect teenager boy girl man woman people "
        "public person survivor survivors customer customers user users viewer viewers gamer gamers tourist pensioner "
        "colleague parents families listeners readers locals supporters critics employee employees veteran girlfriend "
        "boyfriend partner_of mum dad consumers drivers many some others"
    ),
})  # fmt: skip
"""A noun for what somebody is -> kind."""
GENERIC = frozenset(
    word.replace("_", " ") for word in (
        "chairman chairwoman chair chairperson co_chairman vice_chairman deputy_chairman chief head director spokesman "
        "spokeswoman spokesperson president leader secretary manager member boss captain deputy governor commissioner "
        "adviser advisor officer partner star director_general aide assistant_director executive_director "
        "general_secretary press_officer press_secretary vice_president coordinator co_ordinator founder team "
        "treasurer "
        "representative lead chief_of_staff deputy_director trustee vice_chancellor producer group"
    ).split()
)  # fmt: skip
"""Nouns that say nothing without the body: chairman | of a club, of a party."""
BODIES = _words({
    "union": (
        "union unions tuc unison amicus rmt aslef nut nasuwt afl_cio t&g gmb workers'_union trade_union "
        "trades_union_congress police_federation secondary_heads_association"
    ),
    "police": (
        "police scotland_yard constabulary interpol fbi coastguard fire_brigade fire_service"
    ),
    "military": (
        "army navy air_force pentagon marines troops armed_forces raf military"
    ),
    "religion": (
        "church vatican synod mosque cathedral diocese"
    ),
    "justice": (
        "court bar_council law_society tribunal prosecution_service matrix_chambers chambers high_court"
    ),
    "sport": (
        "fc afc rovers football_club rugby_club cricket_club football_association fa uefa fifa iaaf rfu irb olympic "
        "olympics ioc wada lta atp wta premiership league rugby cricket tennis athletics all_england_club marathon cup "
        "championship championships racing football wimbledon golf anti_doping tournament"
    ),
    "expert": (
        "university institute college research laboratory laboratories lab think_tank observatory gartner "
        "forrester idc "
        "mit in_stat analysys yankee_group jupiter_research institute_for_fiscal_studies ifs niesr ovum school_of "
        "centre_for academy_of_sciences"
    ),
    "media": (
        "newspaper news bbc itv cnn magazine television radio times telegraph guardian reuters interfax journal press "
        "tribune herald gazette post independent observer channel_4 newsnight network_tv website"
    ),
    "government": (
        "organisation_for_economic_co_operation_and_development ministry department treasury home_office "
        "foreign_office "
        "national_audit_office office_for office_of commission bureau administration bank_of_england federal_reserve "
        "fed ecb central_bank imf world_bank international_monetary_fund un united_nations eu european_union "
        "oecd ofcom "
        "ofgem ofsted fda sec watchdog regulator embassy council agency authority inspectorate government "
        "assembly_government nao who wto board_of_trade opec nasa securities_and_exchange_commission department_of "
        "executive nhs civil_service monetary_policy_committee mpc commerce_department "
        "financial_services_authority fsa "
        "local_government customs homeland_security authorities"
    ),
    "politics": (
        "party parties labour conservative conservatives tory tories lib_dem lib_dems liberal_democrat "
        "liberal_democrats ukip snp plaid_cymru democrats republicans downing_street white_house kremlin cabinet "
        "parliament senate congress commons green_party sinn_fein dup veritas respect_party house_of_commons "
        "house_of_lords mps number_10"
    ),
    "campaign": (
        "pro_life charity foundation trust campaign greenpeace amnesty oxfam red_cross friends_of_the_earth alliance "
        "association society network action pressure_group barnardo's nspcc shelter liberty coalition fawcett crisis_uk"
    ),
    "arts": (
        "theatre film_festival festival orchestra museum gallery band opera album academy_awards film_council "
        "musicians "
        "brit_awards"
    ),
    "business": (
        "motion_picture picture recording inc plc ltd corp corporation group company firm bank airlines airline "
        "airways "
        "motors industries capital securities partners systems software telecom communications insurance insurer brc "
        "cbi chamber chambers consortium retailer stores records pictures studios studio energy oil steel "
        "pharmaceuticals brothers entertainment maker manufacturer operator giant supermarket exchange boerse "
        "semiconductor electronics mobile networks holdings technologies technology motor federation_of_small bcc cml "
        "mpaa riaa retail_consortium recording_industry confederation_of_british business brokerage bank_of_america "
        "merrill morgan google microsoft sony nokia ibm intel carmaker bcc rics lenders trade_association industry "
        "games"
    ),
})  # fmt: skip
"""What bodies are called, or are, in the order in which they decide -> kind."""
TOPICS = {
    "sport": frozenset(
        "match cup goal goals season championship championships league coach striker midfielder rugby tennis cricket "
        "olympic olympics tournament seed injury squad premiership champion champions wimbledon wins win defeat "
        "victory final semi-final quarter-final athletics sprint marathon grand slam open team side club "
        "manager".split()
    ),
    "arts": frozenset(
        "film films movie album singer band actor actress oscar oscars music musical theatre novel show song songs "
        "chart charts festival rapper concert award awards star stars comedy drama box-office cinema".split()
    ),
}
"""Words of articles about a field in which most who speak belong to it."""

"""Places that stand in a dateline with nothing behind them, and regions that follow a place.

Covers the two sets, and nothing else. They only decide whether words in capitals before a dash are a dateline; what a
place is (its country) is decided elsewhere.
"""

from __future__ import annotations

_CITIES = """
Abidjan|Abu Dhabi|Abuja|Accra|Addis Ababa|Aden|Aleppo|Algiers|Almaty|Amman|Amsterdam|Ankara|Antananarivo|Ashgabat
Asmara|Astana|Asuncion|Athens|Atlanta|Auckland|Baghdad|Baku|Baltimore|Bamako|Bangkok|Bangui|Banjul|Barcelona|Beijing
Beirut|Belfast|Belgrade|Belgorod|Berlin|Bern|Bishkek|Bogota|Bonn|Boston|Brasilia|Bratislava|Brazzaville|Brisbane
Brussels|Bucharest|Budapest|Buenos Aires|Bujumbura|Cairo|Canberra|Cape Town|Caracas|Cardiff|Chennai|Chicago|Chisinau
Cincinnati|Cleveland|Colombo|Conakry|Copenhagen|Dakar|Dallas|Damascus|Dar es Salaam|Deir al-Balah|Denver|Detroit
Dhaka|Djibouti|Doha|Donetsk|Dubai|Dublin|Dushanbe|Edinburgh|Frankfurt|Freetown|Gaborone|Gaza|Gaza City|Geneva
Glasgow|Guatemala City|Hamburg|Hanoi|Harare|Havana|Helsinki|Hiroshima|Ho Chi Minh City|Hong Kong|Honolulu|Houston
Indianapolis|Islamabad|Istanbul|Jakarta|Jeddah|Jerusalem|Johannesburg|Juba|Kabul|Kampala|Kandahar|Karachi|Kathmandu
Kharkiv|Khartoum|Kherson|Kiev|Kigali|Kingston|Kinshasa|Kolkata|Kuala Lumpur|Kuwait City|Kyiv|La Paz|Lagos|Lahore
Las Vegas|Libreville|Lilongwe|Lima|Lisbon|Ljubljana|Lome|London|Los Angeles|Luanda|Lusaka|Luxembourg|Lviv|Macau
Madrid|Male|Managua|Manama|Manchester|Manila|Maputo|Mariupol|Maseru|Mecca|Melbourne|Mexico City|Miami|Milan
Milwaukee|Minneapolis|Minsk|Mogadishu|Monaco|Monrovia|Montevideo|Montreal|Moscow|Mosul|Mumbai|Munich|Muscat
N'Djamena|Nairobi|Naypyidaw|New Delhi|New Orleans|New York|Niamey|Nicosia|Nouakchott|Odesa|Odessa|Oklahoma City|Oslo
Ottawa|Ouagadougou|Panama City|Paris|Philadelphia|Phnom Penh|Phoenix|Pittsburgh|Port-au-Prince|Port Moresby
Port Louis|Prague|Pretoria|Pristina|Pyongyang|Quebec City|Quito|Rabat|Rafah|Ramallah|Reykjavik|Riga|Rio de Janeiro
Riyadh|Rome|Salt Lake City|San Antonio|San Diego|San Francisco|San Jose|San Juan|San Salvador|Sanaa|Santiago
Santo Domingo|Sao Paulo|São Paulo|Sarajevo|Seattle|Seoul|Shanghai|Singapore|Skopje|Sochi|Sofia|St. Louis
St. Petersburg|Stockholm|Strasbourg|Suva|Sydney|Taipei|Tallinn|Tashkent|Tbilisi|Tegucigalpa|Tehran|Tel Aviv
The Hague|Thessaloniki|Thimphu|Tirana|Tokyo|Toronto|Tripoli|Tunis|Turin|Ulaanbaatar|United Nations|Vancouver
Vatican City|Venice|Vienna|Vientiane|Vilnius|Warsaw|Washington|Wellington|Windhoek|Winnipeg|Yangon|Yaounde|Yerevan
Zagreb|Zaporizhzhia|Zurich
"""
DATELINE_CITIES = frozenset(c.casefold() for c in _CITIES.replace("\n", "|").split("|") if c)
"""Capitals and cities that agencies print without a region, case-folded."""

_REGIONS = """
Ala.|Ariz.|Ark.|Calif.|Colo.|Conn.|Del.|D.C.|DC|Fla.|Ga.|Ill.|Ind.|Kan.|Ky.|La.|Md.|Mass.|Mich.|Minn.|Miss.|Mo.
Mont.|Neb.|Nev.|N.H.|N.J.|N.M.|N.Y.|N.C.|N.D.|Okla.|Ore.|Pa.|Penn.|R.I.|S.C.|S.D.|Tenn.|Tex.|Vt.|Va.|Wash.|W.Va.
W. Va.|Wis.|Wyo.|AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC
ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|U.S.|US|U.K.|UK|U.A.E.|UAE|B.C.|Ont.|Que.|Alta.|Alabama|Alaska
Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas
Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada
New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania
Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin
Wyoming|Puerto Rico|Alberta|British Columbia|Manitoba|Ontario|Quebec|Saskatchewan|Nova Scotia|New Brunswick
Newfoundland|England|Scotland|Wales|Northern Ireland|Gaza Strip|West Bank|Kashmir|Crimea|Kurdistan|Tibet|Hong Kong
New South Wales|Queensland|Victoria|Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria
Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia|Bosnia-Herzegovina
Botswana|Brazil|Brunei|Bulgaria|Burkina Faso|Burma|Burundi|Cambodia|Cameroon|Canada|Chad|Chile|China|Colombia|Congo
Costa Rica|Croatia|Cuba|Cyprus|Czech Republic|Denmark|Djibouti|Dominican Republic|East Timor|Ecuador|Egypt
El Salvador|Eritrea|Estonia|Eswatini|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Germany|Ghana|Greece|Greenland
Grenada|Guatemala|Guinea|Guinea-Bissau|Guyana|Haiti|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland
Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho
Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius
Mexico|Moldova|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger
Nigeria|North Korea|North Macedonia|Norway|Oman|Pakistan|Palestine|Palestinian Territories|Panama|Papua New Guinea
Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Samoa|Saudi Arabia|Senegal|Serbia|Sierra Leone
Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea|South Sudan|Spain|Sri Lanka|Sudan|Suriname|Sweden
Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Togo|Tonga|Trinidad|Tunisia|Turkey|Türkiye|Turkmenistan|Uganda
Ukraine|United Arab Emirates|United Kingdom|United States|Uruguay|Uzbekistan|Vanuatu|Venezuela|Vietnam|Yemen|Zambia
Zimbabwe|West Germany|East Germany|Soviet Union|Yugoslavia|Czechoslovakia|Zaire
"""
AP_REGIONS = frozenset(r.casefold().replace(" ", "") for r in _REGIONS.replace("\n", "|").split("|") if r)
"""States, provinces and countries as agencies write them after a place, case-folded, without blanks."""

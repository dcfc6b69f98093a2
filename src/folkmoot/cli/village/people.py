"""Who lives in the village. Everyone here is made up; so are their pages."""

import msgspec


class Villager(msgspec.Struct, frozen=True, kw_only=True):
    """A person, and how their profile reads."""

    username: str
    name: str
    note: str
    language: str = "en"
    fields: tuple[tuple[str, str], ...] = ()
    role: str = "member"
    bot: bool = False
    locked: bool = False
    scene: str = "hills"
    look: str = ""  # of a portrait; without it a picture of the scene


VILLAGERS = (
    Villager(
        username="wren",
        look="33470",
        name="Wren Alder",
        note="Keeps the village hall, the kettle and this server. Ask me about any. #introduction",
        fields=(("Hall", "Open on market days"), ("Pronouns", "she/her")),
        role="owner",
        scene="village",
    ),
    Villager(
        username="lin",
        look="20010",
        name="林晓雨",
        note="种菜、写字、修自行车。说中文,也说 English。喜欢雨天和旧书。",
        language="zh",
        fields=(("地方", "河边的菜园"), ("语言", "中文、English")),
        scene="garden",
    ),
    Villager(
        username="tomas",
        look="02430",
        name="Tomás Brook",
        note="Baker. Up before you are. Sourdough, rye, and far too many opinions about ovens.",
        fields=(("Oven", "Wood, since 2011"), ("Days", "Tuesday to Saturday")),
        scene="bread",
    ),
    Villager(
        username="mei",
        look="34021",
        name="陈美",
        note="小学老师。带着二十个孩子认识这条河里的鱼和岸上的鸟。",
        language="zh",
        fields=(("学校", "河岸小学"),),
        role="reviewer",
        scene="river",
    ),
    Villager(
        username="odile",
        look="13050",
        name="Odile Ferrand",
        note="Ferrywoman. River levels, herons, and the odd passenger. Photographs are my own.",
        fields=(("Crossing", "Every half hour till dusk"), ("Boat", "La Patience")),
        scene="river",
    ),
    Villager(
        username="kofi",
        look="00360",
        name="Kofi Mensah",
        note="Programmer by day, fiddle player by night. #Python #accessibility #folk",
        fields=(("Plays", "Thursdays at the hall"), ("Editor", "The one you dislike")),
        role="reviewer",
        scene="night",
    ),
    Villager(
        username="ines",
        look="12120",
        name="Inês Carvalho",
        note="Librarian. I run the reading circle and the seed library: both lend, both hope.",
        fields=(("Reading", "A history of ink"), ("Seeds", "Ask for the beans")),
        locked=True,
        scene="books",
    ),
    Villager(
        username="hamid",
        look="00240",
        name="Hamid Rahimi",
        note="Clock and bicycle repairs. If it ticks or rolls, bring it round.",
        fields=(("Workshop", "Behind the hall"),),
        scene="workshop",
    ),
    Villager(
        username="sunniva",
        look="25070",
        name="Sunniva Dahl",
        note="Watches weather for a living and for fun. Clouds daily. #clouds",
        fields=(("Station", "Hill 212"),),
        scene="sky",
    ),
    Villager(
        username="jun",
        look="04011",
        name="王俊",
        note="面馆老板。汤要熬六个小时,话可以少说两句。",
        language="zh",
        fields=(("营业", "上午十一点到卖完"),),
        scene="bread",
    ),
    Villager(
        username="petra",
        look="15060",
        name="Petra Novák",
        note="Nurse, night shifts. Posts at odd hours. Mostly tea, cats and public transport.",
        fields=(("Cat", "Minister"),),
        scene="night",
    ),
    Villager(
        username="heron",
        name="Heron Count",
        note="Counts the herons at the weir from Odile's log, once a day. A bot, and proud of it.",
        fields=(("Run by", "@odile"),),
        bot=True,
        scene="river",
    ),
    Villager(
        username="magpie",
        name="Magpie Bargains",
        note="Shiny things at prices that end tonight. Every night.",
        fields=(("Shop", "Ask by message"),),
        scene="workshop",
    ),
    Villager(
        username="thorn",
        look="33470",
        name="Rufus Thorn",
        note="Says it as it is, also to those who did not ask.",
        scene="sky",
    ),
)

# Who follows whom, by username; everyone follows the owner, who follows everyone.
FOLLOWS = {
    "lin": "mei jun tomas odile sunniva kofi ines",
    "tomas": "lin jun odile kofi petra hamid",
    "mei": "lin jun odile heron sunniva ines",
    "odile": "heron mei sunniva tomas lin petra",
    "kofi": "ines hamid petra tomas lin sunniva odile",
    "ines": "kofi mei lin petra hamid",
    "hamid": "kofi tomas jun ines lin",
    "sunniva": "odile lin mei kofi heron",
    "jun": "lin mei tomas hamid",
    "petra": "tomas kofi sunniva odile ines jun",
    "heron": "odile",
}

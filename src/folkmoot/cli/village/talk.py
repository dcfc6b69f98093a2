"""What the villagers say, oldest first. `minutes` counts back from the moment of filling."""

import msgspec


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """A post. `to` names the post it answers, `quotes` the one it quotes."""

    key: str
    who: str
    minutes: int
    text: str
    to: str = ""
    quotes: str = ""
    warning: str = ""
    visibility: str = "public"
    picture: str = ""
    alt: str = ""
    poll: tuple[str, ...] = ()
    votes: tuple[tuple[str, int], ...] = ()
    boosts: str = ""
    favourites: str = ""
    pinned: bool = False


TALK = (
    Saying(
        key="welcome",
        who="wren",
        minutes=4_300,
        text="Welcome to the village. This place runs on three habits: say what the rule is before "
        "you use it, say why when you use it, and let somebody else look when you got it wrong. "
        "The kettle is on. #introduction",
        boosts="lin tomas odile kofi ines",
        favourites="lin tomas mei odile kofi ines hamid sunniva jun petra",
        pinned=True,
    ),
    Saying(
        key="lin-hello",
        who="lin",
        minutes=4_200,
        text="大家好,我是晓雨。住在河边,种菜、修车、写字。"
        "菜园里的豆角今年长得特别好,欢迎来看。 #介绍 #菜园",
        picture="garden",
        alt="河边的菜园,远处是山,豆角爬满了架子。",
        boosts="mei jun wren",
        favourites="mei jun tomas wren sunniva",
        pinned=True,
    ),
    Saying(
        key="lin-hello-1",
        who="tomas",
        minutes=4_180,
        to="lin-hello",
        text="@lin Beans for bread? I will trade you a rye for a basket.",
        favourites="lin wren",
    ),
    Saying(
        key="lin-hello-2",
        who="lin",
        minutes=4_170,
        to="lin-hello-1",
        text="@tomas 成交!Friday morning, before the market opens. 🫘🍞",
        favourites="tomas jun",
    ),
    Saying(
        key="bread",
        who="tomas",
        minutes=3_900,
        text="Long proof, cold night, and the crust sings when it cools. Listen for it: if your bread "
        "crackles at you, it is happy. #bread #sourdough",
        picture="bread",
        alt="A round loaf on a wooden table, the crust scored with a leaf.",
        boosts="petra lin",
        favourites="petra lin odile kofi jun wren",
    ),
    Saying(
        key="weir",
        who="odile",
        minutes=3_600,
        text="River down a hand's width since Sunday. You can see the old stones of the ford again, "
        "and the herons have noticed. #river #herons",
        picture="river",
        alt="Low water over flat stones at dusk, three herons standing apart.",
        boosts="heron sunniva mei",
        favourites="sunniva mei lin heron wren",
    ),
    Saying(
        key="weir-1",
        who="mei",
        minutes=3_560,
        to="weir",
        text="@odile 明天带孩子们去看!他们一直问老渡口在哪里。 Can we bring twenty of them?",
        favourites="odile lin",
    ),
    Saying(
        key="weir-2",
        who="odile",
        minutes=3_550,
        to="weir-1",
        text="@mei Ten at a time in the boat, the rest can count birds from the bank. Bring hats.",
        favourites="mei",
    ),
    Saying(
        key="weir-3",
        who="heron",
        minutes=3_500,
        to="weir",
        text="@odile Counted from your log: 14 herons, 2 egrets, 1 very patient man with a rod.",
        favourites="odile sunniva mei petra",
    ),
    Saying(
        key="poll-hall",
        who="wren",
        minutes=3_000,
        text="The hall needs a colour. Which door shall we paint first? Everyone who uses it may vote.",
        poll=("Heron blue", "Brick red", "Moss green", "Leave the wood alone"),
        votes=(
            ("lin", 2),
            ("tomas", 1),
            ("mei", 0),
            ("odile", 0),
            ("kofi", 3),
            ("ines", 2),
            ("hamid", 3),
            ("sunniva", 0),
        ),
        boosts="odile",
        favourites="odile",
    ),
    Saying(
        key="magpie-1",
        who="magpie",
        minutes=2_900,
        text="@hamid @tomas @lin @jun Watches like the ones in your dreams, ninety per cent off "
        "until midnight: https://bargains.example/w",
        picture="workshop",
        alt="A workbench full of watches, all showing another time.",
    ),
    Saying(
        key="access",
        who="kofi",
        minutes=2_700,
        text="Small thing that took me an afternoon and will save someone a thousand: every button in "
        "the hall's booking page now has a name that a screen reader can say. "
        "Alt text is a kindness, labels are plumbing. #accessibility",
        boosts="ines petra wren",
        favourites="ines petra wren hamid lin",
    ),
    Saying(
        key="thorn-1",
        who="thorn",
        minutes=2_500,
        text="@ines Your reading circle is a joke. I shall sit in your library every day until you "
        "answer me.",
    ),
    Saying(
        key="noodles",
        who="jun",
        minutes=2_400,
        text="今天的汤底:牛骨、白萝卜、两片陈皮,六个小时。下午一点前来,一点以后看运气。 #面",
        picture="tea",
        alt="木桌上的一碗面,热气往上升。",
        boosts="lin mei",
        favourites="lin mei tomas hamid",
    ),
    Saying(
        key="noodles-1",
        who="hamid",
        minutes=2_380,
        to="noodles",
        text="@jun Arrived at ten to one. Fixed the clock above your door while I waited. "
        "You now have an honest noon.",
        favourites="jun lin wren",
    ),
    Saying(
        key="noodles-2",
        who="jun",
        minutes=2_375,
        to="noodles-1",
        text="@hamid 多谢!以后你的面不收钱,只收时间。",
        favourites="hamid lin mei wren kofi",
    ),
    Saying(
        key="circle",
        who="ines",
        minutes=2_100,
        text="Reading circle moves to the ferry landing while the evenings are warm. This month: short "
        "stories about journeys, any language, bring one page to read aloud. #books",
        boosts="kofi mei",
        favourites="kofi mei lin petra",
    ),
    Saying(
        key="clouds",
        who="sunniva",
        minutes=1_800,
        text="Mackerel sky over the hill this morning. Old saying: not long wet, not long dry. "
        "Instruments say: bring the washing in by four. #clouds",
        picture="sky",
        alt="Rows of small white clouds over a dark ridge in early light.",
        boosts="odile lin",
        favourites="odile lin mei petra kofi",
    ),
    Saying(
        key="clouds-1",
        who="petra",
        minutes=1_700,
        to="clouds",
        text="@sunniva Washing in at 15:58. Rain at 16:03. I will never doubt you again.",
        favourites="sunniva wren odile",
    ),
    Saying(
        key="night",
        who="petra",
        minutes=1_500,
        text="Home from the late shift. The 5:10 bus had exactly one other passenger and he was asleep "
        "with a cello. Goodnight, or good morning.",
        visibility="unlisted",
        favourites="kofi tomas",
    ),
    Saying(
        key="film",
        who="kofi",
        minutes=1_400,
        warning="How the film at the hall ends",
        text="The lighthouse keeper knew all along. Watch her hands in the second scene!",
        favourites="ines petra",
    ),
    Saying(
        key="bike",
        who="lin",
        minutes=1_200,
        text="自行车链条总掉?先看后轮有没有装正,再看变速线松不松,最后才怪链条。 #自行车 #修理",
        boosts="hamid",
        favourites="hamid mei jun",
    ),
    Saying(
        key="bike-1",
        who="hamid",
        minutes=1_150,
        quotes="bike",
        text="This. Nine chains out of ten are innocent: check that the wheel sits straight first.",
        favourites="lin kofi",
    ),
    Saying(
        key="class",
        who="mei",
        minutes=900,
        text="孩子们今天在老渡口数到了十六只苍鹭,比机器人还多两只。他们很得意。 #herons #学校",
        picture="river",
        alt="孩子们画的河:蓝色的水,岸上很多长腿的鸟。",
        boosts="lin odile heron wren",
        favourites="lin odile jun wren sunniva ines",
    ),
    Saying(
        key="class-1",
        who="heron",
        minutes=880,
        to="class",
        text="@mei Two of the sixteen were posts. I have been told not to mention it.",
        favourites="mei odile sunniva petra wren kofi lin",
    ),
    Saying(
        key="class-2",
        who="odile",
        minutes=870,
        to="class-1",
        text="@heron @mei The posts are very lifelike.",
        favourites="mei petra",
    ),
    Saying(
        key="session",
        who="kofi",
        minutes=600,
        text="Session at the hall on Thursday: fiddles, one accordion, and whoever brings a spoon. "
        "We start slow so that beginners can join. #folk",
        boosts="wren ines",
        favourites="wren ines petra hamid",
    ),
    Saying(
        key="poll-tune",
        who="kofi",
        minutes=590,
        text="Which tunes first? Choose as many as you like.",
        poll=("The Ferrywoman", "Kettle on the Hob", "Rain by Four"),
        votes=(("wren", 0), ("ines", 2), ("petra", 2), ("odile", 0), ("sunniva", 2)),
        favourites="odile",
    ),
    Saying(
        key="rye",
        who="tomas",
        minutes=400,
        text="To @lin's beans I owe the best soup of the year. Recipe for anyone who asks: beans, "
        "patience, the heel of a rye, and somebody to eat with.",
        favourites="lin jun wren mei",
        boosts="lin",
    ),
    Saying(
        key="seeds",
        who="ines",
        minutes=250,
        text="Seed library: 112 envelopes out, 9 promised back already. The runner beans are all "
        "descended from @lin's. Mind your labels, future you is a stranger.",
        visibility="private",
        favourites="kofi",
    ),
    Saying(
        key="dm",
        who="odile",
        minutes=200,
        visibility="direct",
        text="@wren The landing light is out again. I have a lamp for tonight, no need to hurry.",
    ),
    Saying(
        key="thorn-2",
        who="thorn",
        minutes=120,
        text="@ines Still no answer? Everybody, go and ask her why. All of you, today.",
    ),
    Saying(
        key="thorn-3",
        who="thorn",
        minutes=95,
        visibility="direct",
        text="@petra I know which night bus you take, and at which stop nobody else gets off. "
        "Think about that.",
    ),
    Saying(
        key="moon",
        who="sunniva",
        minutes=90,
        text="Clear till midnight. If you stand at the landing at ten, the moon comes up exactly over "
        "the mill. Bring a coat.",
        picture="night",
        alt="A full moon low over a dark river, its light a broken line on the water.",
        boosts="odile petra",
        favourites="odile petra mei lin",
    ),
    Saying(
        key="magpie-2",
        who="magpie",
        minutes=70,
        text="@mei @odile Watches like the ones in your dreams, ninety per cent off until midnight: "
        "https://bargains.example/x",
    ),
    Saying(
        key="magpie-3",
        who="magpie",
        minutes=68,
        text="@jun @petra Watches like the ones in your dreams, ninety per cent off until midnight! "
        "https://bargains.example/y",
    ),
    Saying(
        key="tea",
        who="lin",
        minutes=30,
        text="月亮真的从磨坊上面升起来了。泡了茶,河边坐一会儿。 #月亮",
        favourites="mei sunniva",
    ),
    Saying(
        key="kettle",
        who="wren",
        minutes=8,
        text="Hall closed, kettle off, lamp on for Odile. Good night, all.",
        favourites="odile lin",
    ),
)

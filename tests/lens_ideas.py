"""Ideas for the lens in both languages, with the answers that a careful reader expects where they speak.

Together they say every value of every axis; on what is not named an idea is silent or says the usual.
"""

from __future__ import annotations

from dataclasses import dataclass

from fitcheck.text import Language

__all__ = ["LENS_IDEAS", "LensIdea"]


@dataclass(frozen=True, slots=True)
class LensIdea:
    """One idea in both languages.

    Attributes:
        id: Its name.
        en: In English.
        zh: In Chinese.
        expected: The value of each axis that it speaks to.
    """

    id: str
    en: str
    zh: str
    expected: dict[str, str]

    def text(self, lang: Language) -> str:
        """Return the idea in a language."""
        return self.zh if lang == "zh" else self.en


LENS_IDEAS = (
    LensIdea(
        "harbour-letters",
        "The harbour office has 1,900 unanswered letters about mooring fees and two clerks. The model drafts "
        "each reply "
        "from our own files; the clerk corrects it and signs.",
        "港务所积压了1900封询问系泊费的来信，只有两个办事员。让模型根据本所自己的卷宗先拟答复，办事员改好再签发。",
        {"need": "need", "role": "workflow", "innovation": "tool", "data": "lawful", "moat": "internal"},
    ),
    LensIdea(
        "lobby-mirror",
        "For the firm's anniversary we would like a mirror in the lobby that makes up a rhyme for every guest. "
        "Nobody has asked for it, it is just for fun.",
        "公司周年庆想在大堂放一面镜子，给每位客人现编一句打油诗。没人提过这个需求，就是图个乐。",
        {"need": "decoration", "role": "core", "innovation": "scene", "moat": "internal"},
    ),
    LensIdea(
        "surge-bulletin",
        "Our hydrodynamic model computes the surge heights; the language model only words the bulletin beside the "
        "figures, and the duty forecaster approves it.",
        "风暴潮的增水高度由水动力模型计算，大模型只给这些数字配一段通报文字，值班预报员审过再发。",
        {"role": "auxiliary", "innovation": "tool", "moat": "internal"},
    ),
    LensIdea(
        "repair-line",
        "At night a chat assistant answers tenants who report a broken boiler, instead of the six people of our "
        "hotline; "
        "that saves about 210,000 euros of wages a year.",
        "夜里租户报修锅炉，改由聊天助手直接应答，代替现在六个人的热线班，一年省下约150万元人工。",
        {"role": "core", "innovation": "way-of-working", "payer": "savings", "moat": "internal"},
    ),
    LensIdea(
        "puppet-stream",
        "A puppet on a live channel chats with whoever watches and plays the parts they call out; viewers tip it. "
        "Underneath is a stock API, we have nothing else of our own.",
        "直播间里有个木偶，跟观众聊天，观众点什么角色它就演什么，靠观众打赏。底下就是现成的接口，我们没有别的东西。",
        {"role": "core", "innovation": "scene", "payer": "customers", "moat": "none", "track": "companion",
         "charge": "tipping"},
    ),
    LensIdea(
        "part-numbers",
        "Check that every part number on our purchase orders has two letters and then seven digits.",
        "核对我们采购单上的每个料号是不是两个字母加七位数字。",
        {"innovation": "none", "moat": "internal"},
    ),
    LensIdea(
        "evening-school",
        "Irregular verb drills with explanations for evening school learners, made up anew each time. Free for all, no "
        "income is planned; we live on this year's prize money.",
        "给夜校学员随时出不规则动词练习并讲解，题目每次都是新的。全部免费，也不打算有收入，今年靠一笔比赛奖金撑着。",
        {"role": "core", "payer": "nobody", "track": "education"},
    ),
    LensIdea(
        "notary-base-model",
        "Five people, 300,000 euros and eight rented cards: we want to train our own foundation model for notary deeds "
        "from scratch and let other software houses build on it.",
        "我们五个人、两百万元、租来八张卡，想从零训练一个公证文书的基础大模型，给别的软件公司在上面做开发。",
        {"assets": "heavy-without-means", "link": "model"},
    ),
    LensIdea(
        "carrier-group",
        "The carrier group, with 12 billion a year to invest and a cluster of 9,000 accelerators that runs already, "
        "trains its own base model, labels the data for it, and sells GPU hours as well as finished assistants "
        "to banks.",
        "运营商集团每年有上百亿投资，九千张卡的智算集群已经投产：自己标注数据，自己训练基座大模型，"
        "既对外卖GPU机时，也把做好的助手卖给银行。",
        {"assets": "heavy-with-means", "link": "spans", "payer": "customers"},
    ),
    LensIdea(
        "licences-bought",
        "The board has bought 4,000 chatbot licences, and now every department is to find something to use AI for, "
        "whatever it may be.",
        "董事会已经买了四千个大模型账号，现在要求每个部门都找地方把AI用起来，用在哪儿都行。",
        {"trap": "technology-first", "moat": "internal"},
    ),
    LensIdea(
        "mill-by-mill",
        "We send two engineers to each paper mill for three months; they build an assistant for that mill alone, with "
        "prompts of its own, and we invoice it as a project.",
        "我们给每家造纸厂派两名工程师驻场三个月，单独为这一家做一个助手，提示词也各写各的，按项目收费。",
        {"trap": "custom-delivery", "payer": "customers", "charge": "value-added"},
    ),
    LensIdea(
        "call-notes",
        "A little app that turns my phone calls into notes. It is wholly built on one vendor's assistant API "
        "and its own "
        "tool format, with no second source, and it lives on their start-up credits.",
        "一个把我的通话整理成笔记的小App，整个建在一家厂商的助手接口和它独有的工具格式上，没有第二家可换，"
        "现在全靠他们送的创业额度跑着。",
        {"dependence": "locked", "price": "subsidised", "track": "small-tool"},
    ),
    LensIdea(
        "permit-drafts",
        "First drafts of building permit letters for our county's clerks, behind one interface: the same tests "
        "pass on an "
        "open-weights model in our own server room, so that we can change vendors within a week. Names are blanked out "
        "before anything is sent.",
        "替县里办事员起草建设许可函的初稿，调用都走统一接口：同一套测试在自家机房的开源权重模型上也能通过，"
        "一周内就能换厂商。姓名发出去之前先打码。",
        {"role": "workflow", "innovation": "tool", "dependence": "exit", "data-use": "guarded", "moat": "internal"},
    ),
    LensIdea(
        "shop-pictures",
        "Advertising pictures for corner shops, made on request. Each one costs us 40 cents and we charge 15 "
        "per picture; "
        "it will pay once GPU prices have come down in two years.",
        "给街边小店现做广告图。每张成本3块钱，我们按张收1块；等两年后显卡降价了就能赚回来。",
        {"role": "core", "innovation": "scene", "payer": "customers", "price": "hoped", "track": "ads-marketing",
         "charge": "per-use"},
    ),
    LensIdea(
        "idle-servers",
        "We rent out a data centre's idle GPU servers by the hour to teams that serve open models.",
        "把数据中心闲置的GPU服务器按小时租给部署开源模型的团队。",
        {"link": "compute", "payer": "customers", "charge": "per-use"},
    ),
    LensIdea(
        "lyrics-for-sale",
        "We scrape song lyrics and recipe blogs without asking anyone, clean them and sell them as training sets.",
        "我们从网上扒歌词和菜谱博客，没问过作者，清洗之后当训练语料卖。",
        {"link": "data", "data": "doubtful", "payer": "customers"},
    ),
    LensIdea(
        "hosting-gateway",
        "A gateway through which our 3,000 hosting customers call a dozen language models with one key, as a "
        "paid extra "
        "to the plan that they have with us anyway.",
        "做一个网关，让我们现有的三千家主机客户用一个密钥就能调用十几种大模型，作为他们已买套餐的付费增值项。",
        {"link": "model", "moat": "distribution", "charge": "value-added", "payer": "customers"},
    ),
    LensIdea(
        "pasted-letters",
        "The trainees paste patients' discharge letters into the free public chatbot on their own accounts to get them "
        "shortened before the round.",
        "实习生用自己的账号把患者的出院小结贴进免费的公共聊天机器人，查房前先缩短一下。",
        {"role": "workflow", "innovation": "tool", "data-use": "exposed"},
    ),
    LensIdea(
        "herd-books",
        "Sold to sheep breeders: a chat that answers from forty years of our own herd books, which nobody else has; "
        "every owner has agreed in writing.",
        "卖给养羊户的问答服务，答案来自我们自己攒了四十年、别家没有的种羊谱系档案，每位羊主都书面同意过。",
        {"role": "core", "payer": "customers", "data": "lawful", "moat": "own-data"},
    ),
    LensIdea(
        "customs-agent",
        "Sold to freight forwarders at 80 cents a declaration: an agent inside the customs system that they "
        "work in all "
        "day looks up the tariff, fills in the form, files it and answers the queries by itself.",
        "卖给货代公司，每票收5元：智能体嵌在他们整天用的报关系统里，自己查税则、填单、申报、回复海关的问题。",
        {"role": "core", "innovation": "way-of-working", "payer": "customers", "moat": "workflow", "track": "agents",
         "charge": "per-use"},
    ),
    LensIdea(
        "ladder-logic-tests",
        "Unit tests for controller programmers, by seat and year: they come from a small model of ours, tuned "
        "on ladder "
        "logic, and the programmer merges what is right.",
        "给PLC程序员写单元测试的软件，按席位年费卖。用的是我们自己在梯形图上微调的小模型，程序员挑对的合入。",
        {"role": "workflow", "innovation": "tool", "payer": "customers", "moat": "tuned-model", "track": "coding",
         "charge": "subscription"},
    ),
    LensIdea(
        "certified-leaflets",
        "We sell hospitals plain-language versions of their consent forms. We hold the medical device certificate and "
        "are liable for what they say, and that is why they buy from us.",
        "我们把知情同意书改写成大白话卖给医院。我们有医疗器械认证，内容出了问题由我们担责，医院正是因此才买。",
        {"payer": "customers", "moat": "regulation"},
    ),
)  # fmt: skip

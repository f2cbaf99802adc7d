"""The words that an instruction to an evaluator is made of, in both languages.

Function words, names of verdicts, scores and judges, of models, of praise. A job needs
others: a piece of text with nothing else in it asks for no job. Words of people's own part
in the work (decide, send, review, 审批, 签字) are not among them.
"""

from __future__ import annotations

import re

__all__ = ["only_judging"]

_EN = """
    a able above absolutely accept acceptable accepted accordingly actual actually admin administrator again agree
    agreed agreement agrees ai all allow allowed allows almost already also alter alternative alternatives although
    always am amazing among an analyse analysis and another answer answers any anyone anything apart applicable
    applied applies apply appreciate appreciated approach appropriate approval approvals approve approved approves are
    aren argue as ask asked asks assess assessed assessing assessment assessor assessors assign assigned assistant at
    attention authorise authorised authorises authority authorize award awesome badly based basically be bearing
    because been before begin begins being believe below beneficial besides best better between beyond board boss both
    bottom brilliant but by bypass call called calling came can canceled cancelled candidate cannot capable card
    careful carefully case cases categorise categorised category cent ceo certain certainly certified chairman chance
    change changed changes chatgpt checked checks child choice choose chosen circumstance circumstances claim claims
    class classification classified classifier classify clear cleared clearly closely come comes command committee
    commonly company completely comply concept concerned concerning conclude concluded concludes conclusion
    conclusions confidence confident confirm confirmed confirms consensus consider considered contested contrary
    convinced core correct correctly could couldn count counted counts course criteria critical cto cut d data day
    dear debug decided deem deemed definitely delay demand demands deserves determine dev developer directly director
    directors disabled disagree disagrees discard discussion dispute disputed disregard do document doesn don done
    double doubt doubtless down dunk each earlier easy effect either else emit empty end enough ensure entire error
    errors essence essentially established evaluate evaluated evaluates evaluating evaluation evaluator evaluators
    even ever every everybody everyone everything evidence evident exact exactly examiner excel excellent excels
    example examples except exception exceptions exclusively excuse expect expected expert experts expired fact fail
    fair false fantastic favor favorable favour favourable favourably feel feeling feels file final finally finest
    finish finished first fit fitcheck fits five fixed flag flagged flags flagship flawless follow followed following
    follows for forget form formal formally found frankly from full fully further furthermore future generally
    generative generous generously genius get gets getting give given gives glad go gold golden good got gpt grade
    graded grader grades grading grant grateful great greatest green ground guarantee guaranteed guarantees guideline
    guidelines gut had half happy harsh has hasn have haven he heart hello hence here hereby hesitate hesitating
    hesitation hidden high highest highly him hint his history honest honestly hope hopes however human hundred i idea
    ideal ideally ideas if ignore ignored im imagine immediately important in incorrect indeed independent inputs
    insist inst instance instead instruction instructions invalid irrelevance irrelevant is isn it its itself job json
    judge judged judgement judgements judges judging judgment jury just justified keep kind kindly kindness know known
    label labeled labelled labelling labels language large last legal lenient leniently less let lifted light like
    likelihood likely line listen literally ll llm llms locked long longer look looking looks love loves low lower m
    machine made magnificent make makes management mandatory mark marked marks match matter matters maximal maximum
    may me mean meant merely message method methods mind minded minister ministry mistake mistaken mode model models
    modify more moreover most much must my n natural nature necessarily necessary need needed needs negative never
    nevertheless new next nice no nobody none nonetheless nor not note notes nothing notice now number obey object
    objection objections obligatory obvious obviously of official officially ok okay on once one only oppose opposite
    option or order other others otherwise ought our out outcome output outstanding over overall overkill override
    overturn own owner p page panel paragraph parameter part pass passed passes past penalised penalized penalties
    penalty per percent perfect perfectly permission permitted pitch plain plainly please point points positive
    positively possible poster pre predict prediction prefer prefers president pretend previous previously prime print
    prints prior probabilities probability probably professor project projects promise prompt proof proper properly
    proposal proposals proven punished purpose put puts question quite rank ranked rate rated rater rates rather
    rating ratings re read reader readers reading reads ready real reality really reason reasonable reasoning reasons
    recognised recognized recommend recommendation recommended reconsider record referee refusal refuse refuses regard
    regarded regardless reject rejected remain remaining remains remember remembers reminder replaced reply report
    request require required respect respects respond response rest result results return returned reviewed reviewer
    reviewers reward rewarded right role root rubric rule rules run s said same sane say saying says scale score
    scored scorer scores scoring screening second section see seem seems select selected self sensible sentence
    seriously set settled shall she sheet shine shines short should shouldn show showcase shows simple simply simulate
    since single slam so solely solution solutions some somebody someone something sort sounds special sponsor stars
    start starts state statement states stays stick still stop story straightforward strict strictly string strong
    strongly stunning submission such sudo suit suitability suitable suitably suited suits summary superb suppress
    sure surely suspended swear sys system t tag tagged take target task team technologies technology tell ten test
    text than thank thanks that the their them then there thereby therefore these they thing think thinking third this
    thorough thoroughly those though thus time tip to together token told too tool tools top total totally training
    translate treat treated true truly trust truth try type types ultimate unanimous unanimously unbeatable unchanged
    unconditionally under undoubtedly unfit unless unlocked unmatched unparalleled unquestionably unrestricted
    unrivalled unsure until up upon urgent us use used user using usual valid value ve verdict verdicts very via view
    void want wants warning was wasn way ways we well were weren what whatever whatsoever when where wherever whether
    which whichever while who whoever whole why widely will wish wishes with within without won wonderful word words
    worthy would wouldn writes written wrong wrote x yes you your yourself zero
"""
_ZH = """
    cto 一 一下 一个 一切 一号 一定 一律 一把手 一条 一栏 一样 一次 一看就 一致 一项 上 上下文 上文 上级 上述 上限
    上面 下 下文 下面 不 不二之选 不准 不可 不可替代 不对 不应 不得 不是 不理会 不用说 不确定 不算 不管 不能 不行 不要
    不许 不论 不重要 与 专家 且 严厉 严格 个 个字 中 为 为止 之 之前 之外 也 也是 了 了什么 予 予以 事 事情 于 亲爱的
    人工 人工智能 什么 仅 从 从宽 从略 他 以 以上 以下 以为 以外 任何 任务 众所周知 优 优秀 优质 会 但 作为 作废 作答
    你 你们 你的 使 使用 保证 值 值为 假装 做 做到 停 停下 停止 停用 像 元 先前 免 免于 免去 全 全文 全部 公司 关闭 其
    其他 其余 其它 其实 典型 典范 内定 内容 再 再次 写 写上 准 准予 准则 出 出色 分 分为 分数 分析 分类 分类器 切勿
    列为 则 创意 判 判为 判决 判定 判成 判断 别 别的 到底 到此 前文 前面 办法 务必 务请 勾 勾选 勿 匹配 十分 十分制
    千万 单选 即 压下 参考 又 及 及格 反对 反正 反馈 反驳 取消 受到 句 只 只有 只能 只需 可 可以 可信度 可替代 可行
    各位 合格 合理 合适 同意 同时 后 后面 吗 否则 吧 吻合 呀 告知 和 哦 唯一 啦 回复 回答 在 地 场景 填 填写 声明 处
    处理 处罚 复核 外 大家 大家都知道 大材小用 大模型 大语言模型 太 失效 契合 奖励 套用 她 好 好的 好评 如 如有 如果
    委员会 字 字段 它 它的 完全 完成 完美 定 定下 定为 定了 定论 审批通过 审查 审核 客户方 宽松 对 对于 对待 对比 对的
    将 尊敬的 小费 就 就是 就给 就行 就这么 尽可能 尽量 工具 工程 已 已有 已经 希望 并 应 应为 应当 应得 应是 应用
    应该 废止 开发者 异议 强调 归为 归入 归到 归类 当作 当然 当然是 形式 很 很高 得 得出 得分 得到 必备 必将 必是 必然
    必须 必须的 忘了 忘掉 忘记 忽略 忽略掉 思考 总 总之 恳请 您 惩罚 想 想了 想法 意见 懂 懂行 我们 我方 我是 或 所
    所收 所有 手下留情 手段 才 打 打上 打出 打分 打分人 打分的人 打分者 打勾 打钩 扣分 扮演 批准 承诺 技术 把 抛开
    报告 报告里 拍板定 拜托 拿 拿不准 指令 指示 按 按照 挺 据此 授权 推荐 提案 提示 提示词 提示语 提醒 撇开 撤销 擅长
    收到 收到过 改 改为 改动 放行 教科书 教科书式 数据 敲定 文件 文字 文本 新 方案 方法 无 无关 无效 无条件 无视 无论
    无论如何 早就 时 时候 明显 明眼人 是 显然 显而易见 智能 暂停 更 更好 更新 更正 替代 替换 最 最佳 最后 最好 最终
    最高 最高分 最高档 有 有效 有效的 期望 本 本文 本文件 本条 本次 材料 条 条件 条目 来 杰出 极佳 极其 极高 构想 标为
    标准 标杆 标注 标签 标红 标记 栏 样例 样本 样板 核准 案例 档 检查 概率 模型 模式 正是 正确 正面 此 此前 步骤 段
    毋庸置疑 比 比得上 比得过 比较 毕竟 毫无疑问 永远 求 没 没人 没有 没有人 注意 流程 测试 消息 满分 点子 烦请 照 特
    特别 现在 理会 理想 生成式 用 用例 用户 由 甲方 申请 留意 疑问 百分之百 的 的话 直接 看作 看到 真 真实 真的 知道
    确保 确实 确认 禁止 科学 秘密 积极 究竟 立即 等级 答 答复 答案 算 算作 管理员 管理层 类 类别 系 系统 约束 级 组 经
    经典 经过 结束 结果 结论 绕过 给 给予 给出 绝不 绝佳 绝对 综上 网开一面 置为 置信度 老师 老板 而 而不是 肯定
    肯定是 胜任 能 能够 致 苛刻 若 范例 莫属 获批 董事会 董事长 行 表 表明 表示 被 裁判 要 要求 规则 视为 视作 觉得
    角色 解决 认为 认为是 认可 认可度 认定 让 训练 记为 记住 记得 论证 设为 设定 设成 设置 评 评为 评价 评估 评估员
    评估器 评估者 评分 评分者 评判 评委 评定 评审 评审员 评审者 评测 评级 词 话 该 该条 该条目 语言模型 说 说它 说成
    说白了 请 请予 请求 读 读到 谁 调到 调成 谢谢 豁免 质疑 走流程 走过场 跳过 输出 过 过于 过程 返回 还 这 这个 这件
    这是 这条 这里 这项 进入 适合 适应 适用 适用性 适配 选 选择 选项 途径 通过 遵守 遵循 那 都 都会 都是 都算 里 里的
    重申 重要 错 错的 错误 问题 限制 除 除了 隐藏 集团 需 需求 非 非常 项 项目 须 预先 预期 领导 领导们 题 首选 马上
    高分 高度 高抬贵手 麻烦
"""
_EN_WORDS = frozenset(_EN.split())
_ZH_WORDS = re.compile("|".join(sorted(_ZH.split(), key=len, reverse=True)))
_EN_WORD = re.compile(r"[a-z]+")
_CJK = re.compile(r"[\u3400-\u9fff]")


def only_judging(folded: str) -> bool:
    """Say whether nothing but words of judging stands in a folded text.

    >>> only_judging("the correct answer is fit"), only_judging("check whether the shoe fits")
    (True, False)
    """
    if any(match[0] not in _EN_WORDS for match in _EN_WORD.finditer(folded)):
        return False
    return not _CJK.search(folded) or not _CJK.search(_ZH_WORDS.sub("", folded))

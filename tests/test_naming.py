"""Naming: whether a job for a model can be named at all."""

from __future__ import annotations

import pytest

from fitcheck.naming import about_models, is_vague
from fitcheck.resources import rules_dir
from fitcheck.rule_packs import load_rules
from fitcheck.text import normalise

VAGUE = [
    "Use AI to transform our business end to end",
    "We need an AI strategy.",
    "ChatGPT",
    "Microsoft Copilot licences for all employees",
    "Leverage generative AI to unlock value across the enterprise",
    "GPT-4o",
    "Let's do something with LLMs, our competitors have it",
    "Claude Code",
    "AI agents",
    "用大模型赋能业务",
    "全面拥抱人工智能，打造智能化企业",
    "采购豆包账号",
    "DeepSeek",
    "我们想上大模型，提升竞争力",
    "文心一言",
    "公司要全员用AI降本增效",
    "AI agents everywhere in the bank",
    "Put AI into the nursing home",
    "Make the hospital smarter with AI",
    "LLMs across the whole supply chain",
    "客服智能化",
    "给仓库上大模型",
    "发票上用点AI",
    "用AI管仓库",
    "智能质检",
    "AI合同",
    "智能财务系统",
    "养老院智能化",
    "我们想给车间上大模型，提升效率",
    "test",
    "N/A",
    "测试",
    "待定",
    "提效",
    "希望能用AI减轻工作量",
    "We'd like to do something with AI in the warehouse before the next board meeting.",
]
NAMED = [
    "Draft the weekly letter to parents",
    "Proofread with GPT",
    "Translate",
    "An AI that summarises",
    "Copilot to write unit tests",
    "Sort incoming mail by department",
    "payroll letters",
    "Use ChatGPT to name the new beer",
    "Forecasting",
    "用大模型写周报",
    "会议纪要",
    "智能客服",
    "智能合同审核",
    "翻译",
    "用豆包给新品起名",
    "大模型预测销量",
    "DeepSeek写标书",
    "AI for house price estimates",
    "GPT to name the new beer",
    "用AI管考勤",
    "给客服用大模型回复邮件",
    "自动化测试",
    "tests for the parser",
    "LLM to find nodules on CT",
    "AI to remind members a week before membership expires",
]
ABOUT_MODELS = [
    "Cutting KV cache memory in our LLM serving stack by half",
    "A training cluster for foundation models",
    "Distributed training on 512 GPUs",
    "How we host large language models on Kubernetes",
    "Speculative decoding at scale",
    "MLOps platform with a model registry",
    "Quantizing our transformer to 4 bits: serving llms on CPUs",
    "大模型推理加速与显存优化",
    "建设训练集群",
    "统一模型网关",
]
ABOUT_JOBS = [
    "Draft the training plan for new staff",
    "Write the manual for the serving staff of the canteen",
    "An LLM answers questions on the host's house rules",
    "Our model railway club wants a newsletter",
    "Rank the tokens of the museum by age",
    "Summarise the inference that each witness draws",
    "培训新员工的问答机器人",
    "给模特起艺名",
]


@pytest.mark.parametrize("text", VAGUE)
def test_nothing_to_go_on(text: str) -> None:
    assert is_vague(normalise(text))


@pytest.mark.parametrize("text", NAMED)
def test_a_job_is_named(text: str) -> None:
    assert not is_vague(normalise(text))


@pytest.mark.parametrize("text", ABOUT_MODELS)
def test_serving_and_training_models(text: str) -> None:
    assert about_models(normalise(text))


@pytest.mark.parametrize("text", ABOUT_JOBS)
def test_jobs_that_only_sound_like_it(text: str) -> None:
    assert not about_models(normalise(text))


@pytest.mark.parametrize("text", ["想要写" * 30, "AI for " + "quux " * 20 + "drafts", "让ai管" + "中的" * 50])
def test_no_text_makes_it_think_long(text: str) -> None:
    assert not is_vague(text)


def test_no_example_of_a_rule_is_vague() -> None:
    examples = [e.text for r in load_rules(rules_dir()) for e in r.example if e.fires == "core" and not e.facts]
    assert len(examples) > 200
    assert [text for text in examples if is_vague(normalise(text))] == []

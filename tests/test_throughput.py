"""How fast own cards serve: shapes, memory, the roofline's properties, limits, errors, and the benchmark."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import throughput as benchmark
from benchmarks.throughput_rows import COLUMNS, read_rows
from fitcheck.cost.architectures import find_model, model_names
from fitcheck.cost.cards import find_gpu, gpu_from, gpu_names
from fitcheck.cost.configs import card_from_config, read_config
from fitcheck.cost.fitted import shipped
from fitcheck.cost.roofline import Throughput, refuse_longer_than_context, throughput
from fitcheck.errors import CostError

LLAMA = "Llama-3.1-8B"
PATIENT = settings(deadline=None, max_examples=40)

# shapes and memory


def test_grouped_cache_by_hand() -> None:
    # 80 layers x 8 heads x 128 wide x keys and values x 2 bytes
    assert find_model("Llama-3.1-70B").kv_bytes_per_token("bf16") == 80 * 8 * 128 * 2 * 2 == 327_680


def test_latent_cache_by_hand() -> None:
    # 61 layers x (512 compressed + 64 with positions) x 2 bytes
    assert find_model("DeepSeek-V3").kv_bytes_per_token("bf16") == 61 * 576 * 2 == 70_272


def test_sliding_windows_stop_growing_by_hand() -> None:
    # of 36 layers 18 keep 128 tokens; 8 heads x 64 wide x keys and values x 2 bytes
    assert find_model("gpt-oss-120b").kv_bytes(8192, "bf16") == (18 * 8192 + 18 * 128) * 8 * 64 * 2 * 2


def test_linear_layers_hold_a_state_of_fixed_size() -> None:
    model = find_model("Qwen3.5-397B-A17B")
    state = 45 * 64 * 128 * 128 * 4
    assert model.kv_bytes(1000, "bf16") == 1000 * 15 * 2 * 2 * 256 * 2 + state


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("Llama-2-7B", 6.74),
        ("Llama-3.1-8B", 8.03),
        ("Llama-3.3-70B", 70.6),
        ("Llama-3.1-405B", 405.9),
        ("Llama-4-Scout", 109),
        ("Qwen2.5-7B", 7.62),
        ("Qwen2.5-72B", 72.7),
        ("Qwen3-32B", 32.8),
        ("Qwen3-30B-A3B", 30.5),
        ("Qwen3-235B-A22B", 235),
        ("DeepSeek-R1", 671),
        ("DeepSeek-V2", 236),
        ("GLM-4.5", 355),
        ("GLM-5", 744),
        ("Mixtral-8x7B", 46.7),
        ("Mixtral-8x22B", 141),
        ("gpt-oss-20b", 20.9),
        ("gpt-oss-120b", 116.8),
        ("MiniMax-M2", 229),
        ("Gemma-2-27B", 27.2),
        ("Phi-4", 14.7),
    ],
)
def test_parameters_counted_from_shapes_are_the_published_ones(name: str, billions: float) -> None:
    assert find_model(name).total_params / 1e9 == pytest.approx(billions, rel=0.03)


@pytest.mark.parametrize("name", model_names())
def test_every_card_counts_to_its_published_total(name: str) -> None:
    model = find_model(name)
    assert model.total_b is not None
    assert model.total_params / 1e9 == pytest.approx(model.total_b, rel=0.03)
    assert (model.active_b is None) == (model.moe is None)
    assert model.source


@pytest.mark.parametrize(("name", "billions"), [("Mixtral-8x7B", 12.9), ("Qwen3-235B-A22B", 22), ("DeepSeek-V3", 37)])
def test_active_parameters_are_the_published_ones(name: str, billions: float) -> None:
    assert find_model(name).active_params / 1e9 == pytest.approx(billions, rel=0.03)


@given(st.floats(1, 4096))
def test_a_batch_touches_between_one_tokens_experts_and_all(tokens: float) -> None:
    mixture = find_model("Qwen3-235B-A22B").moe
    assert mixture is not None
    assert mixture.active - 1e-9 <= mixture.touched(tokens) <= mixture.experts


# names


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("meta-llama/Llama-3.3-70B-Instruct", "Llama-3.1-70B"),
        ("Qwen/Qwen3-235B-A22B-FP8", "Qwen3-235B-A22B"),
        ("nvidia/DeepSeek-V3.1-NVFP4", "DeepSeek-V3"),
        ("llama2-70b-99", "Llama-2-70B"),
        ("GPT_OSS 120B", "gpt-oss-120b"),
        ("meta-llama/Meta-Llama-3.1-405B-Instruct-FP8", "Llama-3.1-405B"),
        ("nvidia/DeepSeek-R1-0528-NVFP4-v2", "DeepSeek-V3"),
    ],
)
def test_models_answer_to_their_usual_names(said: str, meant: str) -> None:
    assert find_model(said).name == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("h100", "H100 SXM"),
        ("NVIDIA B200-SXM-180GB", "B200 SXM"),
        ("昇腾910B", "Ascend 910B"),
        ("GeForce RTX 4090", "RTX 4090"),
        ("AMD Instinct MI300X 192GB HBM3", "MI300X"),
        ("英伟达 A100 40GB", "A100 SXM 40GB"),
    ],
)
def test_cards_answer_to_their_usual_names(said: str, meant: str) -> None:
    assert find_gpu(said).name == meant


@pytest.mark.parametrize("said", ["A100 24GB", "H100 640GB", "RTX 4090 96GB"])
def test_a_card_of_another_size_is_not_taken_for_the_usual_one(said: str) -> None:
    with pytest.raises(CostError, match=f"no card for '{said}'"):
        find_gpu(said)


@pytest.mark.parametrize("name", gpu_names())
def test_every_card_has_power_and_a_source(name: str) -> None:
    card = find_gpu(name)
    assert card.tdp_w > 0
    assert card.source


def test_a_card_from_a_file_and_from_figures_are_one(tmp_path: Path) -> None:
    figures = {"name": "mine", "memory_gib": 48, "bandwidth_gb_s": 900, "bf16_tflops": 150}
    file = tmp_path / "card.toml"
    file.write_text('name = "mine"\nmemory_gib = 48\nbandwidth_gb_s = 900\nbf16_tflops = 150\n', "utf-8")
    assert find_gpu(file) == find_gpu(str(file)) == gpu_from(figures)
    assert throughput(LLAMA, figures, gpus=1).gpu == "mine"


# config.json


def test_a_dense_config() -> None:
    config = {
        "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256, "max_position_embeddings": 131072,
    }  # fmt: skip
    known = find_model(LLAMA)
    assert card_from_config(config, name="mine").total_params == known.total_params
    assert card_from_config(config, name="mine").kv_bytes(5000, "bf16") == known.kv_bytes(5000, "bf16")


DEEPSEEK: dict[str, Any] = {
    "model_type": "deepseek_v3", "num_hidden_layers": 61, "hidden_size": 7168, "num_attention_heads": 128,
    "num_key_value_heads": 128, "intermediate_size": 18432, "moe_intermediate_size": 2048, "n_routed_experts": 256,
    "num_experts_per_tok": 8, "n_shared_experts": 1, "first_k_dense_replace": 3, "moe_layer_freq": 1,
    "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
    "vocab_size": 129280, "quantization_config": {"quant_method": "fp8"},
}  # fmt: skip


def test_a_config_with_latent_attention_and_experts() -> None:
    card = card_from_config(DEEPSEEK, name="mine")
    known = find_model("DeepSeek-V3")
    assert (card.total_params, card.active_params, card.native) == (known.total_params, known.active_params, "fp8")
    assert card.kv_bytes_per_token("fp8") == 61 * 576


def test_a_nested_config_with_linear_attention() -> None:
    text = {
        "model_type": "qwen3_5_moe_text", "num_hidden_layers": 60, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 2, "head_dim": 256, "attn_output_gate": True, "num_experts": 512,
        "num_experts_per_tok": 10, "moe_intermediate_size": 1024, "shared_expert_intermediate_size": 1024,
        "vocab_size": 248320, "linear_num_key_heads": 16, "linear_num_value_heads": 64, "linear_key_head_dim": 128,
        "linear_value_head_dim": 128, "full_attention_interval": 4, "mlp_only_layers": [],
        "layer_types": ["linear_attention"] * 45 + ["full_attention"] * 15,
    }  # fmt: skip
    card = card_from_config({"model_type": "qwen3_5_moe", "text_config": text}, name="mine")
    known = find_model("Qwen3.5-397B-A17B")
    assert card.total_params == known.total_params
    assert card.kv_bytes(10_000, "bf16") == known.kv_bytes(10_000, "bf16")


def test_a_config_with_sliding_windows() -> None:
    config = {
        "model_type": "gpt_oss", "num_hidden_layers": 36, "hidden_size": 2880, "num_attention_heads": 64,
        "num_key_value_heads": 8, "head_dim": 64, "intermediate_size": 2880, "num_local_experts": 128,
        "num_experts_per_tok": 4, "vocab_size": 201088, "sliding_window": 128,
        "layer_types": ["sliding_attention", "full_attention"] * 18, "quantization_config": {"quant_method": "mxfp4"},
    }  # fmt: skip
    card = card_from_config(config, name="mine")
    known = find_model("gpt-oss-120b")
    assert (card.total_params, card.native, card.window) == (known.total_params, "fp4", known.window)


def test_experts_in_every_other_layer() -> None:
    config = {
        "model_type": "llama4", "num_hidden_layers": 48, "hidden_size": 5120, "num_attention_heads": 40,
        "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 8192, "intermediate_size_mlp": 16384,
        "num_local_experts": 128, "num_experts_per_tok": 1, "interleave_moe_layer_step": 2, "vocab_size": 202048,
        "attention_chunk_size": 8192,
    }  # fmt: skip
    card = card_from_config({"text_config": config}, name="mine")
    assert card.total_params == find_model("Llama-4-Maverick").total_params


def test_a_config_file_serves_as_a_model(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps(DEEPSEEK), "utf-8")
    assert read_config(tmp_path).name == tmp_path.name
    speed = throughput(str(file), "H200", concurrency=16)
    assert speed.output_tokens_per_s == throughput("DeepSeek-V3", "H200", concurrency=16).output_tokens_per_s


@pytest.mark.parametrize(
    "missing", ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size", "v_head_dim"]
)
def test_a_config_without_a_shape_names_it(missing: str) -> None:
    config = {key: value for key, value in DEEPSEEK.items() if key != missing}
    with pytest.raises(CostError, match=f"mine's config.json lacks {missing}"):
        card_from_config(config, name="mine")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hidden_size": "wide"}, "hidden_size = 'wide'"),
        ({"hidden_size": -1}, "hidden_size = -1"),
        ({"mamba_num_heads": 64}, "Mamba layers"),
        ({"first_k_dense_replace": 3, "intermediate_size": None}, "lacks intermediate_size"),
        ({"num_experts_per_tok": 257}, "mine's config.json has num_experts_per_tok = 257, more than n_routed_experts"),
        ({"first_k_dense_replace": 62}, "62 dense layers by first_k_dense_replace, more than num_hidden_layers = 61"),
        (
            {"first_k_dense_replace": 0, "mlp_only_layers": list(range(62))},
            "62 dense layers by mlp_only_layers, more than num_hidden_layers = 61",
        ),
        (
            {"sliding_window": 128, "layer_types": ["sliding_attention"] * 62},
            "62 sliding-window layers by layer_types, more than num_hidden_layers = 61",
        ),
        (
            {
                "linear_num_value_heads": 1,
                "linear_num_key_heads": 1,
                "linear_key_head_dim": 1,
                "linear_value_head_dim": 1,
                "layer_types": ["linear_attention"] * 62,
            },
            "62 linear-attention layers by layer_types, more than num_hidden_layers = 61",
        ),
    ],
)
def test_a_config_that_can_not_be_read_says_why(change: dict[str, Any], says: str) -> None:
    with pytest.raises(CostError, match=says):
        card_from_config({**DEEPSEEK, **change}, name="mine")


@pytest.mark.parametrize("content", ["{", "[]", ""])
def test_a_broken_config_file_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "config.json"
    file.write_text(content, "utf-8")
    with pytest.raises(CostError, match=r"config\.json"):
        read_config(file)


# the roofline

CARDS = st.sampled_from(["H100", "H200", "B200", "A100", "L40S", "RTX 4090", "MI300X"])
LOADS = st.integers(1, 600)
LENGTHS = st.integers(1, 8000)


def speed_of(card: Any, load: int, tokens_in: int, tokens_out: int, **more: Any) -> Throughput:
    return throughput(LLAMA, card, concurrency=load, tokens_in=tokens_in, tokens_out=tokens_out, **{"gpus": 2, **more})


@PATIENT
@given(CARDS, LOADS, LENGTHS, LENGTHS, st.floats(1, 4))
def test_more_bandwidth_is_never_slower(card: str, load: int, tokens_in: int, tokens_out: int, more: float) -> None:
    slow = find_gpu(card)
    fast = replace(slow, bandwidth_gb_s=slow.bandwidth_gb_s * more)
    before, after = (speed_of(c, load, tokens_in, tokens_out).output_tokens_per_s for c in (slow, fast))
    assert after >= before * (1 - 1e-12)


@PATIENT
@given(CARDS, LOADS, LENGTHS, LENGTHS, st.floats(1, 4))
def test_more_arithmetic_is_never_slower(card: str, load: int, tokens_in: int, tokens_out: int, more: float) -> None:
    slow = find_gpu(card)
    fast = replace(slow, bf16_tflops=slow.bf16_tflops * more)
    before, after = (speed_of(c, load, tokens_in, tokens_out).output_tokens_per_s for c in (slow, fast))
    assert after >= before * (1 - 1e-12)


@PATIENT
@given(CARDS, LOADS, LOADS, LENGTHS, LENGTHS)
def test_more_requests_at_once_never_lower_the_total(
    card: str, a: int, b: int, tokens_in: int, tokens_out: int
) -> None:
    few, many = (speed_of(card, load, tokens_in, tokens_out) for load in sorted((a, b)))
    assert many.output_tokens_per_s >= few.output_tokens_per_s * (1 - 1e-12)
    assert many.ttft_ms >= few.ttft_ms * (1 - 1e-12)


@PATIENT
@given(st.sampled_from(["H100", "B200", "A100", "L40S"]), LOADS, LENGTHS, LENGTHS)
def test_eight_bits_are_never_slower_than_sixteen(card: str, load: int, tokens_in: int, tokens_out: int) -> None:
    eight, sixteen = (speed_of(card, load, tokens_in, tokens_out, precision=p) for p in ("fp8", "bf16"))
    assert eight.output_tokens_per_s >= sixteen.output_tokens_per_s
    assert eight.max_concurrency >= sixteen.max_concurrency


@PATIENT
@given(CARDS, LOADS, LENGTHS, LENGTHS, st.integers(1, 4000))
def test_longer_prompts_are_never_faster(card: str, load: int, tokens_in: int, tokens_out: int, more: int) -> None:
    short, long = (speed_of(card, load, n, tokens_out) for n in (tokens_in, tokens_in + more))
    assert long.output_tokens_per_s <= short.output_tokens_per_s * (1 + 1e-12)


@PATIENT
@given(CARDS, LOADS, LENGTHS, st.integers(2, 8000))
def test_the_latencies_are_those_of_the_throughput(card: str, load: int, tokens_in: int, tokens_out: int) -> None:
    # Little's law: requests at once = requests/s x time of one, the waiting ones included
    speed = speed_of(card, load, tokens_in, tokens_out)
    seconds = (speed.ttft_ms + speed.tpot_ms * (tokens_out - 1)) / 1000
    assert speed.requests_per_s * seconds == pytest.approx(load)


@PATIENT
@given(CARDS, LOADS, LENGTHS, LENGTHS)
def test_shares_are_shares(card: str, load: int, tokens_in: int, tokens_out: int) -> None:
    speed = speed_of(card, load, tokens_in, tokens_out)
    shares = {"compute": speed.compute_share, "memory": speed.memory_share, "overhead": speed.overhead_share}
    assert sum(shares.values()) == pytest.approx(1)
    assert min(shares.values()) >= 0
    assert shares[speed.bound] == max(shares.values())
    assert 0 < speed.flops_utilisation < 1
    assert 0 < speed.bandwidth_utilisation < 1
    assert 0 < speed.prefill_share < 1
    assert speed.low < speed.output_tokens_per_s < speed.high


def test_a_single_stream_is_bound_by_memory_and_prompts_by_arithmetic() -> None:
    assert throughput("Llama-3.1-70B", "H100", gpus=4, concurrency=1).bound == "memory"
    assert throughput("Llama-3.1-70B", "H100", gpus=4, tokens_in=8000, tokens_out=10).bound == "compute"


def test_weights_and_cache_in_gib() -> None:
    speed = throughput("Llama-3.1-70B", "H100", gpus=4, tokens_in=1000, tokens_out=1000)
    assert speed.weights_gib == pytest.approx(70.55e9 * 2 / 2**30, rel=1e-3)
    assert speed.kv_gib_per_request == 2000 * 327_680 / 2**30


def test_the_batch_that_fits_by_hand() -> None:
    speed = throughput(LLAMA, "A100", gpus=1, tokens_in=1000, tokens_out=1000, precision="bf16")
    free = 0.9 * 80 * 2**30 - 2 * find_model(LLAMA).total_params
    per_token = 32 * 8 * 128 * 2 * 2
    # one request whole, the others half done on average
    assert speed.max_concurrency == int(1 + (free - 2000 * per_token) / (1500 * per_token))


@pytest.mark.parametrize(
    ("model", "card", "gpus"),
    [(LLAMA, "H100", 1), ("Llama-3.1-70B", "H100", 4), ("DeepSeek-V3", "H200", 8), ("gpt-oss-120b", "H100", 1)],
)
def test_as_many_cards_as_the_model_needs(model: str, card: str, gpus: int) -> None:
    assert throughput(model, card).gpus == gpus


@pytest.mark.parametrize("limit", [15.0, 25.0, 60.0])
def test_without_a_number_the_most_requests_within_the_limit(limit: float) -> None:
    speed = throughput(LLAMA, "H100", max_tpot_ms=limit)
    more = throughput(LLAMA, "H100", concurrency=speed.concurrency + 1)
    assert speed.tpot_ms <= limit
    assert more.tpot_ms > limit or speed.concurrency == speed.max_concurrency


def test_the_limit_of_the_first_token_holds() -> None:
    assert throughput(LLAMA, "H100", max_ttft_ms=300).ttft_ms <= 300


def test_requests_that_do_not_fit_wait() -> None:
    most = throughput(LLAMA, "RTX 4090", gpus=1).max_concurrency
    full, over = (throughput(LLAMA, "RTX 4090", gpus=1, concurrency=n) for n in (most, 2 * most))
    assert over.output_tokens_per_s == full.output_tokens_per_s
    assert over.ttft_ms > 2 * full.ttft_ms
    assert "do not fit in memory" in over.notes[0]["en"]


def test_a_limit_that_does_not_hold_at_the_given_number_is_said() -> None:
    speed = throughput(LLAMA, "H100", concurrency=200, max_tpot_ms=10)
    assert [note["en"].split(" does")[0] for note in speed.notes] == ["max_tpot_ms"]


@pytest.mark.parametrize(
    ("card", "more", "says"),
    [
        ("A100", {}, "no measurement of this GPU family"),
        ("昇腾910B", {}, "no measurement of this GPU family"),
        ("H100", {"precision": "int4"}, "int4 weights"),
        ("H100", {"tokens_in": 60_000}, "longer than any measured"),
    ],
)
def test_the_interval_is_wider_where_nothing_was_measured(card: str, more: dict[str, Any], says: str) -> None:
    known = throughput(LLAMA, "H100", gpus=1, concurrency=1)
    speed = throughput(LLAMA, card, gpus=1, concurrency=1, **more)
    assert speed.high / speed.low > known.high / known.low
    assert says in " ".join(note["en"] for note in speed.notes)
    assert all(note["zh"] != note["en"] for note in speed.notes)


def test_a_well_measured_case_needs_no_note() -> None:
    assert throughput("Llama-3.1-70B", "H100", gpus=4, concurrency=32).notes == ()


def test_data_parallel_attention_leaves_more_room_for_latent_caches() -> None:
    shared, split = (throughput("DeepSeek-V3", "H200", gpus=8, parallelism=p) for p in ("tensor", "data"))
    assert split.output_tokens_per_s > shared.output_tokens_per_s


def test_a_throughput_is_plain_data() -> None:
    speed = throughput(LLAMA, "H100", gpus=2, concurrency=8)
    plain = json.loads(json.dumps(speed.to_dict()))
    assert plain["output_tokens_per_s_per_gpu"] == speed.output_tokens_per_s / 2
    assert plain["requests_per_s"] == speed.output_tokens_per_s / 1024


# what can't be

MINE = {"name": "mine", "memory_gib": 24, "bandwidth_gb_s": 900, "bf16_tflops": 140}


def test_the_long_end_of_a_range_can_be_held_against_the_context() -> None:
    refuse_longer_than_context(LLAMA, Decimal(131_000), 72.0)
    with pytest.raises(CostError, match=r"tokens_in, tokens_out: 131,000 and 73 together pass .* context of 131,072"):
        refuse_longer_than_context(LLAMA, Decimal(131_000), 72.5)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"concurrency": 0}, "concurrency: 0"),
        ({"concurrency": 2.5}, "concurrency: 2.5"),
        ({"concurrency": True}, "concurrency: True"),
        ({"gpus": -1}, "gpus: -1"),
        ({"tokens_in": -5}, "tokens_in: -5"),
        ({"tokens_out": 0}, "tokens_out: 0"),
        ({"tokens_in": 200_000}, "context of 131,072"),
        ({"precision": "fp7"}, "precision: 'fp7'"),
        ({"kv_precision": "fp7"}, "kv_precision: 'fp7'"),
        ({"backend": "ollama"}, "backend: 'ollama'.*vllm"),
        ({"parallelism": "data"}, "parallelism: 'data'"),
        ({"max_tpot_ms": 0.5}, r"max_tpot_ms: 0\.5 ms can't be kept"),
        ({"max_ttft_ms": -1}, "max_ttft_ms: -1"),
        ({"max_ttft_ms": float("nan")}, "max_ttft_ms: nan"),
    ],
)
def test_bad_input_names_the_field(more: dict[str, Any], says: str) -> None:
    with pytest.raises(CostError, match=says):
        throughput(LLAMA, "H100", **more)


def test_an_unknown_model_gets_the_nearest_names() -> None:
    with pytest.raises(CostError, match=r"model: no card for 'Lama-3\.1-70'; the nearest are Llama-3\.1-70B"):
        throughput("Lama-3.1-70", "H100")


def test_an_unknown_card_gets_the_nearest_names() -> None:
    with pytest.raises(CostError, match=r"gpu: no card for 'H1000'; the nearest are H100 SXM"):
        throughput(LLAMA, "H1000")


def test_too_small_a_card_says_what_would_do() -> None:
    with pytest.raises(CostError) as caught:
        throughput("Llama-3.1-70B", "RTX 4090", gpus=1)
    message = str(caught.value)
    assert message.startswith("gpu, gpus: Llama-3.1-70B in bf16 needs 132.0 GiB")
    assert "1 x RTX 4090 have 21.6 GiB" in message
    assert "8 of them would do" in message
    assert "B200 SXM" in message


def test_what_no_number_of_cards_holds_is_refused() -> None:
    with pytest.raises(CostError, match=r"64 x T4 have 864\.0 GiB"):
        throughput("Kimi-K2", "T4", precision="bf16")


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"name": "mine"}, "lacks memory_gib"),
        ({"name": "mine", "memory_gib": -1, "bandwidth_gb_s": 1, "bf16_tflops": 1}, "memory_gib is -1"),
        ({"name": "mine", "memory_gib": 1, "bandwidth_gb_s": float("nan"), "bf16_tflops": 1}, "bandwidth_gb_s is nan"),
        ({"name": "mine", "memory_gb": 1}, "did you mean memory_gib"),
        ({**MINE, "per_server": 2.5}, r"per_server is 2\.5; give a whole number"),
        ({**MINE, "per_server": 0}, "per_server is 0; give a whole number"),
        ({**MINE, "per_server": True}, "per_server is True; give a whole number"),
        ({**MINE, "aliases": 5}, "aliases is 5; give a list of names"),
        ({**MINE, "aliases": "other"}, "aliases is 'other'; give a list of names"),
        ({**MINE, "aliases": [1]}, r"aliases is \[1\]; give a list of names"),
        ({**MINE, "name": 4090}, "name is 4090; give a text"),
    ],
)
def test_figures_by_hand_are_checked(figures: dict[str, Any], says: str) -> None:
    with pytest.raises(CostError, match=f"gpu: .*{says}"):
        throughput(LLAMA, figures)


def test_a_card_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CostError, match=r"none\.toml"):
        find_gpu(tmp_path / "none.toml")


def test_predicting_needs_no_numerical_library() -> None:
    code = (
        "import sys; from fitcheck.cost.roofline import throughput; throughput('Llama-3.1-8B', 'H100'); "
        "print(*{'numpy', 'scipy', 'sklearn', 'genai_prices', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []


# the shipped numbers and the benchmark


def test_the_shipped_error_is_within_what_was_promised() -> None:
    error = shipped().error
    assert error["rows"] == shipped().rows > 2000
    assert error["mean_percent"] <= 25
    assert error["median_percent"] <= 15
    assert error["within_twice"] >= 0.95
    assert 0.75 <= error["in_interval"] <= 0.85


MODELS = ("Llama-3.1-8B", "Llama-3.1-70B", "Qwen3-30B-A3B", "gpt-oss-120b")


def made_up(slower: float = 1.0) -> list[dict[str, Any]]:
    rows = []
    for model in MODELS:
        for load in (4, 32, 128):
            for tokens_in in (512, 4096):
                speed = throughput(model, "H100", gpus=4, concurrency=load, tokens_in=tokens_in, tokens_out=512)
                rows.append(
                    {
                        "model": model, "precision": speed.precision, "gpu": "h100_sxm", "gpu_count": 4,
                        "parallelism": "TP4", "backend": "vllm 0.19", "isl": tokens_in, "osl": 512,
                        "concurrency": load, "output_tok_s_per_gpu": speed.output_tokens_per_s_per_gpu / slower,
                    }
                )  # fmt: skip
    return rows


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(tmp_path: Path, rows: Sequence[dict[str, Any]], *more: str) -> dict[str, Any]:
    data, out = write(tmp_path / "speeds.csv", rows), tmp_path / "out.json"
    assert benchmark.main(["--data", str(data), "--json", str(out), *more]) == 0
    figures: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return figures


def test_the_benchmark_predicts_as_throughput_does(tmp_path: Path) -> None:
    figures = run(tmp_path, made_up(), "--shipped")
    assert figures["all"]["mean_percent"] == 0
    assert figures["all"]["in_interval"] == 1


def test_the_benchmark_sees_cards_that_are_half_as_fast(tmp_path: Path) -> None:
    figures = run(tmp_path, made_up(slower=2), "--shipped")
    assert figures["all"]["mean_percent"] == 100
    assert figures["all"]["in_interval"] == 0


def test_the_benchmark_learns_from_other_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = run(tmp_path, made_up())
    assert set(figures["by_model"]) == {"Llama-3.1-8B", "Llama-2-70B", "Qwen3-30B-A3B", "gpt-oss-120b"}
    assert figures["all"]["rows"] == 24
    assert figures["all"]["mean_percent"] < 40
    assert "each model left out in turn" in capsys.readouterr().out


def test_rows_that_can_not_be_read_are_counted_by_reason(tmp_path: Path) -> None:
    good = made_up()
    changes: list[dict[str, Any]] = [
        {"model": "nobody-9B"}, {"model": "nobody-9B"}, {"gpu": "Z9000"}, {"precision": "fp7"}, {"backend": "abacus"},
        {"concurrency": "some"}, {"output_tok_s_per_gpu": ""}, {"isl": "MLPerf dataset"}, {"gpu_count": 0},
    ]  # fmt: skip
    figures = run(tmp_path, [*good, *({**good[0], **change} for change in changes)], "--shipped")
    assert figures["rows"] == 24
    assert sum(figures["unread"].values()) == 9
    assert len(figures["unread"]) == 8
    assert figures["unread"][next(r for r in figures["unread"] if "nobody-9B" in r)] == 2


@pytest.mark.parametrize(
    ("parallelism", "listed", "gpus", "load", "counted"),
    [
        ("tp8 pp1 adp1 moe_tp8 moe_ep1", 8, 8, 16, 8),
        ("tp64 pp1 adp1 moe_tp8 moe_ep8", 64, 8, 16, 64),
        ("tp1 pp1 adp16 moe_tp4 moe_ep4", 16, 4, 16, 16),
        ("tp2 pp1 adp2 moe_tp1 moe_ep4", 4, 2, 16, 4),
        ("tp1 pp1 adp moe_tp2 moe_ep1", 1, 2, 32, 2),
        ("TP4", 4, 4, 16, 4),
    ],
)
def test_cards_that_serve_together(
    tmp_path: Path, parallelism: str, listed: int, gpus: int, load: float, counted: int
) -> None:
    row = {**made_up()[-1], "parallelism": parallelism, "gpu_count": listed, "concurrency": 16}
    [read], _ = read_rows(write(tmp_path / "one.csv", [row]))
    assert (read.setting.gpus, read.concurrency) == (gpus, load)
    assert read.tokens_per_s == pytest.approx(row["output_tok_s_per_gpu"] * counted)


def test_mlperf_rows_get_their_lengths_and_limits(tmp_path: Path) -> None:
    row = {
        **made_up()[0], "model": "llama2-70b-99", "precision": "fp8", "gpu": "NVIDIA H200-SXM-141GB", "gpu_count": 8,
        "parallelism": "", "isl": "MLPerf dataset", "osl": 292, "concurrency": "MLPerf Interactive",
    }  # fmt: skip
    [read], _ = read_rows(write(tmp_path / "one.csv", [row]))
    assert (read.setting.tokens_in, read.setting.tokens_out, read.tpot_limit_ms) == (294, 292, 40)
    assert read.setting.gpus == 1


def test_a_table_that_is_not_there_says_where_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--data", str(tmp_path / "none.csv")]) == 0
    assert "NVIDIA/TensorRT-LLM" in capsys.readouterr().out


def test_a_table_without_a_column_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "speeds.csv"
    file.write_text("model,gpu\nLlama-3.1-8B,H100\n", "utf-8")
    assert benchmark.main(["--data", str(file)]) == 2
    assert "no column precision" in capsys.readouterr().err


def test_two_models_are_judged_by_each_other(tmp_path: Path) -> None:
    figures = run(tmp_path, [row for row in made_up() if row["model"] in MODELS[:2]])
    assert set(figures["by_model"]) == {"Llama-3.1-8B", "Llama-2-70B"}


def test_one_model_alone_can_not_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--data", str(write(tmp_path / "speeds.csv", made_up()[:6]))]) == 2
    assert "use --shipped" in capsys.readouterr().err

"""The command about money: what a use of a model would cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from fitcheck.commands.options import AsJson, AsMarkdown, PageLang, app, note, one_form
from fitcheck.errors import CostError
from fitcheck.show import terminal

if TYPE_CHECKING:
    from fitcheck.cost import Estimate

__all__ = ["cost"]

_FIGURE = "N or LOW..HIGH"


def _figure(help_text: str, *names: str) -> Any:
    return typer.Option(*names, metavar=_FIGURE, help=help_text)


def _tokens(help_text: str, *names: str) -> Any:
    return typer.Option(*names, metavar="TOKENS|SIZE|@FILE", help=help_text)


@app.command(
    epilog="\b\nExamples:\n"
    "  fitcheck cost --model gpt-4o-mini --calls 40000/month --in 900 --out 200\n"
    "  fitcheck cost --model gpt-4o --on 2024-07-20 --calls 1000/day --in 3000..6000 --out 400 --currency CNY\n"
    "  fitcheck cost --model Llama-3.3-70B-Instruct --gpu 'H100 SXM' --calls 2e6/month --in 1500 --out 300\n"
    "  fitcheck cost code-assistant --developers 1000\n"
    "  fitcheck cost code-assistant --developers 1000 --set usd_wage_per_hour=40..70 --explain\n"
    "  fitcheck cost support-assistant --tickets 30000 --json | jq .usd_per_month\n"
    "  fitcheck cost --model qwen-plus --provider dashscope --calls 5000/month --in '2 页' --out '300 字' --lang zh\n"
    "  fitcheck cost --models qwen"
)
def cost(
    preset: Annotated[
        str | None, typer.Argument(metavar="[PRESET]", help="A use that fitcheck knows; --presets lists them.")
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="The model, such as gpt-4o-mini.")] = None,
    provider: Annotated[str | None, typer.Option(metavar="NAME", help="Who serves it, such as openai.")] = None,
    on: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day that prices are for; today if not given.")
    ] = None,
    calls: Annotated[
        str | None, typer.Option(metavar="N[/day|/month|/year]", help="How often it is called; a month if not said.")
    ] = None,
    tokens_in: Annotated[str | None, _tokens("Input tokens a call, or '3 pages', '800 words'.", "--in")] = None,
    tokens_out: Annotated[str | None, _tokens("Output tokens a call, said likewise.", "--out")] = None,
    cached: Annotated[
        str | None, typer.Option(metavar="SHARE", help="Share of the input that a prompt cache serves, 0 to 1 or 90%.")
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help="The API's batch price.")] = False,
    days: Annotated[str | None, _figure("Days of use in a month.", "--days")] = None,
    developers: Annotated[str | None, _figure("For code-assistant.", "--developers")] = None,
    users: Annotated[str | None, _figure("People who use it.", "--users")] = None,
    tickets: Annotated[str | None, _figure("For support-assistant: tickets a month.", "--tickets")] = None,
    documents: Annotated[str | None, _figure("For batch-extraction: documents a month.", "--documents")] = None,
    meetings: Annotated[str | None, _figure("For meeting-minutes: meetings a month.", "--meetings")] = None,
    own: Annotated[
        bool | None, typer.Option("--own/--api", help="Which one the figures are about: own cards or the API.")
    ] = None,
    api_model: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model by API to set own cards beside.")
    ] = None,
    gpu: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE.toml", help="Own cards, such as 'H100 SXM', or a card's figures in a file."),
    ] = None,
    gpus: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="How many cards there are; as many as the load needs if not given."),
    ] = None,
    precision: Annotated[
        str | None, typer.Option(metavar="bf16|fp8|fp4|int8|int4", help="Of the weights on own cards.")
    ] = None,
    gpus_per_replica: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Cards that one copy of the model is spread over; the fewest that hold it."
        ),
    ] = None,
    deal: Annotated[
        Literal["rent", "buy"] | None,
        typer.Option(metavar="rent|buy", help="Rent or buy the cards at known prices; rent if not given."),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(metavar="world|us|eu|china", help="Where the cards stand, for electricity and staff."),
    ] = None,
    rent: Annotated[str | None, typer.Option(metavar="USD_PER_HOUR", help="Rent of a card.")] = None,
    buy: Annotated[str | None, typer.Option(metavar="USD", help="Price of a card.")] = None,
    kwh: Annotated[str | None, typer.Option(metavar="USD", help="Price of a kilowatt-hour.")] = None,
    pue: Annotated[
        str | None, typer.Option(metavar="X", help="Power usage effectiveness of the data centre, 1 or more.")
    ] = None,
    max_ttft_ms: Annotated[
        float | None, typer.Option(metavar="MS", min=0, help="Longest time to the first token, milliseconds.")
    ] = None,
    max_tpot_ms: Annotated[
        float | None, typer.Option(metavar="MS", min=0, help="Longest time for each further token, milliseconds.")
    ] = None,
    instead: Annotated[
        str | None,
        typer.Option(metavar="TECHNIQUE", help="The simpler tool to set beside it, such as regex-or-parser."),
    ] = None,
    minutes_saved: Annotated[str | None, _figure("Minutes of work that a call saves.", "--minutes-saved")] = None,
    wage: Annotated[str | None, _figure("USD an hour of those who save it.", "--wage")] = None,
    value: Annotated[str | None, _figure("USD that a use is worth or is sold for.", "--value")] = None,
    price_factor: Annotated[
        str | None, _figure("What if the API's prices were this many times as high.", "--price-factor")
    ] = None,
    volume_factor: Annotated[
        str | None, _figure("What if it were used this many times as much.", "--volume-factor")
    ] = None,
    hardware_factor: Annotated[
        str | None, _figure("What if cards and rent were this many times as dear.", "--hardware-factor")
    ] = None,
    currency: Annotated[Literal["USD", "CNY"], typer.Option(help="Currency of the figures.")] = "USD",
    cny_per_usd: Annotated[str | None, typer.Option(metavar="RATE", help="The exchange rate.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any input by its name; may be repeated.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Write out every formula with its figures.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.svg|png|pdf", help="Draw cost against volume, and what moves it.")
    ] = None,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    lang: PageLang = "en",
    presets: Annotated[bool, typer.Option("--presets", help="List the uses that fitcheck knows.")] = False,
    models: Annotated[
        bool, typer.Option("--models", help="List the models whose price is known; PRESET filters.")
    ] = False,
    update_prices: Annotated[
        bool,
        typer.Option("--update-prices", help="Fetch the newest price list; the only thing here that uses the network."),
    ] = False,
) -> None:
    """Estimate what a use of a model costs: by API, on own cards, with ranges.

    A figure may be a range: --in 800..2000. Every figure can be traced with --explain, and every
    assumption changed with --set.
    """
    one_form(as_json, as_markdown)
    if update_prices or models or presets:
        _lists(preset, update_prices, models, on, lang, as_json)
        return
    from fitcheck.cost import estimate_cost

    amount, per = _read_calls(calls)
    counts = {"developers": developers, "tickets": tickets, "documents": documents, "meetings": meetings}
    people, users = _people(preset, {**counts, "users": users})
    estimate = estimate_cost(
        preset=preset,
        people=people,
        model=model,
        provider=provider,
        on=on,
        calls=amount,
        per=per,
        days_per_month=days,
        users=users,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cached=cached,
        batch=batch,
        way=None if own is None else "own" if own else "api",
        api_model=api_model,
        gpu=Path(gpu) if gpu is not None and gpu.endswith(".toml") else gpu,
        gpus=gpus,
        precision=precision,
        gpus_per_replica=gpus_per_replica,
        deal=deal,
        region=region,
        rent=rent,
        buy=buy,
        kwh=kwh,
        pue=pue,
        max_ttft_ms=max_ttft_ms,
        max_tpot_ms=max_tpot_ms,
        instead=instead,
        minutes_saved=minutes_saved,
        wage=wage,
        value=value,
        price_factor=price_factor,
        volume_factor=volume_factor,
        hardware_factor=hardware_factor,
        currency=currency,
        cny_per_usd=cny_per_usd,
        set=_read_settings(set_ or ()),
    )
    if plot is not None:
        from fitcheck.render.cost_plot import save_plot

        drawn_in = save_plot(estimate, plot, lang=lang)
        note(f"drew {plot}" + ("" if drawn_in == lang else ", in English: no font with Chinese was found"))
    _show(estimate, lang, as_json, as_markdown, explain)


def _show(estimate: Estimate, lang: Literal["en", "zh"], as_json: bool, as_markdown: bool, explain: bool) -> None:
    from fitcheck.render import estimate_markdown, estimate_text, print_estimate

    if as_json:
        print(estimate.to_json())
    elif as_markdown:
        print(estimate_markdown(estimate, lang=lang, explain=explain))
    elif (console := terminal()) is not None:
        print_estimate(estimate, console, lang=lang, explain=explain)
    else:
        print(estimate_text(estimate, lang=lang, explain=explain))


def _lists(
    words: str | None, update: bool, models: bool, on: str | None, lang: Literal["en", "zh"], as_json: bool
) -> None:
    if update:
        from fitcheck.cost.update import update_prices

        print(update_prices())
    elif models:
        from fitcheck.render.cost_lists import models_text

        print(models_text(words, on=on, as_json=as_json))
    else:
        from fitcheck.render.cost_lists import presets_text

        print(presets_text(lang=lang, as_json=as_json))


def _people(preset: str | None, counts: dict[str, str | None]) -> tuple[str | None, str | None]:
    """Return what the preset counts, and the number of users where that is something else.

    Raises:
        CostError: The preset counts something else, or there is no preset to count for.
    """
    given = {name: value for name, value in counts.items() if value is not None}
    if preset is None:
        for name in given:
            if name != "users":
                raise CostError(f"{name}: only a preset counts {name}; fitcheck cost --presets lists them")
        return None, given.get("users")
    from fitcheck.cost.presets import load_preset

    counted = load_preset(preset).people
    for name in given:
        if name not in (counted, "users"):
            raise CostError(f"{name}: {preset} counts {counted}; give --{counted} N")
    return given.get(counted), given.get("users") if counted != "users" else None


def _read_calls(calls: str | None) -> tuple[str | None, str | None]:
    """Read `N/day`, or as 3万/月 and 30k per day: the number and what it is per."""
    if calls is None:
        return None, None
    from fitcheck.quantities import split_period

    amount, period = split_period(calls)
    rest, slash, per = amount.partition("/")
    if slash:
        per = per.strip().lower().removeprefix("per ")
        # 1000/per day is read as ever
        if per not in ("day", "month", "year") or period is not None:
            raise CostError(f"calls: {calls!r} says per {per!r}; write N/day, N/month or N/year")
        return rest, per
    return amount, period or "month"


def _read_settings(settings: Sequence[str]) -> dict[str, str] | None:
    """Read `NAME=VALUE` pairs."""
    read: dict[str, str] = {}
    for one in settings:
        name, equals, value = one.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise CostError(f"set: {one!r} is no NAME=VALUE; --explain shows the names")
        read[name.strip()] = value.strip()
    return read or None

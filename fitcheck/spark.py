"""Ideas on a cluster: every row of a PySpark frame judged by the worker processes, in Arrow batches."""

from __future__ import annotations

import inspect
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitcheck.cells import OUTPUT_COLUMNS, output_names
from fitcheck.errors import ModelUnavailable, UseCaseError
from fitcheck.picking import pick_added, pick_columns
from fitcheck.spark_session import running_session, said_plainly, without_word_of_pandas
from fitcheck.text import Language

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark import SparkContext
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["score", "score_folder"]

_ROWS_PER_FILE = 50_000
_PARTS_PER_PROCESS = 4
_SECONDS_PER_LOOK = 0.25
_PATHS = ("rules", "extra_rules", "model_folder")
_GLOB_MARKS = re.compile(r"([\\\[\]{}*?])")


def score(
    df: DataFrame,
    text: str | None = None,
    *,
    facts: Mapping[str, str] | None = None,
    lang: Language | None = None,
    columns: Sequence[str] | None = None,
    **assessor_options: Any,
) -> DataFrame:
    """Judge every row of a Spark frame, lazily and wherever its partitions are.

    What travels to the workers are the columns' names and the options; each worker process loads the
    model once, from the fitcheck that is installed there.

    Args:
        df: Any columns; they come back as they are, in their order.
        text: The column of ideas; None to know it by its name.
        facts: Columns of facts, by the field of `UseCase`, for those that are known by no name; the others are
            known by their names all the same, as with None. {} to read none.
        lang: The language of our words in the cells; None for each idea's own, with errors in English.
        columns: Which columns to add, of `verdict`, `probability`, `p_fit` and so on; None for all.
        assessor_options: As `fitcheck.Assessor` takes them, such as `reading="fast"`. Paths are read by the workers.

    Returns:
        The frame with the columns of `fitcheck.arrow.SCORED_SCHEMA`, its dictionaries as strings; one whose
        name is taken is called `fitcheck_verdict` and so on.

    Raises:
        UseCaseError: No such column, fact, added column or option, or the column of ideas holds no text.
        ModelUnavailable: pyspark or pyarrow is not installed.

    Example::

        fitcheck.spark.score(spark.read.parquet("ideas/"), text="idea").write.parquet("scored/")
    """
    return _score(df, text, facts, lang, pick_added(columns), assessor_options)


def _score(
    df: DataFrame,
    text: str | None,
    facts: Mapping[str, str] | None,
    lang: Language | None,
    added: Sequence[str],
    assessor_options: Mapping[str, Any],
    *,
    by_name: bool = True,
) -> DataFrame:
    types = _spark_types()
    from fitcheck.arrow import SCORED_SCHEMA

    picked = pick_columns(df.columns, text=text, facts=facts, by_name=by_name, where="this frame")
    kind = df.schema.fields[picked.text].dataType
    if not isinstance(kind, (types.StringType, types.NullType)):
        name = df.columns[picked.text]
        raise UseCaseError(
            f"the column {name!r} holds {kind.simpleString()}, and ideas are text; name the column of ideas with text=…"
        )
    judges = _Judges(
        text=_safe(picked.text),
        facts=tuple((field, _safe(at), df.columns[at]) for field, at in picked.facts.items()),
        added=tuple(added),
        options=_checked(assessor_options),
        lang=lang,
    )
    ours = [
        types.StructField(f"fitcheck{i}", _spark_type(SCORED_SCHEMA.field(name).type)) for i, name in enumerate(added)
    ]
    # by number, since a name may hold dots, stand twice, or differ from another in its case alone
    plain = df.toDF(*(_safe(i) for i in range(len(df.columns))))
    with without_word_of_pandas():
        scored = plain.mapInArrow(judges, types.StructType([*plain.schema.fields, *ours]))
    names = dict(zip(OUTPUT_COLUMNS, output_names(df.columns), strict=True))
    return scored.toDF(*df.columns, *(names[name] for name in added))


@dataclass(frozen=True, slots=True)
class _Judges:
    """What a worker does with its batches; all that is sent to it.

    Attributes:
        text: The column of ideas.
        facts: Field, column and the column's name as its owner knows it.
        added: The names of the columns to add.
        options: As `fitcheck.arrow.loaded` takes them.
        lang: As `score` takes it.
    """

    text: str
    facts: tuple[tuple[str, str, str], ...]
    added: tuple[str, ...]
    options: tuple[tuple[str, Any], ...]
    lang: Language | None

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        from fitcheck.arrow import loaded, score_texts, to_python

        for batch in batches:
            given = {field: (name, to_python(batch.column(column))) for field, column, name in self.facts}
            texts = to_python(batch.column(self.text))
            ours = score_texts(texts, given, assessor=loaded(self.options), lang=self.lang)
            wanted = [ours.column(name) for name in self.added]
            columns = [c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in wanted]
            names = [*batch.schema.names, *(f"fitcheck{i}" for i in range(len(columns)))]
            yield pa.RecordBatch.from_arrays([*batch.columns, *columns], names=names)


def score_folder(
    source: Path,
    target: Path,
    *,
    text_column: str | None = None,
    facts: Mapping[str, str] | None = None,
    use_facts: bool = True,
    lang: Language | None = None,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    **assessor_options: Any,
) -> dict[str, int]:
    """Judge a folder of Parquet files on Spark: on the session that runs, else on this machine's cores.

    The files of the new folder, read by their names, hold the rows in the order of the old ones.
    The folder appears whole or not at all.

    Args:
        source: A folder of Parquet files, also one that is partitioned by folders, or one file.
        target: The folder to write; it must not be there yet.
        text_column: The column of ideas; None to know it by its name.
        facts: As `score` takes them.
        use_facts: Whether columns named like a field of `UseCase` are facts.
        lang: As `score` takes it.
        processes: How many processes judge, where no session runs; None for one per core.
        progress: Called with the rows done and all rows, now and then.
        assessor_options: As `fitcheck.Assessor` takes them.

    Returns:
        The number of rows by verdict; `error` counts those that could not be judged.

    Raises:
        UseCaseError: The folder holds no Parquet that can be read, or no row, or the target can't be written.
        ModelUnavailable: pyspark, pyarrow or Java is missing, or the model is.
    """
    _spark_types()
    from fitcheck.arrow import loaded
    from fitcheck.parquet_folder import count_rows, count_verdicts

    whole = _free(target)
    n_rows = count_rows(source)
    # what is wrong with the rules or the model is said here, and not by a worker
    loaded(_checked(assessor_options))
    part = whole.with_name(f".{whole.name}.{secrets.token_hex(4)}.part")
    try:
        with running_session(processes) as spark, said_plainly():
            n_parts = max(-(-n_rows // _ROWS_PER_FILE), _PARTS_PER_PROCESS * spark.sparkContext.defaultParallelism)
            n_parts = min(n_parts, n_rows)
            df = _in_order(spark, source, n_parts)
            scored = _score(df, text_column, facts, lang, OUTPUT_COLUMNS, assessor_options, by_name=use_facts)
            _write(scored, part, n_parts, n_rows, progress)
        counts = count_verdicts(part, scored.columns[len(df.columns)], n_rows)
        _publish(part, whole)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return counts


def _free(target: Path) -> Path:
    whole = target.resolve()
    if not whole.parent.is_dir():
        raise UseCaseError(f"{target}: its folder does not exist; make it first")
    if whole.exists() and not (whole.is_dir() and not any(whole.iterdir())):
        raise UseCaseError(f"{target}: is there already, and a folder is never replaced; name another or remove it")
    return whole


def _in_order(spark: SparkSession, source: Path, n_parts: int) -> DataFrame:
    """Read the files so that part after part holds their rows in order, however they were packed."""
    df = spark.read.option("mergeSchema", True).parquet(_GLOB_MARKS.sub(r"\\\1", _location(source.resolve())))
    origin = df.metadataColumn("_metadata")
    placed = df.select("*", origin.getField("file_path"), origin.getField("row_index"))
    plain = placed.toDF(*(_safe(i) for i in range(len(df.columns))), "file", "row")
    parts = plain.repartitionByRange(n_parts, "file", "row").sortWithinPartitions("file", "row")
    return parts.drop("file", "row").toDF(*df.columns)


def _publish(part: Path, whole: Path) -> None:
    for extra in (*part.glob(".*.crc"), part / "_SUCCESS"):
        extra.unlink(missing_ok=True)
    try:
        part.replace(whole)
    except OSError as error:
        raise UseCaseError(f"{whole}: can't be written: {error.strerror or error}; name another") from None


def _write(
    scored: DataFrame, part: Path, n_parts: int, n_rows: int, progress: Callable[[int, int], None] | None
) -> None:
    """Write the judged rows, and report what is done meanwhile.

    Spark works in another thread: this one can be interrupted anywhere, and a call into Java can't.
    """
    context, group = scored.sparkSession.sparkContext, part.name

    def work() -> None:
        context.setJobGroup(group, f"fitcheck writes {part}")
        scored.write.parquet(_location(part), compression="zstd")

    with ThreadPoolExecutor(1, thread_name_prefix="fitcheck") as pool:
        job = pool.submit(work)
        try:
            while wait([job], timeout=_SECONDS_PER_LOOK).not_done:
                if progress is not None and (parts_done := _parts_done(context, group, n_parts)):
                    progress(n_rows * parts_done // n_parts, n_rows)
            job.result()
        except KeyboardInterrupt:
            context.cancelJobGroup(group)
            raise
    if progress is not None:
        progress(n_rows, n_rows)


def _parts_done(context: SparkContext, group: str, n_parts: int) -> int:
    tracker = context.statusTracker()
    jobs = [tracker.getJobInfo(number) for number in tracker.getJobIdsForGroup(group)]
    stages = [tracker.getStageInfo(number) for job in jobs if job for number in job.stageIds]
    # the stage that judges is the last one, and has as many tasks as there are parts
    last = max((stage for stage in stages if stage), key=lambda stage: stage.stageId, default=None)
    return last.numCompletedTasks if last is not None and last.numTasks == n_parts else 0


def _location(path: Path) -> str:
    # without the scheme Spark would look where its cluster keeps its files
    return f"file://{path.as_posix()}" if path.is_absolute() else str(path)


def _safe(index: int) -> str:
    return f"c{index}"


def _checked(options: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    from fitcheck.pipeline import Assessor

    known = list(inspect.signature(Assessor).parameters)
    for name, value in options.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise UseCaseError(f"there is no option {name!r}; {hint}")
        if not isinstance(value, str | int | float | Path | None):
            raise UseCaseError(
                f"{name}: a {type(value).__name__} does not travel to workers; name a file that they read"
            )
    return tuple(sorted((name, _absolute(name, value)) for name, value in options.items()))


def _absolute(name: str, value: Any) -> Any:
    # a worker stands in a folder of its own
    return Path(value).absolute() if name in _PATHS and value is not None else value


def _spark_type(kind: pa.DataType) -> Any:
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_type

    return from_arrow_type(kind.value_type if pa.types.is_dictionary(kind) else kind)


def _spark_types() -> Any:
    """Return `pyspark.sql.types`.

    Raises:
        ModelUnavailable: pyspark or pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401
        from pyspark.sql import types
    except ImportError as error:
        raise ModelUnavailable(
            f"Spark needs {error.name}, which is not installed: pip install 'usecase-fitcheck[spark]'"
        ) from None
    return types

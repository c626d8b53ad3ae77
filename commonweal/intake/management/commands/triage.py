"""``commonweal triage``: train the model that reads inbound messages, and say how good one is."""

import json
from argparse import ArgumentParser
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.intake.triage.files import CannotRead
from commonweal.intake.triage.saying import SHIPPED, shipped

if TYPE_CHECKING:
    from commonweal.algorithms.triage.model import Model
    from commonweal.algorithms.triage.scoring import Score

HERE = Path(__file__).parents[2] / "triage" / "data" / SHIPPED
BESIDE = Path(__file__).parents[4].parent / "shared" / "data" / "messages" / "train.csv.gz"


class Command(BaseCommand):
    """Training and scoring."""

    help = (
        "Train the model that says what an inbound message is about, from a file of labelled messages; or say how good "
        "a model is on a file: precision, recall and F1 a label."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be given."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        train = verbs.add_parser("train", help="make a model; the same file and versions give the same bytes")
        train.add_argument("file", nargs="?", type=Path, default=None, help="messages, .csv or .csv.gz")
        train.add_argument(
            "--to", type=Path, default=HERE, help="where to write it; the model in use by default"
        )
        score = verbs.add_parser("score", help="say how good a model is on a file")
        score.add_argument("file", type=Path, help="messages, .csv or .csv.gz")
        score.add_argument("--model", type=Path, help="another model than the one in use")
        score.add_argument(
            "--least", type=int, default=30, help="fewest yeses of a label that counts in the mean"
        )
        score.add_argument("--json", action="store_true", help="print the numbers as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            if options["verb"] == "train":
                self._train(options["file"] or _beside(), options["to"])
            else:
                self._score(options)
        except CannotRead as trouble:
            raise CommandError(str(trouble)) from trouble

    def _train(self, file: Path, to: Path) -> None:
        from commonweal.algorithms.triage.training import train  # loads NumPy
        from commonweal.intake.triage.teaching import examples_in

        examples = examples_in(file)
        self.stdout.write(f"{len(examples.names)} messages; this takes some minutes.")
        made_with = {name: version(name) for name in ("numpy", "scipy", "numba")}
        try:
            content = train(examples, about={"from": file.name, "made_with": made_with}).to_bytes()
            _replace(to, content)
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{to}: {len(content) / 1e6:.1f} MB.")

    def _score(self, options: dict[str, Any]) -> None:
        from commonweal.intake.triage.teaching import score_file  # loads NumPy

        scores = score_file(_model(options["model"]), options["file"])
        if options["json"]:
            least = options["least"]
            self.stdout.write(json.dumps({name: score.as_json(least) for name, score in scores.items()}))
            return
        for name, score in scores.items():
            self._print(name, score, options["least"])

    def _print(self, name: str, score: "Score", least: int) -> None:
        self.stdout.write(f"{name}: {score.messages} messages")
        self.stdout.write(f"  {'label':<24}{'yes':>6}{'precision':>11}{'recall':>8}{'F1':>7}")
        for one in sorted(score.labels, key=lambda one: -one.yes):
            mark = "" if one.yes >= least else "  not in the mean"
            self.stdout.write(
                f"  {one.label:<24}{one.yes:>6}{one.precision:>11.3f}{one.recall:>8.3f}{one.f1:>7.3f}{mark}"
            )
        counted = len(score.counted(least))
        self.stdout.write(
            f"  macro-F1 {score.macro_f1(least):.3f} over the {counted} labels with at least {least} yeses;"
            f" {score.macro_f1(1):.3f} over all {len(score.labels)} with any"
        )
        self.stdout.write(f"  calibration error {score.calibration_error:.3f}, Brier {score.brier:.3f}\n")


def _beside() -> Path:
    if not BESIDE.exists():
        raise CommandError("Name a file of messages; there is none at ../shared/data/messages/train.csv.gz.")
    return BESIDE


def _model(path: Path | None) -> "Model":
    from commonweal.algorithms.triage.model import NotAModel, model_from  # loads NumPy

    try:
        return model_from(path.read_bytes()) if path else shipped()
    except OSError as error:
        raise CommandError(f"{path} can't be opened: {error.strerror}") from error
    except NotAModel as error:
        raise CommandError(f"{path}: {error}") from error


def _replace(to: Path, content: bytes) -> None:
    """Whole or not at all: whoever reads the model meanwhile finds the old one."""
    part = to.with_name(f"{to.name}.part")
    part.write_bytes(content)
    part.replace(to)

"""Files of labelled messages, and the commands that train and score on them."""

import csv
import gzip
import io
import json

import pytest
from django.core.management import CommandError, call_command

from commonweal.algorithms.tests.triage_cast import examples
from commonweal.algorithms.triage.model import model_from
from commonweal.intake.triage import teaching
from commonweal.intake.triage.files import CannotRead, read_messages

HEAD = "id,message,original,genre,food,water"
ROWS = '1,"We need rice, please",Nou bezwen diri,direct,1,0\n2,Rain tomorrow,,news,0,2\n'


@pytest.fixture
def file(tmp_path):
    def written(text, name="messages.csv"):
        path = tmp_path / name
        content = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return written


@pytest.fixture(scope="module")
def cast(tmp_path_factory):
    """The cast of the algorithms' tests as a file."""
    out = io.StringIO()
    writer = csv.writer(out)
    made = examples()
    writer.writerow(["id", "message", "original", "genre", *made.labels])
    for name, message, original, direct, truths in zip(
        made.names, made.messages, made.originals, made.direct, made.truths, strict=True
    ):
        writer.writerow([name, message, original, "direct" if direct else "news", *truths])
    path = tmp_path_factory.mktemp("cast") / "cast.csv.gz"
    path.write_bytes(gzip.compress(out.getvalue().encode()))
    return path


@pytest.fixture(scope="module")
def model(cast, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "own.model"
    call_command("triage", "train", cast, to=path, stdout=io.StringIO())
    return path


class TestReading:
    @pytest.mark.parametrize("name", ["messages.csv", "messages.csv.gz", "no-ending.gz"])
    def test_rows_are_read_packed_or_not(self, file, name):
        read = read_messages(file(f"{HEAD}\n{ROWS}", name))
        one, two = read.rows
        assert read.labels == ("food", "water")
        assert (one.message, one.original, one.direct, one.truths) == (
            "We need rice, please", "Nou bezwen diri", True, (1, 0),
        )  # fmt: skip
        assert two.truths == (0, -1)
        assert not two.direct

    def test_a_mark_before_the_head_and_blank_lines_do_not_matter(self, file):
        assert len(list(read_messages(file(f"\ufeff{HEAD}\n\n{ROWS}\n")).rows)) == 2

    def test_originals_and_genres_may_be_missing(self, file):
        (row,) = read_messages(file("id,message,food\n1,rice,1\n")).rows
        assert (row.original, row.direct) == ("", True)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "no column 'id'"),
            ("id,text,food\n1,rice,1\n", "no column 'message'"),
            ("id,message,original,genre\n", "no column of a label"),
            ("id,message,food,food\n", "two columns of one name"),
            (f"{HEAD}\n1,rice,,direct,1\n", "row 2: 5 cells, the head has 6"),
            (f'{HEAD}\n1,"rice,,direct,1,0\n', "unexpected end of data"),
            (f"{HEAD}\n1,{'x' * 1_000_001},,direct,1,0\n", "field limit"),
            (b"id,message,food\n1,\xff\xfe,1\n", "can't decode"),
        ],
    )
    def test_what_is_wrong_is_said(self, file, text, why):
        with pytest.raises(CannotRead, match=why):
            list(read_messages(file(text)).rows)

    def test_a_torn_package_is_refused(self, file, tmp_path):
        whole = file(f"{HEAD}\n{ROWS * 50}", "messages.csv.gz").read_bytes()
        torn = tmp_path / "torn.gz"
        torn.write_bytes(whole[:-20])
        with pytest.raises(CannotRead, match=r"torn\.gz"):
            list(read_messages(torn).rows)
        torn.write_bytes(b"\x1f\x8bnonsense")
        with pytest.raises(CannotRead, match=r"torn\.gz"):
            read_messages(torn)

    def test_a_file_that_there_is_not_is_refused(self, tmp_path):
        with pytest.raises(CannotRead, match="can't be opened"):
            read_messages(tmp_path / "nowhere.csv")

    def test_rows_come_one_by_one(self, file, monkeypatch):
        """A file of any size is read in a little memory; one without end is refused."""
        monkeypatch.setattr("commonweal.intake.triage.files.MOST_ROWS", 100)
        rows = read_messages(file(f"{HEAD}\n" + "1,rice,,direct,1,0\n" * 200)).rows
        assert next(rows).message == "rice"
        with pytest.raises(CannotRead, match="more than 100 rows"):
            list(rows)


class TestSplit:
    def test_it_is_the_same_each_time_and_shares_nothing(self, cast):
        teach, held = teaching.split(teaching.examples_in(cast))
        again = teaching.split(teaching.examples_in(cast))
        assert held.names == again[1].names
        assert not set(teach.names) & set(held.names)
        assert len(teach.names) + len(held.names) == 240
        assert 20 < len(held.names) < 80


class TestCommand:
    def run(self, *words, **more):
        out = io.StringIO()
        call_command("triage", *words, stdout=out, **more)
        return out.getvalue()

    def test_the_same_file_gives_the_same_model(self, cast, model, tmp_path):
        said = self.run("train", cast, to=tmp_path / "again.model")
        assert "240 messages" in said
        assert (tmp_path / "again.model").read_bytes() == model.read_bytes()
        assert model_from(model.read_bytes()).about["from"] == "cast.csv.gz"
        assert [path.name for path in tmp_path.iterdir()] == ["again.model"]

    def test_the_score_is_a_table(self, cast, model):
        said = self.run("score", cast, model=model, least=5)
        assert "message: 240 messages" in said
        assert "message, direct: 160 messages" in said
        assert "original: 120 messages" in said
        assert "over the 2 labels with at least 5 yeses" in said

    def test_the_score_can_be_read_by_a_program(self, cast, model):
        scores = json.loads(self.run("score", cast, model=model, least=5, json=True))
        assert scores["message"]["macro_f1"] > 0.95
        assert scores["original"]["labels"]["food"]["recall"] > 0.9
        assert scores["message"]["calibration_error"] < 0.1

    def test_the_model_in_use_is_scored_where_none_is_named(self, file):
        scores = json.loads(self.run("score", file(f"{HEAD}\n{ROWS}"), least=1, json=True))
        assert scores["message"]["labels"]["food"]["f1"] == 1
        assert list(scores) == ["message", "message, direct", "original"]

    def test_a_file_of_one_manner_has_no_part_of_its_own(self, file):
        scores = json.loads(self.run("score", file("id,message,food\n1,rice,1\n"), json=True))
        assert list(scores) == ["message"]
        assert scores["message"]["labels_counted"] == 0

    @pytest.mark.parametrize("verb", ["train", "score"])
    def test_a_file_without_messages_is_refused(self, file, verb, tmp_path):
        more = {"to": tmp_path / "x.model"} if verb == "train" else {}
        with pytest.raises(CommandError, match="no message"):
            self.run(verb, file(f"{HEAD}\n"), **more)

    def test_too_few_messages_teach_nothing(self, file, tmp_path):
        with pytest.raises(CommandError, match="no label has 20"):
            self.run("train", file(f"{HEAD}\n{ROWS}"), to=tmp_path / "x.model")
        assert not (tmp_path / "x.model").exists()

    def test_a_model_that_is_none_is_refused(self, cast, tmp_path):
        with pytest.raises(CommandError, match="can't be opened"):
            self.run("score", cast, model=tmp_path / "nowhere.model")
        with pytest.raises(CommandError, match="no model"):
            self.run("score", cast, model=cast)

    def test_a_file_beside_the_clone_is_found(self, cast, model, monkeypatch, tmp_path):
        monkeypatch.setattr("commonweal.intake.management.commands.triage.BESIDE", cast)
        self.run("train", to=tmp_path / "again.model")
        assert (tmp_path / "again.model").read_bytes() == model.read_bytes()

    def test_without_a_file_the_one_beside_the_clone_is_meant(self, monkeypatch, tmp_path):
        monkeypatch.setattr("commonweal.intake.management.commands.triage.BESIDE", tmp_path / "none.csv.gz")
        with pytest.raises(CommandError, match="Name a file"):
            self.run("train", to=tmp_path / "x.model")

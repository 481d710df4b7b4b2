"""The page "Train" in Streamlit's own harness: the form, what is said beforehand, and life without an engine."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ae_models import jobs
from ae_models.base import paths
from ae_models.jobs import Condition, JobLimits, Live
from ae_models.jobs.record import Job
from ae_models.recipes import TrainRequest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"


@pytest.fixture(autouse=True)
def _fresh_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)


def visit(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "digits"
    page.run()
    page.query_params.clear()
    for name, value in parameters.items():
        page.query_params[name] = value
    page.switch_page("train/page.py").run()
    assert not page.exception
    return page


def metric(page: AppTest, label: str) -> str:
    return next(metric.value for metric in page.metric if metric.label == label)


def start(page: AppTest):
    return next(button for button in page.button if button.label == "Start training")


def said(page: AppTest) -> list[str]:
    return [text.value.replace("\\", "") for text in page.markdown if text.value.startswith(":red[")]


class FakeEngine:
    """Takes orders and does nothing: what a page asks of an engine, and what it is answered."""

    def __init__(self, *there: Job, condition: Condition | None = None) -> None:
        self.limits = JobLimits()
        self.state = condition or Condition("ready", "", 2, 1)
        self.there = {job.id: job for job in there}
        self.asked: list[tuple] = []

    def condition(self) -> Condition:
        return self.state

    def expect_maps(self):
        self.asked.append(("expect maps",))

    def jobs(self, owner=None):
        return [job for job in self.there.values() if owner is None or job.owner == owner]

    def damaged(self):
        return []

    def get(self, job_id):
        return self.there.get(job_id)

    def live(self, job_id):
        return Live()

    def submit(self, recipe, order, by, title=""):
        self.asked.append((recipe, order, title))
        job = Job(f"job-{len(self.asked)}", by.id, recipe, title, order)
        self.there[job.id] = job
        return job

    def stop(self, job_id, by):
        self.asked.append(("stop", job_id))
        return self.there[job_id]

    def go_on(self, job_id, by, *, epochs=None):
        self.asked.append(("go on", job_id))
        return self.there[job_id]

    def forget(self, job_id, by):
        self.asked.append(("forget", job_id))


@pytest.fixture
def engine(monkeypatch):
    """Make an engine the current one."""

    def made(*there: Job, **more) -> FakeEngine:
        fake = FakeEngine(*there, **more)
        monkeypatch.setattr(jobs, "_engine", fake)
        return fake

    return made


def job_of(state: str, **more) -> Job:
    order = TrainRequest.of("dense", "digits", settings={"epochs": 3}).to_dict()
    return Job("a-job-123456", "", "train", "My <b>job</b> *one*", order, state=state, created=1.0, **more)


def test_without_an_engine_the_form_works_and_the_command_is_shown():
    page = visit(data="digits", code="3", model="conv")
    assert page.title[0].value == "Train your own. What will it learn?"
    assert page.selectbox(key="train-data").value == "digits"
    assert page.number_input(key="train-code").value == 3
    assert start(page).disabled
    assert "streamlit run dashboard.py" in page.info[0].value
    assert page.code[0].value.startswith("python -m ae_models train --model conv --dataset digits --latent-dim 3")
    assert metric(page, "Images to learn from") == "1,437"
    assert int(metric(page, "Parameters").replace(",", "")) > 1_000
    assert len(page.get("bidi_component")) == 1


@pytest.mark.parametrize(
    "parameters", [{"data": "<script>"}, {"code": "-1"}, {"code": "9" * 99}, {"model": "nope"}, {"code": "²"}]
)
def test_a_bad_address_is_left_out(parameters):
    page = visit(**parameters)
    assert page.selectbox(key="train-model").value == "dense"
    assert 1 <= page.number_input(key="train-code").value <= 1024


def test_parameters_follow_the_form(engine):
    engine()
    page = visit(data="digits")
    before = metric(page, "Parameters")
    page.number_input(key="train-code").set_value(30).run()
    assert metric(page, "Parameters") != before
    page.selectbox(key="train-model").set_value("linear").run()
    page.toggle(key="train-linear-tied").set_value(True).run()
    assert metric(page, "Parameters") == f"{64 * 30 + 30 + 64:,}"


def test_what_does_not_go_together_is_said_beside_the_button(engine):
    engine()
    page = visit(data="digits")
    page.selectbox(key="train-model").set_value("variational").run()
    page.selectbox(key="train-penalty").set_value("l1").run()
    assert not page.exception
    (line,) = said(page)
    assert "penalty 'l1' does not go with model 'variational'" in line
    assert start(page).disabled
    page.selectbox(key="train-penalty").set_value("none").run()
    assert said(page) == []
    assert not start(page).disabled


def test_start_orders_what_the_form_says(engine):
    fake = engine()
    page = visit(data="digits")
    page.selectbox(key="train-corruption").set_value("masking").run()
    page.number_input(key="train-corruption-masking-share").set_value(0.25)
    page.number_input(key="train-epochs").set_value(7)
    page.number_input(key="train-seed").set_value(3)
    page.text_input(key="train-dense-widths").set_value("32 16")
    page.run()
    start(page).click().run()
    assert not page.exception
    _, order, title = next(asked for asked in fake.asked if asked[0] == "train")
    assert TrainRequest.from_dict(order) == TrainRequest.of(
        "dense", "digits", corruption="masking", settings={"share": 0.25, "epochs": 7, "seed": 3, "widths": (32, 16)}
    )
    assert title == "Autoencoder, 2 numbers, masking"
    assert page.query_params["job"] in ("job-1", ["job-1"])


def test_the_owners_limits_are_bounds_and_are_said(engine):
    fake = engine()
    fake.limits = JobLimits(epochs=5, parameters=10_000)
    page = visit(data="digits")
    assert page.number_input(key="train-epochs").max == 5
    assert any("at most 5 epochs and 10,000 parameters" in caption.value for caption in page.caption)
    assert any("at most 10,000 parameters on this server" in line for line in said(page))
    assert start(page).disabled
    page.selectbox(key="train-model").set_value("linear").run()
    assert said(page) == []
    assert not start(page).disabled


STATES = [
    ("queued", {"place": 2}, "place 2 in the queue", "Stop"),
    ("starting", {}, "On its way to a worker", "Stop"),
    ("running", {"share": 0.43, "line": "epoch 2 of 3", "seconds_left": 71.0}, "43 %", "Stop"),
    ("stopping", {"share": 0.5}, "Stopping", "Stop"),
    ("stopped", {"kept": 2}, "epoch 2 is kept", "Go on"),
    ("interrupted", {"kept": 2, "error": "its worker process ended"}, "Interrupted", "Go on"),
    ("failed", {"error": "the loss is not finite"}, "Failed", "Change and train"),
    ("done", {"run": "a-job-123456", "share": 1.0, "started": 10.0, "ended": 51.0}, "Done after 41 s", "Train on"),
]


@pytest.mark.parametrize(("state", "more", "words", "button"), STATES, ids=[state[0] for state in STATES])
def test_a_job_is_shown_in_every_state(engine, state, more, words, button):
    engine(job_of(state, **more))
    page = visit(job="a-job-123456")
    progress = page.get("progress")[0]
    assert words in progress.proto.text.replace("\\", "")
    assert button in [one.label for one in page.button]
    if more.get("error"):
        assert any(more["error"] in one.value.replace("\\", "") for one in [*page.error, *page.warning])
    heading = next(text.value for text in page.markdown if "job" in text.value)
    assert "<b>" not in heading
    assert len(page.get("bidi_component")) == 2  # curves and map wait for the first steps


def test_stop_go_on_and_change(engine):
    fake = engine(job_of("running"))
    page = visit(job="a-job-123456")
    page.button(key="watch-stop").click().run()
    assert ("stop", "a-job-123456") in fake.asked
    fake.there["a-job-123456"] = job_of("stopped", kept=1)
    page.run()
    page.button(key="watch-on").click().run()
    assert ("go on", "a-job-123456") in fake.asked
    page.button(key="watch-change").click().run()
    assert not page.exception
    assert page.title[0].value == "Train your own. What will it learn?"
    assert page.number_input(key="train-epochs").value == 3
    assert page.selectbox(key="train-data").value == "digits"


def test_an_unknown_job_is_said(engine):
    engine()
    page = visit(job="<b>no</b>")
    assert "There is no training" in page.warning[0].value
    assert [button.label for button in page.button] == ["Train a new one"]


@pytest.mark.parametrize(
    ("state", "words"), [("lost", "the scheduler cannot be reached"), ("failed", "cannot be started")]
)
def test_an_engine_that_is_not_there_is_said_and_the_page_stands(engine, state, words):
    engine(job_of("interrupted"), condition=Condition(state, words))
    for page in (visit(data="digits"), visit(job="a-job-123456")):
        assert any(words in warning.value for warning in page.warning)
    assert paths.home().name == "home"


def test_the_list_shows_ones_own_jobs(engine):
    mine, other = job_of("interrupted", kept=1), job_of("running")
    fake = engine(mine, Job("b-job-123456", "somebody", "train", "Another", other.order, state="running", created=2.0))
    page = visit(data="digits")
    labels = [button.label for button in page.button]
    assert labels.count("Go on") == 1
    assert not any("Another" in text.value for text in page.markdown)
    next(button for button in page.button if button.key == "forget-a-job-123456").click().run()
    assert ("forget", "a-job-123456") in fake.asked


def test_an_address_fills_the_form_and_what_it_cannot_hold_is_one_line_each():
    page = visit(data="digits", model="linear", code="3", penalty="l2", epochs="7", seed="5")
    held = {
        name: page.session_state[f"train-{name}"] for name in ("data", "model", "code", "penalty", "epochs", "seed")
    }
    assert held == {"data": "digits", "model": "linear", "code": 3, "penalty": "l2", "epochs": 7, "seed": 5}
    assert not page.warning
    page = visit(model="<b>", code="0", corruption="rain", epochs="1e9", seed="-1")
    lines = [warning.value.replace("\\", "") for warning in page.warning]
    assert len(lines) == 5
    assert any("code in the address must be a number from 1 to 1,024: got “0”" in line for line in lines)
    assert any("corruption in the address must be one of none" in line for line in lines)

"""The dashboard and the alert rules ask for what the page serves, and each rule speaks when it should."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from monitoring_files import FOLDER, RULES, expressions, panels, rules, unserved
from ruamel.yaml import YAML
from whole_status import STATUS

from gateway.control.metrics import StatusCollector, page

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="NOT CHECKED by promtool: it is not installed (apt-get install prometheus)"
)
SAMPLES = 480
"""One in fifteen seconds, for two hours."""
P = "bracelet_gateway_"
FIRING = 'count by (alertname) (ALERTS{alertstate="firing"})'
SPEAKS = {
    "Down": {'up{job="bracelet-gateway"}': "0"},
    "NotReady": {P + "not_ready": "1"},
    "Unhealthy": {P + "healthy": "0"},
    "ListenerDown": {P + 'listener_ok{listener="wire"}': "0"},
    "NothingHeard": {P + 'frames_total{read="singly"}': "7", P + "connected_devices": "3"},
    "ManySilent": {P + 'devices_by_state{state="silent"}': "3", P + 'devices_by_state{state="heard"}': "7"},
    "PlatformOwed": {P + 'owed_oldest_seconds{upstream="city"}': "121"},
    "PlatformAway": {P + 'upstream_connected{upstream="city"}': "0"},
    "SetAside": {P + 'set_aside{upstream="city",reason="poison"}': "1"},
    "StageBehind": {P + 'lag_seconds{stage="engine"}': "11"},
    "AnswersSlow": {
        P + 'answer_seconds_bucket{le="2.5"}': "0+1x",
        P + 'answer_seconds_bucket{le="5.0"}': "0+2x",
        P + 'answer_seconds_bucket{le="+Inf"}': "0+2x",
    },
    "DiskFills": {P + 'disk{figure="days_to_full"}': "29"},
    "DiskNearlyFull": {P + 'disk{figure="free_bytes"}': "5e8"},
    "BackupOld": {P + "backup_made_seconds": "259201"},
    "BackupUntried": {P + "backup_tried_well": "0", P + "backup_tried_seconds": "60"},
    "Refusals": {P + 'refused_total{reason="checksum"}': "0+30x"},
    "ClockSet": {P + "clock_steps_total": "0+1x"},
    "TooManyAlarms": {P + 'alarms_a_day{kind="sos"}': "145", P + "alarms_allowed_a_day": "144"},
    "StatedProbabilityDrifts": {P + "drifts": "1"},
    "NoticesFail": {P + 'notices_well{by="modem"}': "0"},
    "AlarmPathUnproven": {
        P + 'alarm_path_proven_seconds{upstream="city"}': "901",
        P + "canary_every_seconds": "300",
        P + "alarm_path_late": "1",
    },
}
"""By alert: series under which it speaks, and no other does."""
WELL = {
    'up{job="bracelet-gateway"}': "1", P + "not_ready": "0", P + "healthy": "1",
    P + 'listener_ok{listener="wire"}': "1", P + 'devices_by_state{state="silent"}': "1",
    P + 'frames_total{read="singly"}': "0+9x", P + "connected_devices": "3",
    P + 'devices_by_state{state="heard"}': "9", P + 'devices_by_state{state="put_away"}': "9",
    P + 'owed_oldest_seconds{upstream="city"}': "119", P + 'upstream_connected{upstream="city"}': "1",
    P + 'lag_seconds{stage="engine"}': "9", P + 'lag_seconds{stage="upstream"}': "119",
    P + 'answer_seconds_bucket{le="2.5"}': "0+1000x", P + 'answer_seconds_bucket{le="+Inf"}': "0+1001x",
    P + 'disk{figure="days_to_full"}': "31", P + 'disk{figure="free_bytes"}': "5e9",
    P + "backup_made_seconds": "259199", P + "backup_tried_well": "1", P + "backup_tried_seconds": "5000000",
    P + 'refused_total{reason="checksum"}': "0+14x", P + "clock_steps_total": "3",
    P + 'alarms_a_day{kind="sos"}': "100", P + "alarms_allowed_a_day": "144", P + "drifts": "0",
    P + 'notices_well{by="modem"}': "1", P + 'alarm_path_proven_seconds{upstream="city"}': "899",
    P + 'alarm_path_proven_seconds{upstream="duty"}': "901", P + "canary_every_seconds": "300",
    P + "alarm_path_late": "0",
}  # fmt: skip


def case(speaks, series):
    """A story for promtool: who speaks at its end (None: nobody) under these series, a text of growth ending in x."""
    said = [{"labels": f'{{alertname="BraceletGateway{speaks}"}}', "value": 1}] if speaks else []
    steps = {
        name: f"{value}{SAMPLES}" if value.endswith("x") else f"{value}+0x{SAMPLES}" for name, value in series.items()
    }
    return {
        "interval": "15s",
        "input_series": [{"series": name, "values": values} for name, values in steps.items()],
        "promql_expr_test": [{"expr": FIRING, "eval_time": "2h", "exp_samples": said}],
    }


@pytest.mark.parametrize("asked", expressions())
def test_what_is_asked_for_is_served(asked):
    assert unserved(page(StatusCollector(lambda: STATUS)).decode(), asked) == []


@pytest.mark.parametrize(
    "asked",
    [
        "bracelet_gateway_refused",
        "rate(bracelet_gateway_healthy_total[5m])",
        'bracelet_gateway_disk{figure="days"}',
        'bracelet_gateway_disk{figure=~"free_bytes|days"}',
        'bracelet_gateway_waiting{stage="urgent"}',
    ],
)
def test_what_is_not_served_is_found(asked):
    assert len(unserved(page(StatusCollector(lambda: STATUS)).decode(), asked)) == 1


def test_each_alert_says_in_both_languages_what_is_wrong_and_what_to_do():
    assert [rule["alert"].removeprefix("BraceletGateway") for rule in rules()] == list(SPEAKS)
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        said = rule["annotations"]
        assert all(said[name].isascii() for name in ("summary", "description"))
        assert not any(said[name].isascii() for name in ("summary_zh", "description_zh"))


def test_panels_lie_beside_one_another_and_have_titles_in_both_languages():
    seats = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels()
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(set(seats)) == len(seats)
    assert max(x for x, _ in seats) < 24
    assert all(" / " in panel["title"] and not panel["title"].isascii() for panel in panels())


@needs_promtool
def test_promtool_takes_the_rules_and_the_scrape_configuration():
    for what, name in (("rules", "alerts.yaml"), ("config", "prometheus.yaml")):
        ran = subprocess.run([PROMTOOL, "check", what, FOLDER / name], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


@needs_promtool
def test_each_alert_speaks_when_it_should_and_none_while_all_is_well(tmp_path):
    """Two hours of samples each; what an alert's series leave out is well."""
    stories = [case(None, WELL), *(case(name, series) for name, series in SPEAKS.items())]
    file = tmp_path / "stories.yaml"
    with file.open("w", encoding="utf-8") as written:
        YAML(typ="safe").dump({"rule_files": [str(RULES)], "evaluation_interval": "15s", "tests": stories}, written)
    ran = subprocess.run([PROMTOOL, "test", "rules", file], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr

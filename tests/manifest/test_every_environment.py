from __future__ import annotations

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.manifest.every_environment import load_for_every
from tests.manifest.conftest import Write

TEXT = """\
version: 1
project: {{title: "Study", purpose: "${{purpose}}"}}
variables: {{purpose: research}}
environments:
  dev: {{url: "https://a.example.org/api/", token: "env:T", default: true}}
  same: {{url: "https://b.example.org/api/", token: "env:T", variables: {{purpose: research}}}}
  prod: {{url: "https://c.example.org/api/", token: "env:T", variables: {{purpose: {}}}}}
"""


def test_what_is_right_everywhere_is_right(write: Write) -> None:
    manifest = load_for_every(write({"redcap.yaml": TEXT.format("practice")}))
    assert (manifest.scope.environment, manifest.findings) == ("dev", ())


def test_an_error_of_one_environment_names_it(write: Write) -> None:
    with pytest.raises(ManifestError) as raised:
        load_for_every(write({"redcap.yaml": TEXT.format("reserch")}))
    (error,) = raised.value.findings
    assert error.code == "M113"
    assert str(error.position) == "redcap.yaml:2:36"
    assert error.message.startswith("With the variables of prod: ")


def test_an_error_of_all_is_told_once(write: Write) -> None:
    text = TEXT.format("practice") + "dags: ['${gone}']\n"
    with pytest.raises(ManifestError) as raised:
        load_for_every(write({"redcap.yaml": text}))
    assert [one.code for one in raised.value.findings] == ["M108"]


def test_one_that_the_others_do_not_know_is_an_error_of_theirs(write: Write) -> None:
    text = TEXT.format("practice, place: Lyon") + "dags: ['${place}']\n"
    with pytest.raises(ManifestError) as raised:
        load_for_every(write({"redcap.yaml": text}))
    (error,) = raised.value.findings
    assert error.code == "M108"
    assert "The environment dev does not say what it is, as prod does" in error.advice

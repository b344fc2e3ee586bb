"""A form tested offline: values given, the page played, what comes out held against what should.

`run(design, suites, clock)` plays scenario files, which `manifest/scenarios` reads. How a page
behaves is in `playing`; what logic means where sources differ in `logic/dialect`.
"""

from redcap_iac.scenarios.coverage import Coverage, Outcome
from redcap_iac.scenarios.running import Result, Run, SuiteResult, run
from redcap_iac.scenarios.scenario import Claim, Expectation, Given, Scenario, Suite, Viewer, Word

__all__ = [
    "Claim",
    "Coverage",
    "Expectation",
    "Given",
    "Outcome",
    "Result",
    "Run",
    "Scenario",
    "Suite",
    "SuiteResult",
    "Viewer",
    "Word",
    "run",
]

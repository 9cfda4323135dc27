"""Turn a skipped test into a failed one where NO_SKIP is set: what was not tried has not been shown."""

import os

import pytest


def refuse(report):
    """Make a skip or an expected failure fail, with the reason it gave."""
    if os.environ.get("NO_SKIP") and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
        report.outcome, report.longrepr = "failed", f"NO_SKIP is set and this did not run: {reason}"
        vars(report).pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport():
    return refuse((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report():
    return refuse((yield))

"""The policy that people paste is one, and opts out of all."""

from __future__ import annotations

import json
import re

from tests.docs.documents import ROOT


def test_the_policy_to_paste_opts_out_of_every_service_and_lets_no_account_back_in() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    (pasted,) = re.findall(r"```json\n(.+?)```", text, re.DOTALL)
    services = json.loads(pasted)["services"]
    none = {"@@operators_allowed_for_child_policies": ["@@none"]}
    assert services == {
        **none,
        "default": {**none, "opt_out_policy": {**none, "@@assign": "optOut"}},
    }
    assert "AISERVICES_OPT_OUT_POLICY" in text

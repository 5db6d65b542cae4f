"""What a Lambda function is deployed as: the modules that its handler imports, and no others.

`make build-<LogicalId>` calls `python -m packing`; the rules about imports read them by the same
`packing.imports`.
"""

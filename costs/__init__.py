"""What the doorbell costs on AWS: what was counted, at AWS's prices, for a ring and for a month.

`recorded.json` is what rings use of each service, counted on the one machine by
`python -m benchmarks usage`; `prices.json` is what AWS asks for it, with its source and date.
"""

"""What `doorbell doctor` looks at. Each check gives one finding, or raises ClientError.

No check moves anything: no pin is driven, and no press is sent.
"""

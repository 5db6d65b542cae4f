"""The domain's ports on AWS: the only code of the cloud that speaks to it."""

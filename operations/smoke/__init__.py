"""After a deployment: a resident and a stranger ring on the real stack, and what no document says
of AWS is looked up there. `docs/open-questions.md` says which line answers what.
"""

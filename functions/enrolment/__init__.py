"""Enrolment: residents' photos."""

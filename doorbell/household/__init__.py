"""What a resident looks after from the phone: the rules, off the ring path."""

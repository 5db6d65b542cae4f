"""What phones are told while the app is closed: which notice, to whom, and a resident's code."""

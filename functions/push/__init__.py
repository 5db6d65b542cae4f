"""Push: notices to browsers while the app is closed, and a resident's code among them."""

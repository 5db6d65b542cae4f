"""A camera of the home: a party camera, or one that takes a picture now and then."""

"""The product's promises as figures that anyone can draw anew: `make proof`."""

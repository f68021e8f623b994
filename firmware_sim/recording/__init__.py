"""A scenario recorded in virtual time: frames as a gateway would have received them, the truth, the baselines."""

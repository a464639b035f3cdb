//! Which sites to build: candidates, coverage matrix, optimisation, plan.

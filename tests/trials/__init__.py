"""Tests of study design, simulation and analysis."""

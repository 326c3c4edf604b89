"""Quantitative findings beside what people said."""

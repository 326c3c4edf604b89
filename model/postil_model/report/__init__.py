"""The report: one self-contained HTML file in which every number leads to words somebody said."""

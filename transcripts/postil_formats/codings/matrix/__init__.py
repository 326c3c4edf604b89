"""Framework matrices from spreadsheets."""

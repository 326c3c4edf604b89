"""The shareable artifact of a study, and the sheet on which a participant checks what was made of their words."""

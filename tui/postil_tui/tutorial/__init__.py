"""The tutorial: five minutes at the keyboard, on a copy of the illustrative study that is thrown away afterwards."""

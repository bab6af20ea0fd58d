"""The screens: the only Textual."""

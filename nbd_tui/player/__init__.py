"""The sound process and the app's end of it. What runs in the process imports no Textual, pydantic or sqlite."""

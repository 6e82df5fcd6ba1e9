"""What the engine does badly, written so that it does it well."""

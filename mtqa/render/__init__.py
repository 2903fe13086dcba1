"""Reports as text for people and programs: one module per form."""

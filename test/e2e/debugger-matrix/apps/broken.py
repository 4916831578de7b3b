"""Imported in the middle of a request: Django's URLconf of that request, a view's import in the others."""

local = "in an import"
raise ValueError("import")  # here import

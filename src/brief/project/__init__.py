"""The door to the library: a project folder, loaded, checked, built, compared and translated."""

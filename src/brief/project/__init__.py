"""The entry point of the library: a project folder, loaded, checked, built, compared and translated."""

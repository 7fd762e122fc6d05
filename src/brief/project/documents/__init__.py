"""Imports documents as themes."""

"""Planning a mailing: who gets what, checked and written down before anything is sent."""

"""Plans a mailing: who gets what, checked and recorded before anything is sent."""

"""From the brief as authored to variants. Content is withheld here and nowhere else, and put into words here."""

"""Floor 2: from the brief as authored to variants. Only here is anything withheld, and only here is anything worded."""

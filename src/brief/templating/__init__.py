"""Layer 3: template sets (the looks) and the sandbox that their templates run in."""

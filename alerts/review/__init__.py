"""The weekly review: what one week's issue holds, its two seals, and what changed after it was sealed."""

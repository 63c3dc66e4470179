"""What the measures share: codings, chance, alignment, intervals."""

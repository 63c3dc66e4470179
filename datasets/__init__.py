"""Sample corpora written for this project, and the generator of corpora of any size."""

"""How long a test waits for what must come.

On a busy machine everything takes its time, and a test that passes never waits so long.
"""

SECONDS = 60.0
MILLISECONDS = int(SECONDS * 1000)

"""What the window stands on: keyboard, worker, errors."""

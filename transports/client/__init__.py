"""The client of the chat: ``conversation`` decides, ``connection`` carries bytes, ``screen`` and ``plain`` show."""

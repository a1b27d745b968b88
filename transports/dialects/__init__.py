"""From bytes to what somebody asks, and from what the core orders to bytes: text for people, JSON for programs."""

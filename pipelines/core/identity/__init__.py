"""Who is who over all articles: entities become actors, with overrides, roles and namesakes."""

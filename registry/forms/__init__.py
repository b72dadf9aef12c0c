"""Forms: what people type, cleaned and checked before a service sees it."""

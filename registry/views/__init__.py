"""Views: read a form, ask who may, call one service or query, answer."""

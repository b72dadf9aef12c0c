"""What happens in a live class, sent to everybody who is in it, over server-sent events.

A service writes an event into the class's Redis Stream (`publishing`), which also wakes the event server: a
process of its own (`server`, run as `config.asgi`) that holds one Redis subscription and hands every event to
the browsers of that class (`hub`). It asks the database nothing: a page gives its browser a ticket
(`tickets`) that opens one class for ten minutes. Nothing here is the truth, the database is: whoever missed
more than the stream keeps is told to fetch the whole again.
"""

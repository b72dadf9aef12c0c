"""The interface for other platforms, under /api/v1/: figures and returns as JSON, described in OpenAPI.

Start reading at `counts.py`; `access.py` says what a token reaches, `problems.py` how a refusal is written.
"""

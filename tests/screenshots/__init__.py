"""Pictures of the running site: `python -m tests.screenshots http://localhost:8000 FOLDER`."""

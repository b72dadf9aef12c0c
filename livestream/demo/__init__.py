"""The demo's rehearsals: two attempts at one run-of-show, the first one reviewed. Start at `loading`."""

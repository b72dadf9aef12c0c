"""The media agent: one process that keeps an ffmpeg running for each session somebody watches live.

`supervisor` looks every second at who is on air and watched; `worker` feeds one session's pieces, in order,
to an ffmpeg; `child` is that ffmpeg. Started by `manage.py run_media_agent`, not by Celery: a task that runs
for hours would hold a worker and be delivered twice. Whatever happens here, no recording is lost: the raw
pieces are taken by the site itself.
"""

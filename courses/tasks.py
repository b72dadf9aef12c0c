"""Background work of courses: ids in, one service called; running twice does no harm."""

from celery import shared_task


@shared_task(name="courses.close_online_classes")
def close_online_classes_task() -> int:
    """Close the online classes whose last day has passed; return how many."""
    from courses.services import close_online_classes

    return close_online_classes()


@shared_task(name="courses.make_video_renditions")
def make_video_renditions_task(video_id: int) -> None:
    """Make the small renditions of one uploaded video."""
    from courses.models import LessonVideo
    from courses.services import make_renditions

    video = LessonVideo.objects.filter(pk=video_id).first()
    if video:
        make_renditions(video=video)


@shared_task(name="courses.clean_handed_in_video")
def clean_handed_in_video_task(file_id: int) -> None:
    """Take out of one handed-in video what the phone wrote into it."""
    from courses.models import SubmissionFile
    from courses.services import clean_handed_in_video

    file = SubmissionFile.objects.filter(pk=file_id).first()
    if file:
        clean_handed_in_video(file=file)


@shared_task(name="courses.sweep_videos")
def sweep_videos_task() -> int:
    """Wake videos whose work was lost, of lessons and handed in; return how many."""
    from courses.services.cleaning import sweep_handed_in_videos
    from courses.services.videos import sweep_videos

    return sweep_videos() + sweep_handed_in_videos()


@shared_task(name="courses.forget_ledger_uploads")
def forget_ledger_uploads_task() -> int:
    """Delete uploaded ledgers nobody took over within a day; return how many."""
    from courses.services.ledger_uploads import forget_uploads

    return forget_uploads()

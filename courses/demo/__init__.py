"""Courses and learners to try things with. Everything goes through the services real people use."""

from courses.demo.classes import load_classes
from courses.demo.follow_up import load_follow_up
from courses.demo.learning import load_learning
from courses.demo.loading import load_courses
from courses.demo.stories import load_stories

__all__ = ["load_classes", "load_courses", "load_follow_up", "load_learning", "load_stories"]

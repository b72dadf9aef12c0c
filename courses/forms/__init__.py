from courses.forms.learning import CourseForm, HandInForm, LessonVideoForm, MarkingForm, QuizForm

__all__ = ["CourseForm", "HandInForm", "LessonVideoForm", "MarkingForm", "QuizForm"]

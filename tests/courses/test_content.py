"""The demo courses say the same in both languages, add up, and draw what they name."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

CONTENT = Path(__file__).resolve().parents[2] / "courses" / "content"
COURSES = sorted(folder for folder in CONTENT.iterdir() if folder.is_dir())
LANGUAGES = ("zh-hans", "en")
LARGEST_DRAWING = 7 * 1024
EQUAL = {"key", "type", "kind", "answer", "hours", "slug", "pass_mark", "weight", "red_line", "accepts"}

course_folders = pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def lessons(folder: Path, language: str) -> list[dict]:
    return [read(folder / f"{key}.{language}.yaml") for key in read(folder / "course.yaml")["lessons"]]


def shape(value: object) -> object:
    """What must be equal in both languages: everything but the words and the drawings' names."""
    if isinstance(value, dict):
        return {
            name: shape(part) if isinstance(part, (dict, list)) and name != "answer" else part
            for name, part in value.items()
            if isinstance(part, (dict, list)) or name in EQUAL
        }
    if isinstance(value, list):
        return [shape(part) if isinstance(part, (dict, list)) else "…" for part in value]
    return value


def named_files(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value[name] for name in ("file", "poster", "captions") if value.get(name)}
        return own.union(*(named_files(part) for part in value.values()), set())
    if isinstance(value, list):
        return set().union(*(named_files(part) for part in value), set())
    return set()


def blocks(lesson: dict, kind: str) -> list[dict]:
    return [block for block in lesson["blocks"] if block["type"] == kind]


@course_folders
def test_lessons_have_the_same_shape_in_both_languages(folder):
    chinese, english = (lessons(folder, language) for language in LANGUAGES)

    assert shape(chinese) == shape(english)


@course_folders
def test_hours_of_the_lessons_add_up_to_the_course(folder):
    assert sum(lesson["hours"] for lesson in lessons(folder, "en")) == read(folder / "course.yaml")["hours"]


@course_folders
def test_every_lesson_has_one_quiz_whose_answers_are_options(folder):
    for lesson in lessons(folder, "zh-hans"):
        (quiz,) = blocks(lesson, "quiz")
        assert len(quiz["questions"]) >= 5
        for question in quiz["questions"]:
            keys = [option["key"] for option in question.get("options", [])]
            allowed = [True, False] if question["kind"] == "boolean" else keys
            assert set(question["answer"]) <= set(allowed), (lesson["key"], question["key"])
            if question["kind"] == "order":
                assert sorted(question["answer"]) == sorted(keys)
                assert question["answer"] != keys, "options of an order question are listed shuffled"


@course_folders
def test_rubrics_weigh_100_and_describe_five_levels(folder):
    for lesson in lessons(folder, "zh-hans"):
        for task in blocks(lesson, "task"):
            assert sum(line["weight"] for line in task["rubric"]) == 100, task["key"]
            assert all(len(line["descriptors"]) == 5 for line in task["rubric"]), task["key"]
            assert all(line.get("red_line_text") for line in task["rubric"] if line.get("red_line"))


@course_folders
def test_exactly_one_lesson_carries_the_graded_practical(folder):
    graded = [
        task for lesson in lessons(folder, "en") for task in blocks(lesson, "task") if task.get("graded")
    ]

    assert len(graded) == 1


@course_folders
def test_every_chinese_lesson_really_teaches(folder):
    for lesson in lessons(folder, "zh-hans"):
        prose = re.sub(r"<[^>]+>", "", "".join(block["html"] for block in blocks(lesson, "text")))
        assert len(re.findall(r"[\u4e00-\u9fff]", prose)) >= 450, lesson["key"]


@course_folders
def test_drawings_named_are_there_light_and_plain(folder):
    named = set().union(
        *(named_files(lesson) for language in LANGUAGES for lesson in lessons(folder, language))
    )
    named.add(read(folder / "course.yaml")["cover"])

    assert {path.name for path in folder.iterdir() if path.suffix != ".yaml"} == named
    for path in folder.glob("*.svg"):
        assert path.stat().st_size <= LARGEST_DRAWING, path.name
        tags = {element.tag.rpartition("}")[2] for element in ET.parse(path).iter()}
        assert not tags & {"script", "image", "foreignObject", "a"}, path.name

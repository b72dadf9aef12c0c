"""Lesson content as the body of a lesson page stores it."""

from typing import Any

from courses.demo import media
from courses.demo.content import CourseFolder, key_of

TRUE_FALSE = {"zh-hans": ("对", "不对"), "en": ("True", "False")}
Block = dict[str, Any]


class LessonBody:
    """Turns the blocks of one lesson file into stream data; the ids are always the same."""

    def __init__(self, folder: CourseFolder, lesson: str, language: str) -> None:
        self.folder = folder
        self.language = language
        self.names = (folder.slug, lesson, language)

    def blocks(self, content: list[Block]) -> list[Block]:
        """Return the whole body."""
        return [
            {
                "type": block["type"],
                "value": getattr(self, f"_{block['type']}")(block, f"{place}"),
                "id": str(key_of(*self.names, str(place))),
            }
            for place, block in enumerate(content)
        ]

    def _items(self, values: list[Any], place: str) -> list[Block]:
        return [
            {"type": "item", "value": value, "id": str(key_of(*self.names, place, str(number)))}
            for number, value in enumerate(values)
        ]

    def _image(self, value: Block, name: str = "file") -> int | None:
        return media.picture(self.folder, value[name]).pk if value.get(name) else None

    def _text(self, block: Block, _place: str) -> str:
        return str(block["html"])

    def _picture(self, block: Block, _place: str) -> Block:
        return {"image": self._image(block), "alt": block["alt"], "caption": block.get("caption", "")}

    def _video(self, block: Block, _place: str) -> Block:
        video = media.video(self.folder, block["file"], block["title"], block.get("poster"))
        captions = block.get("captions")
        return {
            "title": block["title"],
            "video": video.pk,
            "captions": media.document(self.folder, captions).pk if captions else None,
            "transcript": block.get("html", ""),
        }

    def _steps(self, block: Block, place: str) -> Block:
        steps = [
            {
                "text": step["html"],
                "image": self._image(step.get("picture") or step),
                "alt": (step.get("picture") or step).get("alt", ""),
            }
            for step in block["steps"]
        ]
        return {"title": block["title"], "steps": self._items(steps, place)}

    def _pair(self, block: Block, _place: str) -> Block:
        sides = {
            side: {
                "text": block[side]["text"],
                "image": self._image(block[side]),
                "alt": block[side].get("alt", ""),
            }
            for side in ("wrong", "right")
        }
        return {"title": block["title"], **sides, "why": block.get("why", "")}

    def _checklist(self, block: Block, place: str) -> Block:
        return {"title": block["title"], "items": self._items(block["items"], place)}

    def _quiz(self, block: Block, place: str) -> Block:
        questions = [
            self._question(question, f"{place}/{question['key']}") for question in block["questions"]
        ]
        return {
            "key": block["key"],
            "title": block["title"],
            "pass_mark": block["pass_mark"],
            "questions": self._items(questions, place),
        }

    def _question(self, question: Block, place: str) -> Block:
        answer = question["answer"]
        options = question.get("options", [])
        if question["kind"] == "boolean":
            answer = [str(answer[0]).lower()]
            words = TRUE_FALSE[self.language]
            options = [{"key": key, "text": text} for key, text in zip(("true", "false"), words, strict=True)]
        is_order = question["kind"] == "order"
        stored = [
            {
                "key": str(option["key"]),
                "text": option["text"],
                "is_right": not is_order and option["key"] in answer,
                "place": answer.index(option["key"]) + 1 if is_order else None,
            }
            for option in options
        ]
        return {
            "key": question["key"],
            "kind": question["kind"],
            "prompt": question["prompt"],
            "options": self._items(stored, place),
            "explanation": question["explanation"],
        }

    def _task(self, block: Block, place: str) -> Block:
        rubric = [
            {
                "key": line["key"],
                "title": line["title"],
                "weight": line["weight"],
                "descriptors": self._items(line["descriptors"], f"{place}/{line['key']}"),
                "red_line": line.get("red_line_text", "") if line.get("red_line") else "",
            }
            for line in block["rubric"]
        ]
        return {
            "key": block["key"],
            "title": block["title"],
            "instructions": block["html"],
            "accepts": block["accepts"],
            "min_files": block["min_files"],
            "max_files": block["max_files"],
            "is_graded": bool(block.get("graded")),
            "rubric": self._items(rubric, place),
        }

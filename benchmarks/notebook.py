"""What was measured, on disk after each part, so that a run that was ended goes on where it was."""

import json
from collections.abc import Callable
from pathlib import Path

from meter import Cost

Costs = dict[str, Cost]


class Notebook:
    """Costs by part and name. With `resume`, parts that the file has already are not measured again."""

    def __init__(self, path: Path, *, resume: bool, setting: dict[str, object]) -> None:
        self.path = path
        self.record: dict[str, object] = {"setting": setting, "parts": {}}
        if resume and path.exists():
            found = json.loads(path.read_text("utf-8"))
            if found["setting"] != setting:
                raise SystemExit(f"{path} was measured with other options: {found['setting']}")
            self.record = found

    def part(self, name: str, measure: Callable[[], Costs]) -> Costs:
        """The costs of a part, measured now or before."""
        parts = self.record["parts"]
        assert isinstance(parts, dict)  # noqa: S101
        if name not in parts:
            parts[name] = {each: cost.plain() for each, cost in measure().items()}
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps(self.record, indent=2, ensure_ascii=False) + "\n", "utf-8")
            fresh.replace(self.path)
        return {each: Cost(**plain) for each, plain in parts[name].items()}

"""Templates run under limits of time and memory in the process itself, and print nothing but text and numbers."""

import re
import resource
import threading
import time
from pathlib import Path

import pytest
from projects import ProjectCopy
from variant_samples import sample, write_set

from brief.model.appearance.look import RenderLimits
from brief.model.diagnostics import ContentError, Diagnostic
from brief.templating import limits
from brief.writers.html import write as write_html

PARAGRAPH = "block/paragraph.html.j2"
SHOWN = f"templates/mine/{PARAGRAPH}"

LARGE = [
    '{{ "a"|center(10**9) }}',
    '{% set x = "a" * 10**9 %}{{ x|length }}',
    '{{ "a" * 10**9 }}',
    "{{ ([1] * 10**9)|length }}",
    "{{ 10 ** (10 ** 9) }}",
    "{{ 9 ** (9 ** 9) }}",
    '{{ "%1000000000d" % 1 }}',
    '{{ "%*d" % (1000000000, 1) }}',
    '{{ "%1000000000d"|format(1) }}',
    '{{ "%0*d"|format(10**9, 1) }}',
    '{{ (["a"] * 10**9)|join }}',
    '{{ "a".translate({97: "b" * 10**8}) }}',
    '{{ ("a" * 9999)|list|join("b" * 99999) }}',
    '{{ ("<" * 9999999)|e|e|e|length }}',
    '{{ "%.1000000000f"|format(1) }}',
    '{{ [1]|batch(10**9, "x")|list|length }}',
    "{{ [1]|slice(10**9)|list|length }}",
    '{{ ["a"]|map("center", 10**9)|first }}',
    '{% set s = namespace(x="ab") %}{% for n in range(40) %}{% set s.x = s.x ~ s.x %}{% endfor %}{{ s.x }}',
    '{% set s = namespace(x="ab") %}{% for n in range(40) %}{% set s.x = s.x + s.x %}{% endfor %}{{ s.x }}',
    "{% set s = namespace(x=[1]) %}{% for n in range(40) %}{% set s.x = s.x + s.x %}{% endfor %}{{ s.x|length }}",
    "{% set s = namespace(x=9) %}{% for n in range(40) %}{% set s.x = s.x * s.x %}{% endfor %}{{ s.x }}",
    '{{ range(99999)|join("a" * 99999) }}',
    '{{ ("a" * 99999)|replace("a", "b" * 99999) }}',
    '{{ ("a " * 99999)|wordwrap(1, true, "b" * 99999) }}',
    '{% macro m() %}{{ "a" * 99999 }}{% endmacro %}{% for n in range(99999) %}{{ m() }}{% endfor %}',
    '{{ ("%s" * 99999) % (("a" * 99999,) * 99999) }}',
    '{{ ("%(a)s" * 99999) % {"a": "a" * 99999} }}',
    '{{ ("%9999d" * 99999) % ((1,) * 99999) }}',
    '{{ ("%s" * 9999)|format(*("a" * 99999,) * 9999) }}',
    '{{ ("%(a)s" * 99999)|format(a="a" * 99999) }}',
    '{{ gettext("%(a)s" * 99999, a="a" * 99999) }}',
    '{{ ngettext("%(a)s" * 99999, "b", 1, a="a" * 99999) }}',
    "{{ ([range(99999)|list] * 9999)|sum(start=[])|length }}",
    '{{ ["a"]|map("center", width=10**9)|first }}',
    '{{ "a"|center(width=10**9) }}',
    '{{ "a b"|truncate(10**9, true, "c" * 10**9) }}',
    '{{ "abc"|wordwrap(1, true, "b" * 10**9) }}',
    '{{ "abc"|replace("", "b" * 10**9) }}',
    "{{ (1.5)|round(10**9) }}",
    "{% set s = namespace(x=[1]) %}{% for n in range(60) %}{% set s.x = [s.x, s.x] %}{% endfor %}{{ s.x == [] }}",
    "{% set s = namespace(x=[1]) %}{% for n in range(60) %}{% set s.x = (s.x, s.x) %}{% endfor %}{{ {s.x: 1}|length }}",
    '{% set s = namespace(x=[1]) %}{% for n in range(60) %}{% set s.x = {"a": s.x, "b": s.x} %}{% endfor %}{{ s.x == 1 }}',
    "{% set s = namespace(x=[1]) %}{% for n in range(60) %}{% set s.x = dict(a=s.x, b=s.x) %}{% endfor %}{{ s.x == 1 }}",
    "{% set s = namespace(x=[1]) %}{% for n in range(60) %}{% set s.x = ([s.x] * 2)|batch(2)|list %}{% endfor %}{{ s.x == 1 }}",
    "{% set s = namespace(x=[1]) %}{% for n in range(60) %}{% set s.x = s.x|batch(3, s.x)|list %}{% endfor %}{{ s.x == 1 }}",
    "{% set s = namespace(x=[1]) %}{% for n in range(60) %}{% set s.x = s.x|slice(3, s.x)|list %}{% endfor %}{{ s.x == 1 }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1, varargs, varargs) }}{% else %}{{ varargs == () }}{% endif %}{% endmacro %}{{ m(60, 1) }}",
    "{% set s = namespace(x=[]) %}{% for n in range(99999) %}{% set s.x = s.x + [range(99999)|list] %}{% endfor %}{{ s.x|length }}",
]
ENDLESS = [
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% macro m(n) %}{% if n %}{% set x = m(n - 1) %}{% set y = m(n - 1) %}{% endif %}{% endmacro %}{{ m(60) }}",
]
UNPRINTABLE = [
    "{{ none }}",
    '<i title="{{ none }}"></i>',
    "{{ true }}",
    '{{ [none, 1]|join(",") }}',
    "{{ [1, 2]|join(none) }}",
    '{{ [block]|join(",") }}',
    '{{ [{"a": none}]|join(",", attribute="a") }}',
    '{{ "a" ~ none }}',
    '{{ "a" ~ block }}',
    '{{ "a" ~ block.text }}',
    '{{ "%s"|format(none) }}',
    '{{ "%(a)s"|format(a=block) }}',
    '{{ ("%" ~ "s") % block }}',
    '{{ "%s" % none }}',
    '{{ "%s %s" % ("a", none) }}',
    '{{ "%(text)s" % block }}',
    "{{ none|string }}",
    "{{ block|string|length }}",
    "{{ none|upper }}",
    "{{ none|e }}",
    "{{ block|e }}",
    "{{ none|trim }}",
    '{{ [none]|map("upper")|first }}',
    '{{ "a"|replace("a", none) }}',
    "{% trans x=none %}a {{ x }}{% endtrans %}",
    "{% trans x=block %}a {{ x }}{% endtrans %}",
    "{{ range }}",
    "{{ none|int }}",
    "{{ none|float }}",
    "{{ none|default(none) }}",
    "{% set x %}{{ none }}{% endset %}{{ x }}",
    "{% for a in [none] %}{{ a }}{% endfor %}",
    "{% macro m() %}{{ kwargs }}{% endmacro %}{{ m(a=1) }}",
    '{{ {"a": none}|dictsort|first|join }}',
    "{{ [block.text]|first }}",
    "{{ joiner() }}",
    '{{ block|list|join(",") }}',
    '{{ block|join(",") }}',
    '{{ [block]|map("join")|first }}',
    '{{ [block]|map("first")|first }}',
    "{% for key in block %}{{ key }}{% endfor %}",
    '{% for key in block if key != "kind" %}{{ key }}{% endfor %}',
    "{% for key in [[block]] recursive %}{{ loop(key) if key is not mapping else loop(block) }}{% endfor %}",
    "{% for key in block or [] %}{{ loop.index }}{{ key }}{% endfor %}",
    '{% set a, b = {"x": 1, "y": 2} %}{{ a }}',
    '{% set a, (b, c) = [1, {"x": 1, "y": 2}] %}{{ b }}',
    '{% with a, b = {"x": 1, "y": 2} %}{{ a }}{% endwith %}',
    '{% for a, b in [{"x": 1, "y": 2}] %}{{ a }}{% endfor %}',
    "{% macro m() %}{% for each in kwargs %}{{ each }}{% endfor %}{% endmacro %}{{ m(a=1) }}",
    "{{ cycler(*block).next() }}",
    "{{ block|items }}",
    "{{ block.keys() }}",
    "{% for pair in block|items %}{{ pair }}{% endfor %}",
    *(
        f"{{{{ block|{name}|join }}}}"
        for name in (
            *("first", "last", "list", "max", "min", "reverse", "sort", "unique", "select", "sum"),
            *('reject("none")', 'map("upper")', "batch(9)|first", "slice(1)|first", 'selectattr("x", "undefined")'),
            *('rejectattr("x", "defined")', 'groupby("x")'),
        )
    ),
]
UNDEFINED = ['{{ "a" ~ nowhere }}', "{{ [nowhere]|join }}", '{{ "%s" % nowhere }}', "{{ nowhere|upper }}"]
PRINTABLE = [
    ('{{ "a" ~ 1 ~ block.id }}', "a1"),
    ('{{ ["a", 1]|join(", ") }}', "a, 1"),
    ('{{ [{"a": 1}, {"a": 2}]|join("+", attribute="a") }}', "1+2"),
    ('{{ "%s %d" % ("a", 1) }}', "a 1"),
    ('{% for key, value in {"a": 1}|items %}{{ key }}{{ value }}{% endfor %}', "a1"),
    ('{% for key, value in {"a": 1}.items() %}{{ key }}{{ value }}{% endfor %}', "a1"),
    ('{% for key, (value, other) in {"a": (1, 2)}|dictsort %}{{ key }}{{ other }}{% endfor %}', "a2"),
    ('{% for key in {"a": 1}.keys() %}{{ key }}{% endfor %}', "a"),
    ('{% for value in {"a": 1}.values() if value %}{{ loop.length }}{{ value }}{% endfor %}', "11"),
    ('{% for each in {"items": [1, 2]}.items %}{{ each }}{% endfor %}', "12"),
    ("{% for each in (1, (2, 3)) recursive %}{{ each if each is number else loop(each) }}{% endfor %}", "123"),
    ("{% set a, (b, c) = [1, [2, 3]] %}{{ a }}{{ b }}{{ c }}", "123"),
    ('{{ "%(id)s!" % {"id": "x", "other": none} }}', "x!"),
    ('{{ "%s"|format("a") }}', "a"),
    ('{{ subtitle|default("none", true) }}', "none"),
    ('{{ "ab"|center(6) }}', "  ab  "),
    ('{{ "<"|e ~ "<" }}', "&lt;&lt;"),
    ("{% trans x=1 %}a {{ x }}{% endtrans %}", "a 1"),
    ("{{ 2 ** 10 + 3 * 4 }}", "1036"),
]


def write_failing(folder: Path, line: str, limits: str = "") -> Diagnostic:
    with pytest.raises(ContentError) as caught:
        write_html(
            sample(),
            write_set(folder, files={PARAGRAPH: f"<p>first</p>\n{line}\n", "set.yaml": f"extends: base\n{limits}"}),
        )
    (found,) = caught.value.diagnostics
    assert (found.location.file, found.location.line) == (SHOWN, 2)
    return found


@pytest.mark.parametrize("line", LARGE)
def test_what_is_too_large_is_refused_before_it_is_made(tmp_path: Path, line: str) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert write_failing(tmp_path, line).code == "template-failed"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes
    assert time.process_time() - began < 5


@pytest.mark.parametrize("line", ENDLESS)
def test_a_template_without_end_is_stopped_at_the_limit_of_its_set(tmp_path: Path, line: str) -> None:
    began = time.process_time()
    found = write_failing(tmp_path, line, "limits: {seconds: 0.5}\n")
    assert (found.code, found.message) == ("template-failed", "the template takes longer than 0.5 seconds")
    assert time.process_time() - began < 5


def test_a_template_is_stopped_in_any_thread(tmp_path: Path) -> None:
    found: list[Diagnostic] = []
    act = lambda: found.append(write_failing(tmp_path, ENDLESS[0], "limits: {seconds: 0.3}\n"))  # noqa: E731
    thread = threading.Thread(target=act)
    thread.start()
    thread.join(30)
    assert [each.code for each in found] == ["template-failed"]


def test_a_stopped_render_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends renders about the moment their time is up: no error arrives after the body."""
    monkeypatch.setattr(limits, "_CHECK_INTERVAL", 0.001)
    for _ in range(200):
        began = time.thread_time()
        try:
            with limits.limit_render(RenderLimits(seconds=0.01)):
                while time.thread_time() - began < 0.0105:
                    pass
        except limits.TemplateLimitError:
            pass
        for _ in range(100):
            pass
    assert not [thread for thread in threading.enumerate() if thread.name == "template-limit" and _lives(thread)]


def test_the_time_in_which_the_watch_starts_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine it may be long, and an error in it would be followed by others after the render."""

    class SlowThread(threading.Thread):
        def start(self) -> None:
            super().start()
            began = time.thread_time()
            while time.thread_time() - began < 0.05:
                pass

    monkeypatch.setattr(limits, "_CHECK_INTERVAL", 0.001)
    monkeypatch.setattr(threading, "Thread", SlowThread)
    with limits.limit_render(RenderLimits(seconds=0.02)):
        pass
    assert not [thread for thread in threading.enumerate() if thread.name == "template-limit" and _lives(thread)]


def _lives(thread: threading.Thread) -> bool:
    thread.join(5)
    return thread.is_alive()


def test_templates_that_include_each_other_name_the_chain(tmp_path: Path) -> None:
    files = {PARAGRAPH: '{% include "one.html.j2" %}', "one.html.j2": '\n{% include "two.html.j2" %}'}
    files["two.html.j2"] = '{% include "one.html.j2" %}'
    began = time.process_time()
    with pytest.raises(ContentError) as caught:
        write_html(sample(), write_set(tmp_path, files=files))
    (found,) = caught.value.diagnostics
    assert time.process_time() - began < 5
    chains = ("one.html.j2 -> two.html.j2 -> one.html.j2", "two.html.j2 -> one.html.j2 -> two.html.j2")
    assert found.message in [f"templates are nested more than 50 levels deep: {chain}" for chain in chains]
    assert found.location.file in ("templates/mine/one.html.j2", "templates/mine/two.html.j2")


# Lists that no operator or filter makes, and that nothing but the memory of the process tells of.
SWELLING = {
    "lists": "{% set s = namespace(x=[]) %}{% for n in range(99999) %}{% set s.x = [s.x, range(9000)|list] %}{% endfor %}",
    "texts": "{% macro m(x) %}{{ m({'text': x.text ~ x.text}) }}{% endmacro %}{{ m({'text': 'ab' * 9999}) }}",
    "what no operator makes": "{% set s = namespace(x=0) %}{% for n in range(99999) %}"
    f"{{% set s.x = namespace(before=s.x, numbers=[{'n, ' * 300}]) %}}{{% endfor %}}",
}


@pytest.mark.parametrize("line", SWELLING.values(), ids=SWELLING)
def test_a_template_that_swells_is_stopped_at_the_limit_of_its_set(tmp_path: Path, line: str) -> None:
    found = write_failing(tmp_path, line, "limits: {megabytes: 20}\n")
    assert found.code == "template-failed"
    assert re.search(r"takes more than 20 megabytes|creates a value", found.message), found.message


@pytest.mark.parametrize(
    "command", [("check",), ("build", "-a", "public", "-l", "en", "-f", "html")], ids=["check", "build"]
)
def test_commands_render_under_the_limits_of_the_set(project: ProjectCopy, command: tuple[str, ...]) -> None:
    project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
    project.write("templates/mine/set.yaml", "extends: base\nlimits: {seconds: 0.4}\n")
    project.write("templates/mine/block/metrics.html.j2", f"<p>\n{ENDLESS[0]}</p>")
    ran = project.run(*command)
    assert ran.status == 1
    assert (
        "block/metrics.html.j2:2:0: error[template-failed]: the template takes longer than 0.4 seconds"
        in ran.stdout + ran.stderr
    )


def test_a_check_spends_the_limit_once(project: ProjectCopy) -> None:
    project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
    project.write("templates/mine/set.yaml", "extends: base\nlimits: {seconds: 2}\n")
    project.write("templates/mine/block/metrics.html.j2", ENDLESS[0])
    before = time.process_time()
    _, found = project.check()
    assert [each.code for each in found] == ["template-failed"]
    assert time.process_time() - before < 6


@pytest.mark.parametrize("said", ["seconds: 0", "seconds: -1", "seconds: 10.5", "megabytes: 501"])
def test_a_set_can_only_lower_the_limits(tmp_path: Path, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        write_set(tmp_path, files={"set.yaml": f"extends: base\nlimits: {{{said}}}\n"})
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.line) == ("template-limit", 2)
    assert "a set can only lower the limits" in (found.hint or "")


def test_limits_go_on_to_the_sets_that_extend_one(tmp_path: Path) -> None:
    write_set(tmp_path, "strict", {"set.yaml": "extends: base\nlimits: {seconds: 2, megabytes: 100}\n"})
    own = write_set(tmp_path, "own", {"set.yaml": "extends: strict\nlimits: {seconds: 3.5}\n"})
    assert own.look.limits == RenderLimits(3.5, 100)


NESTED = {
    "parentheses": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "sum": "{{ 1" + " + 1" * 20_000 + " }}",
    "conditions": "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
}


@pytest.mark.parametrize("source", NESTED.values(), ids=NESTED)
def test_a_template_nested_too_deeply_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(ContentError) as caught:
        write_html(sample(), write_set(tmp_path, files={PARAGRAPH: source}))
    assert {found.code for found in caught.value.diagnostics} <= {"template-failed", "template-syntax"}
    assert {found.location.file for found in caught.value.diagnostics} == {SHOWN}


@pytest.mark.parametrize("line", UNPRINTABLE)
def test_nothing_but_text_and_numbers_is_printed(tmp_path: Path, line: str) -> None:
    found = write_failing(tmp_path, line)
    assert found.code == "template-failed"
    assert "would print" in found.message


@pytest.mark.parametrize("line", UNDEFINED)
def test_an_undefined_name_is_not_printed(tmp_path: Path, line: str) -> None:
    assert write_failing(tmp_path, line).code == "template-undefined"


@pytest.mark.parametrize(("line", "printed"), PRINTABLE)
def test_text_and_numbers_are_printed(tmp_path: Path, line: str, printed: str) -> None:
    page = write_html(sample(), write_set(tmp_path, files={PARAGRAPH: f"<p>[{line}"})).data.decode()
    assert f"[{printed}" in page

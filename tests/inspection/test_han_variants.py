"""Withheld text is found in the other Chinese script and with the characters of Japan, and visible text is not taken for it."""

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.inspection.han_variants import fold_variants
from brief.inspection.leaks import Inspector

# What each locale withholds, and how the others write it.
WRITTEN = {
    "Simplified in Traditional": "董事會將於今年冬天關閉三個車間並裁減員工",
    "Simplified in that of Hong Kong": "董事會將於今年冬天關閉三個車間并裁減員工",
    "Simplified with some Traditional": "董事会將于今年冬天關閉三個车间並裁减員工",
    "Traditional in Simplified": "供应商的发票显示产品质量争议尚未解决",
    "Traditional in characters of Japan": "供応商的発票顕示産品質量争議尚未解決",
    "a name": "前任秘书长龙泽宽先生",
    "a unit": "3737噸",
}


@pytest.fixture(scope="module")
def inspector(tmp_path_factory: pytest.TempPathFactory) -> Inspector:
    project = ProjectCopy(tmp_path_factory.mktemp("variants") / "project")
    claims = (
        "claims:\n  - id: workshops\n    clearance: internal\n"
        "    says: {en: A., zh-Hans: 董事会将于今年冬天关闭三个车间并裁减员工。, zh-Hant: 供應商的發票顯示產品質量爭議尚未解決。}\n"
        "  - id: name\n    clearance: internal\n    says: {en: B., zh-Hans: 甲。, zh-Hant: 龍澤寬先生}\n"
        "  - id: load\n    clearance: internal\n    says: {en: C., zh-Hans: 乙。, zh-Hant: 乙。}\n"
        "    quantity: {value: 3737, unit: t}\n"
    )
    project.replace(SEED, "claims:\n", claims)
    text = project.read(THEME)
    visible = "zh-Hans: 公开的消息说设备已经运到港口, zh-Hant: 公開的消息說設備已經運到港口"
    project.write(
        THEME, text + f"  - kind: callout\n    id: open\n    tone: note\n    text: {{en: Open., {visible}}}\n"
    )
    project.replace(
        SEED,
        "claims:\n",
        "claims:\n  - id: equipment\n    clearance: internal\n"
        "    says: {en: D., zh-Hans: 公开的消息说设备已经运到港口, zh-Hant: 丁。}\n",
    )
    loaded = Project.load(project.root)
    return Inspector(loaded.brief, loaded.get_template_set)


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_the_other_script(inspector: Inspector, written: str) -> None:
    for page in (f"<p>据悉，{written}。</p>", f'<p><img alt="{written}"></p>'):
        (found,) = inspector.inspect_bytes("public", "a.html", page.encode())
        assert (found.code, found.location.file) == ("withheld-text", SEED)


@pytest.mark.parametrize("written", ["公開的消息說設備已經運到港口", "公開的消息説設備已経運到港口"])
def test_a_visible_text_in_the_other_script_is_no_leak(inspector: Inspector, written: str) -> None:
    assert inspector.inspect_bytes("council", "a.html", f"<p>{written}</p>".encode()) == ()


def test_folding_keeps_the_length_and_is_final() -> None:
    text = "".join(map(chr, range(0x2E80, 0xA000)))
    folded = fold_variants(text)
    assert len(folded) == len(text)
    assert fold_variants(folded) == folded
    assert len({fold_variants(each) for each in "發发髮発"}) == 1


@pytest.mark.parametrize(
    ("locale", "written"),
    [("zh-Hans", "的支出，是否应同时用于缩短候车时间"), ("zh-Hant", "的支出，是否應同時用於縮短候車時間")],
)
def test_a_text_withheld_in_both_scripts_is_reported_once(starter: Project, locale: str, written: str) -> None:
    inspector = Inspector(starter.brief, starter.get_template_set)
    (found,) = inspector.inspect_bytes("public", "a.html", f"<p>{written}</p>".encode())
    lines = (starter.root / found.location.file).read_text("utf-8").splitlines()
    assert lines[found.location.line - 1].lstrip().startswith(f"{locale}: ")

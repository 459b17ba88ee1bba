"""What every page must be: nothing that axe finds, targets for a finger, nothing to scroll sideways.

Each rule of axe runs on each page once for everything that its result depends on. The dark scheme changes colours and
nothing else, so only the rule about colours is asked again; another language changes words and with them widths, no
colours and no sizes but those. Schemes and widths are changed on the page as it stands: it is loaded once a language.
"""
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}  # WCAG 1.4.10: 1280 px at 400 % zoom
TEXT_TWICE = {"width": 640, "height": 800}  # with a root font twice its size (WCAG 1.4.4)
TARGET_PX = 44
# Axe's own rules, good practice among them, and the sizes of WCAG 2.2, which it leaves out by default. Asked for
# together with the others, the rule about colours takes longer than alone.
_COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
_OTHERS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True},
                                                    "color-contrast": {"enabled": False}}}
_WORDS = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}

_CONTROLS = ".button, .wall-controls > *, summary, select, textarea, input:not([type=hidden]), a[href]"
# A link within the words of a sentence may be as high as its line (WCAG 2.5.8); one that has its line to itself, or
# follows where a sentence has ended, may not.
_SMALL_TARGETS = """([controls, least]) => {
  const isInline = (node) => getComputedStyle(node).display === 'inline';
  const isEnd = (node) => node.nodeType === 1 && (node.tagName === 'BR' || !isInline(node));
  function continues(node, way, words) {
    for (let next = node[way]; next; next = next[way]) {
      if (isEnd(next)) return false;
      if (next.nodeType === 3 && /\\p{L}/u.test(next.data)) return words.test(next.data);
    }
    const up = node.parentElement;
    return isInline(up) && continues(up, way, words);
  }
  const isInSentence = (target) => target.tagName === 'A' && isInline(target)
    && (continues(target, 'previousSibling', /[^.:?!]\\s*$/) || continues(target, 'nextSibling', /./));
  return [...document.querySelectorAll(controls)]
    .map((control) => control.closest('label') || control)
    .filter((target) => target.checkVisibility({ contentVisibilityAuto: true }) && !target.matches('.skip-link')
      && !isInSentence(target))
    .map((target) => [target.getBoundingClientRect(), target])
    .filter(([box]) => box.width > 0 && (box.width < least - 0.5 || box.height < least - 0.5))
    .map(([box, target]) => `${target.outerHTML.slice(0, 90)} ${Math.round(box.width)} x ${Math.round(box.height)}`);
}"""
_RUN = "async (options) => { const found = await axe.run(options); return [found.passes.length, found.violations]; }"
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def check(page: Page, where: str) -> None:
    """The page as it stands, in both colour schemes, then narrow, then with text twice its size."""
    _assert_no_complaint(page, _OTHERS, where)
    check_colours(page, where)
    _check_layout(page, where)


def check_colours(page: Page, where: str) -> None:
    """The page as it stands, in both colour schemes."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        _assert_no_complaint(page, _COLOURS, f"{where}, {scheme}")


def check_words(page: Page, where: str) -> None:
    """The page in another language than the one that was looked at with `check`."""
    _assert_no_complaint(page, _WORDS, where)
    _check_layout(page, where)


def _assert_no_complaint(page: Page, options: dict[str, object], where: str) -> None:
    """That no rule is broken; else its name, the first element, what to do."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    n_passed, violations = page.evaluate(_RUN, options)
    assert n_passed, "axe looked at nothing"
    complaints = [(rule["id"], rule["nodes"][0]["html"], rule["nodes"][0]["failureSummary"]) for rule in violations]
    assert not complaints, f"{where}: {complaints}"


def _check_layout(page: Page, where: str) -> None:
    before = page.viewport_size
    assert not (small := small_targets(page)), f"{where}: {small}"
    page.set_viewport_size(NARROW)
    assert page.evaluate(_SIDEWAYS) <= 0, f"{where} scrolls sideways at 320 px"
    assert not (small := small_targets(page)), f"{where} at 320 px: {small}"
    page.set_viewport_size(TEXT_TWICE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(_SIDEWAYS) <= 0, f"{where} scrolls sideways with text twice its size"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(before)


def small_targets(page: Page) -> list[str]:
    """Whatever can be tapped, stands by itself and is smaller than a finger."""
    return page.evaluate(_SMALL_TARGETS, [_CONTROLS, TARGET_PX])

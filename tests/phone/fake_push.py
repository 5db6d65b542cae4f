"""A browser's push service, for Chromium without one: it gives addresses, and forgets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOST: Final = "https://push.example"

_SCRIPT: Final = """
  const address = () => localStorage.getItem("address");
  const made = (endpoint) => endpoint && {
    endpoint, options: { userVisibleOnly: true, applicationServerKey: new Uint8Array(65) },
    toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: async () => { localStorage.removeItem("address"); return true; },
  };
  PushManager.prototype.getSubscription = async () => made(address());
  PushManager.prototype.subscribe = async () => {
    const count = Number(localStorage.getItem("count") ?? 0) + 1;
    if (!address()) {
      localStorage.setItem("count", count);
      localStorage.setItem("address", `HOST/${count}`);
    }
    return made(address());
  };
""".replace("HOST", HOST)


class FakePush:
    """The push service of one browser, which lets notices be shown."""

    def __init__(self, page: Page) -> None:
        self._page = page
        script = f"if (window.PushManager) {{ {_SCRIPT} }}"
        page.evaluate(f"() => {{ {script} }}")
        page.add_init_script(script)
        page.context.grant_permissions(["notifications"])

    def give(self) -> None:
        """The browser has its first address."""
        self._page.evaluate(
            """address => {
              localStorage.setItem("address", address);
              localStorage.setItem("count", 1);
            }""",
            f"{HOST}/1",
        )

    def lose(self) -> None:
        """The browser has none any more."""
        self._page.evaluate("localStorage.removeItem('address')")

    @property
    def address(self) -> str | None:
        """Where the browser is reached."""
        found: str | None = self._page.evaluate("localStorage.getItem('address')")
        return found


def told(endpoint: str, *, on_lock_screen: bool = False) -> tuple[str, str, dict[str, Any]]:
    """The request by which a home hears of this address."""
    body = {
        "endpoint": f"{HOST}/{endpoint}",
        "code_on_lock_screen": on_lock_screen,
        "keys": {"p256dh": "p", "auth": "a"},
    }
    return ("PUT", "/me/push", body)

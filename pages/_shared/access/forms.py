"""The forms before the pages: sign in, change the first password. Plain HTML without a script; everything escaped."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs, urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pages._shared import clock
from pages._shared.access import gate, headers, mode, trail, who
from pages._shared.text import Lang, t
from pages._shared.theme import palette
from warehouse import accounts
from warehouse.accounts import WRONG, Refused
from warehouse.problems import Problems

MOST_BYTES = 4096
_TOO_MUCH = PlainTextResponse("the form holds too much", 413)


def routes() -> list[Route]:
    """Where the forms stand, under the server's own path."""
    at = gate.base()
    return [
        Route(at + gate.SIGN_IN, _sign_in_form, methods=["GET"]),
        Route(at + "/auth/sign-in", _sign_in, methods=["POST"]),
        Route(at + gate.PASSWORD, _password_form, methods=["GET"]),
        Route(at + gate.PASSWORD, _password, methods=["POST"]),
    ]


def safe_next(wished: str) -> str:
    """A path of this server to go on to; anything else leads to the root."""
    parts = urlsplit(wished)
    is_path = wished.startswith("/") and not wished.startswith(("//", "/\\")) and "\\" not in wished
    return wished if is_path and not parts.netloc and wished.isprintable() and len(wished) < 2000 else "/"


async def _sign_in_form(request: Request) -> Response:
    lang, how = _lang(request), mode.how()
    if how == "none" or (await to_thread.run_sync(who.of_cookies, dict(request.cookies))) is not None:
        return RedirectResponse(gate.base() + "/", 303)
    wished = safe_next(request.query_params.get("next", "/"))
    if how == "oidc":
        return _page(lang, t("signin.title", lang), await to_thread.run_sync(_provider, request, lang))
    return _local(lang, wished)


def _provider(request: Request, lang: Lang) -> str:
    """What st.login does, as a link; and a sentence for who is known there and has no role here."""
    from streamlit.user_info import generate_login_redirect_url

    told = who.claims(dict(request.cookies))
    fault = ""
    if told is not None:
        key = "signin.no_role" if who.is_valid(told) and who.person(told) is None else "signin.over"
        fault = _fault(t(key, lang))
        if key == "signin.no_role":
            name = str(told.get(mode.settings().claims.name, "") or told.get("sub", ""))
            gate.note_refusal(request, "a person without a role here", name, "sign_in_failed")
    link = generate_login_redirect_url(mode.settings().provider)
    return f'{fault}<a class="go" href="{escape(link)}">{escape(t("signin.provider", lang))}</a>'


def _local(lang: Lang, wished: str, fault: str = "", status: int = 200) -> Response:
    body = (
        f'{_fault(fault)}<form method="post" action="{escape(gate.base())}/auth/sign-in">'
        f'<input type="hidden" name="next" value="{escape(wished)}">'
        + _field("name", t("signin.name", lang), "text", "username")
        + _field("password", t("signin.password", lang), "password", "current-password")
        + f"<button>{escape(t('signin.go', lang))}</button></form><p>{escape(t('signin.forgotten', lang))}</p>"
    )
    return _page(lang, t("signin.title", lang), body, status)


async def _sign_in(request: Request) -> Response:
    lang, form = _lang(request), await _form(request)
    if form is None:
        return _TOO_MUCH
    if mode.how() != "local":
        return PlainTextResponse("nobody signs in with a password here", 404)
    if not is_own(request):
        await to_thread.run_sync(gate.note_refusal, request, "a form of another site")
        return PlainTextResponse("this form came from another site", 403)
    name, wished = form.get("name", "")[:200], safe_next(form.get("next", "/"))
    try:
        token, session = await to_thread.run_sync(
            accounts.sign_in, mode.store(), name, form.get("password", ""), clock.utc(), mode.settings()
        )
    except Refused as error:
        # Of wrong passwords an account has a few, until it is locked.
        is_rare = error.why == WRONG
        await to_thread.run_sync(gate.note_refusal, request, error.why, _shown(name), "sign_in_failed", "", is_rare)
        return _local(lang, wished, t("signin.refused", lang), 401)
    await to_thread.run_sync(who.noted, "sign_in", session.person, "local")
    answer = RedirectResponse(gate.base() + (gate.PASSWORD if session.must_change else wished), 303)
    _keep(request, answer, token)
    return answer


async def _password_form(request: Request) -> Response:
    return _change(_lang(request))


def _change(lang: Lang, fault: str = "", status: int = 200) -> Response:
    body = (
        f"<p>{escape(t('signin.first', lang, least=accounts.LEAST))}</p>{_fault(fault)}"
        f'<form method="post" action="{escape(gate.base() + gate.PASSWORD)}">'
        + _field("old", t("signin.old", lang), "password", "current-password")
        + _field("new", t("signin.new", lang), "password", "new-password")
        + _field("again", t("signin.again", lang), "password", "new-password")
        + f"<button>{escape(t('signin.change', lang))}</button></form>"
    )
    return _page(lang, t("signin.change", lang), body, status)


async def _password(request: Request) -> Response:
    lang, form = _lang(request), await _form(request)
    if form is None:
        return _TOO_MUCH
    session = await to_thread.run_sync(who.of_cookies, dict(request.cookies))
    if session is None or session.how != "local" or not is_own(request):
        return PlainTextResponse("sign in first", 401)
    if form.get("new") != form.get("again"):
        return _change(lang, t("signin.differs", lang), 400)
    name, now, settings = session.person.name, clock.utc(), mode.settings()
    new = form.get("new", "")
    try:
        await to_thread.run_sync(accounts.change_password, mode.store(), name, form.get("old", ""), new, now, settings)
        token, found = await to_thread.run_sync(accounts.sign_in, mode.store(), name, new, now, settings)
    except Refused as error:
        await to_thread.run_sync(gate.note_refusal, request, error.why, name, "sign_in_failed")
        return _change(lang, t("signin.refused", lang), 401)
    except Problems:
        return _change(lang, t("signin.poor", lang, least=accounts.LEAST), 400)
    who.forget()
    await to_thread.run_sync(who.noted, "password", found.person, "changed")
    answer = RedirectResponse(gate.base() + "/", 303)
    _keep(request, answer, token)
    return answer


def is_own(request: Request) -> bool:
    """Whether a form was sent from a page of this server."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin == "null":  # of a frame that hides where it is from
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _keep(request: Request, answer: Response, token: str) -> None:
    secure = gate.is_https(request)
    answer.set_cookie(who.COOKIE, token, path=gate.base() or "/", httponly=True, samesite="strict", secure=secure)


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, each once; None when it is larger than any form of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), max_num_fields=10).items()}


def _shown(name: str) -> str:
    # People type their password into the wrong field: what is no name is not written down.
    if not name or len(name) > 40 or not all(c.isalnum() or c in "._-@" for c in name):
        return "unreadable"
    return trail.hidden([name])[0]


def _lang(request: Request) -> Lang:
    first = request.headers.get("accept-language", "zh").strip().lower()
    return "zh" if first.startswith("zh") else "en"


def _field(name: str, label: str, kind: str, complete: str) -> str:
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="{kind}" '
        f'autocomplete="{complete}" maxlength="200" required>'
    )


def _fault(text: str) -> str:
    return f'<p class="fault" role="alert">{escape(text)}</p>' if text else ""


def _page(lang: Lang, title: str, body: str, status: int = 200) -> Response:
    light, dark = palette("light"), palette("dark")
    style = "".join(
        (
            "body{font:15px/1.5 'Source Sans','Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif;margin:0;"
            f"background:{light.panel};color:{light.text}}}main{{max-width:22rem;margin:12vh auto 2rem;padding:2rem;"
            f"background:{light.background};border:1px solid {light.border};border-radius:6px}}h1{{font-size:1.4rem;"
            "margin:0 0 1rem}label{display:block;margin:.8rem 0 .2rem}input{box-sizing:border-box;width:100%;"
            "padding:.5rem;font:inherit;border:1px solid #767f8c;border-radius:6px}button,.go{display:block;"
            "box-sizing:border-box;width:100%;text-align:center;margin-top:1.2rem;padding:.6rem;font:inherit;"
            f"font-weight:600;border:0;border-radius:6px;background:{light.primary};color:#fff;text-decoration:none;"
            f"cursor:pointer}}.fault{{background:{light.red.tint};color:{light.red.text};padding:.5rem .7rem;"
            "border-radius:6px}p{margin:.8rem 0 0}@media(max-width:26rem){main{margin:1rem}}",
            f"@media(prefers-color-scheme:dark){{body{{background:{dark.background};color:{dark.text}}}main{{"
            f"background:{dark.panel};border-color:{dark.border}}}input{{background:{dark.background};"
            f"color:{dark.text}}}.fault{{background:{dark.red.tint};color:{dark.red.text}}}}}",
        )
    )
    name = escape(t("app.title", lang))
    html = (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · {name}</title><style>{style}</style></head><body><main>"
        f"<h1>{name}<br>{escape(title)}</h1>{body}</main></body></html>"
    )
    told = {"content-security-policy": headers.FORM, "cache-control": "no-store"}
    return HTMLResponse(html, status, told)

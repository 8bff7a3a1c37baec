"""`concord keys`: who may call the service. A secret is shown once, when it is made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.cli.running import FAILED, told

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke the keys that callers of the service send.")
_LEAST_USD = 0.000_001


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is, for the list.")],
    requests_per_minute: Annotated[int | None, typer.Option(min=1, help="Requests a minute, at most.")] = None,
    requests_per_day: Annotated[int | None, typer.Option(min=1, help="Requests a day, at most.")] = None,
    tokens_per_minute: Annotated[int | None, typer.Option(min=1, help="Tokens a minute, at most.")] = None,
    tokens_per_day: Annotated[int | None, typer.Option(min=1, help="Tokens a day, at most.")] = None,
    usd_per_minute: Annotated[
        float | None, typer.Option(min=_LEAST_USD, help="US dollars a minute, at most.")
    ] = None,
    usd_per_day: Annotated[float | None, typer.Option(min=_LEAST_USD, help="US dollars a day, at most.")] = None,
    concurrent_jobs: Annotated[int | None, typer.Option(min=1, help="Jobs that are not over, at most.")] = None,
) -> None:
    """Make a key and print what its owner sends, which is kept nowhere and can't be shown again.

    What is not given has no limit. Tokens are those of posted documents, dollars those of CONCORD_PRICES; minutes and
    days are UTC's.
    """
    from service.callers import Quota
    from service.core.errors import InvalidInput
    from service.node import open_keys
    from service.settings import load_settings
    from service.variables import hide_password

    quota = Quota(
        requests_per_minute,
        requests_per_day,
        tokens_per_minute,
        tokens_per_day,
        usd_per_minute,
        usd_per_day,
        concurrent_jobs,
    )
    with told():
        if not name.strip():
            raise InvalidInput("NAME is empty: it says whose key it is")
    with told():
        settings = load_settings()
    with told(), open_keys(settings) as keys:
        key, secret = keys.create(name, quota)
        try:
            typer.echo(secret)
        except OSError:
            keys.revoke(key.id)  # nobody has it, and nobody will
            raise
    where = hide_password(settings.jobs_url)
    typer.echo(f"concord: key {key.id} is made in {where}, and counts there within seconds", err=True)
    typer.echo("concord: keep what is printed: it is not shown again", err=True)


@app.command("list")
def list_keys() -> None:
    """List the keys: id, state, when made and last used (UTC), limits, name. Secrets are not there to be shown."""
    from service.node import open_keys
    from service.settings import load_settings
    from service.variables import hide_password

    with told():
        settings = load_settings()
    with told(), open_keys(settings) as opened:
        keys = opened.all()
        if not keys:
            where = hide_password(settings.jobs_url)
            typer.echo(f"concord: there is no key in {where}; `concord keys create NAME` makes one", err=True)
        for key in keys:
            state = "revoked" if key.revoked_at is not None else "active"
            limits = " ".join(f"{limit}={most:.15g}" for limit, most in key.quota.given().items()) or "no limits"
            times = f"made {_day(key.created_at)}  used {_day(key.last_used_at)}"
            typer.echo(f"{key.id}  {state:7}  {times}  {limits}  {key.name}")


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(metavar="ID", help="As `concord keys list` shows it.")]) -> None:
    """Have a key count no more, within seconds and for good. Its jobs go on, and are forgotten in their time."""
    from service.node import open_keys
    from service.settings import load_settings

    with told(), open_keys(load_settings()) as keys:
        known = keys.revoke(key_id)
    if not known:
        typer.echo(f"concord: there is no key {key_id}; `concord keys list` shows those there are", err=True)
        raise typer.Exit(FAILED)
    typer.echo(f"concord: key {key_id} is revoked", err=True)


def _day(at: float | None) -> str:
    return "never" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"

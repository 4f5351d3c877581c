"""The names of all commands on launches and on an installation's own data."""

import typer

from cli import (
    answers,
    escalations,
    inbox,
    insights,
    launches,
    ledgers,
    people,
    postmortems,
    replays,
    steps,
    whatif,
)
from cli.demo import command as demo


def add_commands(app: typer.Typer) -> None:
    """Give every command its name; launch acts stand at the top and under `launch`."""
    app.add_typer(launches.app, name="launch")
    app.command("inbox")(inbox.inbox)
    app.command("replay")(replays.replay)
    app.command("what-if")(whatif.what_if)
    for act in (
        steps.sign,
        escalations.escalate,
        launches.stop,
        launches.resume,
        launches.cancel,
        steps.acknowledge,
        steps.ask,
        steps.reply,
        steps.report,
        steps.accept,
        steps.confirm,
        steps.remind,
        steps.delegate,
    ):
        app.command(act.__name__)(act)
    app.command("accept-counter")(steps.accept_counter)
    for name, command in answers.commands().items():
        app.command(name)(command)
    app.command("finding-waive")(steps.finding_waive)
    app.add_typer(escalations.app, name="escalation")
    app.add_typer(postmortems.app, name="postmortem")
    app.add_typer(insights.app, name="insights")
    app.add_typer(people.organisation, name="org")
    app.add_typer(people.persons, name="person")
    app.add_typer(people.tokens, name="token")
    app.add_typer(ledgers.app, name="ledger")
    app.command("demo")(demo.demo)

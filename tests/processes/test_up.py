"""`countersign up` on PostgreSQL: it serves, it resumes, and `doctor` says so."""

import json
from pathlib import Path

import httpx2

from tests.faults import plans
from tests.faults.desk import Desk
from tests.faults.process import PATIENCE
from tests.faults.signing import API, Load, sign, start_of, step_of
from tests.faults.site import PLANNER, new_site
from tests.faults.supervised import Supervised
from tests.postgres import Server


async def test_up_serves_from_postgresql_and_resumes(tmp_path: Path, postgres: Server) -> None:
    supervised = Supervised(new_site(tmp_path, postgres.create()))
    try:
        await supervised.up()
        supervised.site = await supervised.site.with_people()
        async with httpx2.AsyncClient(timeout=PATIENCE) as http:
            desk = Desk(supervised.site, http)
            launch = dict((await desk.ask(start_of(plans.chain()))).document)
            signed = await desk.ask(sign(launch, step_of(launch, "product")))
            assert signed.status == 200
        assert await supervised.stop() == 0
        await supervised.up()
        findings = json.loads(await supervised.site.command("doctor", "--json"))
        states = {finding["check"]: finding["state"] for finding in findings}
        assert (states["database"], states["running"], states["temporal"]) == ("ok", "ok", "ok")
        async with httpx2.AsyncClient(timeout=PATIENCE) as http:
            desk = Desk(supervised.site, http)
            seen = await desk.see(PLANNER, f"{API}/launches/{launch['id']}")
            assert step_of(seen, "product")["state"] == "signed"
            await Load(desk).finish(launch["id"])
        await supervised.site.verify_ledger()
        assert await supervised.stop() == 0
        assert not supervised.site.settings.installation.database.exists()
    finally:
        supervised.abandon()

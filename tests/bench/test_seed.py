from bench.campaigns import CODE, ID, campaigns
from bench.seed import code_of, fill, id_of
from bench.site import organisation
from db import ledger, pages, read_model
from db.integrity import verify
from db.session import Database
from runtime.signing import generate_key

KEY = generate_key()


def test_campaigns_stand_at_every_stage() -> None:
    told = [campaign.standing for campaign in campaigns(organisation(), KEY)]
    assert {launch.phase for launch in told} == {"committing", "preparing", "closed"}
    assert {launch.outcome for launch in told} >= {"completed", "cancelled", None}
    assert any(launch.escalations for launch in told)


async def test_a_seeded_database_is_whole(database: Database) -> None:
    await fill(database, KEY, first=0, count=36)
    await fill(database, KEY, first=36, count=4)
    verified = await verify(database)
    assert (verified.launches, verified.problems) == (40, ())
    assert verified.signatures > 100


async def test_seeded_launches_have_ids_and_codes_of_their_own(database: Database) -> None:
    await fill(database, KEY, first=0, count=37)
    async with database.read() as session:
        known = await read_model.launches(session)
        page = await pages.launch_page(session, pages.LaunchFilter(q=code_of(36)), limit=100)
        (first, again) = [await ledger.fold_launch(session, id_of(number)) for number in (0, 36)]
    assert set(known) == {id_of(number) for number in range(37)}
    assert len(page.items) == 1
    assert ID not in page.items[0]
    assert CODE not in page.items[0]
    assert first is not None
    assert again is not None
    assert [step.state for step in first.steps] == [step.state for step in again.steps]
    assert first.steps[0].digest != again.steps[0].digest

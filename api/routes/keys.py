"""The public keys that signatures in the ledger are checked with."""

from fastapi import APIRouter

from api.deps import SIGNED_IN, OfficeDep
from api.documents import KeySet
from api.openapi import problems
from db import keys

router = APIRouter(tags=["keys"])


@router.get(
    "/keys",
    dependencies=SIGNED_IN,
    responses={200: {"model": KeySet}, **problems((401,))},
    response_model=None,
)
async def get_keys(office: OfficeDep) -> dict[str, object]:
    """A JWK set (RFC 7517), oldest key first."""
    async with office.database.read() as session:
        published = await keys.published(session)
    return {"keys": [dict(key.jwk) for key in published]}

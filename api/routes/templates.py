"""Template versions: those every installation begins with, and those that lessons made."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import SIGNED_IN, OfficeDep
from api.openapi import problems
from db import templates
from domain.plan import Template
from domain.plan_document import template_document
from domain.template import BUILT_IN, find_template

router = APIRouter(tags=["templates"])


class TemplatePublic(BaseModel):
    """A version; plans that name none of them start from the one that is `standard`. `lesson` is
    the launch in which it was agreed on, `since` when.
    """

    name: str
    key: str
    version: int
    standard: bool
    lesson: str | None
    since: datetime | None
    policy: dict[str, Any]
    steps: list[dict[str, Any]]


class TemplateList(BaseModel):
    """By key, oldest first."""

    items: list[TemplatePublic]


@router.get("/templates", dependencies=SIGNED_IN, responses=problems((401,)))
async def list_templates(office: OfficeDep) -> TemplateList:
    """All versions of all templates."""
    async with office.database.read() as session:
        made = await templates.rows(session)
    agreed = {templates.template_of(row): row for row in made}
    known = sorted((*BUILT_IN, *agreed), key=lambda t: (t.key, t.version))
    return TemplateList(
        items=[
            TemplatePublic(
                **template_document(template),
                standard=find_template(template.key, known) == template,
                lesson=_of(agreed, template, "launch"),
                since=_of(agreed, template, "since"),
            )
            for template in known
        ]
    )


def _of(agreed: dict[Template, templates.Columns], template: Template, name: str) -> Any:  # noqa: ANN401 - a column
    return agreed[template][name] if template in agreed else None

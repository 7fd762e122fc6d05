"""The OpenAPI 3.1 description of the API, generated from its endpoints and records."""

import dataclasses
import re
from decimal import Decimal
from importlib import metadata
from typing import Any

from brief.web.api.endpoints import ENDPOINTS, Endpoint
from brief.web.api.models import Problem
from brief.web.api.problems import MEDIA_TYPE, PROBLEM_STATUSES
from brief.writers.json.record_schema import RecordSchema

# Problems with which any request may be refused.
_COMMON_PROBLEMS = (
    "bad-request", "no-token", "another-site", "no-length", "body-too-large", "path-too-long", "too-many-requests",
    "headers-too-large", "failed", "http-version",
)  # fmt: skip
_PARAMETER = re.compile(r"\{(\w+)\}")
_DESCRIPTION = """Lets programs request packs. What the caller may not see is treated as if it did not exist. The token is the one
that `brief token add` printed; a service that only its own machine can reach needs none."""


class _ApiSchema(RecordSchema):
    def describe(self, hint: Any) -> dict[str, Any]:
        return {"type": "number"} if hint is Decimal else super().describe(hint)

    def is_required(self, field: "dataclasses.Field[Any]") -> bool:
        return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def build_openapi(root: str = "") -> dict[str, Any]:
    """Builds the description of the API as mounted under the path `root`."""
    records = _ApiSchema(prefix="#/components/schemas/")
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _describe(endpoint, records)
    return {
        "openapi": "3.1.0",
        "info": {"title": "brief", "version": _find_version(), "description": _DESCRIPTION.replace("\n", " ")},
        "servers": [{"url": root or "/"}],
        "security": [{"token": []}, {}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(records.definitions.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _describe(endpoint: Endpoint, records: RecordSchema) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PARAMETER.findall(endpoint.path)
        ],
    }
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": _describe_content(endpoint.body, records)}
    responses: dict[str, Any] = {}
    for status, content in endpoint.responses.items():
        responses[str(status)] = {"description": _STATUS_DESCRIPTIONS[status]}
        if content is not None:
            responses[str(status)]["content"] = _describe_content(content, records)
        if endpoint.headers:
            responses[str(status)]["headers"] = {name: {"schema": {"type": "string"}} for name in endpoint.headers}
        if endpoint.links:
            responses[str(status)]["links"] = {
                name: {"operationId": name, "parameters": {"id": "$response.body#/id"}} for name in endpoint.links
            }
    by_status: dict[int, list[str]] = {}
    for problem in (*endpoint.problems, *_COMMON_PROBLEMS):
        by_status.setdefault(PROBLEM_STATUSES[problem], []).append(problem)
    for status, problems in sorted(by_status.items()):
        responses[str(status)] = {
            "description": "Refused: " + ", ".join(f"`urn:brief:problem:{problem}`" for problem in problems),
            "content": {MEDIA_TYPE: {"schema": records.describe(Problem)}},
        }
    return {**operation, "responses": responses}


_STATUS_DESCRIPTIONS = {
    200: "The requested content.",
    202: "The request is accepted and survives a restart.",
    204: "Done.",
    206: "The requested range.",
    304: "The client already has the current version.",
}


def _describe_content(content: type | tuple[str, ...], records: RecordSchema) -> dict[str, Any]:
    if isinstance(content, tuple):
        return {media_type: {} for media_type in content}
    return {"application/json": {"schema": records.describe(content)}}


def _find_version() -> str:
    return metadata.version("brief-press")

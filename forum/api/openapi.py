"""The OpenAPI 3.1 document of the open data, written by hand and checked against real answers by a test."""
from typing import Any


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


_ISSUE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["code", "title", "phrases", "dimension", "rank", "score", "n_assessors", "n_people", "n_submissions",
                 "people_by_group", "quotes", "response"],
    "properties": {
        "code": {"type": "string", "description": "Name of the issue in every report, such as I-0007."},
        "title": {"type": "string"},
        "phrases": {"type": "array", "items": {"type": "string"}},
        "dimension": _nullable("string"),
        "rank": {**_nullable("integer"), "description": "1 is first; equal totals share a rank; null: not scored."},
        "score": {**_nullable("number"), "description": "Mean over assessors of the sum of the criteria."},
        "n_assessors": {"type": "integer", "minimum": 0},
        "n_people": {"type": "integer", "minimum": 0, "description": "Distinct people behind the issue."},
        "n_submissions": {"type": "integer", "minimum": 0},
        "people_by_group": {
            "type": "object", "additionalProperties": _nullable("integer"),
            "description": "Distinct people by stakeholder group. null: withheld, because the count is below three or "
                           "would give away one that is. Empty where no count can be shown."},
        "quotes": {"type": "array", "items": {"type": "string"}, "description": "Verbatim, personal data masked."},
        "response": {"anyOf": [{"type": "null"}, {
            "type": "object", "additionalProperties": False, "required": ["status", "text"],
            "properties": {"status": {"enum": ["accommodated", "partly", "not"]}, "text": {"type": "string"}}}]},
    },
}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Forum Smart City: open data", "version": "1",
             "description": "Read-only results of published consultations. No personal data.",
             "license": {"name": "MIT", "identifier": "MIT"}},
    "paths": {
        "/api/v1/consultations/{consultation_id}/issues": {
            "get": {
                "operationId": "issues",
                "summary": "Ranked issues of a published consultation",
                "parameters": [{"name": "consultation_id", "in": "path", "required": True,
                                "schema": {"type": "integer", "minimum": 0}}],
                "responses": {
                    "200": {"description": "The list, best rank first.",
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Issues"}}}},
                    "404": {"description": "No such consultation, or its results are not public."},
                },
            },
        },
    },
    "components": {"schemas": {
        "Issue": _ISSUE,
        "Issues": {
            "type": "object", "additionalProperties": False, "required": ["consultation", "issues"],
            "properties": {
                "consultation": {
                    "type": "object", "additionalProperties": False,
                    "required": ["id", "title", "controller", "is_sample", "published_at"],
                    "properties": {"id": {"type": "integer"}, "title": {"type": "string"},
                                   "controller": {"type": "string"}, "is_sample": {"type": "boolean"},
                                   "published_at": {"type": "string", "format": "date-time"}}},
                "issues": {"type": "array", "items": {"$ref": "#/components/schemas/Issue"}},
            },
        },
    }},
}

"""Finds what the help articles say about a question, and says how much of the question they cover.

The score is the share of the question that a passage answers for, 0 to 1: each content lexeme of the question (stemmed
by PostgreSQL, without stop words and the courtesies of NOISE) weighs ln(1 + N / df), N passages, df of them having it;
score = weight of the lexemes found in the passage, its heading or its title / weight of all. A lexeme no passage has
weighs UNKNOWN x ln(1 + N): it is something the articles do not speak of. So a floor means: this much of what was asked
is about what the passage is about. Ties go to ts_rank_cd.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from knowledge.models import OTHER_CONFIG, SEARCH_CONFIGS

READ_CHARS = 1_000
"""Of a longer question only the end is looked up: there people come to the point."""
UNKNOWN = 0.5

NOISE = (
    "hi hello hey hai good morning afternoon evening please pls thank thanks ok okay yes no sir madam help need want would "
    "like know tell can could question ask wonder wanted wanna gonna got get give let just really also hope dear team "
    "hallo bitte danke frage mochte hatte gerne brauche hilfe bonjour salut merci svp voudrais veux besoin aide hola "
    "gracias favor quiero quisiera necesito ayuda saber today now thing something anything im ive dont cant u ur"
).split()

_SEARCH = """
WITH pool AS MATERIALIZED (
  SELECT p.id, p.article_id, p.title, p.heading, p.text, p.search, a.slug
  FROM knowledge_passage p JOIN knowledge_article a ON a.id = p.article_id
  WHERE a.inbox_id = %(inbox)s AND a.status = 'published' AND p.language = %(language)s
), said AS (
  SELECT DISTINCT lexeme FROM unnest(to_tsvector(%(config)s::regconfig, %(text)s)) AS t(lexeme, positions, weights)
  WHERE lexeme !~ '^[0-9.,:-]+$'
    AND NOT lexeme = ANY(tsvector_to_array(to_tsvector(%(config)s::regconfig, %(noise)s)))
), counted AS (SELECT count(*)::float8 AS n FROM pool
), weighed AS (
  SELECT s.lexeme, CASE WHEN d.df = 0 THEN %(unknown)s * ln(1 + n) ELSE ln(1 + n / d.df) END AS weight
  FROM said s CROSS JOIN counted
  CROSS JOIN LATERAL (SELECT count(*) AS df FROM pool WHERE s.lexeme = ANY(tsvector_to_array(pool.search))) d
), asked AS (
  SELECT sum(weight) AS weight, string_agg(quote_literal(lexeme), ' | ')::tsquery AS query FROM weighed
)
SELECT p.id, p.article_id, p.title, p.slug, p.heading, p.text,
  (SELECT coalesce(sum(w.weight), 0) FROM weighed w WHERE w.lexeme = ANY(tsvector_to_array(p.search)))
    / asked.weight AS score,
  ts_rank_cd(p.search, asked.query, 1) AS rank
FROM pool p CROSS JOIN asked
WHERE asked.weight > 0 AND p.search @@ asked.query
ORDER BY score DESC, rank DESC, p.id
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Hit:
    passage_id: int
    article_id: int
    title: str
    slug: str
    heading: str
    text: str
    score: float
    """Support: see the module. 1 means every content word of the question."""
    rank: float


def search(inbox_id: int, text: str, language: str, limit: int = 5) -> list[Hit]:
    """The published passages of this inbox in `language` that speak of `text`, best first."""
    given = {
        "inbox": inbox_id,
        "language": language,
        "config": SEARCH_CONFIGS.get(language, OTHER_CONFIG),
        "text": text[-READ_CHARS:].replace("\x00", " "),
        "noise": " ".join(NOISE),
        "unknown": UNKNOWN,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH, given)
        return [Hit(*row) for row in cursor.fetchall()]

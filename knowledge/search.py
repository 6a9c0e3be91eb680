"""Finds what the help articles say about a question, and says how much of the question they cover.

The score is the share of the question that a passage answers for, 0 to 1: each content lexeme of the question (stemmed
by PostgreSQL, without stop words and the courtesies of NOISE) weighs ln(1 + N / df), N passages, df of them having it;
score = weight of the lexemes found / weight of all, where one found in the passage's text alone, not in its title or
heading, counts ASIDE: a word in passing is less than a subject. A lexeme no passage has weighs UNKNOWN x ln(1 + N): it
is something the articles do not speak of. So a floor means: this much of what was asked is about what the passage is
about. Ties go to the heading that is worded most like the question ("Where is my order?"), then to ts_rank_cd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.models import OTHER_CONFIG, SEARCH_CONFIGS
from supportdesk import planned

READ_CHARS = 1_000
"""Of a longer question only the end is looked up: there people come to the point."""
UNKNOWN = 0.7
ASIDE = 0.5

NOISE = """
hi hello hey hai good morning afternoon evening please pls thank thanks ok okay yes no sir madam help need want
would like know tell can could question ask wonder wanted wanna gonna got get give let just really also hope dear
team hallo bitte danke frage mochte hatte gerne brauche hilfe bonjour salut merci svp voudrais veux besoin aide hola
gracias favor quiero quisiera necesito ayuda saber today now yesterday tomorrow last next week month monday tuesday
wednesday thursday friday saturday sunday still yet already thing something anything name number im ive dont cant u ur
long much many far often soon fast wie lange viel oft combien longtemps cuanto cuanta tiempo
"""

_SEARCH = """
WITH asked AS (
  SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[],
    $5::text[]) AS q(n, inbox_id, language, config, text)
), noise AS MATERIALIZED (
  SELECT config, tsvector_to_array(to_tsvector(config::regconfig, $6::text)) AS lexemes
  FROM (SELECT DISTINCT config FROM asked) AS spoken
)
SELECT q.n, best.* FROM asked q JOIN noise USING (config) CROSS JOIN LATERAL (
  WITH said AS (
    SELECT DISTINCT lexeme FROM unnest(to_tsvector(q.config::regconfig, q.text)) AS t(lexeme, positions, weights)
    WHERE lexeme !~ '^[0-9.,:-]+$' AND NOT lexeme = ANY(noise.lexemes)
  ), query AS (
    SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS any_of FROM said
  ), counted AS (
    SELECT count(*)::float8 AS n FROM knowledge_passage p JOIN knowledge_article a ON a.id = p.article_id
    WHERE a.inbox_id = q.inbox_id AND a.status = 'published' AND p.language = q.language
  ), pool AS MATERIALIZED (
    SELECT p.id, p.article_id, p.title, p.heading, p.text, p.search, a.slug
    FROM knowledge_passage p JOIN knowledge_article a ON a.id = p.article_id
    WHERE a.inbox_id = q.inbox_id AND a.status = 'published' AND p.language = q.language
      AND p.search @@ (SELECT any_of FROM query)
  ), found AS (
    SELECT p.id, t.lexeme, CASE WHEN t.weights && '{A,B}'::text[] THEN 1.0 ELSE $8::float8 END AS credit
    FROM pool p CROSS JOIN LATERAL unnest(p.search) AS t(lexeme, positions, weights) JOIN said ON said.lexeme = t.lexeme
  ), spread AS (SELECT lexeme, count(*) AS df FROM found GROUP BY lexeme
  ), weighed AS (
    SELECT lexeme, CASE WHEN df IS NULL THEN $7::float8 * ln(1 + counted.n) ELSE ln(1 + counted.n / df) END AS weight
    FROM said LEFT JOIN spread USING (lexeme) CROSS JOIN counted
  ), scored AS (
    SELECT f.id, sum(f.credit * w.weight) / (SELECT sum(weight) FROM weighed) AS score
    FROM found f JOIN weighed w USING (lexeme) GROUP BY f.id
  )
  SELECT p.id, p.article_id, p.title, p.slug, p.heading, p.text, s.score::float8,
    ts_rank_cd(p.search, (SELECT any_of FROM query), 1) AS rank, row_number() OVER (
      ORDER BY s.score DESC, cardinality(ARRAY(
        SELECT unnest(tsvector_to_array(to_tsvector('simple', p.heading)))
        INTERSECT SELECT unnest(tsvector_to_array(to_tsvector('simple', q.text)))
      )) DESC, ts_rank_cd(p.search, (SELECT any_of FROM query), 1) DESC, p.id
    ) AS place
  FROM pool p JOIN scored s USING (id)
  ORDER BY place LIMIT $9::int
) AS best ORDER BY q.n, best.place
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


@dataclass(frozen=True, slots=True)
class Question:
    inbox_id: int
    text: str
    language: str


def search(inbox_id: int, text: str, language: str, limit: int = 5) -> list[Hit]:
    """The published passages of this inbox in `language` that speak of `text`, best first."""
    return search_all([Question(inbox_id, text, language)], limit)[0]


def search_all(questions: Sequence[Question], limit: int = 5) -> list[list[Hit]]:
    """The hits of each question, in the order asked, by one statement."""
    rows = planned.run(
        _SEARCH, list(range(len(questions))), [q.inbox_id for q in questions], [q.language for q in questions],
        [SEARCH_CONFIGS.get(q.language, OTHER_CONFIG) for q in questions],
        [q.text[-READ_CHARS:].replace("\x00", " ") for q in questions], NOISE, UNKNOWN, ASIDE, limit,
    )  # fmt: skip
    hits: list[list[Hit]] = [[] for _ in questions]
    for number, *found, _ in rows:
        hits[number].append(Hit(*found))
    return hits

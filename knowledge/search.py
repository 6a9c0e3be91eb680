"""Finds what the help articles say about a question, by its words and by its meaning, and says how well.

`share` is how much of the question a passage answers for, 0 to 1: each content lexeme of the question (stemmed by
PostgreSQL, without stop words and the courtesies of NOISE) weighs ln(1 + N / df), N passages, df of them having it;
share = weight of the lexemes found / weight of all, where one found in the passage's text alone, not in its title or
heading, counts ASIDE: a word in passing is less than a subject. A lexeme no passage has weighs UNKNOWN x ln(1 + N): it
is something the articles do not speak of. `cosine` is how near the vectors are. With both, the score is the chance that
the passage answers (knowledge.support); without vectors it is the share. Ties go to the heading that is worded most
like the question ("Where is my order?"), then to ts_rank_cd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import vectors
from knowledge.models import OTHER_CONFIG, SEARCH_CONFIGS
from knowledge.support import weights
from supportdesk import planned

READ_CHARS = 1_000
"""Of a longer question only the end is looked up: there people come to the point."""
UNKNOWN = 0.7
ASIDE = 0.5
NEAR = 8
"""Passages nearest in meaning that are looked at beside those that share a word."""
NEAR_FROM = 0.25
"""A cosine below it is no hit: else everything would be one."""
FUSION = 60
"""Of an encoder without weights, passages are ordered by the sum of 1 / (FUSION + place) (Cormack et al., 2009)."""

NOISE = """
hi hello hey hai good morning afternoon evening please pls thank thanks ok okay yes no sir madam help need want
would like know tell can could question ask wonder wanted wanna gonna got get give let just really also hope dear
team hallo bitte danke frage mochte hatte gerne brauche hilfe bonjour salut merci svp voudrais veux besoin aide hola
gracias favor quiero quisiera necesito ayuda saber today now yesterday tomorrow last next week month monday tuesday
wednesday thursday friday saturday sunday still yet already thing something anything name number im ive dont cant u ur
long much many far often soon fast wie lange viel oft combien longtemps cuanto cuanta tiempo
"""

_LEXEMES_OF_NOISE = " ".join(
    f"WHEN '{config}' THEN tsvector_to_array(to_tsvector('{config}'::regconfig, '{NOISE}'))"
    for config in sorted({*SEARCH_CONFIGS.values(), OTHER_CONFIG})
)
"""Written out, so that they are worked out when the statement is planned, not each time it runs."""

_SEARCH = """
WITH asked AS MATERIALIZED (
  SELECT n, inbox_id, language, config, text, meaning::halfvec, base, of_share, of_cosine
  FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $9::text[], $13::float8[], $14::float8[],
    $15::float8[]) AS q(n, inbox_id, language, config, text, meaning, base, of_share, of_cosine)
)
SELECT q.n, best.* FROM asked q CROSS JOIN LATERAL (
  WITH said AS MATERIALIZED (
    SELECT lexeme, quote_literal(lexeme)::tsquery AS anywhere, (quote_literal(lexeme) || ':AB')::tsquery AS as_subject
    FROM unnest(to_tsvector(q.config::regconfig, q.text)) AS t(lexeme, positions, weights)
    WHERE lexeme !~ '^[0-9.,:-]+$' AND NOT lexeme = ANY(CASE q.config {lexemes_of_noise} END)
  ), query AS (
    SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS any_of FROM said
  ), counted AS (
    SELECT count(*)::float8 AS n FROM knowledge_passage p JOIN knowledge_article a ON a.id = p.article_id
    WHERE a.inbox_id = q.inbox_id AND a.status = 'published' AND p.language = q.language
  ), near AS MATERIALIZED (
    SELECT p.id, 1 - (p.vector <=> q.meaning) AS cosine
    FROM knowledge_passage p JOIN knowledge_article a ON a.id = p.article_id
    WHERE a.inbox_id = q.inbox_id AND a.status = 'published' AND p.language = q.language
      AND p.encoder = $10 AND q.meaning IS NOT NULL
    ORDER BY p.vector <=> q.meaning LIMIT $11::int
  ), pool AS MATERIALIZED (
    SELECT p.id, p.article_id, p.title, p.heading, p.text, p.search, a.slug,
      CASE WHEN p.encoder = $10 THEN 1 - (p.vector <=> q.meaning) END AS cosine
    FROM knowledge_passage p JOIN knowledge_article a ON a.id = p.article_id
    WHERE a.inbox_id = q.inbox_id AND a.status = 'published' AND p.language = q.language
      AND (p.search @@ (SELECT any_of FROM query) OR p.id IN (SELECT id FROM near WHERE cosine >= $12))
  ), found AS (
    SELECT p.id, said.lexeme, CASE WHEN p.search @@ said.as_subject THEN 1.0 ELSE $7::float8 END AS credit
    FROM pool p JOIN said ON p.search @@ said.anywhere
  ), spread AS (SELECT lexeme, count(*) AS df FROM found GROUP BY lexeme
  ), weighed AS (
    SELECT lexeme, CASE WHEN df IS NULL THEN $6::float8 * ln(1 + counted.n) ELSE ln(1 + counted.n / df) END AS weight
    FROM said LEFT JOIN spread USING (lexeme) CROSS JOIN counted
  ), covered AS (
    SELECT f.id, sum(f.credit * w.weight) / (SELECT sum(weight) FROM weighed) AS share
    FROM found f JOIN weighed w USING (lexeme) GROUP BY f.id
  ), both_ways AS (
    SELECT p.id, coalesce(c.share, 0) AS share, p.cosine FROM pool p LEFT JOIN covered c USING (id)
  ), scored AS (
    SELECT id, share, cosine, CASE WHEN q.base IS NULL OR cosine IS NULL THEN share
        ELSE 1 / (1 + exp(-(q.base + q.of_share * share + q.of_cosine * cosine))) END AS score,
      CASE WHEN q.base IS NULL THEN 1.0 / ($16::int + rank() OVER (ORDER BY share DESC))
        + 1.0 / ($16::int + rank() OVER (ORDER BY cosine DESC NULLS LAST)) END AS fused
    FROM both_ways
  ), placed AS (
    SELECT *, rank() OVER (ORDER BY fused DESC NULLS LAST, score DESC) AS standing FROM scored
  )
  SELECT p.id, p.article_id, p.title, p.slug, p.heading, p.text, s.score::float8, s.share::float8, s.cosine::float8,
    ts_rank_cd(p.search, (SELECT any_of FROM query), 1) AS rank, row_number() OVER (
      ORDER BY s.fused DESC NULLS LAST, s.score DESC, cardinality(ARRAY(
        SELECT unnest(tsvector_to_array(to_tsvector('simple', p.heading)))
        INTERSECT SELECT unnest(tsvector_to_array(to_tsvector('simple', q.text)))
      )) DESC, ts_rank_cd(p.search, (SELECT any_of FROM query), 1) DESC, p.id
    ) AS place
  FROM pool p JOIN placed s USING (id) WHERE s.standing <= $8::int  -- what decides a tie is worked out for few
  ORDER BY place LIMIT $8::int
) AS best ORDER BY q.n, best.place
""".replace("{lexemes_of_noise}", _LEXEMES_OF_NOISE)


@dataclass(frozen=True, slots=True)
class Hit:
    passage_id: int
    article_id: int
    title: str
    slug: str
    heading: str
    text: str
    score: float
    """Support, 0 to 1: see the module."""
    share: float
    cosine: float | None
    rank: float


@dataclass(frozen=True, slots=True)
class Question:
    inbox_id: int
    text: str
    language: str


def search(inbox_id: int, text: str, language: str, limit: int = 5) -> list[Hit]:
    """The published passages of this inbox in `language` that speak of `text`, best first."""
    return search_all([Question(inbox_id, text, language)], limit)[0]


def search_all(questions: Sequence[Question], limit: int = 5, *, by_words: bool = False) -> list[list[Hit]]:
    """The hits of each question, in the order asked, by one statement; `by_words` leaves the vectors out."""
    texts = [q.text[-READ_CHARS:].replace("\x00", " ") for q in questions]
    encoder = None if by_words else vectors.encoder()
    name = encoder.name if encoder else ""
    weighed = [weights(name, q.language) for q in questions]
    rows = planned.run(
        _SEARCH, list(range(len(questions))), [q.inbox_id for q in questions], [q.language for q in questions],
        [SEARCH_CONFIGS.get(q.language, OTHER_CONFIG) for q in questions], texts, UNKNOWN, ASIDE, limit,
        vectors.of(texts, encoder), name, NEAR, NEAR_FROM, [w and w.base for w in weighed],
        [w and w.share for w in weighed], [w and w.cosine for w in weighed], FUSION,
    )  # fmt: skip
    hits: list[list[Hit]] = [[] for _ in questions]
    for number, *found, _ in rows:
        hits[number].append(Hit(*found))
    return hits

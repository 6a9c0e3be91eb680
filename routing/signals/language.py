"""Which of the desk's languages a turn is written in, by its smallest words. Too little to tell is None."""

from __future__ import annotations

import re

from routing.signals.words import plain

LEAD = 2
"""The best language must have this many more of its words than the next, or twice as many."""

STOPWORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "the a an is are was were i my me you your it its this that to of and or for with have has had do does did not "
        "don't can't can could would will want need how what when where why who which please thanks thank hello hi be "
        "been from on in at by if but there they we our get got order someone about after".split()
    ),
    "de": frozenset(
        "der die das ein eine einen einem einer ist sind war ich mein meine meinen mir mich sie ihr ihre es und oder fur "
        "mit habe haben hat nicht kein keine wie was wann wo warum wer welche bitte danke hallo von auf im am zu zum zur "
        "kann konnen mochte will wurde wird wurden aber wenn wir uns noch schon nach bei den dem des guten tag auch".split()
    ),
    "fr": frozenset(
        "le la les un une des est sont etait je j'ai mon ma mes moi vous votre vos ce cette et ou pour avec ai as a pas "
        "ne n'est comment quoi quand pourquoi qui quel quelle merci bonjour de du dans sur au aux puis peux voudrais veux "
        "mais si nous notre il elle que qu'est c'est s'il plait salut".split()
    ),
    "es": frozenset(
        "el la los las un una unos es son era yo mi mis me usted su sus esto esta este y o para con he ha tengo no como "
        "que cuando donde por quien cual gracias hola de del en al puedo quiero quisiera pero si nosotros favor hay "
        "buenos dias buenas tardes mucho pedido necesito".split()
    ),
    "it": frozenset(
        "il lo la i gli le un uno una e sono era io mio mia miei mi lei suo questo questa ed o per con ho ha non come che "
        "quando dove perche chi quale grazie ciao di del della nel al posso vorrei voglio ma se noi buongiorno favore "
        "ordine ancora mai".split()
    ),
    "pt": frozenset(
        "o os as um uma uns e sao era eu meu minha meus me voce seu sua isto esta este ou para com tenho tem nao como que "
        "quando onde porque quem qual obrigado obrigada ola de do da no na ao posso quero gostaria mas se nos favor ha "
        "bom dia boa pedido preciso".split()
    ),
    "nl": frozenset(
        "de het een is zijn was ik mijn mij me u uw jij je jouw dit dat en of voor met heb hebt heeft niet geen hoe wat "
        "wanneer waar waarom wie welke alstublieft bedankt dank hallo van op in te kan wil zou maar als wij ons nog naar "
        "er graag iemand bestelling".split()
    ),
}


def detect(text: str) -> str | None:
    """The language whose smallest words lead clearly, else None."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", plain(text))
    counted = sorted(((sum(w in known for w in words), code) for code, known in STOPWORDS.items()), reverse=True)
    (best, code), (second, _) = counted[0], counted[1]
    if best >= 2 and (best - second >= LEAD or best >= 2 * second):
        return code
    return None
